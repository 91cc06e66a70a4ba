//! The ways in which the tests damage files.

use std::fs;
use std::path::Path;

/// The ways to damage a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Way {
    /// A bit of the first byte is flipped.
    FlipFirst,
    /// A bit of the middle byte is flipped.
    FlipMiddle,
    /// A bit of the last byte is flipped.
    FlipLast,
    /// The second half is cut off.
    Truncate,
    /// Nothing is left.
    Empty,
    /// Every byte is replaced.
    Garbage,
    /// The file is removed.
    Delete,
}

/// All of them.
pub const WAYS: [Way; 7] = [
    Way::FlipFirst,
    Way::FlipMiddle,
    Way::FlipLast,
    Way::Truncate,
    Way::Empty,
    Way::Garbage,
    Way::Delete,
];

impl Way {
    /// Damages a file.
    pub fn damage(self, path: &Path) {
        let mut bytes = fs::read(path).expect("a file of the index");
        let size = bytes.len();
        let mut flip = |at: usize| {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 0x10;
            }
        };
        match self {
            Self::FlipFirst => flip(0),
            Self::FlipMiddle => flip(size / 2),
            Self::FlipLast => flip(size - 1),
            Self::Truncate => bytes.truncate(size / 2),
            Self::Empty => bytes.clear(),
            Self::Garbage => {
                for (at, byte) in bytes.iter_mut().enumerate() {
                    *byte = (at * 31 % 251) as u8;
                }
            }
            Self::Delete => return fs::remove_file(path).expect("a file of ours"),
        }
        fs::write(path, bytes).expect("a file of ours");
    }
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("copied");
        }
    }
}
