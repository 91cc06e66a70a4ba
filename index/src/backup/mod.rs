//! Backups: one commit of an index with all that belongs to it, as one archive, and an index made of that again. It names
//! no file and prints nothing; what an archive is kept in, and which files beside the index go with it, is for the caller.
//!
//! An archive is tar in Zstandard with a [manifest](Manifest) as its first entry and a seal at its end. It is taken
//! beside running services and jobs, and put in the place of an index as a rebuild is: unpacked as the next generation,
//! verified to its last byte, opened, and only then made current.

mod manifest;
mod meter;
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
use crate::error::Result;
use crate::learning::{JobControl, RebuildReport};
use crate::progress::Progress;
use crate::rebuild::rebuild;
pub use manifest::{Entry, Manifest};
use unpack::{Unpacked, unpack};

/// A small file of the data directory that goes with the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// Its name: letters, digits and `._-`.
    pub name: String,
    /// All that is in it.
    pub content: Vec<u8>,
}

/// What was backed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// What the archive holds.
    pub manifest: Manifest,
    /// How long the archive is.
    pub archive_bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
}

/// Writes the last commit of the index at `data`, of whatever version, to `archive`, which errors call `name`. Whatever
/// else runs on the index goes on. `None` if it was cancelled: what was written is no archive then.
pub fn backup(
    data: &Path,
    beside: &[Beside],
    (archive, name): (impl Write, &Path),
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Option<BackedUp>> {
    let started = Instant::now();
    let commit = Commit::open(data)?;
    let packed = pack::pack(
        &commit,
        beside,
        (archive, name),
        JobControl { progress, cancel },
    )?;
    Ok(packed.map(|(manifest, archive_bytes)| BackedUp {
        manifest,
        archive_bytes,
        elapsed: started.elapsed(),
    }))
}

/// Reads an archive to its end and says what it holds; an error says what is wrong with it. `None` if it was cancelled.
pub fn inspect(
    archive: impl Read,
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Option<Manifest>> {
    Ok(
        unpack(archive, |_| Ok(None), JobControl { progress, cancel })?
            .map(|unpacked| unpacked.manifest),
    )
}

/// An index from an archive, whole and verified, that is not in its place yet. Dropped, it leaves all as it was.
pub struct Restore {
    incoming: RestoreTarget,
    manifest: Manifest,
    beside: Vec<Beside>,
    is_searchable: bool,
    started: Instant,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the archive holds.
    pub manifest: Manifest,
    /// Name of the generation that it has become.
    pub generation: String,
    /// Name of the one before, which is gone.
    pub replaced: Option<String>,
    /// What was rebuilt, if the archive's index had another analysis or schema.
    pub rebuilt: Option<RebuildReport>,
    /// How long it took.
    pub elapsed: Duration,
}

impl Restore {
    /// Unpacks an archive beside the index at `data`, under the lock of the one writer. An index that is there is only
    /// replaced if `replaces` says so. `None` if it was cancelled.
    pub fn unpack(
        data: &Path,
        archive: impl Read,
        replaces: bool,
        progress: &dyn Progress,
        cancel: &AtomicBool,
    ) -> Result<Option<Self>> {
        let started = Instant::now();
        let place = |manifest: &Manifest| {
            RestoreTarget::check(data, manifest.schema, replaces)?;
            RestoreTarget::begin(data, replaces, manifest.size_bytes()).map(Some)
        };
        let Some(unpacked) = unpack(archive, place, JobControl { progress, cancel })? else {
            return Ok(None);
        };
        let Unpacked {
            manifest,
            beside,
            incoming: Some(incoming),
        } = unpacked
        else {
            return Ok(None);
        };
        let is_searchable = incoming.verify(manifest.articles)?;
        Ok(Some(Self {
            incoming,
            manifest,
            beside,
            is_searchable,
            started,
        }))
    }

    /// What the archive holds.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// A file that went with the index.
    pub fn beside(&self, name: &str) -> Option<&[u8]> {
        self.beside
            .iter()
            .find(|file| file.name == name)
            .map(|file| file.content.as_slice())
    }

    /// Whether the index has to be rebuilt before it is put in its place, since another analysis or schema made it.
    pub fn needs_rebuild(&self) -> bool {
        !self.is_searchable
    }

    /// Puts it in its place, which running services follow. `None` if a rebuild was cancelled: then all is as it was.
    pub fn finish(self, progress: &dyn Progress, cancel: &AtomicBool) -> Result<Option<Restored>> {
        let Self {
            incoming,
            manifest,
            is_searchable,
            started,
            ..
        } = self;
        let replaced = incoming.replaces().map(str::to_owned);
        let (generation, rebuilt) = if is_searchable {
            (incoming.make_current()?, None)
        } else {
            let control = JobControl { progress, cancel };
            let Some(rebuilt) = rebuild(&mut incoming.rebuilder(), control)? else {
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
