//! Backs up an index and restores it. A backup is one archive, which contains one commit and all
//! files that belong to it. The caller opens the archive, and chooses the files beside the index
//! that are backed up with it.
//!
//! An archive is a tar file compressed with Zstandard. Its first entry is a [manifest](Manifest),
//! and it ends with a seal. Searches and jobs can run during a backup. A restore unpacks the
//! archive as the next generation, verifies every byte, opens the generation, and only then makes
//! it current.

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod manifest;
mod pack;
mod seal;
#[cfg(test)]
mod tests;
mod unpack;

use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use crate::backend::tantivy::{Commit, RestoreTarget};
use crate::check::{DamagedFile, Depth, check};
use crate::learning::JobControl;
use crate::meter::{Meter, Metered};
use crate::progress::{Phase, Progress};
use crate::rebuild::rebuild;
use crate::{Error, RebuildReport, Result};
use manifest::damaged;
pub use manifest::{Entry, Manifest};
use pack::{survey, write};
use unpack::unpack;

/// A file beside the index: a small file of the data directory that is backed up with the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// The name of the file: letters, digits and `._-`.
    pub name: String,
    /// The content of the file.
    pub content: Vec<u8>,
}

/// The result of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// The manifest of the archive.
    pub manifest: Manifest,
    /// The size of the archive in bytes.
    pub archive_bytes: u64,
    /// The damaged files that are not in the archive, each with what is wrong with it. The index
    /// works without them.
    pub left_out: Vec<(&'static str, String)>,
    /// How long the backup took.
    pub elapsed: Duration,
}

/// Writes the last commit of the index at `data` to `archive`. The index may be of any version.
/// `name` is the archive's name in error messages. Returns `None` if the job was cancelled; the
/// bytes written so far are then no valid archive.
pub fn backup(
    data: &Path,
    beside: &[Beside],
    (archive, name): (impl Write, &Path),
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Option<BackedUp>> {
    let started = Instant::now();
    let commit = Commit::open(data)?;
    let control = JobControl { progress, cancel };
    let Some(manifest) = survey(&commit, beside, control)? else {
        return Ok(None);
    };
    let mut meter = Meter::new(control, Phase::Packing, manifest.size_bytes());
    match write(&commit, beside, &manifest, archive, &mut meter) {
        Ok(archive_bytes) => Ok(Some(BackedUp {
            manifest,
            archive_bytes,
            left_out: commit.left_out,
            elapsed: started.elapsed(),
        })),
        Err(_) if meter.is_cancelled() => Ok(None),
        Err(error) => Err(Error::io("write", name)(error)),
    }
}

/// Verifies an archive and returns its manifest; `None` if the job was cancelled. Fails if the
/// archive is damaged.
pub fn inspect(
    archive: impl Read,
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Option<Manifest>> {
    let unpacked = unpack(archive, |_| Ok(None), JobControl { progress, cancel })?;
    Ok(unpacked.map(|(manifest, ..)| manifest))
}

/// Restores an archive into the new folder `scratch`, and checks the restored index with all of its
/// articles. Returns the manifest; `None` if the job was cancelled. Fails if the archive could not
/// be restored.
pub fn rehearse(
    archive: impl Read,
    scratch: &Path,
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Option<Manifest>> {
    let Some(restore) = Restore::unpack(scratch, archive, false, progress, cancel)? else {
        return Ok(None);
    };
    let Restore {
        target, manifest, ..
    } = restore;
    target.make_current()?;
    let Some(report) = check(scratch, Depth::Full, progress, cancel)? else {
        return Ok(None);
    };
    if report.articles != manifest.articles || !report.lost.is_empty() {
        let (found, expected) = (report.articles, manifest.articles);
        return Err(damaged(format!(
            "{found} of its {expected} articles can be read"
        )));
    }
    match report.damage.first() {
        None => Ok(Some(manifest)),
        Some(DamagedFile { file, what }) => {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            Err(damaged(format!("`{name}`: {what}")))
        }
    }
}

/// An index that is unpacked and verified, but not current yet. If it is dropped, the data
/// directory is as before.
pub struct Restore {
    target: RestoreTarget,
    manifest: Manifest,
    beside: Vec<Beside>,
    is_searchable: bool,
    started: Instant,
}

/// The result of a restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The manifest of the archive.
    pub manifest: Manifest,
    /// The name of the new generation.
    pub generation: String,
    /// The name of the generation that was replaced and removed; `None` if there was no index.
    pub replaced: Option<String>,
    /// The result of the rebuild; `None` if the index needed none because it had the current schema
    /// and analysis version.
    pub rebuilt: Option<RebuildReport>,
    /// How long the restore took.
    pub elapsed: Duration,
}

impl Restore {
    /// Unpacks an archive next to the index at `data`, and takes the writer's lock. `replaces` says
    /// whether an existing index may be replaced. Returns `None` if the job was cancelled.
    pub fn unpack(
        data: &Path,
        archive: impl Read,
        replaces: bool,
        progress: &dyn Progress,
        cancel: &AtomicBool,
    ) -> Result<Option<Self>> {
        let started = Instant::now();
        let make_target = |manifest: &Manifest| {
            RestoreTarget::check(data, manifest.schema, replaces)?;
            RestoreTarget::begin(data, replaces, manifest.size_bytes()).map(Some)
        };
        let unpacked = unpack(archive, make_target, JobControl { progress, cancel })?;
        let Some((manifest, beside, Some(target))) = unpacked else {
            return Ok(None);
        };
        let is_searchable = target.verify(manifest.articles)?;
        Ok(Some(Self {
            target,
            manifest,
            beside,
            is_searchable,
            started,
        }))
    }

    /// Returns the manifest of the archive.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the content of the file beside the index with this name; `None` if the archive does
    /// not have it.
    pub fn beside(&self, name: &str) -> Option<&[u8]> {
        let file = self.beside.iter().find(|file| file.name == name)?;
        Some(&file.content)
    }

    /// Returns whether the index must be rebuilt before it becomes current, because its schema or
    /// analysis version is not the current one.
    pub fn needs_rebuild(&self) -> bool {
        !self.is_searchable
    }

    /// Makes the index current, after a rebuild if it needs one. Running services then open it. If
    /// the rebuild is cancelled, returns `None` and leaves the previous index as it was.
    pub fn finish(self, progress: &dyn Progress, cancel: &AtomicBool) -> Result<Option<Restored>> {
        let Self {
            target,
            manifest,
            is_searchable,
            started,
            ..
        } = self;
        let replaced = target.replaces.clone();
        let (generation, rebuilt) = if is_searchable {
            (target.make_current()?, None)
        } else {
            let control = JobControl { progress, cancel };
            let Some(rebuilt) = rebuild(&mut target.rebuilder(), control)? else {
                return Ok(None);
            };
            (rebuilt.generation.clone(), Some(rebuilt))
        };
        Ok(Some(Restored {
            manifest,
            generation,
            replaced,
            rebuilt,
            elapsed: started.elapsed(),
        }))
    }
}
