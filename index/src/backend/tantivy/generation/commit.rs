//! Opens one commit with all its files, so that a backup can read them. It takes no lock and writes
//! nothing, so it also works on a read-only volume.
//!
//! Tantivy never changes a file of a segment, and the other files of a generation are only ever
//! replaced as a whole. So a commit is the files that one `meta.json` names. An open file stays
//! readable after a merge or a rebuild has removed it. If a file vanishes before it is open, the
//! next attempt reads the next commit.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use tantivy::directory::error::OpenReadError;
use tantivy::directory::{MmapDirectory, OwnedBytes};
use tantivy::{Directory, Index, TantivyError};

use super::current::current_name;
use super::graph_file::GRAPH;
use super::stamp::{STAMP, Stamp};
use super::whole_files::version_of;
use super::words::WORDS;
use super::{BOILERPLATE, LEDGER, MODEL, damaged, directory, with_current};
use crate::backend::tantivy::format::{META, has_right_checksum, segment_files};
use crate::error::{Error, OrInternal, Result};

const OPEN: &str = "open a commit";

/// The number of attempts to open all files of a commit. An attempt can fail because a merge
/// removes files at once. A file that is missing in all attempts is lost.
const ATTEMPTS: u32 = 200;
const RETRY: Duration = Duration::from_millis(5);

/// A commit with its open files. Any version of this program may have written it.
pub struct Commit {
    /// The name of the generation that was committed.
    pub generation: String,
    /// The version of the generation's schema.
    pub schema: u32,
    /// The version of the analysis that made the generation's terms.
    pub analysis: u32,
    /// The hash of the model that made the generation's terms.
    pub model_hash: String,
    /// The number of articles in the commit.
    pub articles: u64,
    /// The open files of the generation that belong to the commit.
    pub files: Vec<CommitFile>,
    data: PathBuf,
    /// The Tantivy index of the commit, for verifying checksums.
    index: Index,
}

/// An open file of a commit.
pub struct CommitFile {
    /// The name of the file, without a folder.
    pub name: String,
    content: OwnedBytes,
    /// Whether Tantivy wrote a checksum at the end of the file.
    has_checksum: bool,
}

/// Why a commit could not be opened: the name of a file that was removed. It is `None` if a new
/// commit or ledger was written, or another generation became current. The next attempt may succeed.
type Interrupted = Option<String>;

impl Commit {
    /// Opens the last commit of the current generation at `data`. Retries while a file is missing
    /// or another commit replaces the one that is being opened, because other processes may be
    /// writing. Fails if no attempt succeeds, or if a file is damaged.
    pub fn open(data: &Path) -> Result<Self> {
        with_current(data, |name| {
            let mut vanished = None;
            for _ in 0..ATTEMPTS {
                match attempt(data, name)? {
                    Ok(commit) => return Ok(commit),
                    Err(interrupted) => vanished = interrupted,
                }
                if current_name(data)? != name {
                    break;
                }
                sleep(RETRY);
            }
            Err(match vanished {
                Some(file) => damaged(data, format!("`{file}` is missing")),
                None => {
                    Error::internal(OPEN)("other commits replaced it at every attempt; try again")
                }
            })
        })
    }

    /// Fails when a file has a checksum and the checksum is wrong.
    pub fn check(&self, file: &CommitFile) -> Result<()> {
        if !file.has_checksum {
            return Ok(());
        }
        let name = &file.name;
        let damage = match has_right_checksum(&self.index, name) {
            Ok(true) => return Ok(()),
            Ok(false) => format!("the checksum of `{name}` is wrong"),
            Err(error) => format!("`{name}` cannot be read: {error}"),
        };
        Err(damaged(&self.data, damage))
    }
}

impl CommitFile {
    /// Returns the size of the file.
    pub fn size_bytes(&self) -> u64 {
        self.content.len() as u64
    }

    /// Returns a reader of the file. The file stays mapped into memory.
    pub fn reader(&self) -> impl Read {
        self.content.clone()
    }
}

fn attempt(data: &Path, name: &str) -> Result<Result<Commit, Interrupted>> {
    let path = directory(data, name);
    let stamp = Stamp::read(data, &path)?;
    let files = MmapDirectory::open(&path).or_internal(OPEN)?;
    // The ledger is opened before the commit. So the ledger may lack articles of the commit, but
    // never names an article that the commit lacks.
    let ledger_before = version_of(&path.join(LEDGER));
    let mut opened = Vec::new();
    for name in [STAMP, MODEL, WORDS, BOILERPLATE, LEDGER, GRAPH] {
        match open(&files, Path::new(name), false)? {
            Some(file) => opened.push(file),
            None if name == STAMP => return Ok(Err(Some(name.to_owned()))),
            // Not every generation has all of these files.
            None => {}
        }
    }
    let Some(meta_file) = open(&files, Path::new(META), false)? else {
        return Ok(Err(Some(META.to_owned())));
    };
    let damage = |error: TantivyError| damaged(data, error);
    let index = Index::open(files.clone()).map_err(damage)?;
    let meta = index.load_metas().map_err(damage)?;
    for path in segment_files(&meta) {
        match open(&files, &path, true)? {
            Some(file) => opened.push(file),
            None => return Ok(Err(Some(path.display().to_string()))),
        }
    }
    // Tantivy must have parsed the same `meta.json` that was opened. An old ledger must not be
    // combined with a much newer commit.
    let is_same = is_unchanged(&meta_file, &files);
    let ledger_after = version_of(&path.join(LEDGER));
    if !is_same || ledger_before != ledger_after || current_name(data)? != name {
        return Ok(Err(None));
    }
    opened.push(meta_file);
    let segments = meta.segments.iter();
    let articles = segments.map(|segment| u64::from(segment.num_docs()));
    Ok(Ok(Commit {
        generation: name.to_owned(),
        schema: stamp.schema,
        analysis: stamp.analysis,
        model_hash: stamp.model_hash,
        articles: articles.sum(),
        files: opened,
        data: data.to_owned(),
        index,
    }))
}

/// Opens a file; `None` if it does not exist.
fn open(files: &MmapDirectory, path: &Path, has_checksum: bool) -> Result<Option<CommitFile>> {
    match files.open_read(path) {
        Ok(content) => Ok(Some(CommitFile {
            name: path.to_string_lossy().into_owned(),
            content: content.read_bytes().or_internal(OPEN)?,
            has_checksum,
        })),
        Err(OpenReadError::FileDoesNotExist(_)) => Ok(None),
        Err(error) => Err(Error::internal(OPEN)(error)),
    }
}

/// Returns whether the open `meta.json` is still the one in the directory.
fn is_unchanged(meta_file: &CommitFile, files: &MmapDirectory) -> bool {
    let current = files.atomic_read(Path::new(META));
    current.is_ok_and(|current| meta_file.content.as_slice() == current)
}
