//! The size and the modification time of a file. They tell whether a file has changed, without reading
//! it.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time resolution of file systems that store only whole or even seconds. Two changes within
/// this duration get the same modification time.
const COARSE_CLOCK: Duration = Duration::from_secs(2);
/// The time resolution of other file systems.
const FINE_CLOCK: Duration = Duration::from_millis(50);

/// The size and modification time of a file: they detect a change without reading the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileMark {
    pub(super) size_bytes: u64,
    /// Nanoseconds since 1970.
    pub(super) modified_ns: u64,
}

impl FileMark {
    /// Returns the file's present mark. Returns `None` if the mark cannot be read, or if the last
    /// change is so recent that a further change could get the same mark.
    pub fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        let modified = metadata.modified().ok()?;
        let since_1970 = modified.duration_since(UNIX_EPOCH).ok()?;
        let clock = if since_1970.subsec_nanos() == 0 {
            COARSE_CLOCK
        } else {
            FINE_CLOCK
        };
        let age = SystemTime::now().duration_since(modified).ok()?;
        let modified_ns = u64::try_from(since_1970.as_nanos()).ok()?;
        (age >= clock).then_some(Self {
            size_bytes: metadata.len(),
            modified_ns,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_has_just_changed_may_change_again() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        fs::write(&path, "نص").unwrap();
        let write_time = |age: Duration| {
            let file = fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        };
        write_time(Duration::from_millis(1));
        assert_eq!(FileMark::of(&path), None);
        write_time(Duration::from_secs(3));
        assert_eq!(FileMark::of(&path).map(|mark| mark.size_bytes), Some(4));
        assert_eq!(FileMark::of(&home.path().join("gone")), None);
    }
}
