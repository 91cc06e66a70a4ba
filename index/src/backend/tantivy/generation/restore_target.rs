//! A generation that is filled from a backup. It stands beside the current generation until its
//! files are verified, and then replaces it. This module neither reads the archive nor checks
//! hashes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::{TerminatingWrite, WritePtr};

use super::current::{self, create_next, current_name, directory, if_any, remove_others};
use super::lock::WriterLock;
use super::stored::EmbeddedArticles;
use super::{EmbeddedWriter, Generation};
use crate::backend::tantivy::format::{
    IndexFiles, META, OLDEST_READABLE_SCHEMA, SCHEMA_VERSION, segment_of,
};
use crate::disk::File;
use crate::error::{Error, OrInternal, Remedy, Result};

/// The next generation, which a restore fills. If it is dropped before it became current, its
/// directory is removed.
pub struct RestoreTarget {
    data: PathBuf,
    name: String,
    /// The name of the generation that this one replaces; `None` if there is none.
    pub replaces: Option<String>,
    is_in_place: bool,
    files: IndexFiles,
    lock: Arc<WriterLock>,
}

/// A file of a generation that is being restored.
pub struct RestoredFile<'a> {
    path: PathBuf,
    content: RestoredContent<'a>,
}

enum RestoredContent<'a> {
    /// A file of a segment, which gets page checksums.
    Segment(WritePtr),
    /// The list of segments, which is written after all of them.
    List(&'a IndexFiles, Vec<u8>),
    /// A small file.
    Small(File),
}

impl RestoredFile<'_> {
    /// Writes the next bytes of the file.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let outcome = match &mut self.content {
            RestoredContent::Segment(out) => out.write_all(bytes),
            RestoredContent::Small(out) => out.write_all(bytes),
            RestoredContent::List(_, content) => content.write_all(bytes),
        };
        outcome.map_err(Error::io("write", &self.path))
    }

    /// Ends the file. It survives a loss of power once the last file of the generation is ended.
    pub fn finish(self) -> Result<()> {
        let outcome = match self.content {
            RestoredContent::Segment(out) => out.terminate(),
            RestoredContent::Small(out) => out.sync_all(),
            RestoredContent::List(files, content) => files
                .sync_directory()
                .and_then(|()| files.atomic_write(Path::new(META), &content)),
        };
        outcome.map_err(Error::io("write", &self.path))
    }
}

impl RestoreTarget {
    /// Checks whether a restore is possible, and changes nothing. Fails when this program cannot
    /// read `schema`, or when there is an index and `replaces` is false.
    pub fn check(data: &Path, schema: u32, replaces: bool) -> Result<()> {
        if !(OLDEST_READABLE_SCHEMA..=SCHEMA_VERSION).contains(&schema) {
            return Err(Error::Invalid(format!(
                "the index in the archive has schema version {schema}, this program reads versions \
                 {OLDEST_READABLE_SCHEMA} to {SCHEMA_VERSION}"
            )));
        }
        replaced(data, replaces).map(drop)
    }

    /// Takes the writer's lock and creates the directory of the next generation. Fails when the
    /// disk has no room for `size_bytes`.
    pub fn begin(data: &Path, replaces: bool, size_bytes: u64) -> Result<Self> {
        let lock = WriterLock::acquire(data)?;
        let replaces = replaced(data, replaces)?;
        remove_others(data, replaces.as_deref())?;
        check_room(data, size_bytes)?;
        let name = create_next(data)?;
        let files = IndexFiles::for_writing(&directory(data, &name)).or_internal("restore")?;
        Ok(Self {
            data: data.to_owned(),
            name,
            replaces,
            is_in_place: false,
            files,
            lock,
        })
    }

    /// Creates a file of the generation. Fails when it exists.
    pub fn create(&self, name: &str) -> Result<RestoredFile<'_>> {
        let path = directory(&self.data, &self.name).join(name);
        let content = if name == META {
            RestoredContent::List(&self.files, Vec::new())
        } else if segment_of(Path::new(name)).is_some() {
            let out = self.files.open_write(Path::new(name));
            RestoredContent::Segment(out.or_internal("create a file of the index")?)
        } else {
            let out = File::create_new(&path).map_err(Error::io("create", &path))?;
            RestoredContent::Small(out)
        };
        Ok(RestoredFile { path, content })
    }

    /// Opens the restored files and counts their articles. Returns whether the generation can be
    /// searched; if not, it needs a rebuild. Fails when the files are damaged, or when they do not
    /// hold exactly `articles` articles.
    pub fn verify(&self, articles: u64) -> Result<bool> {
        let directory = directory(&self.data, &self.name);
        let synced = self.files.sync_directory();
        synced.map_err(Error::io("write", &directory))?;
        let (found, is_searchable) = match Generation::open(&self.data, &self.name) {
            Ok(mut generation) => {
                if generation.stamp.has_checksums() {
                    // A backup leaves damaged files out that are derived from others.
                    generation.mend()?;
                }
                (generation.view().searcher.num_docs(), true)
            }
            Err(error) if error.remedy() == Some(Remedy::Rebuild) => (
                EmbeddedArticles::open(&self.data, &self.name)?.count(),
                false,
            ),
            Err(error) => return Err(error),
        };
        if found == articles {
            return Ok(is_searchable);
        }
        Err(Error::Invalid(format!(
            "the archive is damaged: its index has {found} articles instead of {articles}"
        )))
    }

    /// Makes the restored generation the current one, and returns its name.
    pub fn make_current(mut self) -> Result<String> {
        current::make_current(&self.data, &self.name)?;
        self.is_in_place = true;
        remove_others(&self.data, Some(&self.name))?;
        Ok(self.name.clone())
    }

    /// Returns a writer that rebuilds the restored generation as a successor. It is needed when
    /// another version of this program wrote the files.
    pub fn rebuilder(&self) -> EmbeddedWriter {
        EmbeddedWriter::successor_of(&self.data, &self.name, Arc::clone(&self.lock))
    }
}

impl Drop for RestoreTarget {
    fn drop(&mut self) {
        if !self.is_in_place {
            current::remove(&self.data, &self.name);
            current::remove_if_empty(&self.data);
        }
    }
}

/// Returns the name of the generation that a restore replaces. Fails when there is one and
/// `replaces` is false.
fn replaced(data: &Path, replaces: bool) -> Result<Option<String>> {
    let current = if_any(current_name(data))?;
    if current.is_some() && !replaces {
        return Err(Error::IndexExists(data.to_owned()));
    }
    Ok(current)
}

/// Fails when the disk has less room than `size_bytes`.
fn check_room(data: &Path, size_bytes: u64) -> Result<()> {
    let disk = rustix::fs::statvfs(data)
        .map_err(|error| Error::io("read the free space of", data)(error.into()))?;
    let free_bytes = disk.f_bavail.saturating_mul(disk.f_frsize);
    if size_bytes <= free_bytes {
        return Ok(());
    }
    let [needed, free] = [size_bytes, free_bytes].map(|bytes| bytes / 1_000_000);
    let shortage = format!("the index needs {needed} MB, and {free} MB are free");
    let error = std::io::Error::new(std::io::ErrorKind::StorageFull, shortage);
    Err(Error::io("restore to", data)(error))
}
