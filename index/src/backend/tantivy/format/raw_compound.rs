//! Finds the files in a damaged compound file without verifying it. The checksum that Tantivy wrote
//! at the end of each file then says whether that file is whole.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tantivy::HasLen;
use tantivy::directory::{Directory, FileSlice, MmapDirectory};

use super::directory::{COMPOUND, LENGTH_BYTES};
use super::loose_files::{FOOTER_MAGIC, body_sizes};

/// The greatest size of the length and the magic number that end a footer.
const FOOTER_END_BYTES: usize = 8;

/// The files of a directory's compound files, as far as they can be found.
#[derive(Default)]
pub struct RawParts {
    /// The files whose names are known, each with the time when it was written.
    pub named: BTreeMap<String, (FileSlice, Option<SystemTime>)>,
    /// The files of compound files whose table is damaged.
    pub nameless: Vec<FileSlice>,
}

/// Finds the files in all compound files of a directory.
pub fn raw_parts(directory: &Path, mapped: &MmapDirectory) -> io::Result<RawParts> {
    let mut parts = RawParts::default();
    for entry in fs::read_dir(directory)? {
        let name = PathBuf::from(entry?.file_name());
        if name.extension().is_none_or(|own| own != COMPOUND) {
            continue;
        }
        // A writer may remove a compound file in the meantime.
        let Ok(file) = mapped.get_file_handle(&name) else {
            continue;
        };
        let file = FileSlice::new(file);
        match body_sizes(file.len()).find_map(|size| named_parts(&file.slice_to(size))) {
            Some(named) => {
                let metadata = fs::metadata(directory.join(&name));
                let written = metadata.and_then(|metadata| metadata.modified()).ok();
                let named = named
                    .into_iter()
                    .map(|(name, file)| (name, (file, written)));
                parts.named.extend(named);
            }
            None => parts.nameless.extend(nameless_parts(&file)?),
        }
    }
    Ok(parts)
}

/// Returns the files that the table of a compound file names; `None` if the table is damaged.
fn named_parts(body: &FileSlice) -> Option<Vec<(String, FileSlice)>> {
    let length_start = body.len().checked_sub(LENGTH_BYTES)?;
    let length = body.slice_from(length_start).read_bytes().ok()?;
    let length = u32::from_le_bytes(*length.first_chunk()?) as usize;
    let table_start = length_start.checked_sub(length)?;
    let table = body.read_bytes_slice(table_start..length_start).ok()?;
    let table: Vec<(String, usize)> = serde_json::from_slice(&table).ok()?;
    let mut start = 0_usize;
    let part = |(name, size): (String, usize)| {
        let end = start.checked_add(size).filter(|end| *end <= table_start)?;
        let part = body.slice(start..end);
        start = end;
        Some((name, part))
    };
    table.into_iter().map(part).collect()
}

/// Returns the files between the ends of footers.
fn nameless_parts(file: &FileSlice) -> io::Result<Vec<FileSlice>> {
    let bytes = file.read_bytes()?;
    let mut parts = Vec::new();
    let mut start = 0;
    for magic in memchr::memmem::find_iter(&bytes, &FOOTER_MAGIC) {
        let end = magic + FOOTER_MAGIC.len();
        if end - start > FOOTER_END_BYTES {
            parts.push(file.slice(start..end));
            start = end;
        }
    }
    Ok(parts)
}
