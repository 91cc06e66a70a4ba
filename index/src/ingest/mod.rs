//! Ingestion: files and folders → articles → an [`IndexWriter`](crate::IndexWriter), with a report of what was odd.
//! It neither analyses nor searches.
//!
//! `walk` finds files, `sniff` tells what they hold, `unpack` opens what holds others, `decode` turns bytes into text,
//! `repair` mends what was decoded wrongly before, `read` turns all of it into articles with typed segments, `date`
//! understands when they were published, a pass takes it all to some threads, and [`IngestJob`] makes one pass to count
//! the words of a new index, one to write the articles.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use fihrist_index::IndexWriter;
//! use fihrist_index::ingest::{IngestJob, Input, NoProgress};
//!
//! let mut writer = IndexWriter::open(Path::new("data"))?;
//! let report = IngestJob::new(vec![Input::Path("articles".into())]).run(&mut writer, &NoProgress)?;
//! writer.finish()?;
//! println!("{} indexed, {} rejected", report.indexed, report.rejected_count);
//! # Ok::<(), fihrist_index::Error>(())
//! ```

mod archive;
mod budget;
mod count;
pub mod date;
mod decode;
mod furniture;
mod guard;
mod job;
mod kept;
mod ledger;
mod mapping;
mod open;
mod pass;
mod plan;
mod preview;
mod read;
mod records;
mod rejects;
mod repair;
mod report;
mod sight;
mod sniff;
mod spool;
mod transcode;
mod unpack;
mod walk;

use std::path::PathBuf;

pub use decode::{Decoded, decode, decode_as};
pub use job::{IngestJob, Taught};
pub use mapping::{Mapping, NotTold, Target, Told};
pub use preview::{Preview, Previewed};
pub use read::page::article as read_page;
pub use read::record::Record;
pub use read::text::read as read_text;
pub use records::{Records, Refusal, read_record};
pub use repair::repair;
pub use report::{IngestReport, Note, NoteKind, Pruned, Rebuild, Rejected, Source};
pub use spool::Spool;

pub use crate::progress::{NoProgress, Phase, Progress, ProgressUpdate};

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
    /// What came in a stream, such as standard input.
    Stream {
        /// How reports call it.
        name: String,
        /// A copy of it.
        spool: Spool,
    },
}

/// How files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// By what each file holds, and its name.
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
