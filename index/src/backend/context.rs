//! The context of a search: the caller's deadline, and the record of how long each stage takes.

use crate::deadline::Deadline;
use crate::timings::SearchTimings;

/// The caller of a search. Clones share the deadline and the timings.
#[derive(Debug, Clone, Default)]
pub struct SearchContext {
    /// When the caller stops waiting. Work fails when it passes this time.
    pub deadline: Deadline,
    /// Records how long each stage of the search takes.
    pub timings: SearchTimings,
}
