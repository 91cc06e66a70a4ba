//! Learns a graph from a corpus in two passes. First, word counts decide which pairs of stems to
//! watch. Then co-occurrence counts confirm some of these pairs. This module analyses no text: the
//! caller supplies the stems.

use rustc_hash::FxHashMap;

use super::confirm::{Evidence, is_confirmed, is_one_way};
use super::cooccurrence::{COLUMN_BITS, CooccurrenceCounts, MatrixIndices, NONE, WatchedStems};
use super::grammar::{self, Proposal};
use super::irregular::ListedPair;
use super::profile::{Profile, profiles};
use super::similarity::{ContextVectors, corrected};
use super::{Graph, NamedPair, Relation};
use crate::parallel::map_ranges;
use Relation::{Inflection, Nisba, Plural, Spelling, VerbalNoun};

/// A stem that occurs less often gets no row in the matrix of co-occurrences.
const MIN_COUNT: u64 = 5;

/// The number of stems, the most frequent ones, that are not contexts because they occur near every
/// word.
pub const SKIPPED_CONTEXTS: usize = 20;

/// The greatest number of stems that are contexts.
pub const MAX_CONTEXTS: usize = 4_000;

/// The greatest number of stems that get a row; the most frequent ones do. The key of a cell has no
/// room for more rows.
const MAX_ROWS: usize = 1 << (32 - COLUMN_BITS);

/// The number of words that is enough to learn from. If a corpus has more, an even sample of it is
/// counted, which bounds memory and time.
const ENOUGH_WORDS: u64 = 16_000_000;

/// A further base of a stem is accepted if its similarity is at least this share of the best base's
/// similarity.
const SECOND_BEST: f32 = 0.8;

/// From this similarity on, two words are spellings of one word even if a rule derives one of them
/// from a third.
const SURE_SPELLING: f32 = 0.5;

/// The least similarity of a listed pair in the graph. A stem keeps the most similar of its related
/// stems, and a listed pair is surer than most of the pairs that the counts confirm.
const LISTED_SIMILARITY: f32 = 0.5;

/// Learns a graph from a corpus. It has the proposed pairs of stems, whose co-occurrences are
/// counted.
pub struct Learner {
    /// The stem of each row, with its profile.
    stems: Vec<(String, Profile)>,
    watched: WatchedStems,
    proposals: Vec<Proposal>,
}

impl Learner {
    /// Chooses the pairs to watch. `words` has the words of a corpus, each as a folded word, its
    /// stem and its count. The same word may be given several times. `listed` has the pairs of the
    /// list of irregular words. `is_separated` says whether the model keeps two stems apart.
    pub fn new<S: AsRef<str>>(
        words: impl IntoIterator<Item = (S, S, u64)>,
        listed: &[ListedPair],
        is_separated: impl Fn(&str, &str) -> bool,
    ) -> Self {
        let mut known: Vec<(String, Profile)> = profiles(words).into_iter().collect();
        known.sort_unstable_by(|(stem, profile), (other, more)| {
            more.count.cmp(&profile.count).then(stem.cmp(other))
        });
        let word_count: u64 = known.iter().map(|(_, profile)| profile.count).sum();

        let contexts = known.iter().skip(SKIPPED_CONTEXTS).take(MAX_CONTEXTS);
        let mut indices: FxHashMap<String, MatrixIndices> = FxHashMap::default();
        for (column, (stem, _)) in (0..).zip(contexts) {
            indices.insert(stem.clone(), MatrixIndices { row: NONE, column });
        }
        known.retain(|(stem, profile)| profile.count >= MIN_COUNT && is_watchable(stem));
        known.truncate(MAX_ROWS);
        let candidates: Vec<&str> = known.iter().map(|(stem, _)| stem.as_str()).collect();
        let mut proposals = grammar::propose(&candidates, listed);
        proposals.retain(|pair| {
            let [from, to] = [pair.from, pair.to].map(|number| candidates[number as usize]);
            !pair.relation.is_same_word() || pair.rule.is_listed() || !is_separated(from, to)
        });

        let mut rows = vec![NONE; known.len()];
        for pair in &proposals {
            rows[pair.from as usize] = 0;
            rows[pair.to as usize] = 0;
        }
        let mut stems = Vec::new();
        for (row, (stem, profile)) in rows.iter_mut().zip(known) {
            if *row == NONE {
                continue;
            }
            *row = stems.len() as u32;
            let entry = indices.entry(stem.clone());
            entry.or_insert(MatrixIndices::NOT_COUNTED).row = *row;
            stems.push((stem, profile));
        }
        for pair in &mut proposals {
            pair.from = rows[pair.from as usize];
            pair.to = rows[pair.to as usize];
        }
        let watched = WatchedStems {
            indices,
            row_count: stems.len(),
            stride: word_count.div_ceil(ENOUGH_WORDS).max(1),
        };
        Self {
            stems,
            watched,
            proposals,
        }
    }

    /// Returns empty counts for the pairs to watch. Each thread may have counts of its own.
    pub fn cooccurrence_counts(&self) -> CooccurrenceCounts<'_> {
        CooccurrenceCounts::new(&self.watched)
    }

    /// Returns the graph with the pairs that the counts confirm.
    pub fn finish(&self, cooccurrence_counts: CooccurrenceCounts<'_>) -> Graph {
        let (cells, occurrences) = cooccurrence_counts.into_parts();
        self.graph(&cells, &occurrences)
    }

    /// Returns the number of stems that are in a pair to watch.
    pub(in crate::learning) fn row_count(&self) -> usize {
        self.stems.len()
    }

    /// Returns the row of a stem, if it is in a pair to watch.
    pub(in crate::learning) fn row(&self, stem: &str) -> Option<u32> {
        let row = self.watched.indices.get(stem)?.row;
        (row != NONE).then_some(row)
    }

    /// Returns the graph with the pairs that these cells confirm. `cells` are sorted by key;
    /// `occurrences` has the number of occurrences of each row's stem.
    pub(in crate::learning) fn graph(&self, cells: &[(u32, u32)], occurrences: &[u32]) -> Graph {
        let vectors = ContextVectors::new(cells, self.stems.len(), COLUMN_BITS);
        let evidence = |pair: &Proposal| {
            let similarity = vectors.cosine(pair.from, pair.to);
            let [from, to] = [pair.from, pair.to].map(|row| occurrences[row as usize]);
            Evidence {
                similarity,
                corrected: corrected(similarity, [from, to].map(u64::from)),
                occurrences: from.min(to),
            }
        };
        let confirmed = |pair: &Proposal| {
            let evidence = evidence(pair);
            let [from, to] = [pair.from, pair.to].map(|row| &self.stems[row as usize].1);
            is_confirmed(pair, evidence, from, to).then_some((evidence.similarity, *pair))
        };
        let confirmed = map_ranges(0..self.proposals.len(), |range| {
            let pairs = self.proposals[range].iter();
            pairs.filter_map(confirmed).collect::<Vec<_>>()
        });
        let mut confirmed = confirmed.concat();
        self.choose(&mut confirmed);
        let stem = |number: u32| &*self.stems[number as usize].0;
        Graph::from_pairs(confirmed.iter().map(|(similarity, pair)| {
            let least = if pair.rule.is_listed() {
                LISTED_SIMILARITY
            } else {
                0.0
            };
            NamedPair {
                from: stem(pair.from),
                to: stem(pair.to),
                relation: pair.relation,
                similarity: (similarity.max(least) * 255.0).round() as u8,
                is_one_way: is_one_way(pair.relation, evidence(pair)),
            }
        }))
    }

    /// Keeps one pair for each two stems, and the most likely bases of each derived stem. The
    /// numbers are similarities.
    fn choose(&self, confirmed: &mut Vec<(f32, Proposal)>) {
        // If two rules pair the same two stems, the stronger rule counts. If both are as strong and
        // of one relation, the pair whose derived stem has fewer sound plurals does. A listed pair
        // precedes all others.
        let sound = |pair: &Proposal| (self.stems[pair.from as usize].1.sound() * 1e6) as u64;
        confirmed.sort_by_key(|(_, pair)| {
            (
                pair.stems(),
                !pair.rule.is_listed(),
                pair.strength,
                pair.relation,
                sound(pair),
                pair.from,
            )
        });
        confirmed.dedup_by_key(|(_, pair)| pair.stems());

        let mut best_similarity: FxHashMap<(u32, Relation), f32> = FxHashMap::default();
        for (similarity, pair) in confirmed.iter() {
            let best = best_similarity
                .entry((pair.from, pair.relation))
                .or_default();
            *best = best.max(*similarity);
        }
        let best = |stem: u32, relation| {
            let similarity = best_similarity.get(&(stem, relation));
            similarity.copied().unwrap_or_default()
        };
        confirmed.retain(|(similarity, pair)| match pair.relation {
            _ if pair.rule.is_listed() => true,
            // A word that is more similar to a verb than to a singular is that verb's noun. For
            // example, `إطلاق` belongs to `أطلق`, not to `طلق`.
            Plural => {
                *similarity >= best(pair.from, Plural) && *similarity > best(pair.from, VerbalNoun)
            }
            Inflection | VerbalNoun | Nisba => {
                *similarity >= SECOND_BEST * best(pair.from, pair.relation)
            }
            // A word that a rule derives from a third stem is hardly a spelling of this stem.
            Spelling => {
                let derived = [Plural, Inflection, VerbalNoun];
                let is_derived = derived
                    .iter()
                    .any(|rule| best(pair.from, *rule) > 0.0 || best(pair.to, *rule) > 0.0);
                !is_derived || *similarity >= SURE_SPELLING
            }
        });
    }
}

/// Returns whether the rules of grammar apply to a stem: it has two to sixteen letters, all Arabic.
fn is_watchable(stem: &str) -> bool {
    let letter_count = stem.chars().count();
    (2..=16).contains(&letter_count)
        && stem
            .chars()
            .all(|letter| ('ء'..='ي').contains(&letter) && letter != 'ـ')
}
