//! CSV and TSV → articles, one for each row. The first row names the columns. A library handles
//! quoting.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{BufRead, Read};
use std::ops::ControlFlow;

use encoding_rs::UTF_8;

use super::fields::{Fields, Value};
use super::reading::Reading;
use super::record::Record;
use super::stream::{MAX_ARTICLE_BYTES, stream_encoding};
use super::table_header::delimiter;
use crate::ingest::content::HEAD_BYTES;
use crate::ingest::event::NoteKind;
use crate::ingest::limits::RecordLimit;
use crate::ingest::mapping::{Mapping, Meaning};
use crate::ingest::rejection::read_failure;
use crate::ingest::transcode::Transcoding;

/// Reads the rows of a table.
pub fn read(input: &mut dyn BufRead, reading: &mut Reading<'_, '_>) -> ControlFlow<()> {
    let mut head = Vec::new();
    if let Err(error) = (&mut *input).take(HEAD_BYTES).read_to_end(&mut head) {
        return reading.reject(None, read_failure(&error));
    }
    let encoding = match stream_encoding(&head) {
        Ok(encoding) => encoding,
        Err(reason) => return reading.reject(None, reason),
    };
    if encoding != UTF_8 {
        reading.note(NoteKind::DecodedAs(encoding.name()), None)?;
    }
    let (beginning, _, _) = encoding.decode(&head);
    let header = beginning.lines().next().unwrap_or_default();
    let delimiter = delimiter(header, reading.mapping);
    let left_bytes = Cell::new(MAX_ARTICLE_BYTES);
    let whole = RecordLimit::new(head.chain(input), &left_bytes);
    if encoding == UTF_8 {
        rows(whole, delimiter, &left_bytes, reading)
    } else {
        rows(
            Transcoding::new(whole, encoding),
            delimiter,
            &left_bytes,
            reading,
        )
    }
}

fn rows(
    input: impl Read,
    delimiter: u8,
    left_bytes: &Cell<u64>,
    reading: &mut Reading<'_, '_>,
) -> ControlFlow<()> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(input);
    let mut row = csv::ByteRecord::new();
    let mut header: Option<csv::ByteRecord> = None;
    loop {
        left_bytes.set(MAX_ARTICLE_BYTES);
        let has_row = reader.read_byte_record(&mut row);
        let line = Some(row.position().map_or(1, csv::Position::line));
        match has_row {
            Ok(true) => {}
            Ok(false) => return ControlFlow::Continue(()),
            Err(error) => {
                let reason = match error.into_kind() {
                    csv::ErrorKind::Io(error) => read_failure(&error),
                    other => format!("not a table row: {other:?}"),
                };
                return reading.reject(line, reason);
            }
        }
        let Some(header) = &header else {
            if !has_known_column(&row, reading.mapping) {
                let reason = "no column has a known name: the first row names the columns, --map says what a name means";
                return reading.reject(line, reason);
            }
            header = Some(row.clone());
            continue;
        };
        if row.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let record = article(header, &row, reading.mapping);
        reading.record(line, record)?;
    }
}

fn has_known_column(header: &csv::ByteRecord, mapping: &Mapping) -> bool {
    header.iter().any(|name| meaning(name, mapping).is_some())
}

fn article(
    header: &csv::ByteRecord,
    row: &csv::ByteRecord,
    mapping: &Mapping,
) -> Result<Record, String> {
    if row.len() != header.len() {
        return Err(format!(
            "{} cells under {} columns: perhaps a quote or a delimiter is missing",
            row.len(),
            header.len()
        ));
    }
    let mut fields = Fields::default();
    for (name, cell) in header.iter().zip(row) {
        if let Some(meaning) = meaning(name, mapping) {
            let text = std::str::from_utf8(cell)
                .map_err(|_| format!("not UTF-8: the cell under `{}`", meaning.name))?;
            fields.add(meaning, Value::Text(Cow::Borrowed(text)));
        }
    }
    fields.into_draft()?.finish()
}

/// Returns the meaning of a column's name; `None` if the name is unknown.
fn meaning<'m>(name: &[u8], mapping: &'m Mapping) -> Option<&'m Meaning> {
    let name = std::str::from_utf8(name).ok()?;
    mapping.column(without_bom(name))
}

/// Removes the byte order mark that Excel writes before the first name.
fn without_bom(name: &str) -> &str {
    name.trim_start_matches('\u{FEFF}').trim()
}
