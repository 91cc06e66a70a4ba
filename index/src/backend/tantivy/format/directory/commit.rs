//! Commits: writes `meta.json` and the files that it names, so that they survive a loss of power, and
//! removes the files that no commit needs.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, OpenReadError};

use super::checksum_line::{with_checksum_line, without_checksum_line};
use super::compound::{self, Removed};
use super::living_files::{LivingFiles, segment_files};
use super::pending::{Pending, TEMPORARY, write_durably};
use super::{IndexFiles, Inner, MANAGED, META, io_error};
use crate::damage::Damage;
use crate::disk::{self as fs, File};

impl IndexFiles {
    /// Says that a commit begins. Everything that it names is durable when it ends.
    pub fn begin_commit(&self) {
        self.inner.pending.lock().is_between_commits = false;
    }

    /// Says that a commit has ended. Merges may wait for the next one from now on.
    pub fn end_commit(&self) {
        self.inner.pending.lock().is_between_commits = true;
    }

    /// Writes the merges that wait for the next commit.
    pub fn flush(&self) -> io::Result<()> {
        let mut pending = self.inner.pending.lock();
        match pending.merged_meta.take() {
            Some(meta) => self
                .inner
                .commit_now(&meta, &LivingFiles::of(&meta)?, &mut pending),
            None => Ok(()),
        }
    }
}

impl Inner {
    /// Commits `meta`, the content of `meta.json`. A merge of small segments waits for the next
    /// commit.
    pub fn commit(&self, meta: &[u8]) -> io::Result<()> {
        let living = LivingFiles::of(meta)?;
        let mut pending = self.pending.lock();
        if pending.is_between_commits && !pending.has_new_names {
            pending.merged_meta = Some(meta.to_owned());
            return Ok(());
        }
        self.commit_now(meta, &living, &mut pending)
    }

    /// Writes `meta.json`, and the files in memory that it names.
    ///
    /// The order makes the commit survive a loss of power: the data of its files, the directory with
    /// their names, the data of the new `meta.json`, and the directory with its name.
    fn commit_now(
        &self,
        meta: &[u8],
        living: &LivingFiles,
        pending: &mut Pending,
    ) -> io::Result<()> {
        let files = pending
            .files
            .iter()
            .filter(|(name, _)| living.contains(name));
        let mut files: Vec<_> = files
            .map(|(name, bytes)| (name.clone(), bytes.clone()))
            .collect();
        files.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        if !files.is_empty() {
            let name = compound::next_name(&self.path)?;
            compound::write(&self.path.join(&name), &files)?;
            let file = self.open_paged(&name).map_err(io_error)?;
            self.places.lock().add(&name, &file)?;
            pending.has_new_names = true;
        }
        if pending.has_new_names {
            sync_directory(&self.path)?;
        }
        write_durably(&self.path.join(META), &with_checksum_line(meta))?;
        sync_directory(&self.path)?;
        for (name, _) in files {
            pending.files.remove(&name);
        }
        pending.has_new_names = false;
        pending.merged_meta = None;
        for name in std::mem::take(&mut pending.removed) {
            // A file that cannot be removed now is removed by the next writer.
            let _remains = self.remove(&name);
        }
        Ok(())
    }

    /// Returns the content of `meta.json`, which may wait for the next commit.
    pub fn read_meta(&self) -> Result<Vec<u8>, OpenReadError> {
        if let Some(meta) = &self.pending.lock().merged_meta {
            return Ok(meta.clone());
        }
        let failed = |error| OpenReadError::wrap_io_error(error, META.into());
        let path = self.path.join(META);
        let bytes = fs::read(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => OpenReadError::FileDoesNotExist(META.into()),
            _ => failed(error),
        })?;
        let damage = |what| failed(Damage::new(&path, what).into());
        let content = without_checksum_line(bytes);
        let content = content.ok_or_else(|| damage("its checksum is wrong"))?;
        // A file of an earlier version has no checksum.
        match LivingFiles::of(&content) {
            Ok(_) => Ok(content),
            Err(_) => Err(damage("it is not a list of segments")),
        }
    }

    /// Removes a file that no commit needs. While a merge waits for the next commit, the file stays.
    pub fn delete(&self, name: &Path) -> Result<(), DeleteError> {
        let mut pending = self.pending.lock();
        if pending.files.remove(name).is_some() {
            return Ok(());
        }
        if pending.merged_meta.is_some() {
            pending.removed.push(name.to_owned());
            return Ok(());
        }
        self.remove(name).map_err(|error| match error.kind() {
            ErrorKind::NotFound => DeleteError::FileDoesNotExist(name.to_owned()),
            _ => DeleteError::IoError {
                io_error: Arc::new(error),
                filepath: name.to_owned(),
            },
        })
    }

    /// Removes a file. A compound file is removed with the last file in it.
    fn remove(&self, name: &Path) -> io::Result<()> {
        let removed = self.places.lock().remove(name);
        match removed {
            Some(Removed::OthersRemain) => Ok(()),
            Some(Removed::Last(compound)) => fs::remove_file(self.path.join(compound)),
            None => fs::remove_file(self.path.join(name)),
        }
    }

    /// Returns the names of all files of segments: in memory, in compound files and of their own.
    pub fn all_files(&self) -> io::Result<Vec<PathBuf>> {
        self.scan()?;
        let mut files = segment_files(&self.path)?;
        files.extend(self.places.lock().names().cloned());
        files.extend(self.pending.lock().files.keys().cloned());
        Ok(files)
    }

    /// Removes what killed writers left behind. Only the holder of the writer's lock may call it.
    pub fn remove_leftovers(&self) -> io::Result<()> {
        let meta = match self.read_meta() {
            // The index is being created.
            Err(OpenReadError::FileDoesNotExist(_)) => return Ok(()),
            meta => meta.map_err(io_error)?,
        };
        let living = LivingFiles::of(&meta)?;
        for name in self.all_files()? {
            if !living.contains(&name) {
                self.remove(&name)?;
            }
        }
        for name in compound::names(&self.path)? {
            if !self.places.lock().has_files_in(&name) {
                fs::remove_file(self.path.join(name))?;
            }
        }
        for entry in fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            if name.ends_with(TEMPORARY) || name == MANAGED {
                fs::remove_file(self.path.join(&*name))?;
            }
        }
        Ok(())
    }
}

/// Makes the entries of a directory survive a loss of power.
pub fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}
