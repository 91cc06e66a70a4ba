//! Reads the files of an index. All files are mapped into memory, except the stored articles: of
//! these, one block is read at a time. If these files were mapped, every article that was read
//! would count as memory of the process. Writing is left to Tantivy.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::error::{
    DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError,
};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback,
    WatchHandle, WritePtr,
};

/// The extension of the files with stored articles.
const STORE: &str = "store";
/// The extension of the files with positions. Tantivy takes a segment without this file for a
/// segment without positions. All our segments have positions, so a missing file is an error.
const POSITIONS: &str = "pos";

/// The directory of an index.
#[derive(Debug, Clone)]
pub struct IndexFiles {
    mapped: MmapDirectory,
    path: PathBuf,
}

impl IndexFiles {
    /// Opens the directory at `path`.
    pub fn open(path: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self {
            mapped: MmapDirectory::open(path)?,
            path: path.to_owned(),
        })
    }
}

impl Directory for IndexFiles {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        if has_extension(path, STORE) {
            let file = ReadFile::open(&self.path.join(path));
            let file = file.map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
                _ => OpenReadError::wrap_io_error(error, path.to_owned()),
            });
            return Ok(Arc::new(file?));
        }
        match self.mapped.get_file_handle(path) {
            Err(OpenReadError::FileDoesNotExist(path)) if has_extension(&path, POSITIONS) => {
                let missing = io::Error::from(io::ErrorKind::NotFound);
                Err(OpenReadError::wrap_io_error(missing, path))
            }
            outcome => outcome,
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.mapped.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.mapped.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.mapped.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.mapped.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.mapped.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.mapped.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.mapped.acquire_lock(lock) {
            // Nobody removes files from a folder that cannot be written to.
            Err(LockError::IoError(error)) if is_read_only(&error) => {
                Ok(DirectoryLock::from(Box::new(())))
            }
            outcome => outcome,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.mapped.watch(callback)
    }
}

fn is_read_only(error: &io::Error) -> bool {
    use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem)
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|own| own == extension)
}

/// A file that is read piece by piece. It stays readable after it was removed.
#[derive(Debug)]
struct ReadFile {
    file: File,
    size_bytes: usize,
}

impl ReadFile {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let size_bytes = file.metadata()?.len() as usize;
        Ok(Self { file, size_bytes })
    }
}

impl HasLen for ReadFile {
    fn len(&self) -> usize {
        self.size_bytes
    }
}

impl FileHandle for ReadFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let mut bytes = vec![0; range.len()];
        self.file.read_exact_at(&mut bytes, range.start as u64)?;
        Ok(OwnedBytes::new(bytes))
    }
}

#[cfg(test)]
mod tests {
    use tantivy::schema::{Schema, TEXT};
    use tantivy::{Index, IndexWriter, TantivyDocument, TantivyError};

    use super::*;

    #[test]
    fn a_segment_without_its_positions_is_not_opened() {
        let home = tempfile::tempdir().unwrap();
        let mut schema = Schema::builder();
        let text = schema.add_text_field("text", TEXT);
        let index = Index::create_in_dir(home.path(), schema.build()).unwrap();
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15 << 20).unwrap();
        let mut document = TantivyDocument::default();
        document.add_text(text, "حي على العمل");
        writer.add_document(document).unwrap();
        writer.commit().unwrap();
        let files = || IndexFiles::open(home.path()).unwrap();
        let segments = |files| {
            Index::open(files)?
                .reader()
                .map(|reader| reader.searcher().segment_readers().len())
        };
        assert_eq!(segments(files()).unwrap(), 1);

        let entries = std::fs::read_dir(home.path())
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let positions = entries
            .filter(|path| path.extension().is_some_and(|own| own == POSITIONS))
            .collect::<Vec<_>>();
        assert_eq!(positions.len(), 1);
        std::fs::remove_file(&positions[0]).unwrap();
        let error: TantivyError = segments(files()).unwrap_err();
        assert!(
            error
                .to_string()
                .contains(&*positions[0].file_name().unwrap().to_string_lossy()),
            "{error}"
        );
    }
}
