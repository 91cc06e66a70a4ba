//! What happens during ingestion: the items that a reader finds in a file, and the events that a
//! pass reports.
//!
//! This module is at the bottom of ingestion: it handles none of them.

use super::rejection::Rejected;
use crate::document::Article;
use crate::error::Error;
use crate::writer::Upserted;

/// An item that a reader finds in a file.
#[derive(Debug)]
pub enum Item {
    /// The file is in a known format. Its articles follow.
    File,
    /// A file in no known format.
    Skipped,
    /// An article.
    Article(Box<Article>),
    /// An input that gave no article.
    Rejected(Rejected),
    /// Something unusual about the article that comes next, with an example.
    Note(NoteKind, String),
}

/// The function that takes the items of a file. It returns `Break` to stop the reader.
pub type ItemSink<'s> = dyn FnMut(Item) -> std::ops::ControlFlow<()> + 's;

/// What the threads of a pass report to the calling thread.
pub enum Event {
    /// An article was written. The number is the length of its text in bytes.
    Upserted(Upserted, u64),
    /// The words of an article were counted.
    Counted,
    /// An input gave no article.
    Rejected(Rejected),
    /// The index could not store an article that was written before.
    Refused(Rejected),
    /// Something unusual about an article, with an example.
    Note(NoteKind, String),
    /// A file in no known format.
    Skipped,
    /// A file in a known format was opened.
    File,
    /// A file was not read again, because it has not changed. The number counts its articles.
    UnchangedFile(u64),
    /// The index failed; the job ends.
    Failed(Error),
}

/// What can be unusual about an article that is indexed nevertheless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoteKind {
    /// Its bytes were not UTF-8; they were read in this encoding.
    DecodedAs(&'static str),
    /// Its text was mojibake of this kind and was repaired.
    Repaired(&'static str),
    /// It names a date that cannot be read. The date is left out.
    UnreadableDate,
}

impl NoteKind {
    /// Returns the stable name for programs that read reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DecodedAs(_) => "decoded_as",
            Self::Repaired(_) => "repaired",
            Self::UnreadableDate => "unreadable_date",
        }
    }
}
