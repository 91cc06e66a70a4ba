//! The parameters of requests: their declarations, how they are read, and how mistakes are
//! explained.

pub mod filters;
mod nearest;
mod reader;
mod request;
mod search;
mod table;

pub use filters::{period, today};
pub use reader::Params;
pub use request::{counted, http_search, matching, search};
pub use search::{
    AUTHOR, COUNTED, COUNTED_QUERY, FROM, IN, INTERVAL, INTERVALS, LIMIT, MATCH, OFFSET, OPERATOR,
    QUERY, RELAX, RELAXES, SEARCH, SECTION, SORT, SORTS, SOURCE, TO,
};
pub use table::{Choice, Kind, Param, Words, required_names};
