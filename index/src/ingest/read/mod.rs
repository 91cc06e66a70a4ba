//! The readers: one stream in a known format → its articles. What happens to the articles is left
//! to the sink.
//!
//! `whole_file`, `json_file`, `table`, `feed` and `warc` read the formats, through a `Reading` that
//! names positions and reports to the sink. The readers of all formats but plain text fill a
//! `record::Draft`, and `record` makes the article from it.

mod apart;
mod around;
mod authors;
mod credit;
mod dateline;
mod feed;
mod feed_fields;
mod feed_pieces;
mod fields;
mod front_matter;
mod full_text;
mod html;
mod http_response;
mod json_container;
mod json_encoding;
mod json_fields;
mod json_file;
mod json_ld;
mod json_list;
mod json_mend;
mod json_posts;
pub mod json_record;
mod json_resync;
mod json_table;
mod json_values;
mod line_spans;
pub mod lines;
mod markdown;
mod markup;
mod metadata;
mod objects;
pub mod page;
mod page_line;
mod reading;
pub mod record;
mod split_text;
pub mod stream;
pub mod table;
mod table_rows;
pub mod text;
mod trafilatura;
mod unmapped;
mod value;
mod warc;
mod warc_records;
mod whole_file;
mod widget;
mod wordpress;

use std::io::BufRead;
use std::ops::ControlFlow;

use super::{
    ArticleFormat, Decoded, HEAD_BYTES, InvalidBytes, Item, ItemSink, LostMember, Mapping, Meaning,
    Node, NoteKind, Position, Pushback, ReadArticle, RecordLimit, Rejected, RejectedInput,
    Replaced, Target, Transcoding, continue_if, date, decode, decode_as, ends_sentence, extension,
    folded, furniture, id_hash, is_blank, is_format, is_helper_name, read_failure, repair,
    replace_invalid,
};
use crate::document::{Article, ArticleId, Segment, SegmentKind};
use credit::{is_at_most, is_credit};
use fields::{Field, Fields, draft};
use fihrist_arabic::Span;
use line_spans::{line_spans, split};
use lines::NumberedRecord;
use markup::is_nested_too_deep;
use reading::{ReadResult, Reading, Stop, unreadable};
use record::{Body, Draft, Paragraph, Record, has_word, text_id};
use stream::{MAX_ARTICLE_BYTES, MAX_PAGE_BYTES, decoded, read_head, stream_encoding};
use unmapped::Unmapped;
use value::Value;

/// Returns whether the beginning of an object is that of a list of articles inside it.
pub fn begins_list(object: &[u8]) -> bool {
    json_list::list_in(object).is_some()
}

/// Returns whether a line ends with the end of the JSON value that it begins with.
pub fn is_whole_value(line: &[u8]) -> bool {
    let mut scan = objects::Scan::default();
    let ends = line.iter().map(|byte| scan.ends(*byte));
    ends.last().flatten() == Some(1)
}

/// Reads the articles of a stream and passes them to `sink` until it returns `Break`. `name` is the
/// file's name in reports.
pub fn read(
    format: ArticleFormat,
    name: &str,
    input: &mut dyn BufRead,
    mapping: &Mapping,
    sink: &mut ItemSink<'_>,
) -> ControlFlow<()> {
    type Reader = fn(&mut dyn BufRead, &mut Reading<'_>) -> ReadResult;
    let (mark, reader): (char, Reader) = match format {
        ArticleFormat::Text => (':', whole_file::read_text),
        ArticleFormat::Html => (':', whole_file::read_page),
        ArticleFormat::JsonLines => (':', json_file::read_lines),
        ArticleFormat::JsonValues => (':', json_file::read_values),
        ArticleFormat::Table => (':', table::read),
        ArticleFormat::Feed => ('#', feed::read),
        ArticleFormat::Trafilatura => (':', trafilatura::read),
        ArticleFormat::Warc => ('#', warc::read),
    };
    let mut reading = Reading {
        name,
        mark,
        number: None,
        mapping,
        sink,
        article_count: 0,
    };
    let result = match reader(input, &mut reading) {
        Err(Stop::Unreadable(reason)) => reading.reject_rest(reason),
        result => result,
    };
    continue_if(result.is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::event::Item;

    /// Reads `bytes` as a file and says what came, one item a line.
    fn check(format: ArticleFormat, name: &str, bytes: &[u8], expected: &[&str]) {
        let mut seen = Vec::new();
        let mut input = bytes;
        let mut sink = |item| {
            seen.push(match item {
                Item::Article(read) => format!("{}: {}", read.article.id, read.article.title()),
                Item::Rejected(rejected) => {
                    format!("{} rejected: {}", rejected.source, rejected.reason)
                }
                Item::Note(kind, example) => format!("{}: {example}", kind.code()),
                Item::File | Item::Skipped(_) => format!("{item:?}"),
            });
            ControlFlow::Continue(())
        };
        let mapping = Mapping::default();
        let flow = read(format, name, &mut input, &mapping, &mut sink);
        assert!(flow.is_continue());
        assert_eq!(seen, expected);
    }

    #[test]
    fn names_that_carry_an_id() {
        let text = "عنوان\n\nمتن.".as_bytes();
        check(
            ArticleFormat::Text,
            "a/000_0298d090f25e48f7.txt",
            text,
            &["0298d090f25e48f7: عنوان"],
        );
        check(
            ArticleFormat::Text,
            "0298d090f25e48f7aa.txt.gz",
            text,
            &["0298d090f25e48f7aa: عنوان"],
        );
        for name in ["0298d090.txt", "خبر.txt", "a_0298d090f25e48f7.txt"] {
            check(
                ArticleFormat::Text,
                name,
                text,
                &["7186755c7e6a1380: عنوان"],
            );
        }
    }

    #[test]
    fn texts_without_words_and_with_bad_bytes() {
        check(
            ArticleFormat::Text,
            "a.txt",
            b" \n",
            &["a.txt rejected: empty article: it has no word"],
        );
        check(
            ArticleFormat::Text,
            "a.txt",
            b"\xD8\xA7\xD8",
            &[
                "replaced: a.txt: byte 2",
                "329dff21116d4040: \u{627}\u{FFFD}",
            ],
        );
    }

    #[test]
    fn garbled_text_is_put_right_and_noted() {
        check(
            ArticleFormat::Text,
            "a.txt",
            "ÇáÓáÇã Ýí ÇáãÏíäÉ\n\nÞÇá ÇáæÒíÑ.".as_bytes(),
            &["repaired: a.txt", "fb874a758bf8530c: السلام في المدينة"],
        );
        let line = "{\"id\": 1, \"title\": \"Ø§Ù„Ø³Ù„Ø§Ù…\", \"body\": \"نص سليم.\"}".as_bytes();
        check(
            ArticleFormat::JsonLines,
            "a.jsonl",
            line,
            &["repaired: a.jsonl:1", "1: السلام"],
        );
    }

    #[test]
    fn bad_lines_do_not_stop_good_ones() {
        let lines = "\u{FEFF}{\"id\": 1, \"title\": \"أول\"}\r\n\n{\"id\": 2,\n[]\n{\"id\": 3, \"title\": \"ثالث\", \"date\": \"أمس\"}".as_bytes();
        check(
            ArticleFormat::JsonLines,
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
