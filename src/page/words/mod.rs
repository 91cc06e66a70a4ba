//! Numbers, counted nouns and dates in the words of each language.

mod date;
mod number;

pub use date::{Date, date, day, month};
pub use number::{ARTICLES, COPIES, PLACES, counted, with_thousands};
