//! Learns a graph from a corpus in two passes: word counts fix which pairs to watch, then the company of their stems is
//! counted. It analyses no text; stems come from the caller.

use rustc_hash::FxHashMap;

use super::cell_counts::CellCounts;
use super::confirm::{Evidence, is_confirmed};
use super::grammar::{self, Proposal};
use super::profile::{Profile, profiles};
use super::similarity::ContextVectors;
use super::{Graph, Related, Relation};

/// Rarer stems are not worth a row.
const MIN_COUNT: u64 = 5;

/// The commonest stems go with everything.
const SKIPPED_CONTEXTS: usize = 20;

/// The stems whose company counts.
const MAX_CONTEXTS: usize = 4_000;

/// How many words before and after are company.
const WINDOW: usize = 3;

/// Above the bits of the context: on which side it stands. The side tells verbs from nouns.
const SIDE_BIT: u32 = 12;
const COLUMN_BITS: u32 = 13;

/// The commonest stems in pairs; what a key has room for.
const MAX_ROWS: usize = 1 << (32 - COLUMN_BITS);

/// Words enough to learn from: of a larger corpus an even sample is counted, so that memory and time stay bounded.
const ENOUGH_WORDS: u64 = 16_000_000;

/// A second base is believed if it is nearly as similar as the best.
const SECOND_BEST: f32 = 0.8;

/// So similar, two words are spellings of one even if either could be something else.
const SURE_SPELLING: f32 = 0.5;

const NONE: u32 = u32::MAX;

/// A stem's row, if a pair watches it, and its column, if it is a context.
#[derive(Clone, Copy)]
struct MatrixIndices {
    row: u32,
    column: u32,
}

/// What to watch in a corpus, fixed by the counts of its words.
pub struct Learner {
    /// The stems of the rows.
    stems: Vec<String>,
    profiles: Vec<Profile>,
    indices: FxHashMap<String, MatrixIndices>,
    proposals: Vec<Proposal>,
    /// One field in so many is counted.
    stride: u64,
}

/// What was seen of a corpus, or of a part of it.
///
/// Invariant: neither the order of fields nor how they are split into parts leaves a trace in the graph.
pub struct CooccurrenceCounts<'a> {
    learner: &'a Learner,
    near: CellCounts,
    /// How often the stem of each row was seen.
    seen: Vec<u32>,
    field: Vec<MatrixIndices>,
    /// The indices of stems that come with a number, by that.
    numbered: Vec<Option<MatrixIndices>>,
}

impl Learner {
    /// Plans what to watch, given the words of a corpus, each a folded form, its stem and how often it was seen. The
    /// same word may come several times.
    pub fn new<S: AsRef<str>>(words: impl IntoIterator<Item = (S, S, u64)>) -> Self {
        let mut known: Vec<(String, Profile)> = profiles(words).into_iter().collect();
        known.sort_unstable_by(|(stem, profile), (other, more)| {
            more.count.cmp(&profile.count).then(stem.cmp(other))
        });
        let word_count: u64 = known.iter().map(|(_, profile)| profile.count).sum();

        let contexts = known.iter().skip(SKIPPED_CONTEXTS).take(MAX_CONTEXTS);
        let mut indices: FxHashMap<String, MatrixIndices> = (0..)
            .zip(contexts)
            .map(|(column, (stem, _))| (stem.clone(), MatrixIndices { row: NONE, column }))
            .collect();
        known.retain(|(stem, profile)| profile.count >= MIN_COUNT && is_watchable(stem));
        known.truncate(MAX_ROWS);
        let mut proposals = grammar::propose(
            &known
                .iter()
                .map(|(stem, _)| stem.as_str())
                .collect::<Vec<_>>(),
        );

        let mut rows = vec![NONE; known.len()];
        proposals.iter().for_each(|pair| {
            [pair.from, pair.to]
                .into_iter()
                .for_each(|stem| rows[stem as usize] = 0)
        });
        let (mut stems, mut profiles) = (Vec::new(), Vec::new());
        for (row, (stem, profile)) in rows.iter_mut().zip(known).filter(|(row, _)| **row != NONE) {
            *row = stems.len() as u32;
            indices
                .entry(stem.clone())
                .or_insert(MatrixIndices {
                    row: NONE,
                    column: NONE,
                })
                .row = *row;
            stems.push(stem);
            profiles.push(profile);
        }
        for pair in &mut proposals {
            (pair.from, pair.to) = (rows[pair.from as usize], rows[pair.to as usize]);
        }
        Self {
            stems,
            profiles,
            indices,
            proposals,
            stride: word_count.div_ceil(ENOUGH_WORDS).max(1),
        }
    }

    /// Returns the sightings of nothing yet; each thread may have its own.
    pub fn cooccurrence_counts(&self) -> CooccurrenceCounts<'_> {
        let seen = vec![0; self.stems.len()];
        CooccurrenceCounts {
            learner: self,
            near: CellCounts::default(),
            seen,
            field: Vec::new(),
            numbered: Vec::new(),
        }
    }

    /// Returns the pairs that the sightings confirm.
    pub fn finish(&self, cooccurrence_counts: CooccurrenceCounts<'_>) -> Graph {
        let seen = cooccurrence_counts.seen;
        let vectors = ContextVectors::new(
            &cooccurrence_counts.near.into_counts(),
            self.stems.len(),
            COLUMN_BITS,
        );
        let mut confirmed: Vec<(f32, Proposal)> = Vec::new();
        for pair in &self.proposals {
            let similarity = vectors.cosine(pair.from, pair.to);
            let (from, to) = (
                &self.profiles[pair.from as usize],
                &self.profiles[pair.to as usize],
            );
            let occurrences = seen[pair.from as usize].min(seen[pair.to as usize]);
            if is_confirmed(
                pair,
                Evidence {
                    similarity,
                    occurrences,
                },
                from,
                to,
            ) {
                confirmed.push((similarity, *pair));
            }
        }
        self.choose(&mut confirmed);
        Graph::from_pairs(confirmed.iter().map(|(similarity, pair)| {
            let (stem, similarity) = (
                self.stems[pair.to as usize].as_str(),
                (similarity * 255.0).round() as u8,
            );
            (
                &*self.stems[pair.from as usize],
                Related {
                    stem,
                    relation: pair.relation,
                    is_base: true,
                    similarity,
                },
            )
        }))
    }

    /// Keeps one pair of two stems, and of each derived stem its likeliest reading.
    fn choose(&self, confirmed: &mut Vec<(f32, Proposal)>) {
        // Of the two ways to read a pair the stronger rule; else the one whose plural has fewer sound plurals.
        let sound = |pair: &Proposal| (self.profiles[pair.from as usize].sound() * 1e6) as u64;
        let stems_of = |pair: &Proposal| (pair.from.min(pair.to), pair.from.max(pair.to));
        confirmed.sort_by_key(|(_, pair)| {
            (
                stems_of(pair),
                pair.strength,
                pair.relation,
                sound(pair),
                pair.from,
            )
        });
        confirmed.dedup_by_key(|(_, pair)| stems_of(pair));

        let mut readings: FxHashMap<(u32, Relation), f32> = FxHashMap::default();
        for (similarity, pair) in confirmed.iter() {
            let best = readings.entry((pair.from, pair.relation)).or_default();
            *best = best.max(*similarity);
        }
        let best =
            |stem: u32, relation| readings.get(&(stem, relation)).copied().unwrap_or_default();
        confirmed.retain(|(similarity, pair)| match pair.relation {
            // What is more like a verb than like its singular is the verb's noun: `إطلاق` is of `أطلق`, not of `طلق`.
            Relation::Plural => {
                *similarity >= best(pair.from, Relation::Plural)
                    && *similarity > best(pair.from, Relation::VerbalNoun)
            }
            Relation::Inflection | Relation::VerbalNoun | Relation::Nisba => {
                *similarity >= SECOND_BEST * best(pair.from, pair.relation)
            }
            // A form that a rule derives from some other stem is hardly a spelling of this one.
            Relation::Spelling => {
                let derived = [Relation::Plural, Relation::Inflection, Relation::VerbalNoun];
                let is_derived = derived
                    .iter()
                    .any(|rule| best(pair.from, *rule) > 0.0 || best(pair.to, *rule) > 0.0);
                !is_derived || *similarity >= SURE_SPELLING
            }
        });
    }
}

impl CooccurrenceCounts<'_> {
    /// Takes in the stems of one field of an article, in order. A stem may come with a number, by which it is known again: it
    /// must always be the number of the same stem.
    pub fn add<'s, F: FnOnce() -> &'s str>(
        &mut self,
        stems: impl IntoIterator<Item = (F, Option<u32>)>,
    ) {
        self.field.clear();
        for (stem, number) in stems {
            let indices = self.indices_of(stem, number);
            self.field.push(indices);
        }
        // What a field says decides whether it is of the sample, so that its position in the corpus does not.
        if self.learner.stride > 1 && !self.content_hash().is_multiple_of(self.learner.stride) {
            return;
        }
        for (i, MatrixIndices { row, .. }) in self
            .field
            .iter()
            .enumerate()
            .filter(|(_, stem)| stem.row != NONE)
        {
            self.seen[*row as usize] = self.seen[*row as usize].saturating_add(1);
            let before = self.field[i.saturating_sub(WINDOW)..i]
                .iter()
                .map(|stem| (stem.column, 0));
            let after = self.field[i + 1..]
                .iter()
                .take(WINDOW)
                .map(|stem| (stem.column, 1 << SIDE_BIT));
            for (column, side) in before.chain(after).filter(|(column, _)| *column != NONE) {
                self.near.add(row << COLUMN_BITS | side | column);
            }
        }
    }

    fn indices_of<'s>(
        &mut self,
        stem: impl FnOnce() -> &'s str,
        number: Option<u32>,
    ) -> MatrixIndices {
        let look_up = || {
            self.learner
                .indices
                .get(stem())
                .copied()
                .unwrap_or(MatrixIndices {
                    row: NONE,
                    column: NONE,
                })
        };
        let Some(number) = number.map(|number| number as usize) else {
            return look_up();
        };
        if number >= self.numbered.len() {
            self.numbered.resize(number + 1, None);
        }
        *self.numbered[number].get_or_insert_with(look_up)
    }

    /// Does now what the first merge would do, so that several parts may do it at once.
    pub fn flush(&mut self) {
        self.near.flush();
    }

    /// Adds the sightings of another part of the corpus.
    pub fn merge(&mut self, other: Self) {
        self.near.merge(other.near);
        self.seen
            .iter_mut()
            .zip(other.seen)
            .for_each(|(sum, more)| *sum = sum.saturating_add(more));
    }

    /// The 64-bit FNV-1a hash of the field, as far as it is watched.
    fn content_hash(&self) -> u64 {
        let numbers = self.field.iter().flat_map(|stem| [stem.row, stem.column]);
        let hash = numbers.fold(0xcbf2_9ce4_8422_2325, |hash, number| {
            (hash ^ u64::from(number)).wrapping_mul(0x100_0000_01b3u64)
        });
        hash >> 32
    }
}

/// Whether the grammar has something to say of the stem: a word of Arabic letters, neither too short nor several.
fn is_watchable(stem: &str) -> bool {
    let letter_count = stem.chars().count();
    (2..=16).contains(&letter_count)
        && stem
            .chars()
            .all(|letter| ('ء'..='ي').contains(&letter) && letter != 'ـ')
}
