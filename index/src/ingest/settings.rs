//! What to ingest and how to read it. This module is at the bottom of ingestion: it reads nothing.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use super::mapping::Mapping;
use super::spool::Spool;

/// What to ingest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file, or a folder with everything in it.
    Path(PathBuf),
    /// A file that is compiled into the program.
    Memory {
        /// Its name. The extension can decide the format.
        name: String,
        /// Its content.
        bytes: &'static [u8],
    },
    /// Input from a stream, such as standard input.
    Stream {
        /// The name in reports.
        name: String,
        /// A copy of the stream.
        spool: Spool,
    },
}

/// How files are read.
///
/// The ledger stores a hash of the variant's `Debug` text, so a renamed variant makes the next job
/// read all files again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// By the content of each file, and by its name where the content does not decide.
    #[default]
    Auto,
    /// Every file is one article as plain text.
    Text,
    /// Every file is one article as a web page.
    Html,
    /// Every line of every file is one article as a JSON object, or every value of a list.
    Jsonl,
    /// Every row of every file is one article; the first row names the columns.
    Csv,
    /// Every entry of every file, RSS or Atom, is one article.
    Feed,
    /// Every page in every file is one article.
    Warc,
}

/// The part of a job's settings that a pass over the input needs.
#[derive(Clone, Copy)]
pub struct PassSettings<'a> {
    /// The input, in reading order.
    pub inputs: &'a [Input],
    /// How files are read.
    pub format: Format,
    /// Which names of fields and columns stand for what.
    pub mapping: &'a Mapping,
    /// The number of threads that work on articles.
    pub threads: NonZeroUsize,
    /// Set to true, it stops the pass.
    pub cancel: &'a AtomicBool,
}
