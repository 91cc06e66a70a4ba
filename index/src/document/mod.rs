//! Articles in two forms: stored, with typed segments, and indexed, with their terms. This module
//! reads no files.

mod analyzed;
mod article;
mod field_terms;
mod meta;

pub use analyzed::{
    AnalyzedArticle, CountedArticle, content_hash, count_and_note_words, count_words, no_word,
};
pub use article::{
    Article, ArticleId, Confidence, DateOrigin, Field, InvalidId, Precision, Published, Segment,
    SegmentKind, StoredArticle,
};
pub use field_terms::{FieldTerms, WordLevels, joined};
pub use meta::Meta;
