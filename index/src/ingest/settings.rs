//! What to ingest and how to read it. This module only defines types; it reads nothing.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use super::mapping::Mapping;
use super::spool::Spool;

/// One input of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// The part of a job's settings that a pass over the input needs.
#[derive(Clone, Copy)]
pub struct PassSettings<'a> {
    /// The input, in reading order.
    pub inputs: &'a [Input],
    /// The format of the files, or `Auto` to detect it.
    pub format: Format,
    /// Maps the names of fields and columns to parts of an article.
    pub mapping: &'a Mapping,
    /// The number of threads that work on articles.
    pub threads: NonZeroUsize,
    /// When this is true, the pass stops.
    pub cancel: &'a AtomicBool,
}
