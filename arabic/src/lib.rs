//! Arabic analysis: text → tokens that carry their place in the original. It reads no files and knows no index.
//!
//! One function serves indexing, querying and highlighting: segment first, fold second, then stem.
//!
//! ```
//! use fihrist_arabic::{Analyzer, Model};
//!
//! let analyzer = Analyzer::new(Model::base());
//! let text = "زار بيروتَ، لـ«الحوار»";
//! let surfaces: Vec<_> = analyzer.analyze(text).into_iter().map(|token| token.surface).collect();
//! assert_eq!(surfaces, ["زار", "بيروت", "الحوار"]);
//! ```

#![warn(missing_docs)]

mod address;
mod analyzer;
pub mod calendar;
pub mod chars;
pub mod fold;
mod form;
mod lexicon;
mod light10;
mod model;
mod number;
mod segment;
mod skeleton;
mod span;
pub mod spelling;
mod stem;
mod stop;
mod term;
mod token;

pub use analyzer::Analyzer;
pub use form::{form, other_forms, surface_of};
pub use lexicon::{CommonWords, Lexicon, Pretokenized, Task, TermFilter, WordCounter, WordTerms};
pub use model::{Counts, Model, ModelError};
pub use segment::{Kind, Word, first_word, is_proclitic, words};
pub use skeleton::skeleton;
pub use span::Span;
pub use stop::is_stop_word;
pub use term::fnv1a;
pub use token::{Token, TokenRef};

/// The version of the rules of segmentation, folding and stemming. A change that alters any term raises it. An index written
/// under another version is refused.
pub const ANALYSIS_VERSION: u32 = 4;

/// The longest term, in characters.
pub const MAX_TERM_CHARS: usize = 64;
