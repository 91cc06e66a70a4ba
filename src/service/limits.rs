//! How much a request may ask for. One process has one set of limits, said once at the start: parameters are checked in
//! too many places to hand it to each.

use std::sync::OnceLock;

use crate::config::Limits;

static LIMITS: OnceLock<Limits> = OnceLock::new();

/// Sets the limits of this process, before it serves.
pub fn set(limits: Limits) {
    // A second service in one process would have to keep to the first one's.
    let _already_set = LIMITS.set(limits);
}

/// The limits of this process.
pub fn limits() -> Limits {
    LIMITS.get().copied().unwrap_or(Limits::DEFAULT)
}
