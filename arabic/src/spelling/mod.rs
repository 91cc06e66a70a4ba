//! What a person may have meant: the rest of a half-typed word, a word near a mistyped one, the word that another keyboard
//! layout or another alphabet stands for, the words of a pattern. It only proposes words that the index holds or their
//! cores with other proclitics; what to do with a proposal is for others, and it reads no index itself.
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
mod sieve;
mod sound;
mod terms;

use crate::{Analyzer, MAX_TERM_CHARS, fold};
use groups::Groups;
use latin::Consonants;
pub use list::WordList;
use sieve::Sieve;
use terms::TermList;

/// How many words are kept, the commonest: memory stays within some 100 MB whatever comes. 40,000 news articles hold a
/// quarter of it.
const MAX_WORDS: usize = 1 << 20;

/// A suggestion must be held by so many articles: a word of one article may be a slip of its own.
const MIN_ARTICLES: u64 = 2;

/// How many times as common as what was typed a suggestion must be.
const MIN_RATIO: u64 = 10;

/// Longer texts are no word: a letter takes four bytes at most, and may have some marks.
const MAX_TYPED_BYTES: usize = 4 * 4 * MAX_TERM_CHARS;

/// A word that a person may have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// As people write it: with its hamza, `ة` and `ى` where the model knows them.
    pub text: String,
    /// What makes it one.
    pub kind: SuggestionKind,
    /// How many articles hold the word. Of a completion that is put together from proclitics and a core, how often articles
    /// hold the core with any; of several words, the least.
    pub articles: u64,
}

/// What makes a word a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SuggestionKind {
    /// It begins with what was typed.
    Completion,
    /// It differs from what was typed by a slip.
    Spelling,
    /// The same keys give it on the other keyboard layout.
    KeyboardLayout,
    /// It sounds like what was typed in Latin letters.
    Transliteration,
}

impl SuggestionKind {
    /// Returns the stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Completion => "completion",
            Self::Spelling => "spelling",
            Self::KeyboardLayout => "keyboard_layout",
            Self::Transliteration => "transliteration",
        }
    }
}

/// The words of an index, to be asked for what a person may have meant. Made once a commit.
///
/// Invariant: answers depend on the words and the model alone, not on the order in which the words came. No question fails,
/// whatever the text.
pub struct Vocabulary {
    analyzer: Analyzer,
    words: TermList,
    /// The words, the commonest first.
    by_count: Vec<u32>,
    /// The words by what is left of them without proclitics.
    cores: Groups,
    stems: Groups,
    /// How many bytes stand before the core of each word.
    proclitic_bytes: Vec<u8>,
    consonants: Consonants,
    word_sieve: Sieve,
    core_sieve: Sieve,
    stem_sieve: Sieve,
}

impl Vocabulary {
    /// Takes the folded words of an index. TermList that are not all letters and digits are passed over: hashtags, addresses,
    /// decimals.
    pub fn new(mut list: WordList, analyzer: &Analyzer) -> Self {
        list.settle();
        list.keep_commonest(MAX_WORDS, is_word);
        let words = TermList::new(list.iter());
        drop(list);
        // One after the other, as in the list: they are many and small.
        let (mut stems, mut ends) = (String::new(), Vec::with_capacity(words.places().len()));
        let mut proclitic_bytes = Vec::with_capacity(words.places().len());
        for word in words.places().map(|place| words.get(place)) {
            stems.push_str(&stem(analyzer, word));
            ends.push(stems.len());
            // Proclitics are four letters at most; a word is far shorter than what a byte cannot count.
            proclitic_bytes.push(u8::try_from(analyzer.core(word).start).unwrap_or(0));
        }
        let starts = [0].into_iter().chain(ends.iter().copied());
        let stem_of: Vec<&str> = starts
            .zip(&ends)
            .map(|(start, end)| &stems[start..*end])
            .collect();
        let core_of: Vec<&str> = words
            .places()
            .zip(&proclitic_bytes)
            .map(|(place, start)| &words.get(place)[usize::from(*start)..])
            .collect();
        let cores = Groups::new(&words, &core_of);
        let stems = Groups::new(&words, &stem_of);
        Self {
            analyzer: analyzer.clone(),
            by_count: words.commonest(words.places(), usize::MAX),
            consonants: Consonants::new(cores.keys()),
            word_sieve: Sieve::new(&words),
            core_sieve: Sieve::new(cores.keys()),
            stem_sieve: Sieve::new(stems.keys()),
            stems,
            cores,
            proclitic_bytes,
            words,
        }
    }

    /// How many articles hold the folded word.
    pub fn articles(&self, word: &str) -> u64 {
        self.words
            .find(word)
            .map_or(0, |place| self.words.articles(place))
    }

    /// How often articles hold a word with the stem of the folded word, which is what a search finds.
    fn articles_of_stem(&self, word: &str) -> u64 {
        let stem = self.stems.keys().find(&stem(&self.analyzer, word));
        stem.map_or(0, |place| self.stems.keys().articles(place))
    }

    /// What stands before the core of a word, and the core.
    fn parts(&self, word: u32) -> (&str, &str) {
        self.words
            .get(word)
            .split_at(usize::from(self.proclitic_bytes[word as usize]))
    }

    /// A word as people write it, given in two parts.
    fn written(&self, proclitics: &str, core: &str) -> String {
        let model = self.analyzer.model();
        let word = format!("{proclitics}{core}");
        let with_core = || {
            model
                .majority(core)
                .map(|core| format!("{proclitics}{core}"))
        };
        model.majority(&word).or_else(with_core).unwrap_or(word)
    }

    fn suggestion(&self, word: u32, kind: SuggestionKind) -> Suggestion {
        let (proclitics, core) = self.parts(word);
        Suggestion {
            text: self.written(proclitics, core),
            kind,
            articles: self.words.articles(word),
        }
    }
}

/// The text folded, if it is one word of a length that words have.
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
