//! The files of a job's input that need not be read, because they are unchanged and the index holds
//! their articles.
//!
//! The ledger tells which files are unchanged. This module adds the order of the files: when
//! several files hold copies of an article, the copy in the last file is indexed.

use rustc_hash::FxHashMap;

use super::ledger::{FileMark, Ledger, settings_hash};
use super::settings::PassSettings;
use super::walk::{File, FileLocation, WalkStep, walk};

/// The unchanged files of one walk.
#[derive(Debug, Default)]
pub struct UnchangedFiles {
    ledger: Ledger,
    settings_hash: u64,
    /// Maps the hash of an article's id to the index of the last unchanged file that holds the
    /// article.
    last_file_index: FxHashMap<u64, u32>,
}

impl UnchangedFiles {
    /// Walks the input. Returns its unchanged files and the total size in bytes of the other files.
    pub fn survey(settings: &PassSettings<'_>, ledger: Ledger) -> (Self, u64) {
        let settings_text = format!("{:?} {:?}", settings.format, settings.mapping);
        let mut unchanged = Self {
            ledger,
            settings_hash: settings_hash(&settings_text),
            last_file_index: FxHashMap::default(),
        };
        let mut bytes_total = 0;
        for (file_index, step) in (0..).zip(walk(settings.inputs, settings.format)) {
            match step {
                WalkStep::File(file) if unchanged.must_read(file_index, &file) => {
                    bytes_total += file.size_bytes;
                }
                WalkStep::File(_) | WalkStep::Skipped | WalkStep::Rejected(_) => {}
            }
        }
        (unchanged, bytes_total)
    }

    /// Returns whether the file must be read. If not, it records which articles the file holds.
    fn must_read(&mut self, file_index: u32, file: &File) -> bool {
        let Some(path) = path(file) else { return true };
        let Some(ids) = self.ledger.unchanged(&path, mark(file), self.settings_hash) else {
            return true;
        };
        for id in ids {
            self.last_file_index.insert(*id, file_index);
        }
        false
    }

    /// Returns the hashes of the article ids in an unchanged file; `None` if the file must be read.
    pub fn unchanged(&self, file: &File) -> Option<&[u64]> {
        self.ledger
            .unchanged(&path(file)?, mark(file), self.settings_hash)
    }

    /// Returns whether a later, unchanged file holds a copy of the article. The index already holds
    /// that copy, which takes precedence.
    pub fn is_superseded(&self, id: u64, file_index: u32) -> bool {
        match self.last_file_index.get(&id) {
            Some(last) => *last > file_index,
            None => false,
        }
    }

    /// Returns the hashes of all article ids in unchanged files.
    pub fn ids(&self) -> impl Iterator<Item = u64> {
        self.last_file_index.keys().copied()
    }

    /// Returns the ledger and the hash of the settings.
    pub fn into_ledger(self) -> (Ledger, u64) {
        (self.ledger, self.settings_hash)
    }
}

/// Returns the file's path in the ledger; `None` for input outside the file system.
pub fn path(file: &File) -> Option<String> {
    match &file.location {
        FileLocation::Disk(path) => Some(std::path::absolute(path).ok()?.to_str()?.to_owned()),
        FileLocation::Memory(_) | FileLocation::Spool(_) => None,
    }
}

/// Returns the file's present mark; `None` for input outside the file system, or if
/// [`FileMark::of`] gives none.
pub fn mark(file: &File) -> Option<FileMark> {
    match &file.location {
        FileLocation::Disk(path) => FileMark::of(path),
        FileLocation::Memory(_) | FileLocation::Spool(_) => None,
    }
}
