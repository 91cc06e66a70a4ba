//! JSON Lines from a caller instead of a file, read by the same rules as in a job. The caller
//! decides what happens to the articles.

use std::io::BufRead;
use std::sync::LazyLock;

use serde::de::IgnoredAny;

use super::read::json_record;
use super::read::lines::Lines;
use super::read::record::{Record, emptiness};
use super::read::stream::MAX_ARTICLE_BYTES;
use super::{Mapping, read_failure};
use crate::document::ArticleId;

/// Why a line gave no article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, in words that a reader who is no programmer understands.
    pub reason: String,
    /// Whether the line is a JSON object.
    pub is_object: bool,
    /// The article's id, if it was read before the error.
    pub id: Option<ArticleId>,
}

/// The mapping of the usual field names.
static USUAL: LazyLock<Mapping> = LazyLock::new(Mapping::default);

/// Reads one record: a JSON object, with optional white space around it.
pub fn read_record(json: &[u8]) -> Result<Record, Refusal> {
    let json = json.trim_ascii();
    let record = json_record::read(json, &USUAL).map_err(|reason| {
        // The JSON parser does not check skipped values for valid UTF-8, so the whole text is
        // checked here.
        let is_text = std::str::from_utf8(json).is_ok();
        let is_object =
            is_text && json.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(json).is_ok();
        Refusal {
            reason,
            is_object,
            id: None,
        }
    })?;
    match emptiness(&record.article) {
        None => Ok(record),
        Some(reason) => Err(Refusal {
            reason: reason.to_owned(),
            is_object: true,
            id: Some(record.article.id),
        }),
    }
}

/// The records of a stream, each with the number of its line, from 1. Blank lines are skipped.
///
/// ```
/// use fihrist_index::ingest::Records;
///
/// let mut lines = "{\"id\": 1, \"title\": \"عنوان\"}\n\n{".as_bytes();
/// let records: Vec<_> = Records::new(&mut lines).collect();
/// assert!(records[0].1.is_ok());
/// assert_eq!((records[1].0, records[1].1.is_err()), (3, true));
/// ```
pub struct Records<'a> {
    lines: Lines<'a>,
    is_over: bool,
}

impl<'a> Records<'a> {
    /// Creates an iterator that reads `input` to its end. If the stream fails, the last item is the
    /// error.
    pub fn new(input: &'a mut dyn BufRead) -> Self {
        Self {
            lines: Lines::new(input, MAX_ARTICLE_BYTES),
            is_over: false,
        }
    }
}

impl Iterator for Records<'_> {
    type Item = (u64, Result<Record, Refusal>);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_over {
            match self.lines.next() {
                Ok(Some((_, Ok([])))) => {}
                Ok(Some((number, Ok(line)))) => return Some((number, read_record(line))),
                Ok(Some((number, Err(reason)))) => return Some((number, not_read(reason))),
                Ok(None) => self.is_over = true,
                Err(error) => {
                    self.is_over = true;
                    return Some((self.lines.number + 1, not_read(read_failure(&error))));
                }
            }
        }
        None
    }
}

/// Returns the refusal of a line that was not read to its end.
fn not_read(reason: String) -> Result<Record, Refusal> {
    Err(Refusal {
        reason,
        is_object: false,
        id: None,
    })
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use proptest::prelude::*;

    use super::*;

    fn check(mut input: impl BufRead, expected: &[&str]) {
        let seen: Vec<_> = Records::new(&mut input)
            .map(|(line, record)| match record {
                Ok(record) => format!("{line} {}", record.article.id),
                Err(Refusal {
                    reason,
                    is_object: false,
                    ..
                }) => format!("{line} broken: {reason}"),
                Err(Refusal { reason, id, .. }) => {
                    format!(
                        "{line} {}: {reason}",
                        id.map_or_else(|| "no id".to_owned(), |id| id.to_string())
                    )
                }
            })
            .collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn lines_are_told_apart() {
        let lines = "\u{FEFF}{\"id\": \"a\", \"title\": \"خبر\"}\r\n\n{\"id\": \"b\"\n[1]\n{\"id\": \"c\"}\n\
                     {\"id\": \"d\", \"body\": \"اقرأ أيضا: خبر\"}";
        check(
            lines.as_bytes(),
            &[
                "1 a",
                "3 broken: broken JSON at column 10: EOF while parsing an object",
                "4 broken: a list where an object was expected",
                "5 no id: no field is known as title or body; the fields are `id`; none of them holds a text",
                "6 d: empty article: nothing in it but page furniture",
            ],
        );
        check(
            &b"{\"a\": \"\xFF\"}"[..],
            &["1 broken: not UTF-8: byte 7 of the line is invalid"],
        );
    }

    #[test]
    fn a_stream_that_breaks_off_keeps_what_came_before() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("the cable is cut"))
            }
        }
        let input = BufReader::new(
            "{\"id\": \"a\", \"title\": \"خبر\"}\n{"
                .as_bytes()
                .chain(Broken),
        );
        check(
            input,
            &["1 a", "2 broken: cut off or damaged: the cable is cut"],
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_records_or_refusals(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut input = bytes.as_slice();
            let lines = bytes.split(|byte| *byte == b'\n').count() as u64;
            for (line, record) in Records::new(&mut input) {
                prop_assert!((1..=lines).contains(&line));
                prop_assert!(record.is_ok() || !record.unwrap_err().reason.is_empty());
            }
        }
    }
}
