//! One opened file → its articles. It does not decide what becomes of them.

pub mod jsonl;
mod lines;
pub mod text;
mod value;

use std::borrow::Cow;
use std::io::{BufRead, Read};
use std::ops::ControlFlow;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::decode::decode;
use super::repair::repair;
use super::report::{NoteKind, Rejected};
use super::walk::{Kind, unreadable};
use crate::analysis::chars::is_word;
use crate::article::{Article, ArticleId};
use lines::{Line, Lines};

/// A text file larger than this, decompressed, is not an article. A line of JSON neither.
const MAX_ARTICLE_BYTES: u64 = 64 << 20;

/// What a file gave.
#[derive(Debug)]
pub enum Item {
    /// An article.
    Article(Box<Article>),
    /// Something that is none.
    Rejected(Rejected),
    /// Something odd about the article that comes next.
    Note(NoteKind, String),
}

/// Hands the articles of a file to `sink`, until it says to stop. `name` is what reports call the file.
pub fn read(
    kind: Kind,
    name: &str,
    input: &mut dyn BufRead,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> ControlFlow<()> {
    match kind {
        Kind::Text => read_text_file(name, input, sink),
        Kind::Jsonl => read_lines(name, input, sink),
    }
}

fn read_text_file(
    name: &str,
    input: &mut dyn BufRead,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut reject = |reason: String| sink(Item::Rejected(Rejected::new(name, reason)));
    let mut bytes = Vec::new();
    if let Err(error) = input.take(MAX_ARTICLE_BYTES + 1).read_to_end(&mut bytes) {
        return reject(broken_off(&error));
    }
    if bytes.len() as u64 > MAX_ARTICLE_BYTES {
        return reject(format!("larger than {} MiB: not one article", MAX_ARTICLE_BYTES >> 20));
    }
    let decoded = match decode(bytes) {
        Ok(decoded) => decoded,
        Err(reason) => return reject(reason),
    };
    if !has_word(&decoded.text) {
        return reject("empty article: it does not hold a word".to_owned());
    }
    if decoded.encoding != "UTF-8" {
        sink(Item::Note(NoteKind::DecodedAs(decoded.encoding), name.to_owned()))?;
    }
    let mut text = [Cow::Owned(decoded.text)];
    if let Some(how) = repair(&mut text) {
        sink(Item::Note(NoteKind::Repaired(how), name.to_owned()))?;
    }
    let [text] = text.map(Cow::into_owned);
    let id = id_from_name(name).unwrap_or_else(|| content_id(&text));
    sink(checked(text::read(id, text), || name.to_owned()))
}

/// The article, if there is something in it to search for.
fn checked(article: Article, source: impl FnOnce() -> String) -> Item {
    let mut searched = article.segments.iter().filter(|segment| segment.kind.field().is_some());
    if searched.any(|segment| has_word(segment.span.slice(&article.text))) {
        Item::Article(Box::new(article))
    } else {
        Item::Rejected(Rejected::new(source(), "empty article: nothing in it but page furniture"))
    }
}

fn read_lines(name: &str, input: &mut dyn BufRead, sink: &mut dyn FnMut(Item) -> ControlFlow<()>) -> ControlFlow<()> {
    let mut lines = Lines::new(input, MAX_ARTICLE_BYTES);
    loop {
        let (number, line) = match lines.next() {
            Ok(Some(line)) => line,
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => return sink(Item::Rejected(Rejected::new(name, broken_off(&error)))),
        };
        let source = || format!("{name}:{number}");
        match line {
            Line::Blank => {}
            Line::TooLong => {
                let reason = format!("line longer than {} MiB", MAX_ARTICLE_BYTES >> 20);
                sink(Item::Rejected(Rejected::new(source(), reason)))?;
            }
            Line::Bytes(bytes) => match jsonl::read(bytes) {
                Ok(record) => {
                    if let Some(how) = record.repaired {
                        sink(Item::Note(NoteKind::Repaired(how), source()))?;
                    }
                    if let Some(date) = record.unreadable_date {
                        sink(Item::Note(NoteKind::UnreadableDate, format!("{}: {date}", source())))?;
                    }
                    sink(checked(record.article, source))?;
                }
                Err(reason) => sink(Item::Rejected(Rejected::new(source(), reason)))?,
            },
        }
    }
}

fn broken_off(error: &std::io::Error) -> String {
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
        Some((number, hex)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => hex,
        Some(_) => return None,
        None => stem,
    };
    (hex.len() >= 16 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| ArticleId::new(hex).ok())?
}

/// An id that says nothing but that the text is this one: the first 16 hex digits of its SHA-256.
fn content_id(text: &str) -> ArticleId {
    let hex: String = Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    ArticleId::new(&hex).expect("16 hex digits are an id")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `bytes` as a file and says what came, one item a line.
    fn check(kind: Kind, name: &str, bytes: &[u8], expected: &[&str]) {
        let mut seen = Vec::new();
        let mut input = bytes;
        let flow = read(kind, name, &mut input, &mut |item| {
            seen.push(match item {
                Item::Article(article) => format!("{}: {}", article.id, article.title()),
                Item::Rejected(rejected) => format!("{} rejected: {}", rejected.source, rejected.reason),
                Item::Note(kind, example) => format!("{}: {example}", kind.code()),
            });
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
        assert_eq!(seen, expected);
    }

    #[test]
    fn names_that_carry_an_id() {
        let text = "عنوان\n\nمتن.".as_bytes();
        check(Kind::Text, "a/000_0298d090f25e48f7.txt", text, &["0298d090f25e48f7: عنوان"]);
        check(Kind::Text, "0298d090f25e48f7aa.txt.gz", text, &["0298d090f25e48f7aa: عنوان"]);
        for name in ["0298d090.txt", "خبر.txt", "a_0298d090f25e48f7.txt"] {
            check(Kind::Text, name, text, &["7186755c7e6a1380: عنوان"]);
        }
    }

    #[test]
    fn text_files_that_give_no_article() {
        check(Kind::Text, "a.txt", b" \n", &["a.txt rejected: empty article: it does not hold a word"]);
        check(Kind::Text, "a.txt", b"\xD8\xA7\xD8", &["a.txt rejected: damaged UTF-8: byte 2 does not belong there"]);
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
        check(Kind::Jsonl, "a.jsonl", line, &["repaired: a.jsonl:1", "1: السلام"]);
    }

    #[test]
    fn bad_lines_do_not_stop_good_ones() {
        let lines = "\u{FEFF}{\"id\": 1, \"title\": \"أول\"}\r\n\n{\"id\": 2,\n[]\n{\"id\": 3, \"title\": \"ثالث\", \"date\": \"أمس\"}".as_bytes();
        check(
            Kind::Jsonl,
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
