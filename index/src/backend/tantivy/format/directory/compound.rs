//! Compound files: one file holds the small files of a commit, so that a commit syncs one file
//! instead of ten. Its body is the files one after the other, a table, and the length of the table.
//! The table is JSON: the names of the files and their lengths, in order. A compound file has page
//! checksums like any other.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{fs, io};

use rustc_hash::FxHashMap;
use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};

use super::living_files::segment_of;
use super::paged_file::{FileVersion, PagedFile};
use super::pages::PageSums;
use super::pending::write_durably;

/// The extension of compound files.
pub const COMPOUND: &str = "cfs";

/// The size of the length after the table.
pub const LENGTH_BYTES: usize = 4;

/// A name and a length for each file.
type Table = Vec<(PathBuf, usize)>;

/// Where a small file is.
#[derive(Debug, Clone)]
pub struct Place {
    /// The name of the compound file.
    pub compound: PathBuf,
    /// The version of the compound file that has the small file there.
    pub version: FileVersion,
    /// The bytes of the small file in the body.
    pub range: Range<usize>,
}

/// Writes a compound file. Its data survives a loss of power, its name only after the directory is
/// synced.
pub fn write(path: &Path, files: &[(PathBuf, OwnedBytes)]) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut table = Table::new();
    for (name, content) in files {
        bytes.extend_from_slice(content);
        table.push((name.clone(), content.len()));
    }
    let table = serde_json::to_vec(&table)?;
    bytes.extend_from_slice(&table);
    bytes.extend((table.len() as u32).to_le_bytes());
    let mut sums = PageSums::default();
    sums.add(&bytes);
    bytes.extend(sums.into_tail());
    write_durably(path, &bytes)
}

/// Returns the names of the compound files in a directory, the oldest first.
pub fn names(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        let name = PathBuf::from(entry?.file_name());
        names.extend(number_of(&name).map(|number| (number, name)));
    }
    names.sort_unstable();
    Ok(names.into_iter().map(|(_, name)| name).collect())
}

/// Returns a name that is greater than the name of any compound file in a directory.
pub fn next_name(directory: &Path) -> io::Result<PathBuf> {
    let last = names(directory)?.last().and_then(|name| number_of(name));
    let next = last.map_or(1, |last| last.saturating_add(1));
    Ok(PathBuf::from(format!("{next:06}.{COMPOUND}")))
}

fn number_of(name: &Path) -> Option<u64> {
    let stem = name.file_stem()?.to_str()?;
    let is_compound = name.extension().is_some_and(|own| own == COMPOUND);
    stem.parse().ok().filter(|_| is_compound)
}

/// The files in the compound files of a directory.
#[derive(Debug, Default)]
pub struct Places {
    by_name: FxHashMap<PathBuf, Place>,
    compounds: FxHashMap<PathBuf, FileVersion>,
}

impl Places {
    /// Returns where a small file is, if it is known.
    pub fn get(&self, name: &Path) -> Option<Place> {
        self.by_name.get(name).cloned()
    }

    /// Returns the names of all known small files.
    pub fn names(&self) -> impl Iterator<Item = &PathBuf> {
        self.by_name.keys()
    }

    /// Returns whether this version of a compound file is known.
    pub fn knows(&self, compound: &Path, version: FileVersion) -> bool {
        self.compounds.get(compound) == Some(&version)
    }

    /// Adds the files of a compound file, in place of those of its earlier versions.
    pub fn add(&mut self, compound: &Path, file: &PagedFile) -> io::Result<()> {
        let places = read(compound, file)?;
        self.retain(|other| other != compound);
        self.compounds.insert(compound.to_owned(), file.version);
        self.by_name.extend(places);
        Ok(())
    }

    /// Forgets the files of the compound files for which `keeps` returns false.
    pub fn retain(&mut self, keeps: impl Fn(&Path) -> bool) {
        self.by_name.retain(|_, place| keeps(&place.compound));
        self.compounds.retain(|compound, _| keeps(compound));
    }

    /// Forgets a small file. Returns its compound file if that has no other files.
    pub fn remove(&mut self, name: &Path) -> Option<Removed> {
        let Place { compound, .. } = self.by_name.remove(name)?;
        Some(if self.has_files_in(&compound) {
            Removed::OthersRemain
        } else {
            self.compounds.remove(&compound);
            Removed::Last(compound)
        })
    }

    /// Returns whether a compound file holds a file of a segment.
    pub fn has_segment_in(&self, id: &str, compound: &Path) -> bool {
        let mut places = self.by_name.iter();
        places.any(|(name, place)| place.compound == compound && segment_of(name) == Some(id))
    }

    /// Returns whether a compound file holds a known file.
    pub fn has_files_in(&self, compound: &Path) -> bool {
        self.by_name
            .values()
            .any(|place| place.compound == compound)
    }
}

/// What remains of a compound file after one of its files was removed.
pub enum Removed {
    /// Other files.
    OthersRemain,
    /// Nothing. This is the name of the compound file.
    Last(PathBuf),
}

fn read(compound: &Path, file: &PagedFile) -> io::Result<Vec<(PathBuf, Place)>> {
    let damaged = || file.damage("its table of files is damaged");
    let length_start = file.len().checked_sub(LENGTH_BYTES).ok_or_else(damaged)?;
    let length = file.read_bytes(length_start..file.len())?;
    let length = u32::from_le_bytes(length.as_slice().try_into().unwrap_or_default()) as usize;
    let table_start = length_start.checked_sub(length).ok_or_else(damaged)?;
    let table = file.read_bytes(table_start..length_start)?;
    let table: Table = serde_json::from_slice(&table).map_err(|_| damaged())?;
    let mut start = 0_usize;
    let mut places = Vec::with_capacity(table.len());
    for (name, size_bytes) in table {
        let end = start.checked_add(size_bytes);
        let end = end.filter(|end| *end <= table_start).ok_or_else(damaged)?;
        let (compound, version) = (compound.to_owned(), file.version);
        let range = start..end;
        places.push((
            name,
            Place {
                compound,
                version,
                range,
            },
        ));
        start = end;
    }
    Ok(places)
}
