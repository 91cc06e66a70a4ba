//! Queries as Tantivy runs them. Which articles match, and the first, rough score; nothing here ranks.

pub mod any_term;
pub mod deadline_query;
pub mod lower;
pub mod positional;
