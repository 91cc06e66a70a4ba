//! Articles: as they are stored, in typed segments, and as they are indexed, with their terms. Nothing here reads a file.

mod analyzed;
mod article;
mod meta;

pub use analyzed::{
    AnalyzedArticle, FieldTerms, SeenArticle, WordLevels, content_hash, count_and_see_words,
    count_words, joined, no_word,
};
pub use article::{
    Article, ArticleId, Confidence, DateOrigin, Field, InvalidId, Precision, Published, Segment,
    SegmentKind,
};
pub use meta::Meta;
