//! The files that were written since the last commit. Small ones stay in memory until `meta.json`
//! names them, and are then written as one compound file. Larger ones are files of their own.
//!
//! A merge also writes `meta.json`, but changes no article. If it ends between two commits and all
//! its files are small, its `meta.json` waits for the next commit, and the files that it no longer
//! names stay until then. So a merge of small segments syncs nothing.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use tantivy::directory::error::OpenWriteError;
use tantivy::directory::{AntiCallToken, OwnedBytes, TerminatingWrite, WritePtr};

use super::pages::PageSums;
use crate::disk::{self as fs, File};

/// A file with more bytes does not stay in memory.
const MAX_BYTES_IN_MEMORY: usize = 64 << 10;

/// The files that were written since the last commit.
#[derive(Debug, Default)]
pub struct Pending {
    /// The files in memory.
    pub files: FxHashMap<PathBuf, OwnedBytes>,
    /// Whether a file of its own was written since the directory was last synced.
    pub has_new_names: bool,
    /// The `meta.json` of a merge that is not written yet.
    pub merged_meta: Option<Vec<u8>>,
    /// Whether only merges write `meta.json` at the moment.
    pub is_between_commits: bool,
    /// The files that are removed after the next commit.
    pub removed: Vec<PathBuf>,
}

/// Creates a file of a segment in `directory`.
pub fn create(
    directory: &Path,
    name: &Path,
    pending: &Arc<Mutex<Pending>>,
) -> Result<WritePtr, OpenWriteError> {
    let path = directory.join(name);
    if pending.lock().files.contains_key(name) || path.exists() {
        return Err(OpenWriteError::FileAlreadyExists(name.to_owned()));
    }
    Ok(BufWriter::new(Box::new(PendingWriter {
        path,
        name: name.to_owned(),
        pending: Arc::clone(pending),
        target: Target::Memory(Vec::new()),
    })))
}

/// A file that is being written.
struct PendingWriter {
    path: PathBuf,
    name: PathBuf,
    pending: Arc<Mutex<Pending>>,
    target: Target,
}

enum Target {
    Memory(Vec<u8>),
    File(File, PageSums),
}

impl Write for PendingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Target::Memory(known) = &mut self.target else {
            return self.target.write_to_file(bytes);
        };
        if known.len() + bytes.len() <= MAX_BYTES_IN_MEMORY {
            known.extend_from_slice(bytes);
            return Ok(());
        }
        let known = std::mem::take(known);
        let file = File::create_new(&self.path)?;
        self.target = Target::File(file, PageSums::default());
        self.target.write_to_file(&known)?;
        self.target.write_to_file(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Target {
    fn write_to_file(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Self::File(file, sums) = self else {
            return Ok(());
        };
        sums.add(bytes);
        file.write_all(bytes)
    }
}

impl TerminatingWrite for PendingWriter {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        let name = self.name.clone();
        match std::mem::replace(&mut self.target, Target::Memory(Vec::new())) {
            Target::Memory(bytes) => {
                let bytes = OwnedBytes::new(bytes);
                self.pending.lock().files.insert(name, bytes);
            }
            Target::File(mut file, sums) => {
                file.write_all(&sums.into_tail())?;
                file.sync_data()?;
                self.pending.lock().has_new_names = true;
            }
        }
        Ok(())
    }
}

/// Replaces the file at `path` as a whole. Its data survives a loss of power, its name only after
/// the directory is synced.
pub fn write_durably(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut temporary = path.to_owned().into_os_string();
    temporary.push(TEMPORARY);
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(content)?;
        file.sync_data()?;
        fs::rename(&temporary, path)
    };
    write().inspect_err(|_| drop(fs::remove_file(&temporary)))
}

/// The end of the name of a file that is not complete yet.
pub const TEMPORARY: &str = ".tmp";
