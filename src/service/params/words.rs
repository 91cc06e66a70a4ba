//! The words that choices of a search accept, and what each means to the engine.

use fihrist_index::search::{Interval, Matching, Operator, Order};
use fihrist_index::snippet::Highlight;

use super::table::Choice;

pub const MATCHING: Choice<Matching> = Choice {
    words: &[
        ("auto", Matching::Auto),
        ("exact", Matching::Exact),
        ("stem", Matching::Stem),
    ],
    default: Matching::Auto,
};
pub const OPERATORS: Choice<Operator> = Choice {
    words: &[
        ("auto", Operator::Auto),
        ("and", Operator::And),
        ("or", Operator::Or),
    ],
    default: Operator::Auto,
};
pub const SORTS: Choice<Order> = Choice {
    words: &[
        ("relevance", Order::Relevance),
        ("newest", Order::Newest),
        ("oldest", Order::Oldest),
    ],
    default: Order::Relevance,
};
pub const INTERVALS: Choice<Interval> = Choice {
    words: &[
        ("auto", Interval::Auto),
        ("day", Interval::Day),
        ("week", Interval::Week),
        ("month", Interval::Month),
        ("year", Interval::Year),
    ],
    default: Interval::Auto,
};
pub const RELAXES: Choice<bool> = Choice {
    words: &[("on", true), ("off", false)],
    default: true,
};
pub const COLLAPSES: Choice<bool> = Choice {
    words: &[("duplicates", true), ("none", false)],
    default: false,
};
pub const HIGHLIGHTS: Choice<Highlight> = Choice {
    words: &[("word", Highlight::Word), ("stem", Highlight::Stem)],
    default: Highlight::Word,
};
