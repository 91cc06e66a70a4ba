//! “Did you mean”: words near a typed word that few or no articles contain. A typing error that
//! gives another common word is not corrected, because the other words of the query are not used.

use super::distance::{EditDifference, MAX_LETTERS, difference, max_edits};
use super::same_word::is_same_word;
use super::{
    LikelyWord, MIN_ARTICLES, MIN_RATIO, Suggestion, SuggestionKind, TermList, Vocabulary, clitics,
    folded_word, is_arabic,
};

/// The divisor of a word's likelihood if the word lacks the typed proclitics.
const OTHER_PROCLITICS: f64 = 10.0;

/// How many times commoner a word must be in the model than another spelling of it. A word that is
/// commoner than that is no misspelling.
const MIN_MODEL_RATIO: u64 = 50;

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
        let stem = super::stem(&self.analyzer, &word);
        // The count of a stem is the sum for all words that share it.
        let min_articles = self.stems.keys.articles_of(&stem).saturating_mul(MIN_RATIO);
        let min_articles = min_articles.max(MIN_ARTICLES);
        let mut candidates = self.near(&self.words, &word, min_articles);
        for (proclitics, rest) in clitics::splits(&word) {
            let bare_words = self.near(&self.bare_words.keys, rest, min_articles);
            candidates.extend(
                bare_words
                    .into_iter()
                    .map(|bare| self.with_proclitics(proclitics, bare)),
            );
        }
        if candidates.is_empty() {
            let stems = self.near(&self.stems.keys, &stem, min_articles);
            candidates.extend(stems.into_iter().map(|stem| LikelyWord {
                word: self.stems.commonest(stem.word),
                ..stem
            }));
        }
        let same_words = candidates.iter().map(|found| found.word);
        let same_words = same_words.filter(|found| self.is_same_word(&word, *found));
        let same_word = self.only_word(same_words);
        self.likeliest(candidates, limit, SuggestionKind::Spelling, same_word)
    }

    /// Returns whether a word of the index is the folded typed word in another spelling. Both must
    /// have the same proclitics, and the model must not know the typed word as a word of its own.
    fn is_same_word(&self, typed: &str, word: u32) -> bool {
        let (proclitics, bare) = self.parts(word);
        let Some(typed_bare) = typed.strip_prefix(proclitics) else {
            return false;
        };
        let count = |word: &str| u64::from(self.analyzer.model().count(word));
        let bare_count = count(bare);
        let is_own_word =
            |(_, rest): (&str, &str)| count(rest).saturating_mul(MIN_MODEL_RATIO) > bare_count;
        is_same_word(typed_bare, bare, &self.written("", bare))
            && !clitics::splits(typed).into_iter().any(is_own_word)
    }

    /// Returns the word that consists of the typed proclitics and the bare word. If the index lacks
    /// it, returns the commonest word with this bare word.
    fn with_proclitics(&self, proclitics: &str, bare: LikelyWord) -> LikelyWord {
        let text = self.bare_words.keys.get(bare.word);
        match self.words.find(&format!("{proclitics}{text}")) {
            Some(word) => LikelyWord { word, ..bare },
            None => LikelyWord {
                word: self.bare_words.commonest(bare.word),
                likelihood: bare.likelihood / OTHER_PROCLITICS,
            },
        }
    }

    /// Returns the terms near `typed` that are common enough, by index. The likelihood of each is
    /// its number of articles, divided by its handicap.
    fn near(&self, terms: &TermList, typed: &str, min_articles: u64) -> Vec<LikelyWord> {
        let typed_letters: Vec<char> = typed.chars().collect();
        let max_edits = max_edits(typed_letters.len());
        if max_edits == 0 {
            return Vec::new();
        }
        let word_count = self.words.indices().len() as u64;
        let mut letters = Vec::new();
        let mut found = Vec::new();
        for index in terms.near(typed, max_edits) {
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
                found.push(LikelyWord {
                    likelihood: articles as f64 / difference.handicap(),
                    word: index,
                });
            }
        }
        found
    }
}
