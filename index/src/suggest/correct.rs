//! “Did you mean”: words near one that no article holds, or hardly any. Errors that make another common word stay: no
//! neighbours of the word in the query are looked at.

use std::cmp::Reverse;

use rustc_hash::FxHashSet;

use super::clitics;
use super::distance::{MAX_LETTERS, difference, max_edits, may_be_near};
use super::terms::{Terms, letter_set};
use super::{Kind, MIN_ARTICLES, MIN_RATIO, Suggestion, Vocabulary, folded_word, is_arabic};

/// What it takes off a word that it does not keep the proclitics that were typed.
const OTHER_PROCLITICS: u64 = 10;

/// A word of the index that may have been meant.
struct Candidate {
    /// Articles over handicaps, to a thousandth.
    score: u64,
    word: u32,
}

impl Vocabulary {
    /// Words near `word`, the likeliest first, one for each stem; each much commoner than what a search for `word` finds. A
    /// word is the likelier, the commoner it is and the less it differs.
    ///
    /// The word is compared as a whole, and without what may be proclitics; these stay if some article holds the result.
    /// If nothing is near, its stem is compared with all stems.
    pub fn correct(&self, word: &str, limit: usize) -> Vec<Suggestion> {
        let Some(word) = folded_word(word).filter(|word| is_arabic(word) && word.chars().count() < MAX_LETTERS) else {
            return Vec::new();
        };
        let min_articles = self.articles_of_stem(&word).saturating_mul(MIN_RATIO).max(MIN_ARTICLES);
        let mut candidates = near(&self.words, &word, min_articles, |word| (word, 1));
        for (proclitics, rest) in clitics::splits(&word) {
            let cores = self.cores.keys();
            candidates.extend(near(cores, rest, min_articles, |core| {
                let word = self.words.find(&format!("{proclitics}{}", cores.get(core)));
                word.map_or_else(|| (self.cores.commonest(core), OTHER_PROCLITICS), |word| (word, 1))
            }));
        }
        if candidates.is_empty() {
            let stem = super::stem(&self.analyzer, &word);
            candidates = near(self.stems.keys(), &stem, min_articles, |stem| (self.stems.commonest(stem), 1));
        }
        candidates.sort_unstable_by_key(|found| (Reverse(found.score), found.word));
        let mut stems = FxHashSet::default();
        candidates.retain(|found| stems.insert(self.stems.of(found.word)));
        candidates.iter().take(limit).map(|found| self.suggestion(found.word, Kind::Spelling)).collect()
    }
}

/// The terms near `typed` that are common enough; `word_of` says which word stands for a term, and its handicap.
///
/// It looks at the sets of letters of all terms: tenths of a millisecond, and no memory as an index of edits would take.
fn near(terms: &Terms, typed: &str, min_articles: u64, word_of: impl Fn(u32) -> (u32, u64)) -> Vec<Candidate> {
    let typed_letters: Vec<char> = typed.chars().collect();
    let (set, max_edits) = (letter_set(typed), max_edits(typed_letters.len()));
    if max_edits == 0 {
        return Vec::new();
    }
    // Two bytes a letter.
    let sizes_bytes = typed.len() - 2 * max_edits..=typed.len() + 2 * max_edits;
    let places =
        terms.sieved(sizes_bytes, |articles, letters| articles >= min_articles && may_be_near(set, letters, max_edits));
    let mut letters = Vec::new();
    let mut found = Vec::new();
    for place in places {
        letters.clear();
        letters.extend(terms.get(place).chars());
        if let Some(difference) = difference(&typed_letters, &letters) {
            let (word, handicap) = word_of(place);
            let score = 1000 * terms.articles(place) / (handicap * difference.handicap());
            found.push(Candidate { score, word });
        }
    }
    found
}
