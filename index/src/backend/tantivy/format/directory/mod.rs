//! The directory of an index: where Tantivy reads and writes the files of an index. Every file gets
//! [page checksums](pages), and its pages are verified when they are read. The small files of a
//! commit are written as one [compound file](compound).
//!
//! Files are mapped into memory; compound files are read into memory. A directory is opened for
//! reading or for writing:
//!
//! | | for reading | for writing |
//! |---|---|---|
//! | stored articles | read block by block, so that they do not count as memory of the process | mapped, because a merge reads them as one piece |
//! | a page | verified once while a searcher uses the file | verified each time the file is opened, so that each merge verifies what it reads |
//! | a file without page checksums | verified as a whole when it is first opened | the same |

mod checksum_line;
mod commit;
mod compound;
mod footer;
mod living_files;
mod paged_file;
mod pages;
mod pending;
mod tantivy_directory;
mod verified_file;

#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use tantivy::Directory;
use tantivy::directory::error::{OpenDirectoryError, OpenReadError};
use tantivy::directory::{MmapDirectory, OwnedBytes};
use tantivy::index::SegmentMeta;

use super::{MANAGED, META};
use crate::damage::damaged_files;
use crate::error::Error;
pub use checksum_line::checksum_line;
pub use commit::sync_directory;
use compound::Places;
pub use compound::{COMPOUND, LENGTH_BYTES};
pub use living_files::segment_of;
use paged_file::{Content, PagedFile};
pub use paged_file::{FileVersion, version_of};
use pending::Pending;
pub use verified_file::VerifiedFile;

/// The extension of the files with stored articles.
const STORE: &str = "store";

/// What a directory was opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Reading,
    Writing,
}

/// The directory of an index.
#[derive(Debug, Clone)]
pub struct IndexFiles {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    purpose: Purpose,
    /// Maps files into memory, and locks them.
    mapped: Mutex<MmapDirectory>,
    /// The files that searchers use, for reading.
    open: Mutex<FxHashMap<PathBuf, Weak<PagedFile>>>,
    /// The files that were changed in place, in the order in which this was found.
    changed: Mutex<Vec<PathBuf>>,
    /// The files without page checksums that were verified as a whole.
    whole: Mutex<FxHashMap<PathBuf, FileVersion>>,
    /// The files in compound files.
    places: Mutex<Places>,
    /// The files that are not committed yet, for writing.
    pending: Arc<Mutex<Pending>>,
}

impl IndexFiles {
    /// Opens the directory at `path` for searching.
    pub fn for_reading(path: &Path) -> Result<Self, OpenDirectoryError> {
        Self::open(path, Purpose::Reading)
    }

    /// Opens the directory at `path` for writing.
    pub fn for_writing(path: &Path) -> Result<Self, OpenDirectoryError> {
        Self::open(path, Purpose::Writing)
    }

    fn open(path: &Path, purpose: Purpose) -> Result<Self, OpenDirectoryError> {
        let inner = Inner {
            path: path.to_owned(),
            purpose,
            mapped: Mutex::new(MmapDirectory::open(path)?),
            open: Mutex::default(),
            changed: Mutex::default(),
            whole: Mutex::default(),
            places: Mutex::default(),
            pending: Arc::default(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Opens a committed file of a segment. Fails when it does not exist, or when its end is
    /// damaged.
    pub fn open_file(&self, name: &Path) -> Result<VerifiedFile, OpenReadError> {
        let inner = &*self.inner;
        if let Some(file) = inner.open_part(name)? {
            return Ok(file);
        }
        match inner.open_paged(name) {
            Err(OpenReadError::FileDoesNotExist(_)) => {}
            outcome => return outcome.map(VerifiedFile::whole),
        }
        let scanned = inner.scan();
        match inner.open_part(name)? {
            Some(file) => Ok(file),
            None => Err(match scanned {
                Err(error) => OpenReadError::wrap_io_error(error, name.to_owned()),
                Ok(()) => OpenReadError::FileDoesNotExist(name.to_owned()),
            }),
        }
    }

    /// Returns whether damage was found in a file of a segment since the program was started.
    pub fn is_damaged(&self, segment: &SegmentMeta) -> bool {
        let id = segment.id().uuid_string();
        let places = self.inner.places.lock();
        damaged_files(&self.inner.path)
            .iter()
            .any(|file| segment_of(file) == Some(id.as_str()) || places.has_segment_in(&id, file))
    }

    /// Looks for a file that a searcher uses and that was changed in place. A file that was removed or
    /// replaced does not count, because an open file stays as it is then. Compound files do not count
    /// either, because they were read into memory.
    pub fn find_change(&self) {
        let open = self.inner.open.lock();
        let mut files = open.iter().filter_map(|(name, file)| {
            let file = file.upgrade()?;
            let path = self.inner.path.join(name);
            let current = version_of(&path).ok()?;
            let is_same_file = current.0 == file.version.0;
            (is_same_file && current != file.version).then_some(path)
        });
        let changed = files.find(|path| !has_extension(path, COMPOUND));
        self.inner.changed.lock().extend(changed);
    }

    /// Returns how many changes were found.
    pub fn changes(&self) -> usize {
        self.inner.changed.lock().len()
    }

    /// Returns a file that was changed after the first `changes` changes.
    pub fn changed_since(&self, changes: usize) -> Option<PathBuf> {
        self.inner.changed.lock().get(changes).cloned()
    }
}

impl Inner {
    /// Opens a file that is in a compound file; `None` if it is in no known one.
    fn open_part(&self, name: &Path) -> Result<Option<VerifiedFile>, OpenReadError> {
        let Some(place) = self.places.lock().get(name) else {
            return Ok(None);
        };
        match self.open_paged(&place.compound) {
            Ok(file) if file.version == place.version => {
                Ok(Some(VerifiedFile::part(file, place.range)))
            }
            Ok(_) | Err(OpenReadError::FileDoesNotExist(_)) => {
                self.places.lock().retain(|other| other != place.compound);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Opens a file with page checksums. Fails when it does not exist, or when its end is damaged.
    fn open_paged(&self, name: &Path) -> Result<Arc<PagedFile>, OpenReadError> {
        let path = self.path.join(name);
        let failed = |error: io::Error| match error.kind() {
            ErrorKind::NotFound => OpenReadError::FileDoesNotExist(name.to_owned()),
            _ => OpenReadError::wrap_io_error(error, name.to_owned()),
        };
        let version = version_of(&path).map_err(failed)?;
        let is_reading = self.purpose == Purpose::Reading;
        if is_reading
            && let Some(file) = self.open.lock().get(name).and_then(Weak::upgrade)
            && file.version == version
        {
            return Ok(file);
        }
        let content = if is_reading && has_extension(name, STORE) {
            Content::open(&path).map_err(failed)?
        } else if has_extension(name, COMPOUND) {
            // The name may be used again after the file was removed, so a mapping could be of
            // another file.
            Content::Memory(OwnedBytes::new(fs::read(&path).map_err(failed)?))
        } else {
            Content::Memory(self.map(name, version)?)
        };
        let file = PagedFile::new(&path, version, content).map_err(failed)?;
        let file = Arc::new(file);
        if is_reading {
            let mut open = self.open.lock();
            open.retain(|_, file| file.strong_count() > 0);
            open.insert(name.to_owned(), Arc::downgrade(&file));
        }
        Ok(file)
    }

    /// Verifies a file without page checksums as a whole, unless it was verified before.
    fn verify_unpaged(&self, name: &Path, file: &VerifiedFile) -> Result<(), OpenReadError> {
        let version = file.version();
        if file.has_page_checksums() || self.whole.lock().get(name) == Some(&version) {
            return Ok(());
        }
        let failed = |error| OpenReadError::wrap_io_error(error, name.to_owned());
        file.verify(|_| ()).map_err(failed)?;
        self.whole.lock().insert(name.to_owned(), version);
        Ok(())
    }

    /// Maps a file of this version into memory.
    fn map(&self, name: &Path, version: FileVersion) -> Result<OwnedBytes, OpenReadError> {
        let failed = |error| OpenReadError::wrap_io_error(error, name.to_owned());
        let mapped = |directory: &MmapDirectory| {
            let file = directory.get_file_handle(name)?;
            file.read_bytes(0..file.len()).map_err(failed)
        };
        let mut directory = self.mapped.lock();
        let bytes = mapped(&directory)?;
        if bytes.len() as u64 == version.1 {
            return Ok(bytes);
        }
        // The directory shares the mapping of a file that is in use. If the size of the file has
        // changed since, it needs a new mapping.
        let new = MmapDirectory::open(&self.path);
        *directory = new.map_err(|error| failed(io::Error::other(error)))?;
        mapped(&directory)
    }

    /// Reads the tables of the compound files that are not known yet.
    fn scan(&self) -> io::Result<()> {
        let names = compound::names(&self.path)?;
        self.places
            .lock()
            .retain(|known| names.iter().any(|name| name == known));
        let mut outcome = Ok(());
        for name in names {
            let read = || {
                let version = version_of(&self.path.join(&name))?;
                if self.places.lock().knows(&name, version) {
                    return Ok(());
                }
                let file = self.open_paged(&name).map_err(io_error)?;
                self.places.lock().add(&name, &file)
            };
            // A writer may remove a compound file in the meantime.
            match read() {
                Err(error) if error.kind() != ErrorKind::NotFound => outcome = Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        outcome
    }
}

/// Returns the error for a file that does not exist, although a commit names it.
pub fn missing(path: &Path) -> Error {
    Error::Damaged {
        file: path.to_owned(),
        what: "the file is missing".to_owned(),
    }
}

fn io_error(error: OpenReadError) -> io::Error {
    match error {
        OpenReadError::FileDoesNotExist(_) => ErrorKind::NotFound.into(),
        OpenReadError::IoError { io_error, .. } => {
            Arc::try_unwrap(io_error).unwrap_or_else(|shared| io::Error::new(shared.kind(), shared))
        }
        OpenReadError::IncompatibleIndex(error) => io::Error::other(format!("{error:?}")),
    }
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|own| own == extension)
}
