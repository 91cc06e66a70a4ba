//! The limit of the size of a file, which a system can set for a process.

use std::io;

use tokio::signal::unix::{SignalKind, signal};

/// The number of SIGXFSZ, which Linux and macOS send to a process that exceeds the limit.
const FILE_TOO_LARGE: i32 = 25;

/// Makes a write beyond the limit fail, instead of ending the process. Must be called on a runtime.
pub fn fail_instead_of_ending() -> io::Result<()> {
    // The handler stays when the stream of signals is dropped.
    signal(SignalKind::from_raw(FILE_TOO_LARGE)).map(drop)
}
