//! Files of JSON: one object a line, or a stream of values. One record is read by `json_record`, and
//! `json_list` finds lists of records inside a value.

use std::io::BufRead;

use rustc_hash::FxHashMap;

use super::json_container::{Texts, holds_records, inner_record, is_list_of_records};
use super::json_encoding::read_decoded;
use super::json_list::{
    About, List, begins_page_list, bulk_action, first_inside, is_partial_update, is_table_header,
    list_in, list_value, members, next_member,
};
use super::json_posts::unpublished;
use super::json_record::{Failure, Read, read_leniently};
use super::json_resync::{self, first_name, is_no_json, next_object, next_record};
use super::json_table;
use super::lines::Lines;
use super::objects::{JsonValues, MAX_REREADS, RECORD_SEPARATOR, UNCLOSED, line_breaks};
use super::{
    Draft, Item, LostMember, MAX_ARTICLE_BYTES, Mapping, NoteKind, ReadResult, Reading,
    RejectedInput, Target, is_helper_name, is_whole_value, unreadable,
};

/// The maximum number of lists around a record.
const MAX_LISTS: u8 = 4;
/// The number of values of a list that show whether it holds articles.
const FIRST_VALUES: usize = 3;
/// The maximum number of kinds of records whose fields are listed.
const MAX_SHAPES: usize = 1_000;

/// Reads a file with one object a line.
pub fn read_lines(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    read_decoded(input, reading, read_utf8_lines)
}

fn read_utf8_lines(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    let mut lines = Lines::new(input, MAX_ARTICLE_BYTES);
    let mut file = JsonFile::default();
    loop {
        match lines.next() {
            Ok(None) => return Ok(()),
            Ok(Some((number, line))) => {
                reading.number = Some(number);
                match line {
                    Ok(line) => {
                        let record = line.strip_prefix(&[RECORD_SEPARATOR]).unwrap_or(line);
                        file.read_value(record, &About::default(), 0, reading)?;
                    }
                    Err(reason) => reading.record(Err(reason))?,
                }
                reading.number = None;
            }
            Err(error) => {
                let number = Some(lines.number + 1);
                file.read_begun(lines.begun(), number, 0, reading)?;
                if LostMember::in_error(&error).is_some() {
                    reading.number = number;
                }
                reading.skip_lost_member(error)?;
                reading.number = None;
            }
        }
    }
}

/// Reads a list of objects, or objects one after the other.
pub fn read_values(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    read_decoded(input, reading, |input, reading| {
        let values = JsonValues::new(input, MAX_ARTICLE_BYTES as usize, 1);
        JsonFile::default().read_values(values, 0, reading)
    })
}

/// What is known about a file while it is read.
#[derive(Default)]
struct JsonFile {
    /// The shapes of records that gave no text, each with the line of the first one.
    unread: FxHashMap<u64, u64>,
    /// The id that the bulk format of Elasticsearch gives to the next record.
    next_id: String,
    /// Whether the file is a list of pages, which are no articles.
    is_page_list: bool,
    /// The names in the first row of a table whose rows are lists.
    columns: Vec<String>,
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
                    let (line, begun) = values.begun();
                    self.read_begun(begun, Some(line), lists, reading)?;
                    reading.skip_lost_member(error)?;
                    values.skip_to_record(&self.first_name)?;
                    continue;
                }
            };
            reading.number = Some(line);
            match value {
                Ok(value) => {
                    let is_damage = is_no_json(value);
                    self.read_value(value, about, lists, reading)?;
                    if let Some(start) = self.next_record.take() {
                        values.resume(start);
                    } else if is_damage {
                        values.skip_to_record(&self.first_name)?;
                    }
                }
                Err(reason) if reason == UNCLOSED && lists == 0 => return unreadable(reason),
                Err(reason) => reading.record(Err(reason))?,
            }
            reading.number = None;
        }
    }

    /// Reads the value before damage in a compressed stream, if it is whole, or an object with a list,
    /// whose beginning has articles.
    fn read_begun(
        &mut self,
        value: &[u8],
        line: Option<u64>,
        lists: u8,
        reading: &mut Reading<'_>,
    ) -> ReadResult {
        let has_records = || holds_records(value, reading.mapping, MAX_LISTS, true);
        if is_whole_value(value) || list_in(value).is_some() || has_records() {
            reading.number = line;
            self.read_value(value, &About::default(), lists, reading)?;
            reading.number = None;
        }
        Ok(())
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
        self.next_record = None;
        if value.is_empty() || about.leaves_out(value) || is_table_header(value) {
            return Ok(());
        }
        if self.is_page_list {
            return Ok(());
        }
        if begins_page_list(value) {
            self.is_page_list = true;
            return reading.note_detail(NoteKind::Unpublished, "a list of pages");
        }
        if let Some(action) = bulk_action(value) {
            self.next_id = action.id;
            return Ok(());
        }
        if value.starts_with(b"[")
            && let Some(row) = json_table::row(value, &mut self.columns, reading.mapping)
        {
            return match row {
                Some(record) => {
                    self.read_value(record.to_string().as_bytes(), about, lists, reading)
                }
                None => Ok(()),
            };
        }
        if lists < MAX_LISTS && is_list_of_records(value) {
            let mut list = value;
            let mut values = JsonValues::new(&mut list, MAX_ARTICLE_BYTES as usize, line);
            values.about = about.clone();
            return self.read_values(values, lists + 1, reading);
        }
        let id = std::mem::take(&mut self.next_id);
        if let Some(state) = unpublished(value) {
            return reading.note_detail(NoteKind::Unpublished, state);
        }
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
            && let Some(records) = json_table::records(value, reading.mapping, lists > 0)
        {
            for record in records {
                self.read_value(record.to_string().as_bytes(), about, lists + 1, reading)?;
            }
            return Ok(());
        }
        let is_article = read.as_ref().is_ok_and(|read| read.has_whole_body);
        if !is_article
            && lists < MAX_LISTS
            && let Some(result) = self.read_inside(value, &read, lists, reading)
        {
            (self.next_record, reading.number) = (None, Some(line));
            return result;
        }
        if let Some(what) = left_out(&read, value, reading.name) {
            return reading.note_detail(NoteKind::Unpublished, what);
        }
        if matches!(read, Err(Failure::Broken(_))) {
            self.next_record = self.next_start(value, about, lists);
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

    /// Reads the records inside an object that is no article itself. Returns `None` if it holds none.
    fn read_inside(
        &mut self,
        object: &[u8],
        read: &Result<Read, Failure>,
        lists: u8,
        reading: &mut Reading<'_>,
    ) -> Option<ReadResult> {
        let line = reading.number.unwrap_or_default();
        let is_broken = matches!(read, Err(Failure::Broken(_)));
        let levels = MAX_LISTS - lists;
        let holds_records =
            read.is_err() && holds_records(object, reading.mapping, levels, is_broken);
        let has_several = members(object).nth(1).is_some();
        if holds_records && (has_several || !is_broken) {
            return Some(self.read_members(object, has_several, lists, reading));
        }
        if let Some(list) = list_of_articles(object, reading.mapping, is_broken) {
            // The end of the list cannot be found in a broken object.
            let mut records = match is_broken {
                true => &object[list.start..],
                false => list_value(object, &list),
            };
            let line = line + line_breaks(&object[..list.start]);
            let mut values = JsonValues::new(&mut records, MAX_ARTICLE_BYTES as usize, line);
            values.about = list.about;
            values.is_damaged = is_broken;
            return Some(self.read_values(values, lists + 1, reading));
        }
        if holds_records {
            return Some(self.read_members(object, has_several, lists, reading));
        }
        let inner = inner_record(object, reading.mapping, levels).filter(|_| read.is_err())?;
        reading.number = Some(line + line_breaks(before(object, inner)));
        Some(self.read_value(inner, &About::default(), lists + 1, reading))
    }

    /// Reads the records and lists that an object holds by their names. A broken one costs itself and
    /// not the next ones.
    fn read_members(
        &mut self,
        object: &[u8],
        mut has_several: bool,
        lists: u8,
        reading: &mut Reading<'_>,
    ) -> ReadResult {
        let mut line = reading.number.unwrap_or_default();
        let mut rest = object.get(1..).unwrap_or_default();
        let mut passed = object;
        let mut reread_bytes = 0;
        loop {
            let Some((key, value, after)) = next_member(rest) else {
                if json_resync::is_end(rest) {
                    return Ok(());
                }
                let reason = "damaged: a bracket too many, or a name is missing";
                reading.record(Err(reason.to_owned()))?;
                rest = json_resync::behind_damage(rest, &self.first_name);
                continue;
            };
            line += line_breaks(before(passed, value));
            (rest, passed) = (after, &passed[before(passed, value).len()..]);
            let is_empty = matches!(first_inside(value).first(), Some(b']' | b'}'));
            if is_empty && value.starts_with(b"[") {
                continue;
            }
            reading.number = Some(line);
            let about = About::of_member(key, value.starts_with(b"["), has_several);
            self.read_value(value, &about, lists + 1, reading)?;
            if let Some(next) = self.next_record.take() {
                reread_bytes += passed.len() - next;
                if reread_bytes as u64 <= MAX_REREADS * object.len() as u64 {
                    rest = &passed[next..];
                    has_several = true;
                }
            }
        }
    }

    /// Returns where the next record begins in a broken one that goes on into it.
    fn next_start(&self, value: &[u8], about: &About, lists: u8) -> Option<usize> {
        let own_name = first_name(value).unwrap_or_default();
        let names = [self.first_name.as_slice(), own_name].into_iter();
        let mut names = names.filter(|name| !name.is_empty());
        if about.is_member {
            return names.find_map(|name| json_resync::next_member(value, name));
        }
        let is_first = self.first_name.is_empty();
        // A value that goes on to the end of a list ends with the bracket of the list.
        let is_in_list = lists > 0 || value.trim_ascii_end().ends_with(b"]");
        names
            .find_map(|name| next_record(value, name))
            .or_else(|| next_object(value, is_in_list).filter(|_| is_first))
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

/// Returns what a record is that is left out, because it is no article and nobody can make it one.
fn left_out(read: &Result<Read, Failure>, record: &[u8], file: &str) -> Option<&'static str> {
    match read {
        Ok(read) if read.is_only_described => Some("only a description"),
        Ok(read) if is_helper_name(file) && !read.has_whole_body => Some("no article"),
        Err(Failure::NoText(_)) if is_partial_update(record) => Some("an update without a text"),
        Err(Failure::NoText(_)) if is_helper_name(file) => Some("no article"),
        _ => None,
    }
}

/// Returns the bytes before a part of a value.
fn before<'v>(value: &'v [u8], part: &[u8]) -> &'v [u8] {
    &value[..part.as_ptr() as usize - value.as_ptr() as usize]
}

/// Returns the list in an object that is no article itself: it has no name of a title or body, or
/// the values of the list have one.
fn list_of_articles(object: &[u8], mapping: &Mapping, is_broken: bool) -> Option<List> {
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
        // A record whose first name is broken may go on into the next ones.
        let next = next_object(value, true).filter(|_| is_broken);
        let has_text = |start: usize| Texts::of(&value[start..], mapping).has_any();
        if has_text(0) || next.is_some_and(has_text) {
            return Some(list);
        }
    }
    None
}
