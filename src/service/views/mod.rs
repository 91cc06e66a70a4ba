//! The engine's answers as JSON: the types that several callers serialize. Types that only one
//! route needs stay with the route.

pub mod explanation;
pub mod facet;
pub mod histogram;
pub mod hits;
pub mod published;
pub mod query;
pub mod range;
pub mod stats;
