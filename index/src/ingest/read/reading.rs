//! A stream that is being read: it names positions in the stream and passes articles, rejections
//! and notes to the sink. It reads no format itself.

use std::io;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use encoding_rs::UTF_8;

use super::record::emptiness;
use super::{
    Item, ItemSink, LostMember, Mapping, NoteKind, Position, ReadArticle, Record, Rejected,
    Replaced, id_hash, read_failure,
};

/// Why a reader stops before the end of its stream.
pub enum Stop {
    /// The sink takes no more items.
    SinkClosed,
    /// The rest of the stream cannot be read, for this reason.
    Unreadable(String),
}

/// The result of reading a stream.
pub type ReadResult = Result<(), Stop>;

/// Ends the reading of a file: the rest of it cannot be read, for this reason.
pub fn unreadable(reason: impl Into<String>) -> ReadResult {
    Err(Stop::Unreadable(reason.into()))
}

impl From<String> for Stop {
    fn from(reason: String) -> Self {
        Self::Unreadable(reason)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(read_failure(&error))
    }
}

/// A stream that is being read, and the sink for its items.
pub struct Reading<'a> {
    /// The name of the file in reports.
    pub name: &'a str,
    /// The character between the name and a number: `:` before a line, `#` before an entry.
    pub mark: char,
    /// The number of the line or entry that is being read; `None` for the whole file.
    pub number: Option<u64>,
    /// Maps the names of fields and columns to parts of an article.
    pub mapping: &'a Mapping,
    /// The callback for the items.
    pub sink: &'a mut ItemSink<'a>,
    /// The number of articles that were sent to the sink.
    pub article_count: u64,
}

impl Reading<'_> {
    /// Returns the name of the position in the stream, such as `file:17`; without a number, the
    /// name of the file.
    fn source(&self) -> String {
        match self.number {
            Some(number) => format!("{}{}{number}", self.name, self.mark),
            None => self.name.to_owned(),
        }
    }

    /// Sends an item to the sink.
    pub fn send(&mut self, item: Item) -> ReadResult {
        self.article_count += u64::from(matches!(item, Item::Article(_)));
        match (self.sink)(item) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stop::SinkClosed),
        }
    }

    /// Sends a note to the sink, with the position in the stream as its example.
    fn note(&mut self, kind: NoteKind) -> ReadResult {
        self.send(Item::Note(kind, self.source()))
    }

    /// Sends a note to the sink, with the position in the stream and a detail as its example.
    pub fn note_detail(&mut self, kind: NoteKind, detail: &str) -> ReadResult {
        let example = format!("{}: {detail}", self.source());
        self.send(Item::Note(kind, example))
    }

    /// Sends a note to the sink about invalid bytes, if there are any.
    pub fn note_replaced(&mut self, replaced: Option<Replaced>) -> ReadResult {
        replaced.map_or(Ok(()), |replaced| {
            self.note_detail(NoteKind::Replaced, &replaced.to_string())
        })
    }

    /// Sends a note to the sink if the encoding is not UTF-8.
    pub fn note_encoding(&mut self, encoding: &'static str) -> ReadResult {
        if encoding == UTF_8.name() {
            return Ok(());
        }
        self.note(NoteKind::DecodedAs(encoding))
    }

    /// Sends the notes of a record to the sink. Returns the article as an item. Returns a rejection
    /// if the record could not be read or has no text to search.
    pub fn noted(&mut self, record: Result<Record, String>) -> Result<Item, Stop> {
        let reason = match record {
            Ok(Record {
                left_out: Some(what),
                ..
            }) => {
                let example = format!("{}: {what}", self.source());
                return Ok(Item::Note(NoteKind::Unpublished, example));
            }
            Ok(record) => {
                if let Some(kind) = record.repaired {
                    self.note(NoteKind::Repaired(kind))?;
                }
                if let Some(date) = record.unreadable_date {
                    self.note_detail(NoteKind::UnreadableDate, &date)?;
                }
                for (kind, detail) in record.notes {
                    self.note_detail(kind, &detail)?;
                }
                match emptiness(&record.article) {
                    None => {
                        return Ok(Item::Article(Arc::new(ReadArticle {
                            position: record.has_text_id.then(|| Position {
                                stream: self.name.to_owned(),
                                is_whole: self.number.is_none(),
                                text_id: id_hash(&record.article.id),
                            }),
                            article: record.article,
                            counted: OnceLock::new(),
                        })));
                    }
                    Some(reason) => reason.to_owned(),
                }
            }
            Err(reason) => reason,
        };
        Ok(Item::Rejected(Rejected::new(self.source(), reason)))
    }

    /// Rejects a member of a compressed stream that is damaged. Other errors end the reading.
    pub fn skip_lost_member(&mut self, error: io::Error) -> ReadResult {
        match LostMember::in_error(&error) {
            Some(_) => self.record(Err(read_failure(&error))),
            None => Err(error.into()),
        }
    }

    /// Rejects the rest of the stream. The reason also says whether articles before it were kept.
    pub fn reject_rest(&mut self, reason: String) -> ReadResult {
        let kept = match self.article_count {
            0 => "",
            _ => "; the articles before that point were kept",
        };
        self.record(Err(reason + kept))
    }

    /// Sends the result of reading a record to the sink: the notes and the article, or a rejection.
    pub fn record(&mut self, record: Result<Record, String>) -> ReadResult {
        let item = self.noted(record)?;
        self.send(item)
    }
}
