//! Ingestion: files and folders → articles → an [`IndexWriter`](crate::IndexWriter), with a report
//! of the job. It neither analyses words nor searches.
//!
//! A file passes through these modules, from top to bottom:
//!
//! | module | task |
//! |---|---|
//! | `job` | counts the words of a new index in one pass and writes the articles in another |
//! | `pass` | distributes articles from one reading thread to several working threads |
//! | `walk` | finds files |
//! | `unpack` | opens compressed files and archives; `sniff` detects what a file holds |
//! | `read` | turns a stream into articles |
//! | `decode`, `repair` | give the readers correct text |
//! | `date` | reads publication dates |
//!
//! Beside them, `preview` shows what a job would do, and `records` reads lines that come from a
//! caller. At the bottom, `settings`, `content`, `event` and `rejection` define the types that the
//! other modules exchange.
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
mod content;
mod count;
pub mod date;
mod decode;
mod entry;
mod event;
mod file_name;
mod file_reader;
mod furniture;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod gzip;
mod identity;
mod indexing;
mod input_path;
mod job;
mod learn;
mod limits;
mod mapping;
mod open;
mod pass;
mod preview;
mod prune;
mod pushback;
mod read;
mod read_cache;
mod records;
mod rejection;
mod rejects;
mod repair;
mod replaced;
mod replaced_ids;
mod report;
mod settings;
mod sniff;
mod spool;
mod tar_scan;
mod transcode;
mod unchanged_files;
mod unpack;
mod walk;
mod zip_scan;

pub use decode::{Decoded, decode, decode_as, has_few_controls};
pub use event::NoteKind;
pub use learn::LearnedModel;
pub use mapping::{FieldName, FieldNameError, Mapping, Target};
pub use preview::{Preview, PreviewedArticle};
pub use read::page::article as read_page;
pub use read::record::Record;
pub use read::text::read as read_text;
pub use records::{Records, Refusal, read_record};
pub use rejection::{Rejected, RejectedInput};
pub use repair::repair;
pub use replaced::Replaced;
pub use report::{IngestReport, Note, PruneRefusal, Pruned, PrunedPath, Rebuild};
pub use settings::{Format, IngestJob, Input};
pub use spool::Spool;

use crate::ledger::{FileMark, Ledger, Place, ReadFile, id_hash, settings_hash};
use budget::{Budget, Reservation};
use content::{Archive, ArticleFormat, Compression, Content, HEAD_BYTES};
use entry::Entry;
use event::{Event, Item, ItemSink, ReadArticle, SkippedFile, continue_if};
use fihrist_arabic::chars::{Class, class, is_format};
use fihrist_arabic::fold::folded;
use file_name::{extension, is_foreign_name, is_helper_name, is_zipped_document_name};
use furniture::{ends_sentence, is_blank};
use gzip::{GzipMembers, LostMember};
use identity::{FileIdentity, Places, Position, is_gone};
use input_path::{InputPath, inputs};
use learn::GraphObserver;
use limits::{ExpansionLimit, MeteredReader, RecordLimit, SmallReads};
use mapping::{Meaning, Node};
use pass::Pass;
use pushback::Pushback;
use read_cache::{CacheUse, CachedFile, ReadCache};
use rejection::{open_failure, read_failure};
use replaced::replace_invalid;
use transcode::{InvalidBytes, Transcoding};
use unchanged_files::UnchangedFiles;
use unpack::Unpack;
use walk::{File, FileLocation, WalkStep, walk};

pub use crate::progress::{NoProgress, Phase, Progress, ProgressUpdate};
