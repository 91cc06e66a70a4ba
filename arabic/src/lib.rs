//! Arabic text analysis for search: from running text to terms that an index can store and a query
//! can find.
//!
//! The crate segments text into words, folds their spelling and stems them with a model of word
//! counts. It also suggests corrections and completions for a typed word, and reads dates. It reads
//! no files, starts no threads and contains no index.
//!
//! # A tour
//!
//! **Tokens.** An [`Analyzer`] segments, folds and stems a text in one pass. Every token has the
//! span of its bytes in the original text, so a page can highlight the matches.
//!
//! ```
//! use fihrist_arabic::{Analyzer, Model};
//!
//! let analyzer = Analyzer::new(Model::base());
//! let text = "زار بيروتَ، لـ«الحوار»";
//! let tokens = analyzer.analyze(text);
//! let surfaces: Vec<&str> = tokens.iter().map(|token| token.surface.as_str()).collect();
//! assert_eq!(surfaces, ["زار", "بيروت", "الحوار"]);
//! assert_eq!(tokens[1].span.slice(text), "بيروتَ");
//! assert_eq!(tokens[2].stem, "حوار");
//! ```
//!
//! **Segmentation** alone finds words and the kind of each. The `لـ` before the quotation mark is a
//! proclitic, not a word.
//!
//! ```
//! use fihrist_arabic::{TokenKind, words};
//!
//! let text = "أ.ف.ب: 12.5% لـ«BBC»";
//! let found: Vec<_> = words(text).map(|word| (word.span.slice(text), word.kind)).collect();
//! assert_eq!(found, [("أ.ف.ب", TokenKind::Abbreviation), ("12.5", TokenKind::Number), ("BBC", TokenKind::Other)]);
//! ```
//!
//! **Folding** removes marks and unites spellings that readers do not tell apart. A
//! [`form`](form()) keeps the spelling that folding lost, for exact search.
//!
//! ```
//! use fihrist_arabic::{Analyzer, Model, fold};
//!
//! assert_eq!(fold::folded("إطْـلاق"), "اطلاق");
//! assert_eq!(fold::folded("حكومة"), "حكومه");
//! let token = &Analyzer::new(Model::base()).analyze("حكومة")[0];
//! assert_eq!(token.form("حكومة"), "حكومه~ة");
//! ```
//!
//! **Stemming** follows the counts of the model. `وبيت` loses its `و`, because `بيت` is common.
//! `وزير` keeps it, because `زير` is not.
//!
//! ```
//! use fihrist_arabic::{Analyzer, Model};
//!
//! let analyzer = Analyzer::new(Model::base());
//! let stem = |word: &str| analyzer.analyze(word)[0].stem.clone();
//! assert_eq!(stem("وبيت"), stem("بيت"));
//! assert_eq!(stem("للحكومة"), stem("حكومتها"));
//! assert_ne!(stem("وزير"), stem("زير"));
//! assert_eq!(analyzer.core("وبيته").slice("وبيته"), "بيت");
//! ```
//!
//! **The model** is learnt by counting. The same counts give the same bytes and the same
//! [`hash`](Model::hash), in any order.
//!
//! ```
//! use fihrist_arabic::WordCounter;
//!
//! let mut counter = WordCounter::default();
//! counter.add_text("هطلت أمطار غزيرة على الساحل، وغمرت أمطار الليل الطرق");
//! let model = counter.finish().finish_on_base();
//! assert_eq!(model.majority("امطار").as_deref(), Some("أمطار"));
//! ```
//!
//! **Spelling.** A [`Vocabulary`](spelling::Vocabulary) of the words of an index completes and
//! corrects what was typed, also on the wrong keyboard layout or in Latin letters.
//!
//! ```
//! use fihrist_arabic::spelling::Vocabulary;
//! use fihrist_arabic::{Analyzer, Model};
//!
//! let words = [("الحكومه", 50), ("حفتر", 20)];
//! let vocabulary = Vocabulary::new(words.into_iter().collect(), &Analyzer::new(Model::base()));
//! assert_eq!(vocabulary.correct("الحوكمة", 5)[0].text, "الحكومة");
//! ```
//!
//! **Numbers** have one term, whichever digits they are written in. **Dates** are read by
//! [`calendar`], with Gregorian or Hijri months.
//!
//! ```
//! use fihrist_arabic::calendar::Period;
//! use fihrist_arabic::{Analyzer, Model};
//! use jiff::civil::date;
//!
//! assert_eq!(Analyzer::new(Model::base()).analyze("٢٠٢٠")[0].surface, "2020");
//! let january = Period { from: Some(date(2020, 1, 1)), before: Some(date(2020, 2, 1)) };
//! assert_eq!(Period::parse("كانون الثاني 2020"), Ok(january));
//! ```
//!
//! # Speed
//!
//! A new analyzer stems each word when it occurs. [`Analyzer::warm`] stems all words of the model
//! at once; then nine of ten words of the news need one lookup. [`Analyzer::warm_with`] does the
//! same on the caller's threads.

#![warn(missing_docs)]

mod address;
mod analyzer;
pub mod calendar;
pub mod chars;
mod elongation;
mod fnv1a;
pub mod fold;
mod form;
mod hash_slots;
mod letter_name;
mod lexicon;
mod light10;
mod model;
mod number;
mod pretokenized;
mod seats;
mod segment;
mod skeleton;
mod span;
pub mod spelling;
mod stem;
mod stop;
mod text_list;
mod token;
mod uthmani;

pub use analyzer::{Analyzer, OtherStem, for_each_surface, may_hold_surface};
pub use fnv1a::fnv1a;
pub use form::{form, other_forms, surface_of};
pub use letter_name::is_letter_name;
pub use lexicon::{CommonWords, Task, TermFilter, WordCounter, WordTerms};
pub use model::{Counts, Model, ModelError, PackedWord, StemPath, read_compressed};
pub use pretokenized::{NotedWords, Pretokenized};
pub use segment::{TokenKind, Word, first_word, is_proclitic, words};
pub use skeleton::skeleton;
pub use span::Span;
pub use stem::is_ten;
pub use stem::spelling::{UNKNOWN as UNKNOWN_LETTER, may_be_hasty};
pub use stop::{
    FunctionWord, Role, Spelling, function_word, is_folded_stop_word, is_stop_word,
    may_be_other_word, precedes_name, usual_forms,
};
pub use token::{Token, TokenRef};

/// The version of the rules of segmentation, folding and stemming. It increases with every change
/// that alters a term. An index written with another version is refused.
pub const ANALYSIS_VERSION: u32 = 7;

/// The maximum length of a term, in characters.
pub const MAX_TERM_CHARS: usize = 64;
