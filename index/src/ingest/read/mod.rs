//! One stream → its articles. It does not decide what becomes of them.

mod credit;
mod dateline;
mod feed;
mod fields;
mod html;
pub mod jsonl;
pub mod lines;
mod metadata;
mod objects;
pub mod page;
pub mod record;
pub mod table;
pub mod text;
mod value;
mod warc;

use std::borrow::Cow;
use std::io::{BufRead, Read};
use std::ops::ControlFlow;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};
use sha2::{Digest, Sha256};

use super::decode::{Decoded, decode};
use super::mapping::Mapping;
use super::repair::repair;
use super::report::{NoteKind, Rejected, RejectedInput};
use super::sniff::{HEAD_BYTES, Kind};
use super::unpack::Unpack;
use super::walk::unreadable;
use crate::document::{Article, ArticleId};
use fihrist_arabic::chars::is_word;
use lines::{Line, Lines};
use objects::{JsonValues, NextValue};
use record::Record;

/// A text file larger than this, decompressed, is not an article. A record of JSON, a row or an entry neither.
pub const MAX_ARTICLE_BYTES: u64 = 64 << 20;
/// Nor is a web page larger than this.
const MAX_PAGE_BYTES: u64 = 8 << 20;

/// What a file gave.
#[derive(Debug)]
pub enum Item {
    /// Articles of a file are going to follow.
    File,
    /// A file that is none of ours.
    Skipped,
    /// An article.
    Article(Box<Article>),
    /// Something that is none.
    Rejected(Rejected),
    /// Something odd about the article that comes next.
    Note(NoteKind, String),
}

/// Hands the articles of a stream on, until it is told to stop. `name` is what reports call the file.
pub fn read(
    kind: Kind,
    name: &str,
    input: &mut dyn BufRead,
    unpack: &mut Unpack<'_>,
) -> ControlFlow<()> {
    let mut reading = Reading {
        name,
        mark: ':',
        mapping: unpack.mapping,
        sink: unpack.sink,
    };
    match kind {
        Kind::Text => read_text_file(input, &mut reading),
        Kind::Html => read_page(input, &mut reading),
        Kind::JsonLines => read_lines(input, &mut reading),
        Kind::JsonValues => read_objects(input, &mut reading),
        Kind::Table => table::read(input, &mut reading),
        Kind::Feed => feed::read(input, &mut reading),
        Kind::Warc => warc::read(input, &mut reading),
    }
}

/// A file that is being read, and where what is in it goes.
pub struct Reading<'a, 's> {
    name: &'a str,
    /// What stands between the name and a number: `:` before a line, `#` before an entry.
    mark: char,
    mapping: &'a Mapping,
    sink: &'s mut dyn FnMut(Item) -> ControlFlow<()>,
}

impl Reading<'_, '_> {
    fn source(&self, line: Option<u64>) -> String {
        line.map_or_else(
            || self.name.to_owned(),
            |line| format!("{}{}{line}", self.name, self.mark),
        )
    }

    fn reject(&mut self, line: Option<u64>, reason: impl Into<String>) -> ControlFlow<()> {
        let rejected = Rejected::new(self.source(line), reason);
        (self.sink)(Item::Rejected(rejected))
    }

    fn note(&mut self, kind: NoteKind, line: Option<u64>) -> ControlFlow<()> {
        let source = self.source(line);
        (self.sink)(Item::Note(kind, source))
    }

    /// Hands on what was odd about a record; the article of it, if there is something in it to search for.
    fn noted(&mut self, line: Option<u64>, record: Record) -> ControlFlow<(), Item> {
        if let Some(how) = record.repaired {
            self.note(NoteKind::Repaired(how), line)?;
        }
        if let Some(date) = record.unreadable_date {
            let example = format!("{}: {date}", self.source(line));
            (self.sink)(Item::Note(NoteKind::UnreadableDate, example))?;
        }
        ControlFlow::Continue(checked(record.article, || self.source(line)))
    }

    /// The same of a record of JSON, which is kept as it is if it gives no article.
    fn json(&mut self, line: u64, bytes: &[u8]) -> ControlFlow<()> {
        let item = match jsonl::read(bytes, self.mapping) {
            Ok(record) => self.noted(Some(line), record)?,
            Err(reason) => Item::Rejected(Rejected::new(self.source(Some(line)), reason)),
        };
        (self.sink)(match item {
            Item::Rejected(rejected) => Item::Rejected(Rejected {
                input: RejectedInput::Record(bytes.into()),
                ..rejected
            }),
            item => item,
        })
    }

    /// Hands on what a record gave: an article, or the reason why not.
    fn record(&mut self, line: Option<u64>, record: Result<Record, String>) -> ControlFlow<()> {
        match record {
            Ok(record) => {
                let item = self.noted(line, record)?;
                (self.sink)(item)
            }
            Err(reason) => self.reject(line, reason),
        }
    }
}

fn read_text_file(input: &mut dyn BufRead, reading: &mut Reading<'_, '_>) -> ControlFlow<()> {
    let bytes = match all(input, MAX_ARTICLE_BYTES, "not one article") {
        Ok(bytes) => bytes,
        Err(reason) => return reading.reject(None, reason),
    };
    let decoded = match decode(bytes) {
        Ok(decoded) => decoded,
        Err(reason) => return reading.reject(None, reason),
    };
    if !has_word(&decoded.text) {
        return reading.reject(None, "empty article: it does not hold a word");
    }
    note_encoding(&decoded, reading)?;
    let mut text = [Cow::Owned(decoded.text)];
    if let Some(how) = repair(&mut text) {
        reading.note(NoteKind::Repaired(how), None)?;
    }
    let [text] = text.map(Cow::into_owned);
    let id = id_from_name(reading.name).unwrap_or_else(|| content_id(&text));
    let item = checked(text::read(id, text), || reading.name.to_owned());
    (reading.sink)(item)
}

fn read_page(input: &mut dyn BufRead, reading: &mut Reading<'_, '_>) -> ControlFlow<()> {
    let decoded =
        all(input, MAX_PAGE_BYTES, "not one page").and_then(|bytes| html::decode_page(bytes, None));
    match decoded {
        Ok(decoded) => {
            note_encoding(&decoded, reading)?;
            let mut draft = match page::read(&decoded.text) {
                Ok(draft) => draft,
                Err(reason) => return reading.reject(None, reason),
            };
            if let Some(id) = id_from_name(reading.name) {
                draft.id = id.as_str().to_owned().into();
            }
            reading.record(None, draft.finish())
        }
        Err(reason) => reading.reject(None, reason),
    }
}

fn note_encoding(decoded: &Decoded, reading: &mut Reading<'_, '_>) -> ControlFlow<()> {
    if decoded.encoding == UTF_8.name() {
        return ControlFlow::Continue(());
    }
    reading.note(NoteKind::DecodedAs(decoded.encoding), None)
}

/// All bytes of a stream, if they are few enough for what it should be.
fn all(input: &mut dyn BufRead, max_bytes: u64, or_else: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    input
        .take(max_bytes + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| broken_off(&error))?;
    if bytes.len() as u64 > max_bytes {
        return Err(format!("larger than {} MiB: {or_else}", max_bytes >> 20));
    }
    Ok(bytes)
}

/// The article, if there is something in it to search for.
fn checked(article: Article, source: impl FnOnce() -> String) -> Item {
    match reject(&article) {
        None => Item::Article(Box::new(article)),
        Some(reason) => Item::Rejected(Rejected::new(source(), reason)),
    }
}

/// What is wrong with an article in which there is nothing to search for.
pub fn reject(article: &Article) -> Option<&'static str> {
    let mut searched = article
        .segments
        .iter()
        .filter(|segment| segment.kind.field().is_some());
    let is_searched = searched.any(|segment| has_word(segment.span.slice(&article.text)));
    (!is_searched).then_some("empty article: nothing in it but page furniture")
}

fn read_lines(input: &mut dyn BufRead, reading: &mut Reading<'_, '_>) -> ControlFlow<()> {
    let mut lines = Lines::new(input, MAX_ARTICLE_BYTES);
    loop {
        let (number, line) = match lines.next() {
            Ok(Some(line)) => line,
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => return reading.reject(None, broken_off(&error)),
        };
        match line {
            Line::Blank => {}
            Line::TooLong => {
                reading.reject(
                    Some(number),
                    format!("line longer than {} MiB", MAX_ARTICLE_BYTES >> 20),
                )?;
            }
            Line::Bytes(bytes) => {
                reading.json(number, bytes)?;
            }
        }
    }
}

fn read_objects(input: &mut dyn BufRead, reading: &mut Reading<'_, '_>) -> ControlFlow<()> {
    let mut objects = JsonValues::new(input, MAX_ARTICLE_BYTES as usize);
    loop {
        match objects.next() {
            Ok(Some((line, NextValue::Bytes(bytes)))) => {
                reading.json(line, bytes)?;
            }
            Ok(Some((line, NextValue::TooLong))) => {
                reading.reject(
                    Some(line),
                    format!("value longer than {} MiB", MAX_ARTICLE_BYTES >> 20),
                )?;
            }
            Ok(Some((line, NextValue::Unclosed))) => {
                reading.reject(
                    Some(line),
                    "cut off, what came before was kept: the list has no end",
                )?;
            }
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => return reading.reject(None, broken_off(&error)),
        }
    }
}

/// The encoding of a stream that is too long to be held, by its beginning.
fn stream_encoding(head: &[u8]) -> Result<&'static Encoding, String> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    // Cut where any encoding can be cut.
    let is_cut_off = head.len() as u64 >= HEAD_BYTES;
    let end = head
        .iter()
        .rposition(|byte| *byte == b'\n')
        .filter(|_| is_cut_off)
        .unwrap_or(head.len());
    match std::str::from_utf8(&head[..end]) {
        Ok(_) => Ok(UTF_8),
        // A few bad bytes cost their rows, not the file.
        Err(_) => match decode(head[..end].to_vec()) {
            Ok(decoded) => Ok(Encoding::for_label(decoded.encoding.as_bytes()).unwrap_or(UTF_8)),
            Err(reason) if reason.starts_with("damaged UTF-8") => Ok(UTF_8),
            Err(reason) => Err(reason),
        },
    }
}

/// Why a stream ended before its end.
pub fn broken_off(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::PermissionDenied => unreadable(error),
        _ => format!("cut off or damaged, what came before was kept: {error}"),
    }
}

fn has_word(text: &str) -> bool {
    text.chars().any(is_word)
}

/// The id in a name like `000_0298d090f25e48f7.txt` or `0298d090f25e48f7.txt.gz`: 16 or more hex digits.
fn id_from_name(name: &str) -> Option<ArticleId> {
    let file_name = Path::new(name).file_name()?.to_str()?;
    let stem = file_name.split('.').next()?;
    let hex = match stem.split_once('_') {
        Some((number, hex))
            if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            hex
        }
        Some(_) => return None,
        None => stem,
    };
    (hex.len() >= 16 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .then(|| ArticleId::new(hex).ok())?
}

/// An id that says nothing but that the text is this one: the first 16 hex digits of its SHA-256.
fn content_id(text: &str) -> ArticleId {
    let hex = hex::encode(&Sha256::digest(text.as_bytes())[..8]);
    ArticleId::new(&hex).expect("16 hex digits are an id")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Format;

    /// Reads `bytes` as a file and says what came, one item a line.
    fn check(kind: Kind, name: &str, bytes: &[u8], expected: &[&str]) {
        let mut seen = Vec::new();
        let mut input = bytes;
        let mut sink = |item| {
            seen.push(match item {
                Item::Article(article) => format!("{}: {}", article.id, article.title()),
                Item::Rejected(rejected) => {
                    format!("{} rejected: {}", rejected.source, rejected.reason)
                }
                Item::Note(kind, example) => format!("{}: {example}", kind.code()),
                Item::File | Item::Skipped => format!("{item:?}"),
            });
            ControlFlow::Continue(())
        };
        let mapping = Mapping::default();
        let mut unpack = Unpack {
            format: Format::Auto,
            mapping: &mapping,
            sink: &mut sink,
        };
        let flow = read(kind, name, &mut input, &mut unpack);
        assert!(flow.is_continue());
        assert_eq!(seen, expected);
    }

    #[test]
    fn names_that_carry_an_id() {
        let text = "عنوان\n\nمتن.".as_bytes();
        check(
            Kind::Text,
            "a/000_0298d090f25e48f7.txt",
            text,
            &["0298d090f25e48f7: عنوان"],
        );
        check(
            Kind::Text,
            "0298d090f25e48f7aa.txt.gz",
            text,
            &["0298d090f25e48f7aa: عنوان"],
        );
        for name in ["0298d090.txt", "خبر.txt", "a_0298d090f25e48f7.txt"] {
            check(Kind::Text, name, text, &["7186755c7e6a1380: عنوان"]);
        }
    }

    #[test]
    fn text_files_that_give_no_article() {
        check(
            Kind::Text,
            "a.txt",
            b" \n",
            &["a.txt rejected: empty article: it does not hold a word"],
        );
        check(
            Kind::Text,
            "a.txt",
            b"\xD8\xA7\xD8",
            &["a.txt rejected: damaged UTF-8: byte 2 does not belong there"],
        );
    }

    #[test]
    fn garbled_text_is_put_right_and_noted() {
        check(
            Kind::Text,
            "a.txt",
            "ÇáÓáÇã Ýí ÇáãÏíäÉ\n\nÞÇá ÇáæÒíÑ.".as_bytes(),
            &["repaired: a.txt", "fb874a758bf8530c: السلام في المدينة"],
        );
        let line = "{\"id\": 1, \"title\": \"Ø§Ù„Ø³Ù„Ø§Ù…\", \"body\": \"نص سليم.\"}".as_bytes();
        check(
            Kind::JsonLines,
            "a.jsonl",
            line,
            &["repaired: a.jsonl:1", "1: السلام"],
        );
    }

    #[test]
    fn bad_lines_do_not_stop_good_ones() {
        let lines = "\u{FEFF}{\"id\": 1, \"title\": \"أول\"}\r\n\n{\"id\": 2,\n[]\n{\"id\": 3, \"title\": \"ثالث\", \"date\": \"أمس\"}".as_bytes();
        check(
            Kind::JsonLines,
            "a.jsonl",
            lines,
            &[
                "1: أول",
                "a.jsonl:3 rejected: broken JSON at column 9: EOF while parsing a value",
                "a.jsonl:4 rejected: a list where an object was expected",
                "unreadable_date: a.jsonl:5: أمس",
                "3: ثالث",
            ],
        );
    }
}
