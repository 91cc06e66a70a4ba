//! What happens during ingestion: the items that a reader finds in a file, and the events that a
//! pass reports.
//!
//! This module only defines these types; other modules handle them.

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use super::{Position, Rejected, RejectedInput, extension};
use crate::document::{ArticleId, CountedArticle, Segment};
use crate::{Article, Error, Upserted};

/// An article that two passes can share, and what the counting pass has computed for it.
#[derive(Debug)]
pub struct ReadArticle {
    pub article: Article,
    /// Where the article is found; `None` if it has an id of its own.
    pub position: Option<Position>,
    pub counted: OnceLock<CountedArticle>,
}

/// An item that a reader finds in a file.
#[derive(Debug, Clone)]
pub enum Item {
    /// The file is in a known format. The articles in it follow as further items.
    File,
    /// A file in no known format.
    Skipped(SkippedFile),
    /// An article.
    Article(Arc<ReadArticle>),
    /// An input that gave no article.
    Rejected(Rejected),
    /// Something unusual about the article that comes next, with an example.
    Note(NoteKind, String),
}

impl Item {
    /// Returns about how much memory the item takes.
    pub fn size_bytes(&self) -> usize {
        let heap_bytes = match self {
            Self::File => 0,
            Self::Skipped(skipped) => skipped.name.capacity() + skipped.kind.len(),
            Self::Article(read) => {
                let article = &read.article;
                let segments = article.segments.capacity() * size_of::<Segment>();
                size_of::<ReadArticle>() + article.text.capacity() + segments
            }
            Self::Rejected(rejected) => {
                let record = match &rejected.input {
                    RejectedInput::Record(record) => record.len(),
                    RejectedInput::File(_) | RejectedInput::Unknown => 0,
                };
                rejected.source.capacity() + rejected.reason.capacity() + record
            }
            Self::Note(_, example) => example.capacity(),
        };
        size_of::<Self>() + heap_bytes
    }
}

/// A file in a folder or an archive that is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedFile {
    /// The name of the file.
    pub name: String,
    /// What kind of file it is: its ending, such as `.jpg`, or what its content is, such as
    /// `a picture`.
    pub kind: Cow<'static, str>,
}

impl SkippedFile {
    /// Creates it from the name alone.
    pub fn named(name: impl Into<String>) -> Self {
        let name = name.into();
        let kind = match &*extension(&name) {
            "" => "without an ending".into(),
            extension => format!(".{extension}").into(),
        };
        Self { name, kind }
    }
}

/// The callback for the items of a file. It returns `Break` to stop the reader.
pub type ItemSink<'s> = dyn FnMut(Item) -> ControlFlow<()> + 's;

/// Returns `Continue` if `goes_on`, otherwise `Break`, which stops a reader.
pub fn continue_if(goes_on: bool) -> ControlFlow<()> {
    if goes_on {
        ControlFlow::Continue(())
    } else {
        ControlFlow::Break(())
    }
}

/// What the threads of a pass report to the calling thread.
pub enum Event {
    /// An article was written, or the index holds it unchanged. The number is the length of its
    /// text in bytes.
    Upserted(Upserted, u64),
    /// An article was written in place of another one of the same job, which has the same id. The
    /// number is the length of its text in bytes.
    Repeated(ArticleId, u64),
    /// The words of an article were counted.
    Counted,
    /// An input gave no article.
    Rejected(Rejected),
    /// The index could not store an article that an earlier event reported as written.
    Refused(Rejected),
    /// Something unusual about an article, with an example.
    Note(NoteKind, String),
    /// A file in no known format.
    Skipped(SkippedFile),
    /// A link with this name was not followed, because it leads out of the folder of the input.
    LinkOut(String),
    /// A file in a known format was opened.
    File,
    /// A file was not read again, because it has not changed. The number is how many articles it
    /// holds.
    UnchangedFile(u64),
    /// The index failed; the job ends.
    Failed(Error),
}

/// What can be unusual about an article that is indexed nevertheless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// The bytes of the article were not UTF-8; they were read in this encoding.
    DecodedAs(&'static str),
    /// The text was mojibake of this kind and was repaired.
    Repaired(&'static str),
    /// Bytes that are invalid in the encoding of the text became U+FFFD.
    Replaced,
    /// The date field cannot be read and is ignored.
    UnreadableDate,
    /// A record of a WARC file is not as long as its header says.
    WrongLength,
    /// A row of a table does not have as many cells as there are columns.
    UnevenRow,
    /// A name occurs twice in an object; the last value counts.
    DuplicateField,
    /// Another article of the same job has the same id, and is kept in its place.
    RepeatedId,
    /// A field has a value of the wrong type and is ignored.
    IgnoredField,
    /// A field that is no part of the article is not stored with it, because it is too long.
    UnstoredField,
    /// The article has only a title or a part of its text, and a field with an unknown name may hold the
    /// text.
    TitleOnly,
    /// A draft, a page or a file that describes a program: no published article, so it is left out.
    Unpublished,
}

impl NoteKind {
    /// Returns the stable name for programs that read reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DecodedAs(_) => "decoded_as",
            Self::Repaired(_) => "repaired",
            Self::Replaced => "replaced",
            Self::UnreadableDate => "unreadable_date",
            Self::WrongLength => "wrong_length",
            Self::UnevenRow => "uneven_row",
            Self::DuplicateField => "duplicate_field",
            Self::RepeatedId => "repeated_id",
            Self::IgnoredField => "ignored_field",
            Self::UnstoredField => "unstored_field",
            Self::TitleOnly => "title_only",
            Self::Unpublished => "unpublished",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_takes_room_in_the_cache() {
        let record = |length: usize| {
            let input = RejectedInput::Record(vec![b'x'; length].into());
            Item::Rejected(Rejected {
                input,
                ..Rejected::new("a.jsonl:1", "broken")
            })
        };
        assert!(record(0).size_bytes() > "a.jsonl:1".len());
        assert_eq!(record(1_000).size_bytes() - record(0).size_bytes(), 1_000);
        assert!(Item::Note(NoteKind::UnreadableDate, String::new()).size_bytes() > 0);
        assert!(Item::Skipped(SkippedFile::named("a.jpg")).size_bytes() > 0);
    }
}
