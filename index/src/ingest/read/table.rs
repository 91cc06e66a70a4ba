//! CSV and TSV → articles, one for each row. The first row names the columns. `table_rows` finds the
//! rows and cells.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::BufRead;

use super::json_fields::{no_text, text_chars};
use super::split_text::{join_cells, join_lines};
use super::table_rows::Rows;
use super::{
    Field, Fields, InvalidBytes, MAX_ARTICLE_BYTES, Mapping, Meaning, NoteKind, ReadResult,
    Reading, Record, Replaced, Target, Unmapped, Value, decoded, draft, read_head, stream_encoding,
    unreadable,
};

/// The delimiters of tables, in reverse order of preference.
const DELIMITERS: [u8; 4] = [b'|', b'\t', b';', b','];

/// Cells that programs write for a missing value.
const NULLS: [&str; 8] = ["NULL", "null", "\\N", "NaN", "nan", "NaT", "None", "<NA>"];

/// Reads the rows of a table.
pub fn read(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    let mut head = read_head(input);
    let encoding = stream_encoding(&head.bytes, None)?;
    reading.note_encoding(encoding.name())?;
    let (beginning, _, _) = encoding.decode(&head.bytes);
    let (separator, header) = header(&beginning);
    let delimiter = separator.unwrap_or_else(|| delimiter(header, reading.mapping));
    let line_end = line_end(&beginning);
    let left_bytes = Cell::new(MAX_ARTICLE_BYTES);
    let invalid = InvalidBytes::default();
    let stream = decoded(&mut head, input, encoding, &left_bytes, &invalid);
    let mut rows = Rows::new(stream, delimiter, line_end);
    if separator.is_some() {
        rows.skip_line()?;
    }
    let Some(mut first) = rows.next(None)? else {
        return unreadable("an empty table");
    };
    reading.number = Some(first.line);
    let columns = first
        .cells
        .iter()
        .map(|name| reading.mapping.column(without_bom(name)));
    let mut columns: Vec<_> = columns.collect();
    let is_text = |meaning: &&Meaning| matches!(meaning.target, Target::Title | Target::Body);
    if !columns.iter().flatten().any(is_text) {
        let row = rows.next(Some(columns.len())).ok().flatten();
        let cells = row.map_or_else(Vec::new, |row| row.cells);
        let cells = cells
            .iter()
            .map(|cell| text_chars(cell))
            .chain(std::iter::repeat(0));
        return unreadable(no_text(first.cells.iter().map(String::as_str).zip(cells)));
    }
    let mut ahead = rows.next(Some(columns.len()));
    if let Ok(Some(row)) = &ahead
        && delimiter == b'\t'
        && has_row_names(&row.cells, columns.len())
    {
        first.cells.insert(0, String::new());
        columns.insert(0, None);
    }
    let next = |rows: &mut Rows<_>| {
        left_bytes.set(MAX_ARTICLE_BYTES);
        rows.next(Some(columns.len()))
    };
    let mut may_split = matches!(delimiter, b'\t' | b'|');
    loop {
        let mut row = match ahead {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(error) => {
                reading.skip_lost_member(error)?;
                ahead = next(&mut rows);
                // The next member can begin within a row.
                if matches!(&ahead, Ok(Some(row)) if row.cells.len() != columns.len()) {
                    ahead = next(&mut rows);
                }
                continue;
            }
        };
        reading.number = Some(row.line);
        let mut offset = rows.offset();
        ahead = next(&mut rows);
        may_split &= !row.is_quoted;
        while may_split
            && let Ok(Some(more)) = &mut ahead
            && !more.is_quoted
            && join_lines(&mut row.cells, &mut more.cells, &columns)
        {
            offset = rows.offset();
            ahead = next(&mut rows);
        }
        if let Some((first_byte, count)) = invalid.take_before(offset) {
            reading.note_replaced(Some(Replaced { first_byte, count }))?;
        }
        // Tables that are joined repeat the names of the columns.
        let is_header = row.cells == first.cells;
        if !is_header && !row.cells.iter().all(|cell| cell.trim().is_empty()) {
            reading.record(article(row.cells, &first.cells, &columns, delimiter))?;
        }
    }
    reading.number = None;
    Ok(())
}

/// Returns whether the first row begins with the name of the row, which R writes without a name for
/// the column.
fn has_row_names(first_row: &[String], columns: usize) -> bool {
    let is_whole = first_row.last().is_some_and(|cell| !cell.trim().is_empty());
    first_row.len() == columns + 1 && first_row[0] == "1" && is_whole
}

/// Returns the last byte of a line: that of the first line end outside quotes.
fn line_end(beginning: &str) -> u8 {
    let mut is_quoted = false;
    let end = beginning.bytes().position(|byte| {
        is_quoted ^= byte == b'"';
        !is_quoted && matches!(byte, b'\r' | b'\n')
    });
    let end = end.unwrap_or(beginning.len());
    match &beginning.as_bytes()[end..] {
        [b'\r', next, ..] if *next != b'\n' => b'\r',
        [b'\r'] => b'\r',
        _ => b'\n',
    }
}

/// Makes an article of the cells under known columns.
fn article(
    mut cells: Vec<String>,
    names: &[String],
    columns: &[Option<&Meaning>],
    delimiter: u8,
) -> Result<Record, String> {
    while cells.len() > columns.len() && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    let found = cells.len();
    let is_even = found == columns.len();
    let uneven = format!("{found} cells under {} columns", columns.len());
    if found > columns.len() {
        join_cells(&mut cells, columns, delimiter);
    }
    // A single cell is a line of a text rather than a row.
    if cells.len() > columns.len() || (found == 1 && !is_even) {
        return Err(format!(
            "{uneven}: perhaps a quote or a delimiter is missing"
        ));
    }
    let mut fields = Fields::new();
    let mut unmapped = Unmapped::default();
    for ((meaning, name), cell) in columns.iter().zip(names).zip(&cells) {
        let is_null = NULLS.contains(&cell.trim());
        let Some(meaning) = meaning else {
            if !is_null {
                unmapped.add(without_bom(name), cell.trim());
            }
            continue;
        };
        let is_text = matches!(meaning.target, Target::Title | Target::Body);
        if !is_text && is_null {
            continue;
        }
        let value = match list(cell) {
            Some(texts) => Value::List(texts.into_iter().map(Value::Text).collect()),
            None if is_text && delimiter == b'\t' => Value::Text(unescaped(cell)),
            None => Value::Text(Cow::Borrowed(cell)),
        };
        fields.push(Field {
            meaning,
            value,
            depth: 0,
        });
    }
    let mut record = draft(fields, unmapped)?.finish()?;
    if !is_even {
        record.notes.push((NoteKind::UnevenRow, uneven));
    }
    Ok(record)
}

/// Returns the texts of a list that a cell holds, as programs in Python and JavaScript write it:
/// `['سلمى', "هاني"]`.
fn list(cell: &str) -> Option<Vec<Cow<'static, str>>> {
    let mut rest = cell.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    let mut texts = Vec::new();
    while let Some(quote) = rest.chars().next() {
        if !matches!(quote, '\'' | '"') {
            return None;
        }
        let (mut text, mut chars) = (String::new(), rest[1..].chars());
        loop {
            match chars.next()? {
                '\\' => match chars.next()? {
                    'n' => text.push('\n'),
                    escaped => text.push(escaped),
                },
                end if end == quote => break,
                other => text.push(other),
            }
        }
        texts.push(Cow::Owned(text));
        rest = chars.as_str().trim_start();
        if !rest.is_empty() {
            rest = rest.strip_prefix(',')?.trim_start();
        }
    }
    (!texts.is_empty()).then_some(texts)
}

/// Returns a text with the line breaks and tabs that databases write as `\n` and `\t` in a table
/// without quotes.
fn unescaped(cell: &str) -> Cow<'_, str> {
    if !cell.contains("\\n") || cell.contains('\n') {
        return Cow::Borrowed(cell);
    }
    let mut text = String::with_capacity(cell.len());
    let mut chars = cell.chars().peekable();
    while let Some(next) = chars.next() {
        let escaped = match (next, chars.peek()) {
            ('\\', Some('n' | 'r')) => Some('\n'),
            ('\\', Some('t')) => Some('\t'),
            ('\\', Some('\\')) => Some('\\'),
            (_, _) => None,
        };
        if escaped.is_some() {
            chars.next();
        }
        text.push(escaped.unwrap_or(next));
    }
    Cow::Owned(text)
}

/// Returns a column's name without the byte order mark that Excel writes before the first one.
fn without_bom(name: &str) -> &str {
    name.trim_start_matches('\u{FEFF}').trim()
}

/// Returns the line of a table that names the columns, and the delimiter if a line `sep=;` before it
/// gives one. Excel writes such a line.
pub fn header(beginning: &str) -> (Option<u8>, &str) {
    let beginning = beginning.trim_start_matches('\u{FEFF}');
    let mut lines = beginning
        .split(['\n', '\r'])
        .filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    match separator(first) {
        Some(separator) => (Some(separator), lines.next().unwrap_or_default()),
        None => (None, first),
    }
}

/// Returns the delimiter that a line `sep=;` gives.
fn separator(line: &str) -> Option<u8> {
    let line = line.trim_matches('"').as_bytes();
    match line {
        [name @ .., separator] if name.eq_ignore_ascii_case(b"sep=") => Some(*separator),
        _ => None,
    }
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
    let mut rows = Rows::new(header.as_bytes(), delimiter, b'\n');
    let row = rows.next(None).ok().flatten();
    let cells = row.map_or_else(Vec::new, |row| row.cells);
    let names = cells.iter().map(|name| name.trim().to_owned());
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_in_cells() {
        let check = |cell: &str, expected: Option<&str>| {
            let texts = list(cell).map(|texts| texts.join("/"));
            assert_eq!(texts.as_deref(), expected, "{cell}");
        };
        check("['سلمى', 'هاني']", Some("سلمى/هاني"));
        check(r#"["a\"b", 'c']"#, Some("a\"b/c"));
        for text in ["[1] خبر", "[خبر]", "['سلمى' هاني]", "['سلمى", "[]", ""] {
            check(text, None);
        }
    }

    #[test]
    fn escapes_in_cells_without_quotes() {
        assert_eq!(unescaped(r"سطر\nآخر\\"), "سطر\nآخر\\");
        assert_eq!(unescaped(r"C:\temp"), r"C:\temp");
    }

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

    #[test]
    fn a_first_line_that_gives_the_delimiter() {
        assert_eq!(header("sep=;\r\na;b\r\n1;2"), (Some(b';'), "a;b"));
        assert_eq!(header("\u{FEFF}\"SEP=\t\"\na\tb"), (Some(b'\t'), "a\tb"));
        assert_eq!(header("sep=,;\na"), (None, "sep=,;"));
    }

    #[test]
    fn rows_that_are_too_short_or_too_long() {
        let mapping = Mapping::default();
        let names = ["id", "title", "body", "date"].map(str::to_owned);
        let columns = names.each_ref().map(|name| mapping.column(name));
        let check = |row: &str, expected: Result<&str, &str>| {
            let cells = row.split(',').map(str::to_owned).collect();
            let seen = article(cells, &names, &columns, b',').map(|record| {
                let date = record.article.published.map(|date| date.date);
                let text = record.article.text.replace('\n', "/");
                format!("{text} {} {}", date.unwrap_or_default(), record.notes.len())
            });
            assert_eq!(seen.as_deref().map_err(String::as_str), expected, "{row}");
        };
        check("1,ميناء,نص", Ok("ميناء//نص  1"));
        check("1,ميناء,نص,2020,,", Ok("ميناء//نص 2020 0"));
        check("1,ميناء,نص, وبقية,2020", Ok("ميناء//نص, وبقية 2020 1"));
        check(
            "وبقية",
            Err("1 cells under 4 columns: perhaps a quote or a delimiter is missing"),
        );
    }
}
