//! What is read from the postings, dictionaries and columns of a searcher: top documents, counts, copies, dictionaries.

pub mod dictionary;
pub mod duplicates;
pub mod facts;
pub mod held;
pub mod hot;
pub mod rerank;
pub mod similar;
pub mod summary;
pub mod top;
