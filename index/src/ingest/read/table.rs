//! CSV and TSV → articles, one for each row. The first row names the columns. A library handles
//! quoting.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::BufRead;

use super::{
    Fields, MAX_ARTICLE_BYTES, Mapping, Meaning, ReadResult, Reading, Record, Value, decoded,
    draft, read_head, stream_encoding, unreadable,
};

/// The delimiters of tables, in reverse order of preference.
const DELIMITERS: [u8; 4] = [b'|', b'\t', b';', b','];

/// Reads the rows of a table.
pub fn read(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    let head = read_head(input)?;
    let encoding = stream_encoding(&head)?;
    reading.note_encoding(encoding.name())?;
    let (beginning, _, _) = encoding.decode(&head);
    let first_line = beginning.lines().next().unwrap_or_default();
    let left_bytes = Cell::new(MAX_ARTICLE_BYTES);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(first_line, reading.mapping))
        .from_reader(decoded(&head, input, encoding, &left_bytes));
    let mut row = csv::ByteRecord::new();
    let mut header: Option<csv::ByteRecord> = None;
    loop {
        left_bytes.set(MAX_ARTICLE_BYTES);
        let has_row = reader.read_byte_record(&mut row);
        reading.number = Some(row.position().map_or(1, csv::Position::line));
        match has_row.map_err(csv::Error::into_kind) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(csv::ErrorKind::Io(error)) => return Err(error.into()),
            Err(other) => return unreadable(format!("not a table row: {other:?}")),
        }
        let Some(header) = &header else {
            if !row
                .iter()
                .any(|name| meaning(name, reading.mapping).is_some())
            {
                let reason = "no column has a known name: the first row names the columns, --map says what a name means";
                return unreadable(reason);
            }
            header = Some(row.clone());
            continue;
        };
        if !row.iter().all(|cell| cell.trim_ascii().is_empty()) {
            let record = article(header, &row, reading.mapping);
            reading.record(record)?;
        }
    }
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
    let mut fields = Fields::new();
    for (name, cell) in header.iter().zip(row) {
        if let Some(meaning) = meaning(name, mapping) {
            let text = std::str::from_utf8(cell)
                .map_err(|_| format!("not UTF-8: the cell under `{}`", meaning.name))?;
            fields.push((meaning, Value::Text(Cow::Borrowed(text))));
        }
    }
    draft(fields)?.finish()
}

/// Returns the meaning of a column's name; `None` if the name is unknown. Excel writes a byte order
/// mark before the first name.
fn meaning<'m>(name: &[u8], mapping: &'m Mapping) -> Option<&'m Meaning> {
    let name = std::str::from_utf8(name).ok()?;
    mapping.column(name.trim_start_matches('\u{FEFF}'))
}

/// Returns the delimiter that gives the most columns with known names, and among equals the most
/// columns. If both numbers are equal, the preferred delimiter wins.
pub fn delimiter(header: &str, mapping: &Mapping) -> u8 {
    let worth = |delimiter: &u8| {
        let columns = columns(header, *delimiter);
        let is_known = |name: &&String| mapping.column(name).is_some();
        (columns.iter().filter(is_known).count(), columns.len())
    };
    DELIMITERS.into_iter().max_by_key(worth).unwrap_or(b',')
}

/// Returns the column names of a header line.
pub fn columns(header: &str, delimiter: u8) -> Vec<String> {
    let mut row = csv::StringRecord::new();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .from_reader(header.as_bytes());
    match reader.read_record(&mut row) {
        Ok(true) => row.iter().map(|name| name.trim().to_owned()).collect(),
        Ok(false) | Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_by_what_they_make_of_the_header() {
        let check = |header: &str, expected: char| {
            assert_eq!(
                char::from(delimiter(header, &Mapping::default())),
                expected,
                "{header}"
            );
        };
        check("title,body,date", ',');
        check("title;body, or text;date", ';');
        check("العنوان\tالنص", '\t');
        check("a|b|c", '|');
        check("\"title\",\"a;b;c;d\"", ',');
        check("title", ',');
    }
}
