//! Reads the postings, dictionaries and columns of a searcher: top documents, occurrences, counts, copies, values.

pub mod article_cache;
pub mod dictionary;
pub mod duplicates;
pub mod id_lookup;
pub mod occurrences;
pub mod similar;
pub mod stats;
pub mod summary;
pub mod top_docs;
