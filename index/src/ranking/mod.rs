//! Ranking: computes the score of an article for a query, from the frequencies and positions of the
//! query's words. Backends count the words; the functions here are pure.
//!
//! The score of an article is the sum of
//!
//! - for every word and level, BM25 over all fields as one: BM25F of Robertson, Zaragoza and
//!   Taylor, "Simple BM25 extension to multiple weighted fields", 2004;
//! - for a word of which the index has another spelling too, whether the typed spelling occurs;
//! - for every word, how early it first occurs, because news and encyclopedias name their subject
//!   first;
//! - for the article, how much of the query its best passage holds, after Callan, "Passage-level
//!   evidence in document retrieval", 1994;
//! - for a short query, whether all of its words occur close together.
//!
//! One setting of the weights serves all queries. Each weight was chosen within a range in which
//! the quality hardly changes on any of six judged sets.

mod compounds;
mod occurrences;
mod root_groups;
mod scoring_terms;
pub mod similar;
mod weights;

use rustc_hash::FxHashSet;

pub use compounds::ScoringPair;
pub use occurrences::{ArticleOccurrences, Occurrences, start_of};
pub use root_groups::RootGroups;
pub use scoring_terms::{ScoringTerm, ScoringWord, ScoringWords, TermStatistics, scoring_terms};
pub use weights::Weights;

/// The greatest number of words in a query that gets [`ScoreParts::together`].
const MAX_WORDS_TOGETHER: usize = 3;

/// The number of levels: form and stem.
pub const LEVELS: usize = 2;

/// The number of frequencies of a word: one for each level, and one for the typed spelling.
const FREQUENCIES: usize = LEVELS + 1;
const FORM: usize = 0;
const STEM: usize = 1;
const SPELLING: usize = 2;

/// The inverse document frequencies of a word of the query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WordWeight {
    /// The inverse document frequency at each level: form, stem.
    levels: [f32; LEVELS],
    /// The weight of the word itself: the lowest of its levels.
    word: f32,
    /// The inverse document frequency of the typed spelling, times how strongly articles with it
    /// come first.
    spelling: f32,
}

impl WordWeight {
    /// Returns the weight of a word. It is computed from the number of articles and the document
    /// frequency of the word at each level.
    pub fn new(articles: u64, document_frequencies: [u64; LEVELS]) -> Self {
        let levels =
            document_frequencies.map(|frequency| inverse_document_frequency(articles, frequency));
        Self {
            levels,
            word: levels.into_iter().fold(f32::INFINITY, f32::min),
            spelling: 0.0,
        }
    }

    /// Returns the same weight for a word whose typed spelling has the document frequency
    /// `frequency`. `typed_first` is how strongly articles with this spelling come first.
    fn with_spelling(self, articles: u64, frequency: u64, typed_first: f32) -> Self {
        Self {
            spelling: typed_first * inverse_document_frequency(articles, frequency),
            ..self
        }
    }
}

/// The addends of an article's score.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScoreParts {
    /// What each word of the query adds.
    pub words: Vec<WordScore>,
    /// What the best passage adds.
    pub passage: f32,
    /// What all words of a short query add by occurring close together.
    pub together: f32,
}

/// What one word of the query adds to an article's score.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WordScore {
    /// What occurrences of the typed form add, and of its spelling if another one competes with it.
    pub form: f32,
    /// What occurrences of the stem, of related stems and of the root group add.
    pub stem: f32,
    /// What an early first occurrence of the word adds.
    pub lead: f32,
}

impl WordScore {
    /// Returns the sum of the three parts.
    pub fn total(self) -> f32 {
        self.form + self.stem + self.lead
    }

    /// Adds the score of another occurrence of the word in the query.
    pub fn add(&mut self, other: Self) {
        self.form += other.form;
        self.stem += other.stem;
        self.lead += other.lead;
    }
}

impl ScoreParts {
    /// Returns the score: the sum of all parts. It is never negative.
    pub fn total(&self) -> f32 {
        self.words.iter().map(|word| word.total()).sum::<f32>() + self.passage + self.together
    }
}

/// Computes the score of an article of `length` words in a collection with the mean `mean_length`.
/// Both lengths are weighted by field. `words` and `occurrences` have one entry for each different
/// word of the query, in the same order. `places` has, for each word of the query, its place among
/// them.
pub fn score(
    weights: &Weights,
    words: &[WordWeight],
    places: &[usize],
    occurrences: &[Occurrences],
    length: f32,
    mean_length: f32,
) -> ScoreParts {
    let Weights { k1, b, .. } = *weights;
    let normalisation = k1 * (1.0 - b + b * length / mean_length.max(1.0));
    let saturate = |frequency: f32| {
        if frequency > 0.0 {
            frequency * (k1 + 1.0) / (frequency + normalisation)
        } else {
            0.0
        }
    };
    let saturate_spelling = |frequency: f32| {
        if frequency > 0.0 {
            saturate(frequency).max(1.0)
        } else {
            0.0
        }
    };
    let of_word = |(word, found): (&WordWeight, &Occurrences)| {
        let [form, stem, spelling] = found.frequencies;
        let [form_weight, stem_weight] = word.levels;
        let lead = found.positions.first().map_or(0.0, |first| {
            weights.lead * word.word * weights.lead_half_life_words
                / (weights.lead_half_life_words + *first as f32)
        });
        WordScore {
            form: weights.form * form_weight * saturate(form)
                + weights.typed_spelling * word.spelling * saturate_spelling(spelling),
            stem: weights.stem * stem_weight * saturate(stem),
            lead,
        }
    };
    let scores: Vec<WordScore> = words.iter().zip(occurrences).map(of_word).collect();
    let mut parts = ScoreParts {
        words: places.iter().map(|place| scores[*place]).collect(),
        ..ScoreParts::default()
    };
    if weights.passage > 0.0 {
        parts.passage =
            weights.passage * best_passage(words, occurrences, weights.passage_words as u32);
    }
    let can_be_together =
        weights.together > 0.0 && (2..=MAX_WORDS_TOGETHER).contains(&places.len());
    if can_be_together && are_together(occurrences, weights.together_window_words as u32) {
        let of_query = places.iter().map(|place| words[*place].word);
        parts.together = weights.together * of_query.sum::<f32>();
    }
    parts
}

fn inverse_document_frequency(articles: u64, frequency: u64) -> f32 {
    let articles = articles.max(frequency) as f32;
    let frequency = frequency as f32;
    (1.0 + (articles - frequency + 0.5) / (frequency + 0.5)).ln()
}

/// Returns the greatest sum of the weights of the words that one passage of `passage_words` words
/// holds.
fn best_passage(words: &[WordWeight], occurrences: &[Occurrences], passage_words: u32) -> f32 {
    let mut places: Vec<(u32, usize)> = Vec::new();
    let mut seen = FxHashSet::default();
    for (number, found) in occurrences.iter().enumerate() {
        // Words that occur at the same positions count once in a passage.
        if seen.insert(&found.positions) {
            places.extend(found.positions.iter().map(|position| (*position, number)));
        }
    }
    places.sort_unstable();
    let mut counts = vec![0u32; occurrences.len()];
    let mut behind = places.iter().peekable();
    let mut sum = 0.0f32;
    let mut best = 0.0f32;
    for (position, number) in &places {
        while let Some((_, left)) = behind.next_if(|(first, _)| position - first >= passage_words) {
            counts[*left] -= 1;
            if counts[*left] == 0 {
                sum -= words[*left].word;
            }
        }
        if counts[*number] == 0 {
            sum += words[*number].word;
        }
        counts[*number] += 1;
        best = best.max(sum);
    }
    best
}

/// Returns whether all words occur within `window_words` positions somewhere in the article.
fn are_together(occurrences: &[Occurrences], window_words: u32) -> bool {
    let mut places = vec![0; occurrences.len()];
    loop {
        let mut ends: Option<(u32, u32)> = None;
        for (place, word) in places.iter().zip(occurrences) {
            let Some(position) = word.positions.get(*place).copied() else {
                return false;
            };
            let (first, last) = ends.unwrap_or((position, position));
            ends = Some((first.min(position), last.max(position)));
        }
        let Some((first, last)) = ends else {
            return false;
        };
        if last - first < window_words {
            return true;
        }
        for (place, word) in places.iter_mut().zip(occurrences) {
            *place += usize::from(word.positions.get(*place) == Some(&first));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(positions: &[u32]) -> Occurrences {
        Occurrences {
            frequencies: [positions.len() as f32; FREQUENCIES],
            positions: positions.to_vec(),
        }
    }

    fn score_of(words: &[&[u32]]) -> f32 {
        let occurrences: Vec<_> = words.iter().map(|positions| at(positions)).collect();
        let weights = vec![WordWeight::new(1_000, [10, 10]); words.len()];
        let places: Vec<usize> = (0..words.len()).collect();
        score(
            &Weights::default(),
            &weights,
            &places,
            &occurrences,
            200.0,
            200.0,
        )
        .total()
    }

    #[track_caller]
    fn check_better(better: &[&[u32]], worse: &[&[u32]]) {
        assert!(
            score_of(better) > score_of(worse),
            "{} and {}",
            score_of(better),
            score_of(worse)
        );
    }

    #[test]
    fn earlier_closer_and_oftener_is_better() {
        check_better(&[&[3]], &[&[90]]);
        check_better(
            &[&[50], &[51], &[52], &[53]],
            &[&[50], &[70], &[90], &[110]],
        );
        check_better(&[&[50, 100]], &[&[50]]);
        assert_eq!(score_of(&[&[]]), 0.0);
    }

    #[test]
    fn few_words_close_together_beat_one_of_them_often_and_early() {
        check_better(&[&[150], &[180]], &[&[0, 1, 2, 3, 4, 5], &[]]);
        check_better(&[&[150], &[180]], &[&[0, 2, 4, 6, 8], &[500]]);
    }

    #[test]
    fn a_rare_word_weighs_more_than_a_common_one() {
        let [rare, common] =
            [5, 500].map(|frequency| WordWeight::new(1_000, [frequency; LEVELS]).word);
        assert!(rare > 2.0 * common, "{rare} and {common}");
        assert!(WordWeight::new(10, [11; LEVELS]).word > 0.0);
    }

    #[test]
    fn the_best_passage_is_the_one_with_the_most_telling_words() {
        let [rare, common] = [5, 500].map(|frequency| WordWeight::new(1_000, [frequency; LEVELS]));
        let words = [rare, common, common];
        let best_of = |words: &[WordWeight], occurrences: &[Occurrences]| {
            best_passage(words, occurrences, 30)
        };
        let close = |a: f32, b: f32| assert!((a - b).abs() < 1e-4, "{a} and {b}");
        close(
            best_of(&words, &[at(&[0, 100]), at(&[29, 300]), at(&[200])]),
            rare.word + common.word,
        );
        close(
            best_of(&words, &[at(&[0]), at(&[30]), at(&[31])]),
            rare.word.max(2.0 * common.word),
        );
        close(best_of(&words[1..], &[at(&[7]), at(&[7])]), common.word);
        close(best_of(&words, &[at(&[]), at(&[]), at(&[])]), 0.0);
    }

    proptest! {
        #[test]
        fn a_score_is_a_number_and_not_negative(
            words in proptest::collection::vec(proptest::collection::btree_set(0..3_000u32, 0..12), 0..6),
            length in 0.0..5_000f32,
            mean in 0.0..5_000f32,
        ) {
            let occurrences: Vec<_> = words.iter().map(|w| at(&w.iter().copied().collect::<Vec<_>>())).collect();
            let weights = vec![WordWeight::new(90, [7, 9]); words.len()];
            let places: Vec<usize> = (0..words.len()).collect();
            let score = score(&Weights::default(), &weights, &places, &occurrences, length, mean).total();
            prop_assert!(score.is_finite() && score >= 0.0, "{score}");
        }
    }
}
