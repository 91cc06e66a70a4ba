//! Which files of a job's input need not be read, because the index holds their articles as they are. What was read when, the
//! ledger says; this knows the order of the files, on which it depends which copy of an article counts.

use rustc_hash::FxHashMap;

use super::ledger::{FileMark, Ledger};
use super::walk::{File, FileLocation};

/// The unchanged files among those of one walk.
#[derive(Debug, Default)]
pub struct UnchangedFiles {
    ledger: Ledger,
    settings_hash: u64,
    /// By the hash of an id, the place in the walk of the last unchanged file that holds the article.
    last_file_index: FxHashMap<u64, u32>,
}

impl UnchangedFiles {
    /// Goes by what is known of the files that were read, if they would be read in the same way now.
    pub fn new(ledger: Ledger, settings_hash: u64) -> Self {
        Self {
            ledger,
            settings_hash,
            last_file_index: FxHashMap::default(),
        }
    }

    /// Takes note of a file of the walk, by its place; whether it has to be read.
    pub fn add(&mut self, file_index: u32, file: &File) -> bool {
        let Some(path) = path(file) else { return true };
        let Some(ids) = self.ledger.unchanged(&path, mark(file), self.settings_hash) else {
            return true;
        };
        self.last_file_index
            .extend(ids.iter().map(|id| (*id, file_index)));
        false
    }

    /// The articles of a file that need not be read.
    pub fn unchanged(&self, file: &File) -> Option<&[u64]> {
        self.ledger
            .unchanged(&path(file)?, mark(file), self.settings_hash)
    }

    /// Whether a later file holds the article, and is not read again: that copy counts, and is in the index.
    pub fn is_superseded(&self, id: u64, file_index: u32) -> bool {
        self.last_file_index
            .get(&id)
            .is_some_and(|last| *last > file_index)
    }

    /// The ids of all articles in unchanged files.
    pub fn ids(&self) -> impl Iterator<Item = u64> {
        self.last_file_index.keys().copied()
    }

    /// What is known of the files, and how they are read.
    pub fn into_ledger(self) -> (Ledger, u64) {
        (self.ledger, self.settings_hash)
    }
}

/// What the ledger calls a file; none if it is no file of the file system.
pub fn path(file: &File) -> Option<String> {
    match &file.location {
        FileLocation::Disk(path) => Some(std::path::absolute(path).ok()?.to_str()?.to_owned()),
        FileLocation::Memory(_) | FileLocation::Spool(_) => None,
    }
}

/// The mark of a file as it is now.
pub fn mark(file: &File) -> Option<FileMark> {
    match &file.location {
        FileLocation::Disk(path) => FileMark::of(path),
        FileLocation::Memory(_) | FileLocation::Spool(_) => None,
    }
}
