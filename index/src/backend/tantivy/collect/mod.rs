//! What is read from the postings, dictionaries and columns of a searcher: top documents, counts, copies, dictionaries.

pub mod article_cache;
pub mod dictionary;
pub mod duplicates;
pub mod id_lookup;
pub mod rerank;
pub mod similar;
pub mod stats;
pub mod summary;
pub mod top_docs;
