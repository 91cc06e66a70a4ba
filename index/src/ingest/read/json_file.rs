//! Files of JSON: one object a line, or a stream of values. One record is read by `json_record`, and
//! `json_list` finds lists of records inside a value.

use std::io::BufRead;

use rustc_hash::FxHashMap;

use super::json_list::{About, List, bulk_action, is_table_header, list_in, list_value, members};
use super::json_record::{Failure, read_leniently, targets};
use super::json_table;
use super::lines::Lines;
use super::objects::{JsonValues, UNCLOSED, first_name, next_record};
use super::{
    Draft, Item, LostMember, MAX_ARTICLE_BYTES, Mapping, ReadResult, Reading, RejectedInput,
    Target, read_failure, unreadable,
};

/// The maximum number of lists around a record.
const MAX_LISTS: u8 = 4;
/// The number of values of a list that show whether it holds articles.
const FIRST_VALUES: usize = 3;
/// The maximum number of kinds of records whose fields are listed.
const MAX_SHAPES: usize = 1_000;

/// Reads a file with one object a line.
pub fn read_lines(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    let mut lines = Lines::new(input, MAX_ARTICLE_BYTES);
    let mut file = JsonFile::default();
    loop {
        match lines.next() {
            Ok(None) => return Ok(()),
            Ok(Some((number, line))) => {
                reading.number = Some(number);
                match line {
                    Ok(line) => file.read_value(line, &About::default(), 0, reading)?,
                    Err(reason) => reading.record(Err(reason))?,
                }
                reading.number = None;
            }
            Err(error) if LostMember::in_error(&error).is_some() => {
                reading.number = Some(lines.number + 1);
                reading.record(Err(read_failure(&error)))?;
                reading.number = None;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Reads a list of objects, or objects one after the other.
pub fn read_values(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    JsonFile::default().read_values(
        JsonValues::new(input, MAX_ARTICLE_BYTES as usize, 1),
        0,
        reading,
    )
}

/// What is known about a file while it is read.
#[derive(Default)]
struct JsonFile {
    /// The shapes of records that gave no text, each with the line of the first one.
    unread: FxHashMap<u64, u64>,
    /// The id that the bulk format of Elasticsearch gives to the next record.
    next_id: String,
    /// Where the next record begins in the last value, if that value is broken and goes on into it.
    next_record: Option<usize>,
    /// The first name in the last record that is not broken.
    first_name: Vec<u8>,
}

impl JsonFile {
    /// Reads the values of a stream, which has `lists` lists around it.
    fn read_values(
        &mut self,
        mut values: JsonValues<'_>,
        lists: u8,
        reading: &mut Reading<'_>,
    ) -> ReadResult {
        loop {
            let ((line, value), about) = match values.next() {
                Ok(Some(next)) => next,
                Ok(None) => return Ok(()),
                Err(error) => {
                    // The lost value may be an object with a list, whose beginning has articles.
                    let (line, begun) = values.begun();
                    if list_in(begun).is_some() {
                        reading.number = Some(line);
                        self.read_value(begun, &About::default(), lists, reading)?;
                        reading.number = None;
                    }
                    return Err(error.into());
                }
            };
            reading.number = Some(line);
            match value {
                Ok(value) => {
                    self.read_value(value, about, lists, reading)?;
                    if let Some(start) = self.next_record.take() {
                        values.resume(start);
                    }
                }
                Err(reason) if reason == UNCLOSED && lists == 0 => return unreadable(reason),
                Err(reason) => reading.record(Err(reason))?,
            }
            reading.number = None;
        }
    }

    /// Reads a record, or the records in a list. Blank values are skipped.
    fn read_value(
        &mut self,
        value: &[u8],
        about: &About,
        lists: u8,
        reading: &mut Reading<'_>,
    ) -> ReadResult {
        let line = reading.number.unwrap_or_default();
        if value.is_empty() || about.leaves_out(value) || is_table_header(value) {
            return Ok(());
        }
        if let Some(action) = bulk_action(value) {
            self.next_id = action.id;
            return Ok(());
        }
        if lists < MAX_LISTS && is_list_of_records(value) {
            let mut list = value;
            let values = JsonValues::new(&mut list, MAX_ARTICLE_BYTES as usize, line);
            return self.read_values(values, lists + 1, reading);
        }
        let id = std::mem::take(&mut self.next_id);
        let complete = |draft: &mut Draft<'_>| {
            if draft.id.trim().is_empty() {
                draft.id = id.clone().into();
            }
            about.complete(draft);
        };
        let read = read_leniently(value, reading.mapping, complete);
        // A title that is a list may be a column of a table.
        let may_be_table = read.as_ref().map_or(true, |read| read.has_title_list);
        if may_be_table
            && lists < MAX_LISTS
            && let Some(records) = json_table::records(value, reading.mapping)
        {
            for record in records {
                self.read_value(record.to_string().as_bytes(), about, lists + 1, reading)?;
            }
            return Ok(());
        }
        let is_article = read.as_ref().is_ok_and(|read| read.has_whole_body);
        if !is_article
            && lists < MAX_LISTS
            && let Some(list) = list_of_articles(value, reading.mapping)
        {
            let before = memchr::memchr_iter(b'\n', &value[..list.start]).count();
            let mut records = list_value(value, &list);
            let limit = MAX_ARTICLE_BYTES as usize;
            let mut values = JsonValues::new(&mut records, limit, line + before as u64);
            values.about = list.about;
            return self.read_values(values, lists + 1, reading);
        }
        let is_broken = matches!(read, Err(Failure::Broken(_)));
        if is_broken {
            let own_name = first_name(value).unwrap_or_default();
            let names = [self.first_name.as_slice(), own_name].into_iter();
            let mut names = names.filter(|name| !name.is_empty());
            self.next_record = names.find_map(|name| next_record(value, name));
        } else if let Some(name) =
            first_name(value).filter(|name| *name != self.first_name.as_slice())
        {
            self.first_name = name.to_vec();
        }
        let record = read.map(|read| read.record);
        let mut item = reading.noted(record.map_err(|failure| self.reason(failure, line)))?;
        if let Item::Rejected(rejected) = &mut item {
            let own = self.next_record.map_or(value, |next| &value[..next]);
            rejected.input = RejectedInput::Record(own.into());
        }
        reading.send(item)
    }

    /// Returns the reason of a failure. The fields of records without a text are listed once for
    /// each kind of record.
    fn reason(&mut self, failure: Failure, line: u64) -> String {
        let Failure::NoText(unread) = failure else {
            return failure.into_reason();
        };
        match self.unread.get(&unread.shape) {
            Some(first) => format!("no field is known as title or body, as in line {first}"),
            None => {
                if self.unread.len() < MAX_SHAPES {
                    self.unread.insert(unread.shape, line);
                }
                unread.reason
            }
        }
    }
}

/// Returns whether a value is a list of objects or lists.
fn is_list_of_records(value: &[u8]) -> bool {
    let inner = value.strip_prefix(b"[").unwrap_or_default();
    matches!(inner.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Returns the list in an object that is no article itself: it has no name of a title or body, or
/// the values of the list have one.
fn list_of_articles(object: &[u8], mapping: &Mapping) -> Option<List> {
    let list = list_in(object)?;
    let is_text = |target: &Target| matches!(target, Target::Title | Target::Body);
    let has_text = |key: &[u8]| {
        let meaning = std::str::from_utf8(key)
            .ok()
            .and_then(|key| mapping.column(key));
        meaning.is_some_and(|meaning| is_text(&meaning.target))
    };
    if !members(object).any(|(key, _)| has_text(key)) {
        return Some(list);
    }
    let mut values = list_value(object, &list);
    let mut values = JsonValues::new(&mut values, object.len(), 1);
    for _ in 0..FIRST_VALUES {
        let Ok(Some(((_, Ok(value)), _))) = values.next() else {
            return None;
        };
        if targets(value, mapping).iter().any(is_text) {
            return Some(list);
        }
    }
    None
}
