//! “Did you mean”: words near a typed word that few or no articles contain. A typing error that
//! gives another common word is not corrected, because the other words of the query are not used.

use rustc_hash::FxHashSet;

use super::clitics;
use super::distance::{EditDifference, MAX_LETTERS, difference, max_edits};
use super::sieve::Sieve;
use super::terms::{TermList, letter_set};
use super::{
    MIN_ARTICLES, MIN_RATIO, Suggestion, SuggestionKind, Vocabulary, folded_word, is_arabic,
};

/// The divisor of a word's likelihood if the word lacks the typed proclitics.
const OTHER_PROCLITICS: u64 = 10;

/// A word of the index near the typed one. Its likelihood is its number of articles, divided by its
/// handicaps.
struct NearWord {
    likelihood: f64,
    word: u32,
}

impl Vocabulary {
    /// Returns words near `word`, the likeliest first, one for each stem. Each is in many times
    /// more articles than a search for `word` finds. Common words are likelier than rare ones, and
    /// words with small differences likelier than those with large ones.
    ///
    /// The word is compared as a whole and without its possible proclitics. A correction keeps the
    /// proclitics if an article contains it with them. If no word is near, the stem of the word is
    /// compared with all stems.
    pub fn correct(&self, word: &str, limit: usize) -> Vec<Suggestion> {
        let Some(word) =
            folded_word(word).filter(|word| is_arabic(word) && word.chars().count() < MAX_LETTERS)
        else {
            return Vec::new();
        };
        let min_articles = self
            .articles_of_stem(&word)
            .saturating_mul(MIN_RATIO)
            .max(MIN_ARTICLES);
        let mut candidates = self.near(&self.words, &self.word_sieve, &word, min_articles);
        for (proclitics, rest) in clitics::splits(&word) {
            let cores = self.near(self.cores.keys(), &self.core_sieve, rest, min_articles);
            candidates.extend(
                cores
                    .into_iter()
                    .map(|core| self.with_proclitics(proclitics, core)),
            );
        }
        if candidates.is_empty() {
            let stem = super::stem(&self.analyzer, &word);
            let stems = self.near(self.stems.keys(), &self.stem_sieve, &stem, min_articles);
            candidates.extend(stems.into_iter().map(|stem| NearWord {
                word: self.stems.commonest(stem.word),
                ..stem
            }));
        }
        candidates.sort_unstable_by(|one, other| {
            other
                .likelihood
                .total_cmp(&one.likelihood)
                .then(one.word.cmp(&other.word))
        });
        let mut stems = FxHashSet::default();
        candidates.retain(|found| stems.insert(self.stems.of(found.word)));
        candidates
            .iter()
            .take(limit)
            .map(|found| self.suggestion(found.word, SuggestionKind::Spelling))
            .collect()
    }

    /// Returns the word that consists of the typed proclitics and the core, or the commonest word
    /// with this core if the index lacks that word.
    fn with_proclitics(&self, proclitics: &str, core: NearWord) -> NearWord {
        match self
            .words
            .find(&format!("{proclitics}{}", self.cores.keys().get(core.word)))
        {
            Some(word) => NearWord { word, ..core },
            None => NearWord {
                word: self.cores.commonest(core.word),
                likelihood: core.likelihood / OTHER_PROCLITICS as f64,
            },
        }
    }

    /// Returns the terms near `typed` that are common enough, by index, with their likelihoods.
    fn near(
        &self,
        terms: &TermList,
        sieve: &Sieve,
        typed: &str,
        min_articles: u64,
    ) -> Vec<NearWord> {
        let typed_letters: Vec<char> = typed.chars().collect();
        let max_edits = max_edits(typed_letters.len());
        if max_edits == 0 {
            return Vec::new();
        }
        // An Arabic letter takes two bytes.
        let sizes_bytes = typed.len() - 2 * max_edits..=typed.len() + 2 * max_edits;
        let word_count = self.words.indices().len() as u64;
        let mut letters = Vec::new();
        let mut found = Vec::new();
        for index in sieve.near(terms, sizes_bytes, letter_set(typed), max_edits) {
            let articles = terms.articles(index);
            if articles < min_articles {
                continue;
            }
            let is_common_enough = |difference: EditDifference| {
                articles.saturating_mul(difference.words_an_article()) >= word_count
            };
            // Finding two edits takes far longer than finding one, and few terms are common enough
            // to be a correction with two.
            let most = if is_common_enough(EditDifference::TwoEdits) {
                max_edits
            } else {
                1
            };
            letters.clear();
            letters.extend(terms.get(index).chars());
            if let Some(difference) = difference(&typed_letters, &letters, most)
                && is_common_enough(difference)
            {
                found.push(NearWord {
                    likelihood: articles as f64 / difference.handicap(),
                    word: index,
                });
            }
        }
        found
    }
}
