//! The engine's answers as JSON: the types that several doors serialize. What one door alone shows stays there.

pub mod explanation;
pub mod facet;
pub mod histogram;
pub mod hits;
pub mod published;
pub mod query;
pub mod range;
pub mod stats;
