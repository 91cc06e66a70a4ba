//! A generation whose files come from elsewhere: it is filled beside the current one, looked at, and only then put in its
//! place. Where the files come from, and whether they are whole, is not its business.

use std::path::{Path, PathBuf};

use super::commit::{META, segment_files};
use super::current::{
    create_next, current_name, directory, make_current, remove, remove_if_empty, remove_others,
    write_whole,
};
use super::lock::WriterLock;
use super::rebuild::rebuild_from;
use super::stored::StoredArticles;
use super::{Generation, open_index};
use crate::backend::tantivy::format::schema::{OLDEST_READABLE_SCHEMA, SCHEMA_VERSION};
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::learning::{JobControl, RebuildReport};

/// Tantivy's list of the files that it may remove when it has merged them away. The other files are not for it to remove.
const MANAGED: &str = ".managed.json";

/// The next generation, not current yet; removed again if it never becomes so.
pub struct RestoreTarget {
    data: PathBuf,
    name: String,
    /// The generation that it replaces.
    replaces: Option<String>,
    is_in_place: bool,
    _lock: WriterLock,
}

/// What became current.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredGeneration {
    /// Its name.
    pub generation: String,
    /// The generation that it has replaced.
    pub replaced: Option<String>,
    /// What was rebuilt, if the files were of another version.
    pub rebuilt: Option<RebuildReport>,
}

impl RestoreTarget {
    /// Refuses fields that this binary could not read, or an index that must not be replaced. It changes nothing.
    pub fn check(data: &Path, schema: u32, replaces: bool) -> Result<()> {
        if !(OLDEST_READABLE_SCHEMA..=SCHEMA_VERSION).contains(&schema) {
            return Err(Error::Invalid(format!(
                "the index in the archive has schema version {schema}, this program reads \
                 {OLDEST_READABLE_SCHEMA} to {SCHEMA_VERSION}"
            )));
        }
        replaced(data, replaces).map(drop)
    }

    /// Makes the directory of the next generation, under the lock of the one writer, where there is room for so many bytes.
    pub fn begin(data: &Path, replaces: bool, size_bytes: u64) -> Result<Self> {
        let lock = WriterLock::acquire(data)?;
        let replaces = replaced(data, replaces)?;
        if let Some(current) = &replaces {
            remove_others(data, current)?;
        }
        check_room(data, size_bytes)?;
        let name = create_next(data)?;
        Ok(Self {
            data: data.to_owned(),
            name,
            replaces,
            is_in_place: false,
            _lock: lock,
        })
    }

    /// Where the files go.
    pub fn directory(&self) -> PathBuf {
        directory(&self.data, &self.name)
    }

    /// Opens what has come as a search would, or as a rebuild would if it is of another version, and says whether it can
    /// be searched as it is.
    pub fn verify(&self, articles: u64) -> Result<bool> {
        let path = self.directory();
        let meta = open_index(&self.data, &path)?
            .load_metas()
            .map_err(Error::internal("read the last commit"))?;
        let mut managed = segment_files(&meta);
        managed.push(PathBuf::from(META));
        let managed = serde_json::to_vec(&managed).map_err(Error::internal("list the files"))?;
        write_whole(&path.join(MANAGED), &managed)?;
        let (found, is_searchable) = match Generation::open(&self.data, &self.name) {
            Ok(generation) => (generation.view().searcher.num_docs(), true),
            Err(Error::Incompatible {
                remedy: Remedy::Rebuild,
                ..
            }) => (StoredArticles::open(&self.data, &self.name)?.count(), false),
            Err(error) => return Err(error),
        };
        if found == articles {
            return Ok(is_searchable);
        }
        Err(Error::Invalid(format!(
            "the index in the archive has {found} articles, and should have {articles}"
        )))
    }

    /// Puts it in the place of the current generation; one of another version is rebuilt first. `None` if that was
    /// cancelled: then all is as it was.
    pub fn make_current(
        mut self,
        is_searchable: bool,
        control: JobControl<'_>,
    ) -> Result<Option<RestoredGeneration>> {
        let replaced = self.replaces.take();
        if !is_searchable {
            let Some((rebuilt, _)) = rebuild_from(&self.data, &self.name, control)? else {
                return Ok(None);
            };
            let generation = rebuilt.generation.clone();
            return Ok(Some(RestoredGeneration {
                generation,
                replaced,
                rebuilt: Some(rebuilt),
            }));
        }
        make_current(&self.data, &self.name)?;
        self.is_in_place = true;
        remove_others(&self.data, &self.name)?;
        Ok(Some(RestoredGeneration {
            generation: self.name.clone(),
            replaced,
            rebuilt: None,
        }))
    }
}

impl Drop for RestoreTarget {
    fn drop(&mut self) {
        if !self.is_in_place {
            remove(&self.data, &self.name);
            remove_if_empty(&self.data);
        }
    }
}

/// The generation that would be replaced.
fn replaced(data: &Path, replaces: bool) -> Result<Option<String>> {
    match current_name(data) {
        Ok(name) if replaces => Ok(Some(name)),
        Ok(_) => Err(Error::IndexExists(data.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Refuses what would fill the disk.
fn check_room(data: &Path, size_bytes: u64) -> Result<()> {
    let disk = rustix::fs::statvfs(data)
        .map_err(|error| Error::io("look for room in", data)(error.into()))?;
    let free_bytes = disk.f_bavail.saturating_mul(disk.f_frsize);
    if size_bytes <= free_bytes {
        return Ok(());
    }
    let megabytes = |bytes: u64| bytes / 1_000_000;
    let lacks = format!(
        "it takes {} MB, {} MB are free",
        megabytes(size_bytes),
        megabytes(free_bytes)
    );
    Err(Error::io("restore to", data)(std::io::Error::new(
        std::io::ErrorKind::StorageFull,
        lacks,
    )))
}
