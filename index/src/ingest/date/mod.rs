//! Written dates → [`Published`](crate::document::Published): from a metadata field, or else from
//! the text of the article. The file `tests/spec/dates.md` shows which dates are read.
//!
//! No function reads the system clock. `formats` reads machine formats and `written` reads dates as
//! people write them, with the time of day from `clock` and relative days from `relative`. `text`
//! looks for a date in an article, and `mention` finds dates in a line.

mod clock;
mod formats;
mod mention;
mod parse;
mod published;
mod relative;
mod text;
mod written;

pub use parse::{parse, parse_with};
pub use text::in_text;

use crate::document::{Confidence, DateOrigin, Precision, Published, Segment, SegmentKind};
use published::{civil_period, instant};
