//! Written dates → [`Published`]: what metadata fields hold, and, where these hold nothing, what the text of an article
//! says of itself. It has no clock; `tests/spec/dates.md` shows what is read.
//!
//! `formats` reads what machines write and `written` what people write, with the time of day in `clock` and days
//! counted back from another in `relative`. `text` looks for a date in an article, `mention` finds days in a line.

mod clock;
mod digits;
mod formats;
mod mention;
mod parse;
mod published;
mod relative;
mod text;
mod written;

pub use parse::{parse, parse_with};
pub use text::in_text;
