//! A stream that is being read: it names positions in the stream and passes articles, rejections
//! and notes to the sink. It reads no format itself.

use std::ops::ControlFlow;

use super::record::Record;
use super::searchable::emptiness;
use crate::document::Article;
use crate::ingest::event::{Item, ItemSink, NoteKind};
use crate::ingest::mapping::Mapping;
use crate::ingest::rejection::Rejected;

/// A stream that is being read, and the sink for its items.
pub struct Reading<'a, 's> {
    /// The name of the file in reports.
    pub name: &'a str,
    /// The character between the name and a number: `:` before a line, `#` before an entry.
    pub mark: char,
    /// Maps the names of fields and columns to parts of an article.
    pub mapping: &'a Mapping,
    /// The callback for the items.
    pub sink: &'s mut ItemSink<'s>,
}

impl Reading<'_, '_> {
    /// Returns the name of a position in the stream, such as `file:17`; without a number, the name
    /// of the file.
    pub fn source(&self, number: Option<u64>) -> String {
        match number {
            Some(number) => format!("{}{}{number}", self.name, self.mark),
            None => self.name.to_owned(),
        }
    }

    /// Sends a rejection to the sink. `number` is that of the line or entry; `None` means the whole
    /// file.
    pub fn reject(&mut self, number: Option<u64>, reason: impl Into<String>) -> ControlFlow<()> {
        let rejected = Rejected::new(self.source(number), reason);
        (self.sink)(Item::Rejected(rejected))
    }

    /// Sends a note to the sink, with the position in the stream as its example.
    pub fn note(&mut self, kind: NoteKind, number: Option<u64>) -> ControlFlow<()> {
        let source = self.source(number);
        (self.sink)(Item::Note(kind, source))
    }

    /// Sends the notes of a record to the sink. Returns the article as an item, or a rejection if
    /// it has no text to search.
    pub fn noted(&mut self, number: Option<u64>, record: Record) -> ControlFlow<(), Item> {
        if let Some(kind) = record.repaired {
            self.note(NoteKind::Repaired(kind), number)?;
        }
        if let Some(date) = record.unreadable_date {
            let example = format!("{}: {date}", self.source(number));
            (self.sink)(Item::Note(NoteKind::UnreadableDate, example))?;
        }
        ControlFlow::Continue(self.checked(number, record.article))
    }

    /// Returns the article as an item, or a rejection if it has no text to search.
    pub fn checked(&self, number: Option<u64>, article: Article) -> Item {
        match emptiness(&article) {
            None => article.into(),
            Some(reason) => Item::Rejected(Rejected::new(self.source(number), reason)),
        }
    }

    /// Sends the result of reading a record to the sink: the notes and the article, or a rejection.
    pub fn record(
        &mut self,
        number: Option<u64>,
        record: Result<Record, String>,
    ) -> ControlFlow<()> {
        match record {
            Ok(record) => {
                let item = self.noted(number, record)?;
                (self.sink)(item)
            }
            Err(reason) => self.reject(number, reason),
        }
    }
}
