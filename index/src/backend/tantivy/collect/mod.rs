//! Reads the postings, dictionaries and columns of a searcher: top documents, occurrences, counts, copies, values.

mod article_cache;
mod dictionary;
mod duplicates;
mod id_lookup;
mod occurrences;
mod similar;
mod stats;
mod summary;
mod top_docs;

pub use article_cache::ArticleCache;
pub use dictionary::{for_each_term, forms, stems, values, words};
pub use duplicates::{CountCollapsed, Duplicates};
pub use id_lookup::{content_hash, find};
pub use occurrences::{OccurrenceReader, mean_length};
pub use similar::similar;
pub use stats::{published, source_count};
pub use summary::Summarize;
pub use top_docs::{RankColumns, TopArticles, TopDoc, address};
