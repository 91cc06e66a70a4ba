//! Parameters: how they are declared, read and explained, and those of a search.

pub mod filters;
mod half_life;
mod nearest;
mod reader;
pub mod request;
pub mod search;
mod table;
pub mod words;

pub use reader::Params;
pub use table::{Choice, Kind, Param, Words};
