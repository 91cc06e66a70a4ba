//! The file operations by which the engine changes the disk: those of [`std::fs`]. Everything that
//! must survive a crash is written through this module; locks are not.
//!
//! The tests of this crate replace the operations. A test chooses the call that fails, or at which
//! the process seems to be killed. A test also learns what a loss of power leaves: a change that
//! was not synced may be undone.

#[cfg(not(test))]
pub use std::fs::*;

#[cfg(test)]
mod crash;
#[cfg(test)]
mod entries;
#[cfg(test)]
mod loss;
#[cfg(test)]
#[expect(
    dead_code,
    reason = "it has all operations of `std::fs` that change the disk"
)]
mod simulated;
#[cfg(test)]
pub use {
    crash::{Disk, Fault},
    loss::Loss,
    simulated::*,
};
#[cfg(test)]
mod tests;
