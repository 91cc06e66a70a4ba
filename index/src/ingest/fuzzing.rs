//! Properties of reading, for arbitrary bytes: encodings, formats, archives and dates. `fuzzing` lists
//! them; the product does not contain them.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Cursor};
use std::ops::ControlFlow;

use encoding_rs::{Encoding, ISO_8859_6, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1256};
use fihrist_arabic::Span;
use fihrist_arabic::calendar::{Calendar, Period};
use jiff::civil::Date;

use super::unpack::Unpack;
use super::{ArticleFormat, Entry, Format, Item, Mapping, date, decode_as, read, repair};
use crate::Article;
use crate::document::{Published, Segment, SegmentKind};
use crate::ledger::Ledger;

/// The declared encodings from which the first byte of an input chooses.
const LABELS: [Option<&str>; 8] = [
    None,
    Some("windows-1256"),
    Some("iso-8859-6"),
    Some("utf-8"),
    Some("utf-16le"),
    Some("iso-8859-1"),
    Some("shift_jis"),
    Some("no such encoding"),
];

/// The formats from which the first byte of an input chooses.
const FORMATS: [ArticleFormat; 8] = [
    ArticleFormat::Text,
    ArticleFormat::Html,
    ArticleFormat::JsonLines,
    ArticleFormat::JsonValues,
    ArticleFormat::Table,
    ArticleFormat::Feed,
    ArticleFormat::Warc,
    ArticleFormat::Trafilatura,
];

/// An article never has more text than this many times the bytes that it was read from. A byte of
/// windows-1256 becomes at most three bytes, and a feed may give one text twice.
const MAX_GROWTH: usize = 8;

/// Decodes and repairs bytes. The text encodes back to the same bytes, and a repair keeps the lines.
pub fn decoding(input: &[u8]) {
    let Some((choice, bytes)) = input.split_first() else {
        return;
    };
    let label = LABELS[usize::from(*choice) % LABELS.len()];
    let Ok(decoded) = decode_as(bytes.to_vec(), label) else {
        return;
    };
    let encoding = Encoding::for_label(decoded.encoding.as_bytes()).expect("a known encoding");
    let marked = Encoding::for_bom(bytes).filter(|(marked, _)| *marked == encoding);
    let unmarked = &bytes[marked.map_or(0, |(_, mark_bytes)| mark_bytes)..];
    if decoded.replaced.is_none()
        && let Some(encoded) = encoded(&decoded.text, encoding)
    {
        assert!(encoded == unmarked, "{decoded:?}");
    }
    let mut texts = [Cow::Borrowed(decoded.text.as_str())];
    let repaired = repair::repair(&mut texts);
    assert_eq!(texts[0].lines().count(), decoded.text.lines().count());
    assert!(repaired.is_some() || texts[0] == decoded.text);
}

/// Returns the bytes of a text; `None` for an encoding in which one text has several forms.
fn encoded(text: &str, encoding: &'static Encoding) -> Option<Vec<u8>> {
    let units = || text.encode_utf16();
    if encoding == UTF_8 {
        Some(text.into())
    } else if encoding == UTF_16LE {
        Some(units().flat_map(u16::to_le_bytes).collect())
    } else if encoding == UTF_16BE {
        Some(units().flat_map(u16::to_be_bytes).collect())
    } else if encoding == WINDOWS_1256 || encoding == ISO_8859_6 {
        let (bytes, _, has_unmappable) = encoding.encode(text);
        assert!(!has_unmappable, "{text:?}");
        Some(bytes.into_owned())
    } else {
        None
    }
}

/// Reads bytes as a file of one format, twice: as a whole, and a few bytes at a time. Both readings
/// give the same items, and the articles are well formed.
pub fn reading(input: &[u8]) {
    let [format, drip, bytes @ ..] = input else {
        return;
    };
    let format = FORMATS[usize::from(*format) % FORMATS.len()];
    let whole = items_of(format, &mut &*bytes);
    let drip = usize::from(drip % 32) + 1;
    let dripped = items_of(format, &mut BufReader::with_capacity(drip, bytes));
    assert_eq!(whole.len(), dripped.len());
    for (one, other) in whole.iter().zip(&dripped) {
        match (one, other) {
            (Item::Article(one), Item::Article(other)) => assert_eq!(one.article, other.article),
            (Item::Article(_), _) | (_, Item::Article(_)) => panic!("{one:?} {other:?}"),
            (one, other) => assert_eq!(format!("{one:?}"), format!("{other:?}")),
        }
    }
    check_items(&whole, MAX_GROWTH * bytes.len());
}

fn items_of(format: ArticleFormat, input: &mut dyn BufRead) -> Vec<Item> {
    let mut items = Vec::new();
    let mut sink = |item| {
        items.push(item);
        ControlFlow::Continue(())
    };
    let mapping = Mapping::default();
    let _ended = read::read(format, "any", input, &mapping, &mut sink);
    items
}

/// The number of items after which the reading of an archive ends.
const MAX_ITEMS: usize = 10_000;

/// Reads bytes as a file of an unknown kind: compressed, an archive, or articles.
pub fn unpacking(input: &[u8]) {
    let Some((flags, bytes)) = input.split_first() else {
        return;
    };
    let mut items = Vec::new();
    let mut sink = |item| {
        items.push(item);
        super::continue_if(items.len() < MAX_ITEMS)
    };
    let mapping = Mapping::default();
    let mut unpack = Unpack {
        format: Format::Auto,
        mapping: &mapping,
        sink: &mut sink,
    };
    let entry = Entry {
        name: Cow::Borrowed("any"),
        is_asked_for: flags & 1 > 0,
        archives: 0,
        compressions: 0,
    };
    let _ended = if bytes.starts_with(b"PK") {
        unpack.zip(&entry, Cursor::new(bytes))
    } else {
        unpack.stream(&entry, &mut &*bytes)
    };
    check_items(&items, usize::MAX);
}

/// Checks that articles are well formed and together have at most `max_bytes` of text, and that
/// rejections have a reason.
fn check_items(items: &[Item], max_bytes: usize) {
    let mut text_bytes = 0;
    for item in items {
        match item {
            Item::Article(read) => {
                check_article(&read.article);
                text_bytes += read.article.text.len();
            }
            Item::Rejected(rejected) => assert!(!rejected.reason.is_empty()),
            Item::Note(..) | Item::File | Item::Skipped(_) => {}
        }
    }
    assert!(text_bytes <= max_bytes, "{text_bytes} bytes of text");
}

/// Checks that the segments of an article slice its text, are in order, and leave out only white
/// space.
fn check_article(article: &Article) {
    let mut end = 0;
    for segment in &article.segments {
        let between = article.text.get(end..segment.span.start);
        assert!(
            between.is_some_and(|between| between.trim().is_empty()),
            "{article:?}"
        );
        let part = article.text.get(segment.span.range());
        assert!(
            part.is_some_and(|part| !part.is_empty() && part.trim() == part),
            "{article:?}"
        );
        end = segment.span.end;
    }
    let rest = article.text.get(end..);
    assert!(
        rest.is_some_and(|rest| rest.trim().is_empty()),
        "{article:?}"
    );
    article.published.iter().for_each(check_published);
}

/// Reads a text as a date: of a metadata field, of an article, and of a query. A date that was read
/// is written so that it is read again as the same.
pub fn dates(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let today = Date::constant(2020, 3, 15);
    let anchor = "2020-03-15T12:00:00Z".parse().expect("a time");
    for published in [date::parse(text), date::parse_with(text, Some(anchor))] {
        published.iter().for_each(check_published);
    }
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let leading = line.len() - line.trim_start().len();
        let span = Span::new(start + leading, start + leading + line.trim().len());
        start += line.len();
        span
    });
    let segments: Vec<_> = lines
        .filter(|span| span.start < span.end)
        .enumerate()
        .map(|(number, span)| Segment {
            kind: match number {
                0 => SegmentKind::Title,
                _ => SegmentKind::Body,
            },
            span,
        })
        .collect();
    date::in_text(text, &segments)
        .iter()
        .for_each(check_published);
    for period in [Period::parse(text), Period::parse_until(text, today)] {
        period.iter().for_each(check_period);
    }
    if let Ok((period, Calendar::Gregorian | Calendar::Hijri | Calendar::Persian)) =
        Period::parse_one(text)
    {
        assert!(period.from.is_some() && period.before.is_some());
        check_period(&period);
    }
}

fn check_published(published: &Published) {
    let again = date::parse(&published.date).expect("a date");
    assert_eq!(
        (&again.date, again.precision, again.timestamp_seconds),
        (
            &published.date,
            published.precision,
            published.timestamp_seconds
        )
    );
}

/// Checks that a period is not empty, and that it is read again as the same when written as two days.
fn check_period(period: &Period) {
    assert!(period.from.is_some() || period.before.is_some());
    let (Some(from), Some(before)) = (period.from, period.before) else {
        return;
    };
    assert!(from < before, "{period:?}");
    let last = before.yesterday().expect("a day before");
    // The last days may lie beyond the years that an expression may contain.
    if (1000..=2999).contains(&from.year()) && (1000..=2999).contains(&last.year()) {
        assert_eq!(Period::parse(&format!("{from}..{last}")), Ok(*period));
    }
}

/// Decodes bytes as a ledger. A ledger that is read is written so that it is read as the same.
pub fn ledger(bytes: &[u8]) {
    if let Ok(ledger) = Ledger::from_bytes(bytes) {
        let written = ledger.to_bytes(&ledger.written).expect("written");
        let again = Ledger::from_bytes(&written).expect("a ledger");
        assert_eq!(again.to_bytes(&again.written).expect("written"), written);
    }
}
