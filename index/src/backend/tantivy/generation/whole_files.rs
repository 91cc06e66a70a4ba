//! Reads files, and replaces them as a whole. A file can carry a checksum of its content; this
//! module knows no other part of any format.
//!
//! All small files of an index are written here. Each write survives a loss of power.

use std::io::{self, ErrorKind, Write};
use std::path::Path;

use serde_json::{Deserializer, Value};

use crate::backend::tantivy::format::sync_directory;
use crate::damage::Damage;
use crate::disk::{self as fs, File};
use crate::error::{Error, Result};

/// The extension of a file that is being written. A killed writer leaves such a file.
pub const TEMPORARY: &str = "tmp";

/// The last bytes of a file with a checksum. The CRC-32 of the content stands before them.
const MAGIC: &[u8; 8] = b"\0CRC-32\n";
const CHECKSUM_BYTES: usize = size_of::<u32>();

/// Returns the content of a file; `None` if there is no such file.
pub fn read_if_exists(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the content of a file without its checksum; `None` if there is no such file. Fails with
/// a [`Damage`] if the checksum is wrong, or if it is missing and `needs_checksum` is true.
pub fn read_checked(path: &Path, needs_checksum: bool) -> io::Result<Option<Vec<u8>>> {
    let Some(mut bytes) = read_if_exists(path)? else {
        return Ok(None);
    };
    match content_size(&bytes) {
        Ok(Some(size)) => bytes.truncate(size),
        Ok(None) if needs_checksum => {
            let what = format!("it ends without a checksum, after {} bytes", bytes.len());
            return Err(Damage::new(path, what).into());
        }
        Ok(None) => {}
        Err(WrongChecksum) => {
            let what = "it does not match its checksum";
            return Err(Damage::new(path, what).into());
        }
    }
    Ok(Some(bytes))
}

struct WrongChecksum;

/// Returns the size of the content before the checksum; `None` if there is no checksum.
fn content_size(bytes: &[u8]) -> Result<Option<usize>, WrongChecksum> {
    let Some((content, checksum)) = bytes
        .strip_suffix(MAGIC)
        .and_then(|rest| rest.split_last_chunk::<CHECKSUM_BYTES>())
    else {
        return Ok(None);
    };
    if crc32fast::hash(content).to_le_bytes() == *checksum {
        Ok(Some(content.len()))
    } else {
        Err(WrongChecksum)
    }
}

/// Replaces a file as a whole, and adds a checksum of its content.
pub fn write_checked(path: &Path, content: &[u8]) -> Result<()> {
    let checksum = crc32fast::hash(content).to_le_bytes();
    write_whole(path, &[content, &checksum, MAGIC].concat())
}

/// Adds a checksum to a file that has none. A file that is missing stays missing.
pub fn add_checksum(path: &Path) -> Result<()> {
    match read_if_exists(path).map_err(Error::io("read", path))? {
        Some(bytes) if matches!(content_size(&bytes), Ok(None)) => write_checked(path, &bytes),
        // A wrong checksum stays: the file is damaged.
        Some(_) | None => Ok(()),
    }
}

/// Returns the JSON value that some text begins with, such as the text before a checksum.
pub fn first_json(text: &[u8]) -> Option<Value> {
    let mut values = Deserializer::from_slice(text).into_iter();
    values.next()?.ok()
}

/// Replaces a file as a whole: a reader sees the old content or the new one. The new content
/// survives a loss of power.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<()> {
    let temporary = path.with_extension(TEMPORARY);
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&temporary, path)?;
        path.parent().map_or(Ok(()), sync_directory)
    };
    write().map_err(|error| {
        // A file that could not be written would take room on a full disk.
        let _may_not_exist = fs::remove_file(&temporary);
        Error::io("write", path)(error)
    })
}

/// Removes the files that killed writers began to write in a directory. Only a writer that holds
/// the lock may call it. A failure does not matter.
pub fn remove_temporary_files(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|own| own == TEMPORARY) {
            let _next_writer_tries_again = fs::remove_file(path);
        }
    }
}

/// Creates a directory and its parents, so that their entries survive a loss of power. Returns
/// whether the directory is new.
pub fn create_directory(directory: &Path) -> io::Result<bool> {
    match fs::create_dir(directory) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists && directory.is_dir() => {
            return Ok(false);
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let parent = parent(directory).ok_or(error)?;
            create_directory(parent)?;
            fs::create_dir(directory)?;
        }
        Err(error) => return Err(error),
    }
    parent(directory).map_or(Ok(()), sync_directory)?;
    Ok(true)
}

/// Makes the entry of a directory survive a loss of power. A killed process may have created the
/// directory without that.
pub fn sync_entry(directory: &Path) -> io::Result<()> {
    match parent(directory).map_or(Ok(()), sync_directory) {
        // Who may not read the parent has not created the directory.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(()),
        outcome => outcome,
    }
}

/// Returns the parent of a path. The parent of a relative path with one part is `.`.
fn parent(path: &Path) -> Option<&Path> {
    let parent = path.parent()?;
    Some(if parent.as_os_str().is_empty() {
        Path::new(".")
    } else {
        parent
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(path: &Path, needs_checksum: bool) -> Result<Option<Vec<u8>>, String> {
        read_checked(path, needs_checksum).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_of_an_older_format_gets_its_checksum_later() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("words");
        assert_eq!(read(&path, true), Ok(None));
        add_checksum(&path).unwrap();
        assert_eq!(read(&path, true), Ok(None), "a missing file stays missing");
        fs::write(&path, "ميناء").unwrap();
        assert_eq!(read(&path, false), Ok(Some("ميناء".into())));
        assert!(
            read(&path, true)
                .unwrap_err()
                .contains("without a checksum")
        );
        for _ in 0..2 {
            add_checksum(&path).unwrap();
            assert_eq!(read(&path, true), Ok(Some("ميناء".into())));
            assert_eq!(read(&path, false), Ok(Some("ميناء".into())));
        }
    }

    #[test]
    fn temporary_files_are_removed_and_others_stay() {
        let home = tempfile::tempdir().unwrap();
        for name in ["model", "model.tmp", "CURRENT.tmp"] {
            fs::write(home.path().join(name), "").unwrap();
        }
        remove_temporary_files(home.path());
        let names = fs::read_dir(home.path()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name());
        assert_eq!(names.collect::<Vec<_>>(), ["model"]);
    }

    #[test]
    fn directories_are_created_with_their_parents_and_once() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b/c");
        assert!(create_directory(&path).unwrap());
        assert!(!create_directory(&path).unwrap());
        fs::write(path.join("file"), "").unwrap();
        assert!(create_directory(&path.join("file")).is_err());
    }

    proptest! {
        #[test]
        fn every_changed_or_missing_byte_is_noticed(
            content in prop::collection::vec(any::<u8>(), 0..200),
            at in any::<prop::sample::Index>(),
            bit in 0..8_u32,
        ) {
            let home = tempfile::tempdir().unwrap();
            let path = home.path().join("file");
            write_checked(&path, &content).unwrap();
            prop_assert_eq!(read(&path, true), Ok(Some(content)));
            let whole = fs::read(&path).unwrap();
            let at = at.index(whole.len());
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << bit;
            fs::write(&path, flipped).unwrap();
            prop_assert!(read(&path, true).is_err());
            fs::write(&path, &whole[..at]).unwrap();
            prop_assert!(read(&path, true).is_err());
        }
    }
}
