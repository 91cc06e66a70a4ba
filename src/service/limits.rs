//! The limits of requests. A process has one set of limits, which is set once at the start, because
//! parameters are checked in too many places to pass it on.

use std::sync::OnceLock;

use crate::config::Limits;

static LIMITS: OnceLock<Limits> = OnceLock::new();

/// Sets the limits of this process, before it serves.
pub fn set(limits: Limits) {
    // A second server in one process keeps the limits of the first.
    let _already_set = LIMITS.set(limits);
}

/// Returns the limits of this process.
pub fn limits() -> Limits {
    LIMITS.get().copied().unwrap_or(Limits::DEFAULT)
}
