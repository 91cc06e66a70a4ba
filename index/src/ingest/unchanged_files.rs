//! The files of a job's input that need not be read, because they are unchanged and the index holds
//! their articles.
//!
//! The ledger tells which files are unchanged. This module adds the order of the files: when
//! several files hold copies of an article, the copy in the last file is indexed.

use std::path::PathBuf;

use parking_lot::Mutex;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    File, FileMark, IngestJob, InputPath, Ledger, ReadFile, WalkStep, inputs, settings_hash, walk,
};
use crate::Result;
use crate::error::OrInternal;

/// The unchanged files of one walk, with the ledger that tells them.
pub struct UnchangedFiles {
    /// The ledger of earlier jobs, except for the written articles.
    pub ledger: Ledger,
    /// The articles that this job and earlier ones have written, as in [`Ledger::written`].
    pub written: Mutex<FxHashMap<u64, u64>>,
    settings_hash: u64,
    /// Maps the hash of an article's id to the index of the last unchanged file that holds the
    /// article.
    last_file_index: FxHashMap<u64, u32>,
    /// The total size in bytes of all other files.
    pub changed_bytes: u64,
}

impl UnchangedFiles {
    /// Walks the input of a job and finds the files that the ledger holds unchanged. The folders of
    /// the input become roots of the ledger.
    pub fn survey(job: &IngestJob, mut ledger: Ledger) -> Self {
        add_roots(job, &mut ledger);
        let mut unchanged = Self {
            written: Mutex::new(std::mem::take(&mut ledger.written)),
            ledger,
            settings_hash: settings_hash(&format!("{:?} {:?}", job.format, job.mapping)),
            last_file_index: FxHashMap::default(),
            changed_bytes: 0,
        };
        let mut last_file_index = FxHashMap::default();
        for (file_index, step) in (0..).zip(walk(job)) {
            let WalkStep::File(file) = step else { continue };
            match unchanged.unchanged(&file) {
                Some(ids) => last_file_index.extend(ids.iter().map(|id| (*id, file_index))),
                None => unchanged.changed_bytes += file.size_bytes,
            }
        }
        Self {
            last_file_index,
            ..unchanged
        }
    }

    /// Returns the hashes of the article ids in an unchanged file; `None` if the file must be read.
    pub fn unchanged(&self, file: &File) -> Option<&[u64]> {
        self.ledger
            .unchanged(&path(file)?, mark(file), self.settings_hash)
    }

    /// Returns whether a later, unchanged file holds a copy of the article. The index already holds
    /// that copy, which takes precedence.
    pub fn is_superseded(&self, id: u64, file_index: u32) -> bool {
        let last = self.last_file_index.get(&id);
        last.is_some_and(|last| *last > file_index)
    }

    /// Returns the hashes of all article ids in the input. `read` has the files that are not
    /// unchanged.
    pub fn ids_in_input(&self, read: &[ReadFile]) -> FxHashSet<u64> {
        let unchanged = self.last_file_index.keys();
        let read = read.iter().flat_map(|file| &file.ids);
        unchanged.chain(read).copied().collect()
    }

    /// Forgets deleted articles, by the hashes of their ids.
    pub fn forget(&mut self, deleted: &FxHashSet<u64>) {
        self.ledger.forget(deleted);
        self.written.get_mut().retain(|id, _| !deleted.contains(id));
    }

    /// Records the files that the job has read.
    pub fn record(&mut self, read: Vec<ReadFile>) {
        self.ledger.record(read, self.settings_hash);
    }

    /// Returns the encoded ledger.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let bytes = self.ledger.to_bytes(&self.written.lock());
        bytes.or_internal("write the ledger")
    }
}

/// Adds the folders of a job's input to the roots of a ledger.
pub fn add_roots(job: &IngestJob, ledger: &mut Ledger) {
    for input in inputs(job) {
        let is_file = input.is_file();
        let folder = input.parent().filter(|_| is_file).unwrap_or(&input);
        if let Some(folder) = folder.to_str() {
            ledger.add_root(folder);
        }
    }
}

/// Returns the file's path in the ledger: absolute, and without links up to the path of the input.
/// It is `None` for input outside the file system.
pub fn path(file: &File) -> Option<String> {
    let InputPath { given, real } = &*file.input;
    let below = file.path()?.strip_prefix(given).ok()?;
    let path: PathBuf = real.join(below).components().collect();
    Some(path.to_str()?.to_owned())
}

/// Returns the file's present mark; `None` for input outside the file system, or if
/// [`FileMark::of`] gives none.
pub fn mark(file: &File) -> Option<FileMark> {
    FileMark::of(file.path()?)
}
