//! Ingestion: files and folders → articles → an [`IndexWriter`](crate::IndexWriter), with a report of what was odd.
//! It neither analyses nor searches.
//!
//! `walk` finds files, `decode` turns bytes into text, `repair` mends what was decoded wrongly before, `read` turns text into articles with typed segments, `date`
//! understands when they were published, a pass takes it all to some threads, and [`IngestJob`] makes one pass to count
//! the words of a new index, one to write the articles.
//!
//! ```no_run
//! use fihrist_index::IndexWriter;
//! use fihrist_index::ingest::{IngestJob, Input, NoProgress};
//!
//! let mut writer = IndexWriter::open("data".as_ref())?;
//! let report = IngestJob::new(vec![Input::Path("articles".into())]).run(&mut writer, &NoProgress)?;
//! writer.finish()?;
//! println!("{} indexed, {} rejected", report.indexed, report.rejected_count);
//! # Ok::<(), fihrist_index::Error>(())
//! ```

mod budget;
mod count;
pub mod date;
mod decode;
mod furniture;
mod job;
mod open;
mod pass;
mod read;
mod repair;
mod report;
mod sight;
mod walk;

use std::path::PathBuf;

pub use decode::{Decoded, decode, decode_as};
pub use job::{IngestJob, Taught};
pub use read::text::read as read_text;
pub use repair::repair;
pub use report::{IngestReport, Note, NoteKind, Rebuild, Rejected};

pub use crate::progress::{NoProgress, Phase, Progress, Snapshot};

/// What to ingest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file, or a folder with all that is in it.
    Path(PathBuf),
    /// A file that is part of the program.
    Memory {
        /// Its name, from which its format follows.
        name: String,
        /// What is in it.
        bytes: &'static [u8],
    },
}

/// How files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// By the name of each file.
    #[default]
    Auto,
    /// Every file is one article as plain text.
    Text,
    /// Every line of every file is one article as a JSON object.
    Jsonl,
}
