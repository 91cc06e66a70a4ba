//! Tantivy queries: which articles match, and their first, rough score. The final score is computed
//! in [`ranking`](crate::ranking).

pub mod any_term;
pub mod deadline_query;
pub mod lower;
pub mod positional;
