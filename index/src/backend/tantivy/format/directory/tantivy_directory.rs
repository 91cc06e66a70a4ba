//! Tantivy's view of the directory: the calls that Tantivy makes.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, INDEX_WRITER_LOCK, Lock, WatchCallback, WatchHandle,
    WritePtr,
};

use super::pending::{self, write_durably};
use super::{IndexFiles, MANAGED, META, Purpose, has_extension};

/// The extension of the files with positions.
const POSITIONS: &str = "pos";

impl Directory for IndexFiles {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        if let Some(bytes) = self.inner.pending.lock().files.get(path) {
            return Ok(Arc::new(bytes.clone()));
        }
        match self.open_file(path) {
            Ok(file) => {
                self.inner.verify_unpaged(path, &file)?;
                Ok(Arc::new(file))
            }
            // Tantivy takes a segment without this file for a segment without positions. All our
            // segments have positions.
            Err(OpenReadError::FileDoesNotExist(path)) if has_extension(&path, POSITIONS) => {
                let missing = io::Error::from(ErrorKind::NotFound);
                Err(OpenReadError::wrap_io_error(missing, path))
            }
            Err(error) => Err(error),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        if self.inner.pending.lock().files.contains_key(path) {
            return Ok(true);
        }
        if self.inner.path.join(path).exists() {
            return Ok(true);
        }
        Ok(self.inner.places.lock().get(path).is_some())
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        pending::create(&self.inner.path, path, &self.inner.pending)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if path == Path::new(META) {
            return self.inner.read_meta();
        }
        if path != Path::new(MANAGED) {
            return self.inner.mapped.lock().atomic_read(path);
        }
        // The list of all files is derived, so that it can neither be lost nor be damaged.
        if self.inner.purpose == Purpose::Reading {
            return Err(OpenReadError::FileDoesNotExist(path.to_owned()));
        }
        let files = self.inner.all_files();
        let list = files.and_then(|files| Ok(serde_json::to_vec(&files)?));
        list.map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        if path == Path::new(META) {
            return self.inner.commit(data);
        }
        if path == Path::new(MANAGED) {
            return Ok(());
        }
        write_durably(&self.inner.path.join(path), data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        // Writing `meta.json` syncs everything that it names.
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let mapped = self.inner.mapped.lock().clone();
        let is_for_writing = lock.filepath == INDEX_WRITER_LOCK.filepath;
        match mapped.acquire_lock(lock) {
            Ok(locked) if is_for_writing => {
                let removed = self.inner.remove_leftovers();
                removed.map(|()| locked).map_err(LockError::wrap_io_error)
            }
            // Without this lock, a writer might remove a file before it is open. This folder cannot
            // be written to.
            Err(LockError::IoError(error)) if !is_for_writing && is_read_only(&error) => {
                Ok(DirectoryLock::from(Box::new(())))
            }
            outcome => outcome,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.mapped.lock().watch(callback)
    }
}

/// Returns whether a file could not be created because the folder cannot be written to.
fn is_read_only(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied
    )
}
