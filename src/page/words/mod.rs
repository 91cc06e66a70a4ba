//! Numbers, counted things and dates as the page writes them, in each language. It reads nothing.

mod date;
mod number;

pub use date::{Date, date, day, month, year};
pub use number::{ARTICLES, COPIES, PLACES, counted, with_thousands};
