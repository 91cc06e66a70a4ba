//! One commit with all its files, held open: whoever commits, merges and removes files beside it takes nothing away. It
//! writes nothing, not even a lock, so a volume that is mounted read-only can be held as well.
//!
//! Tantivy never changes a file of a segment, and the other files of a generation are only ever replaced whole. So a commit
//! is the files that one `meta.json` names, if all of them could be opened; and a file that is open stays, even when
//! nobody else knows it any more. Those that a merge removes in between are looked for again in the next commit.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use tantivy::directory::error::OpenReadError;
use tantivy::directory::{FileSlice, MmapDirectory, OwnedBytes};
use tantivy::index::{IndexMeta, SegmentComponent};
use tantivy::{Directory, HasLen, Index};

use super::current::{current_name, directory, with_current};
use super::graph_file::GRAPH;
use super::stamp::{STAMP, Stamp};
use super::words::WORDS;
use super::{LEDGER, MODEL, RECURRING};
use crate::error::{Error, Remedy, Result};

/// The file that names the files of a commit.
pub const META: &str = "meta.json";
const HOLD: &str = "hold a commit";

/// A file that is missing for so long is not one that a merge has just removed.
const ATTEMPTS: u32 = 200;
const RETRY: Duration = Duration::from_millis(5);

/// A commit, of whatever version.
pub struct Commit {
    /// Name of its generation.
    pub generation: String,
    /// Version of its fields.
    pub schema: u32,
    /// Version of the analysis of its terms.
    pub analysis: u32,
    /// Hash of the model of its terms.
    pub model_hash: String,
    /// How many articles it has.
    pub articles: u64,
    /// All files of its generation that it needs.
    pub files: Vec<HeldFile>,
    data: PathBuf,
    /// Knows the same open files.
    index: Index,
}

/// An open file.
pub struct HeldFile {
    /// Its name.
    pub name: String,
    content: FileSlice,
    /// Whether Tantivy wrote its checksum at its end.
    has_checksum: bool,
}

/// Why a commit could not be held, and may be at the next attempt.
enum Moved {
    /// A file is gone.
    Vanished(String),
    /// Another commit, ledger or generation came in between.
    Changed,
}

impl Commit {
    /// Holds the last commit of the current generation at `data`.
    pub fn hold(data: &Path) -> Result<Self> {
        with_current(data, |name| {
            let mut vanished = None;
            for _ in 0..ATTEMPTS {
                match attempt(data, name)? {
                    Ok(commit) => return Ok(commit),
                    Err(Moved::Vanished(file)) => vanished = Some(file),
                    Err(Moved::Changed) => vanished = None,
                }
                if current_name(data)? != name {
                    break;
                }
                sleep(RETRY);
            }
            Err(match vanished {
                Some(file) => damaged(data, format!("`{file}` is missing")),
                None => Error::Internal {
                    action: HOLD,
                    source: "it changes all the time".into(),
                },
            })
        })
    }

    /// Refuses a file that is not what Tantivy wrote, where that can be told.
    pub fn check(&self, file: &HeldFile) -> Result<()> {
        if !file.has_checksum {
            return Ok(());
        }
        match self
            .index
            .directory()
            .validate_checksum(Path::new(&file.name))
        {
            Ok(true) => Ok(()),
            Ok(false) => Err(damaged(
                &self.data,
                format!("the checksum of `{}` is wrong", file.name),
            )),
            Err(error) => Err(damaged(
                &self.data,
                format!("`{}` cannot be read: {error}", file.name),
            )),
        }
    }
}

impl HeldFile {
    /// How long it is.
    pub fn size_bytes(&self) -> u64 {
        self.content.len() as u64
    }

    /// At most so many of its bytes from a place on; none at its end.
    pub fn read_at(&self, place: u64, max_bytes: usize) -> std::io::Result<OwnedBytes> {
        let start = usize::try_from(place)
            .unwrap_or(usize::MAX)
            .min(self.content.len());
        self.content
            .read_bytes_slice(start..start.saturating_add(max_bytes).min(self.content.len()))
    }
}

fn attempt(data: &Path, name: &str) -> Result<Result<Commit, Moved>> {
    let path = directory(data, name);
    let stamp = Stamp::read(data, &path)?;
    let files = MmapDirectory::open(&path).map_err(Error::internal(HOLD))?;
    // The ledger before the commit: it may then know less than the index holds, and never of articles that are not there.
    let ledger_before = mark(&path.join(LEDGER));
    let mut held = Vec::new();
    for name in [STAMP, MODEL, WORDS, RECURRING, LEDGER, GRAPH] {
        match hold(&files, Path::new(name), false)? {
            Some(file) => held.push(file),
            None if name == STAMP => return Ok(Err(Moved::Vanished(name.to_owned()))),
            // Not every generation has all of them.
            None => {}
        }
    }
    let Some(meta_file) = hold(&files, Path::new(META), false)? else {
        return Ok(Err(Moved::Vanished(META.to_owned())));
    };
    let index = Index::open(files.clone()).map_err(|error| damaged(data, error.to_string()))?;
    let meta = index
        .load_metas()
        .map_err(|error| damaged(data, error.to_string()))?;
    for path in segment_files(&meta) {
        match hold(&files, &path, true)? {
            Some(file) => held.push(file),
            None => return Ok(Err(Moved::Vanished(path.display().to_string()))),
        }
    }
    // What was parsed must be what is held; and an old ledger must not go with a much newer commit.
    let is_same = files.atomic_read(Path::new(META)).is_ok_and(|bytes| {
        let held = meta_file.read_at(0, bytes.len() + 1);
        held.is_ok_and(|held| held.as_slice() == bytes)
    });
    if !is_same || ledger_before != mark(&path.join(LEDGER)) || current_name(data)? != name {
        return Ok(Err(Moved::Changed));
    }
    held.push(meta_file);
    Ok(Ok(Commit {
        generation: name.to_owned(),
        schema: stamp.schema(),
        analysis: stamp.analysis(),
        model_hash: stamp.model_hash().to_owned(),
        articles: meta
            .segments
            .iter()
            .map(|segment| u64::from(segment.num_docs()))
            .sum(),
        files: held,
        data: data.to_owned(),
        index,
    }))
}

/// Opens a file; `None` if it is not there.
fn hold(files: &MmapDirectory, path: &Path, has_checksum: bool) -> Result<Option<HeldFile>> {
    match files.open_read(path) {
        Ok(content) => Ok(Some(HeldFile {
            name: path.to_string_lossy().into_owned(),
            content,
            has_checksum,
        })),
        Err(OpenReadError::FileDoesNotExist(_)) => Ok(None),
        Err(error) => Err(Error::internal(HOLD)(error)),
    }
}

/// The files of a commit's segments.
pub fn segment_files(meta: &IndexMeta) -> Vec<PathBuf> {
    let is_needed = |path: &PathBuf| {
        !meta.segments.iter().any(|segment| {
            let is = |component| *path == segment.relative_path(component);
            is(SegmentComponent::TempStore)
                || (!segment.has_deletes() && is(SegmentComponent::Delete))
        })
    };
    let mut files: Vec<_> = meta
        .list_segment_files()
        .into_iter()
        .filter(is_needed)
        .collect();
    files.sort();
    files
}

/// Tells a file from the one that replaces it.
fn mark(path: &Path) -> Option<(u64, u64, i64, i64)> {
    let file = fs::metadata(path).ok()?;
    Some((file.ino(), file.len(), file.mtime(), file.mtime_nsec()))
}

fn damaged(data: &Path, what: String) -> Error {
    Error::Incompatible {
        data: data.to_owned(),
        reason: format!("it is damaged: {what}"),
        remedy: Remedy::IndexAgain,
    }
}
