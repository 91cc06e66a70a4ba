//! What travels with every search: how long the caller waits, and where the time of the search is recorded.

use crate::deadline::Deadline;
use crate::timings::SearchTimings;

/// The caller of a search. Clones share the deadline and the timings.
#[derive(Debug, Clone, Default)]
pub struct SearchContext {
    /// When the caller stops waiting. Work that passes it fails.
    pub deadline: Deadline,
    /// Records how long each stage takes.
    pub timings: SearchTimings,
}
