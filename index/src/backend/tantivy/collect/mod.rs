//! Reads the postings, dictionaries and columns of a searcher: top documents, occurrences, counts, copies, values.

mod article_cache;
mod dictionary;
mod duplicates;
mod field_values;
mod occurrences;
mod similar;
mod summary;
mod top_docs;
mod view;

use article_cache::ArticleCache;
pub use duplicates::{CountCollapsed, Duplicates};
pub use field_values::FieldValues;
pub use occurrences::OccurrenceReader;
pub use summary::Summarize;
pub use top_docs::{RankColumns, TopArticles, address, candidate};
pub use view::{READ, View};
