//! Opens one commit with all its files, so that a backup can read them. It takes no lock and writes
//! nothing, so it also works on a read-only volume.
//!
//! Tantivy never changes a file of a segment, and the other files of a generation are only ever
//! replaced as a whole. So a commit is the files that one `meta.json` names. An open file stays
//! readable after a merge or a rebuild has removed it. If a file vanishes before it is open, the
//! next attempt reads the next commit.

use std::io::{self, Read};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use tantivy::directory::error::OpenReadError;
use tantivy::{Directory, HasLen, Index};

use super::current::current_name;
use super::graph_file::GRAPH;
use super::stamp::{STAMP, Stamp};
use super::whole_files::{read_checked, read_if_exists};
use super::words::{self, WORDS};
use super::{BOILERPLATE, LEDGER, MODEL, damaged_file, directory, read_model, with_current};
use crate::backend::tantivy::format::{IndexFiles, META, VerifiedFile, segment_files, version_of};
use crate::error::{Error, OrInternal, Result};
use crate::learning::Boilerplate;

const OPEN: &str = "open a commit";

/// The number of attempts to open all files of a commit. An attempt can fail because a merge
/// removes files at once.
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
    /// The files that are damaged and left out, each with what is wrong with it. They are derived
    /// from others, and the index works without them.
    pub left_out: LeftOut,
}

/// The names of the damaged files that are not part of a backup, each with what is wrong with it.
pub type LeftOut = Vec<(&'static str, String)>;

/// An open file of a commit.
pub struct CommitFile {
    /// The name of the file, without a folder.
    pub name: String,
    content: Content,
}

enum Content {
    /// A file that is replaced as a whole.
    Small(Vec<u8>),
    /// A file of a segment.
    Segment(VerifiedFile),
}

/// A commit could not be opened: a new commit or ledger was written, or another generation became
/// current. The next attempt may succeed.
struct Interrupted;

impl Commit {
    /// Opens the last commit of the current generation at `data`. Retries while another commit
    /// replaces the one that is being opened, because other processes may be writing. Fails if no
    /// attempt succeeds, or if a file is missing or damaged.
    pub fn open(data: &Path) -> Result<Self> {
        with_current(data, |name| {
            for _ in 0..ATTEMPTS {
                if let Ok(commit) = attempt(data, name)? {
                    return Ok(commit);
                }
                if current_name(data)? != name {
                    break;
                }
                sleep(RETRY);
            }
            let what = "other commits replaced it at every attempt; try again";
            Err(Error::internal(OPEN)(what))
        })
    }
}

impl CommitFile {
    /// Returns the name of the file on the disk. It may be a compound file.
    #[cfg(test)]
    pub fn name_on_disk(&self) -> &str {
        match &self.content {
            Content::Small(_) => &self.name,
            Content::Segment(file) => {
                let name = file.path().file_name().and_then(|name| name.to_str());
                name.unwrap_or(&self.name)
            }
        }
    }

    /// Returns the size of the file.
    pub fn size_bytes(&self) -> u64 {
        match &self.content {
            Content::Small(bytes) => bytes.len() as u64,
            Content::Segment(file) => file.len() as u64,
        }
    }

    /// Returns a reader of the file. Reading a damaged page fails.
    pub fn reader(&self) -> Box<dyn Read + '_> {
        match &self.content {
            Content::Small(bytes) => Box::new(&bytes[..]),
            Content::Segment(file) => Box::new(file.reader()),
        }
    }

    /// Verifies the file. Fails when it is damaged.
    pub fn check(&self) -> Result<()> {
        match &self.content {
            Content::Small(_) => Ok(()),
            Content::Segment(file) => file.verify(|_| ()).or_internal("verify a file"),
        }
    }
}

fn attempt(data: &Path, name: &str) -> Result<Result<Commit, Interrupted>> {
    let path = directory(data, name);
    let stamp = Stamp::read(data, &path)?;
    let files = IndexFiles::for_reading(&path).or_internal(OPEN)?;
    // The ledger is opened before the commit. So the ledger may lack articles of the commit, but
    // never names an article that the commit lacks.
    let ledger_before = version_of(&path.join(LEDGER)).ok();
    let (mut opened, left_out) = open_small_files(data, &path, &stamp)?;
    let missing = |name: &Path| damaged_file(data, &path.join(name), "it is missing".to_owned());
    let meta_file = open_whole(&files, META)?.ok_or_else(|| missing(Path::new(META)))?;
    let index = Index::open(files.clone()).or_internal(OPEN)?;
    let meta = index.load_metas().or_internal(OPEN)?;
    for name in segment_files(&meta) {
        match open_segment_file(&files, &name)? {
            Some(file) => opened.push(file),
            // A writer removes a file only after it has written a `meta.json` without it.
            None if is_unchanged(&meta_file, &files) => return Err(missing(&name)),
            None => return Ok(Err(Interrupted)),
        }
    }
    // Tantivy must have parsed the same `meta.json` that was opened. An old ledger must not be
    // combined with a much newer commit.
    let is_same = is_unchanged(&meta_file, &files);
    let ledger_after = version_of(&path.join(LEDGER)).ok();
    if !is_same || ledger_before != ledger_after || current_name(data)? != name {
        return Ok(Err(Interrupted));
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
        left_out,
    }))
}

/// Reads and verifies the small files of a generation. Those that are damaged and derived from
/// others are left out. Fails when the model is damaged.
fn open_small_files(
    data: &Path,
    directory: &Path,
    stamp: &Stamp,
) -> Result<(Vec<CommitFile>, LeftOut)> {
    // The stamp may come from the commit, so the file need not exist.
    let mut files = vec![CommitFile {
        name: STAMP.to_owned(),
        content: Content::Small(stamp.to_file()?),
    }];
    read_model(data, directory, stamp)?;
    let mut left_out = Vec::new();
    for name in [MODEL, WORDS, BOILERPLATE, LEDGER, GRAPH] {
        let path = directory.join(name);
        let checked = read_checked(&path, stamp.has_checksums()).and_then(|content| {
            match name {
                WORDS if content.is_some() => words::read(directory, stamp).map(drop)?,
                BOILERPLATE => drop(
                    content
                        .as_deref()
                        .map(Boilerplate::from_bytes)
                        .transpose()?,
                ),
                _ => {}
            }
            // The file with its checksum.
            read_if_exists(&path)
        });
        match checked {
            Ok(Some(content)) => files.push(CommitFile {
                name: name.to_owned(),
                content: Content::Small(content),
            }),
            // Not every generation has all of these files.
            Ok(None) => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidData && name != MODEL => {
                let what = match Error::io("read", &path)(error) {
                    Error::Damaged { what, .. } => what,
                    error => error.to_string(),
                };
                left_out.push((name, what));
            }
            Err(error) => return Err(Error::io("read", &path)(error)),
        }
    }
    Ok((files, left_out))
}

/// Reads a file that is replaced as a whole; `None` if it does not exist.
fn open_whole(files: &IndexFiles, name: &str) -> Result<Option<CommitFile>> {
    let content = files.atomic_read(Path::new(name)).map(Content::Small);
    opened(name.to_owned(), content)
}

/// Opens a file of a segment; `None` if it does not exist.
fn open_segment_file(files: &IndexFiles, path: &Path) -> Result<Option<CommitFile>> {
    let content = files.open_file(path).map(Content::Segment);
    opened(path.to_string_lossy().into_owned(), content)
}

fn opened(name: String, content: Result<Content, OpenReadError>) -> Result<Option<CommitFile>> {
    match content {
        Ok(content) => Ok(Some(CommitFile { name, content })),
        Err(OpenReadError::FileDoesNotExist(_)) => Ok(None),
        Err(error) => Err(Error::internal(OPEN)(error)),
    }
}

/// Returns whether the open `meta.json` is still the one in the directory.
fn is_unchanged(meta_file: &CommitFile, files: &IndexFiles) -> bool {
    let current = files.atomic_read(Path::new(META));
    match &meta_file.content {
        Content::Small(bytes) => current.is_ok_and(|current| current == *bytes),
        Content::Segment(_) => false,
    }
}
