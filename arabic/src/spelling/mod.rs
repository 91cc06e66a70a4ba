//! Suggestions: words that a person may have meant. The module completes a half-typed word,
//! corrects a mistyped one, and converts a word from another keyboard layout or from Latin letters.
//! It also expands patterns. It suggests only words of the index, with their own or other
//! proclitics. The caller supplies the words and decides what to show.
//!
//! ```
//! use fihrist_arabic::{Analyzer, Model};
//! use fihrist_arabic::spelling::Vocabulary;
//!
//! let words = [("الحكومه", 50), ("حفتر", 20), ("احمد", 9)];
//! let vocabulary = Vocabulary::new(words.into_iter().collect(), &Analyzer::new(Model::base()));
//! assert_eq!(vocabulary.complete("وبالحك", 5)[0].text, "وبالحكومة");
//! assert_eq!(vocabulary.correct("الحوكمة", 5)[0].text, "الحكومة");
//! assert_eq!(vocabulary.relayout("ptjv").map(|found| found.text).as_deref(), Some("حفتر"));
//! assert_eq!(vocabulary.from_latin("Ahmad", 5)[0].text, "أحمد");
//! assert_eq!(vocabulary.word_of_stem("حكومه").as_deref(), Some("الحكومة"));
//! assert_eq!(vocabulary.expand_pattern("حكوم*", 5).0, ["الحكومه"]);
//! ```

mod clitics;
mod complete;
mod correct;
mod distance;
mod groups;
mod keyboard;
mod latin;
mod list;
mod pattern;
mod same_word;
mod sound;
mod terms;

use std::cmp::Reverse;

use rustc_hash::FxHashSet;

use crate::text_list::TextList;
use crate::{Analyzer, MAX_TERM_CHARS, fold};
use clitics::{ARTICLE, KnownProclitic};
pub use distance::differing_parts;
use groups::Groups;
use latin::Consonants;
pub use list::WordList;
use terms::{TermList, letter_set};

/// The maximum number of words in a vocabulary; the commonest are kept. It keeps memory within some
/// 100 MB. 40,000 news articles have a quarter of this many words.
const MAX_WORDS: usize = 1 << 20;

/// The minimum number of articles that contain a suggestion. A word of one article may itself be a
/// mistake.
const MIN_ARTICLES: u64 = 2;

/// How many times commoner than the typed word a suggestion must be.
const MIN_RATIO: u64 = 10;

/// The maximum size of a typed word. A letter takes at most four bytes and may have some marks.
const MAX_TYPED_BYTES: usize = 4 * 4 * MAX_TERM_CHARS;

/// A word that a person may have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The word in its usual spelling: with its hamza, `ة` and `ى`, if the model contains the word.
    pub text: String,
    /// Why the word is suggested.
    pub kind: SuggestionKind,
    /// How many articles contain the word. For a completion made of proclitics and a bare word, it
    /// is the sum for all words with this bare word. For several words, it is the count of the
    /// rarest.
    pub articles: u64,
    /// Whether the suggestion is certainly the typed word in another layout, alphabet or spelling.
    /// Any other suggestion may be another word, so it never replaces the typed word unasked.
    pub is_same_word: bool,
}

/// How a suggestion was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuggestionKind {
    /// The suggested word begins with the typed letters.
    Completion,
    /// The typed word is a misspelling of the suggested word.
    Spelling,
    /// The same keys give the suggested word in the other keyboard layout.
    KeyboardLayout,
    /// The suggested word sounds like the typed Latin letters.
    Transliteration,
}

impl SuggestionKind {
    /// Returns the name of the kind in the API, which never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Completion => "completion",
            Self::Spelling => "spelling",
            Self::KeyboardLayout => "keyboard_layout",
            Self::Transliteration => "transliteration",
        }
    }
}

/// A word that may be suggested, and how likely it is meant.
struct LikelyWord {
    likelihood: f64,
    word: u32,
}

/// The words of an index, prepared for suggestions. A new vocabulary is made for each commit.
///
/// Invariant: the answers depend on the words and the model only, not on the order of the words. No
/// text makes a call fail.
pub struct Vocabulary {
    analyzer: Analyzer,
    words: TermList,
    /// The indices of the words, the commonest first.
    by_count: Vec<u32>,
    /// The words, grouped by the bare word: the word without its proclitics; its enclitics stay.
    bare_words: Groups,
    stems: Groups,
    /// How many bytes of each word precede its bare word.
    proclitic_bytes: Vec<u8>,
    consonants: Consonants,
}

impl Vocabulary {
    /// Makes a vocabulary of the folded words of an index. Terms with characters other than letters
    /// and digits are dropped: hashtags, addresses, decimals.
    pub fn new(mut list: WordList, analyzer: &Analyzer) -> Self {
        list.combine();
        list.keep_commonest(MAX_WORDS, is_word);
        let words = TermList::new(list.iter());
        drop(list);
        let mut stems = TextList::with_capacity(words.indices().len(), 0);
        let mut proclitic_bytes = Vec::with_capacity(words.indices().len());
        for word in words.indices().map(|index| words.get(index)) {
            stems.push(&stem(analyzer, word));
            // The proclitics have at most four letters, so their size fits in a byte.
            proclitic_bytes.push(u8::try_from(analyzer.core(word).start).unwrap_or(0));
        }
        let stem_of: Vec<&str> = stems.iter().collect();
        let bare_of: Vec<&str> = words
            .indices()
            .zip(&proclitic_bytes)
            .map(|(index, start)| &words.get(index)[usize::from(*start)..])
            .collect();
        let bare_words = Groups::new(&words, &bare_of);
        let stems = Groups::new(&words, &stem_of);
        Self {
            analyzer: analyzer.clone(),
            by_count: words.commonest(words.indices(), usize::MAX),
            consonants: Consonants::new(&bare_words.keys),
            stems,
            bare_words,
            proclitic_bytes,
            words,
        }
    }

    /// Returns how many articles contain the folded word.
    pub fn articles(&self, word: &str) -> u64 {
        self.words.articles_of(word)
    }

    /// Returns the usual spelling of the commonest word with this stem, or `None` if no word has the
    /// stem. Words with a conjunction or a preposition count only if there are no others. Of equally
    /// common words, the shortest is returned. A stem that is a separated spelling is a word.
    pub fn word_of_stem(&self, stem: &str) -> Option<String> {
        let folded = fold::folded(stem);
        if folded != stem {
            return self.stems.keys.find(&folded).map(|_| stem.to_owned());
        }
        let words = self.stems.words(self.stems.keys.find(stem)?);
        let word = words.iter().min_by_key(|word| {
            let (proclitics, bare) = self.parts(**word);
            let has_particle = !["", "ال"].contains(&proclitics);
            (
                has_particle,
                Reverse(self.words.articles(**word)),
                bare.len(),
            )
        })?;
        let (proclitics, bare) = self.parts(*word);
        Some(self.written(proclitics, bare))
    }

    /// Returns the proclitics of a word and the bare word.
    fn parts(&self, word: u32) -> (&str, &str) {
        self.words
            .get(word)
            .split_at(usize::from(self.proclitic_bytes[word as usize]))
    }

    /// Returns the usual spelling of a word, given as its proclitics and the bare word.
    fn written(&self, proclitics: &str, bare: &str) -> String {
        let model = self.analyzer.model();
        let word = format!("{proclitics}{bare}");
        // After the article, a last `ه` is `ة`.
        let from_definite = || {
            clitics::last(proclitics).filter(|last| *last == KnownProclitic::Article)?;
            let written = model.majority(&format!("{ARTICLE}{bare}"))?;
            Some(format!("{proclitics}{}", written.strip_prefix(ARTICLE)?))
        };
        let from_bare = || Some(format!("{proclitics}{}", model.majority(bare)?));
        model
            .majority(&word)
            .or_else(from_definite)
            .or_else(from_bare)
            .unwrap_or(word)
    }

    /// Returns the likeliest of the words, one for each stem. `same_word` is certainly the typed
    /// word, and so are its other spellings.
    fn likeliest(
        &self,
        mut words: Vec<LikelyWord>,
        limit: usize,
        kind: SuggestionKind,
        same_word: Option<u32>,
    ) -> Vec<Suggestion> {
        words.sort_unstable_by(|one, other| {
            let by_likelihood = other.likelihood.total_cmp(&one.likelihood);
            by_likelihood.then(one.word.cmp(&other.word))
        });
        let mut stems = FxHashSet::default();
        words.retain(|found| stems.insert(self.stems.of(found.word)));
        let likeliest = words.iter().take(limit);
        likeliest
            .map(|found| Suggestion {
                is_same_word: same_word.is_some_and(|word| self.are_spellings(word, found.word)),
                ..self.suggestion(found.word, kind)
            })
            .collect()
    }

    /// Returns the only one of some words; of words with one stem and of spellings of one word, the
    /// commonest. Returns `None` if there are several words.
    fn only_word(&self, words: impl Iterator<Item = u32>) -> Option<u32> {
        let words: Vec<u32> = words.collect();
        let commonest = words
            .iter()
            .copied()
            .max_by_key(|word| self.words.articles(*word))?;
        let stem = self.stems.of(commonest);
        words
            .iter()
            .all(|word| self.stems.of(*word) == stem || self.are_spellings(commonest, *word))
            .then_some(commonest)
    }

    /// Returns whether two words with the same proclitics are spellings of one word.
    fn are_spellings(&self, one: u32, other: u32) -> bool {
        let ((proclitics, one), (other_proclitics, other)) = (self.parts(one), self.parts(other));
        proclitics == other_proclitics && same_word::are_spellings(one, other)
    }

    fn suggestion(&self, word: u32, kind: SuggestionKind) -> Suggestion {
        let (proclitics, bare) = self.parts(word);
        Suggestion {
            text: self.written(proclitics, bare),
            kind,
            articles: self.words.articles(word),
            is_same_word: false,
        }
    }
}

/// Returns the folded text. Returns `None` unless the text is one word of a plausible length.
fn folded_word(text: &str) -> Option<String> {
    (text.len() <= MAX_TYPED_BYTES)
        .then(|| fold::folded(text.trim()))
        .filter(|word| is_word(word))
}

fn is_word(term: &str) -> bool {
    !term.is_empty()
        && term.chars().all(char::is_alphanumeric)
        && term.chars().count() <= MAX_TERM_CHARS
}

fn is_arabic(word: &str) -> bool {
    word.chars()
        .all(|letter| matches!(letter, '\u{621}'..='\u{64A}'))
}

fn stem(analyzer: &Analyzer, word: &str) -> String {
    let mut stem = None;
    analyzer.for_each(word, |token| {
        stem = stem.take().or_else(|| Some(token.stem().to_owned()))
    });
    stem.unwrap_or_else(|| word.to_owned())
}
