//! The parameters of requests: their declarations, how they are read, and how mistakes are
//! explained.

pub mod filters;
mod nearest;
mod reader;
pub mod request;
pub mod search;
mod table;
pub mod words;

pub use reader::Params;
pub use table::{Choice, Kind, Param, Words, required_names};
