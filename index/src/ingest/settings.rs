//! What to ingest and how to read it. This module only defines types; it reads nothing.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::{Mapping, Spool};

/// One run of indexing. See the [module](super) for an example.
#[derive(Debug)]
pub struct IngestJob {
    /// The input, in reading order. A new index reads it twice: once to count words, once to index.
    pub inputs: Vec<Input>,
    /// The format of the files, or `Auto` to detect it.
    pub format: Format,
    /// Maps the names of fields and columns to parts of an article.
    pub mapping: Mapping,
    /// The number of articles between two commits. The job also commits every 30 seconds.
    pub commit_every: usize,
    /// The number of threads that analyse and write articles.
    pub threads: NonZeroUsize,
    /// Whether the job rebuilds an index that has outgrown its model.
    pub rebuilds: bool,
    /// Whether links in a folder are followed that lead out of the folder.
    pub follows_links: bool,
    /// Whether the job deletes the articles that jobs have written and the input does not hold. It
    /// deletes none if an input was rejected, because the rejected input may hold them.
    pub prunes: bool,
    /// Whether the job deletes the articles of files that were deleted from the folders of the
    /// input, and the articles without an id of their own that an edited file no longer holds. It
    /// deletes none of them if they are more than half of the articles, or all articles of one
    /// input path. `prunes` deletes more.
    pub follows_deletions: bool,
    /// Whether `prunes` may delete more than half of the articles, all articles of one input path,
    /// and the articles of files that exist but were not read.
    pub prunes_all: bool,
    /// A new folder that receives the rejected input unchanged, so that it can be repaired and
    /// indexed separately. `None` keeps no rejected input.
    pub rejects: Option<PathBuf>,
    /// When this is set to true, the job ends early. The articles written so far are committed.
    pub cancel: Arc<AtomicBool>,
}

impl IngestJob {
    /// Creates a job over `inputs` with default settings.
    pub fn new(inputs: Vec<Input>) -> Self {
        Self {
            inputs,
            format: Format::Auto,
            mapping: Mapping::default(),
            commit_every: 50_000,
            threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            rebuilds: true,
            follows_links: false,
            prunes: false,
            follows_deletions: false,
            prunes_all: false,
            rejects: None,
            cancel: Arc::new(AtomicBool::new(false)),
        }
    }
}

/// One input of a job.
#[derive(Debug, Clone)]
pub enum Input {
    /// A file, or a folder with everything in it.
    Path(PathBuf),
    /// A file that is compiled into the program.
    Memory {
        /// The file's name. Its extension can decide the format.
        name: String,
        /// The file's content.
        bytes: &'static [u8],
    },
    /// Input from a stream, such as standard input.
    Stream {
        /// The stream's name in reports.
        name: String,
        /// A copy of the stream in a temporary file.
        spool: Spool,
    },
}

/// The format of the input files.
///
/// The ledger stores a hash of the variant's `Debug` text, so a renamed variant makes the next job
/// read all files again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Detected for each file by its content, and by its name where the content does not decide.
    #[default]
    Auto,
    /// Every file is one article as plain text.
    Text,
    /// Every file is one article as a web page.
    Html,
    /// Every line is one article as a JSON object. If a file is a JSON list, every value is one
    /// article.
    Jsonl,
    /// Every row of every file is one article; the first row names the columns.
    Csv,
    /// Every file is an RSS or Atom feed, and every entry is one article.
    Feed,
    /// Every file is a WARC archive, and every web page in it is one article.
    Warc,
}
