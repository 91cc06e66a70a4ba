//! A table → its rows, as cells. It knows no columns.
//!
//! The `csv` crate reads on to the end of the file after a quote that has no end, and does not
//! recognise the dialect of a row, so it is not used.

use std::io::{self, BufRead};

use super::Pushback;

/// A quoted cell that goes on for more bytes than this has no end.
const MAX_QUOTED_BYTES: usize = 8 << 20;

/// The rows of a table in UTF-8.
pub struct Rows<R> {
    input: Pushback<R>,
    delimiter: u8,
    line_end: u8,
    /// The number of the next line, from 1.
    line: u64,
}

/// A row of a table.
pub struct Row {
    /// The number of its first line.
    pub line: u64,
    /// Its cells, without quotes.
    pub cells: Vec<String>,
    /// Whether a cell is quoted.
    pub is_quoted: bool,
}

impl<R: BufRead> Rows<R> {
    /// Creates the reader. `line_end` is the last byte of a line.
    pub const fn new(input: R, delimiter: u8, line_end: u8) -> Self {
        Self {
            input: Pushback::new(input),
            delimiter,
            line_end,
            line: 1,
        }
    }

    /// Returns the number of bytes in the rows that were read.
    pub const fn offset(&self) -> u64 {
        self.input.offset
    }

    /// Skips a line.
    pub fn skip_line(&mut self) -> io::Result<()> {
        self.line += 1;
        self.input.skip_until(self.line_end).map(drop)
    }

    /// Returns the next row that is not blank; `None` at the end of the table. `columns` is the
    /// expected number of cells, if it is known.
    ///
    /// Quotes within a quoted cell are doubled, or follow a backslash if that gives the expected
    /// number. So do delimiters and line breaks in a table without quotes. If a quote has no end,
    /// the row is its first line.
    pub fn next(&mut self, columns: Option<usize>) -> io::Result<Option<Row>> {
        let (line, mut read) = loop {
            let line = self.line;
            let read = self.read(Quotes::Doubled)?;
            if read.raw.is_empty() {
                return Ok(None);
            }
            if !read.scan.is_blank() {
                break (line, read);
            }
        };
        let is_good = |read: &Read| {
            !read.scan.is_open()
                && read.scan.is_regular
                && columns.is_none_or(|columns| read.scan.cells.len() == columns)
        };
        let row = |scan: Scan| Ok(Some(scan.into_row(line)));
        if is_good(&read) {
            return row(read.scan);
        }
        if columns.is_some() && self.has_escapes(&read.raw) {
            self.take_back(&read.raw);
            let escaped = self.read(Quotes::None)?;
            if is_good(&escaped) {
                return row(escaped.scan);
            }
            self.take_back(&escaped.raw);
            read = self.read(Quotes::Doubled)?;
        }
        let is_over_lines = read.lines > 1 && !read.scan.is_regular;
        let has_end = !read.scan.is_open() && !is_over_lines;
        if memchr::memmem::find(&read.raw, b"\\\"").is_some() {
            self.take_back(&read.raw);
            let escaped = self.read(Quotes::Escaped)?;
            if is_good(&escaped) {
                return row(escaped.scan);
            }
            self.take_back(&escaped.raw);
            let read = self.read(Quotes::Doubled)?;
            if has_end {
                return row(read.scan);
            }
            return row(self.first_line(&read.raw));
        }
        if has_end {
            return row(read.scan);
        }
        row(self.first_line(&read.raw))
    }

    /// Reads lines until a row is complete.
    fn read(&mut self, quotes: Quotes) -> io::Result<Read> {
        let mut read = Read {
            raw: Vec::new(),
            lines: 0,
            scan: Scan::new(self.delimiter, quotes),
        };
        loop {
            let start = read.raw.len();
            let count = self.input.read_until(self.line_end, &mut read.raw)?;
            self.line += u64::from(count > 0);
            read.lines += u64::from(count > 0);
            read.scan.take(&read.raw[start..], self.line_end);
            if count == 0 {
                read.scan.end();
                return Ok(read);
            }
            if !read.scan.is_open() || read.raw.len() > MAX_QUOTED_BYTES {
                read.scan.end();
                return Ok(read);
            }
        }
    }

    /// Returns whether a backslash stands before a delimiter or a line break.
    fn has_escapes(&self, raw: &[u8]) -> bool {
        let is_escape = |pair: &[u8]| {
            pair[0] == b'\\' && (pair[1] == self.delimiter || matches!(pair[1], b'\r' | b'\n'))
        };
        raw.windows(2).any(is_escape)
    }

    fn take_back(&mut self, raw: &[u8]) {
        self.line -= self.lines_in(raw);
        self.input.push_back(raw);
    }

    fn lines_in(&self, raw: &[u8]) -> u64 {
        let ends = memchr::memchr_iter(self.line_end, raw).count();
        let has_rest = raw.last().is_some_and(|last| *last != self.line_end);
        ends as u64 + u64::from(has_rest)
    }

    /// Returns the first line as a row in which quotes are letters. The other lines are read again.
    fn first_line(&mut self, raw: &[u8]) -> Scan {
        let end = memchr::memchr(self.line_end, raw).map_or(raw.len(), |end| end + 1);
        let (line, rest) = raw.split_at(end);
        self.take_back(rest);
        let mut scan = Scan::new(self.delimiter, Quotes::Letters);
        scan.take(line, self.line_end);
        scan.end();
        scan
    }
}

/// The lines of a row.
struct Read {
    raw: Vec<u8>,
    lines: u64,
    scan: Scan,
}

/// How a quote is written within a quoted cell.
#[derive(Clone, Copy, PartialEq)]
enum Quotes {
    Doubled,
    Escaped,
    /// Cells are not quoted; a quote is a letter.
    Letters,
    /// Cells are not quoted; a backslash stands before a delimiter or a line break in them.
    None,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Start,
    Plain,
    Quoted,
    Backslash,
    /// After a backslash in a cell that is not quoted.
    Escape,
    /// After a quote that ends the cell, unless another one follows.
    Quote,
}

/// The cells of a row that is being read.
struct Scan {
    delimiter: u8,
    quotes: Quotes,
    state: State,
    cell: Vec<u8>,
    cells: Vec<Vec<u8>>,
    /// False if something follows the end of a quoted cell.
    is_regular: bool,
    is_quoted: bool,
}

impl Scan {
    const fn new(delimiter: u8, quotes: Quotes) -> Self {
        Self {
            delimiter,
            quotes,
            state: State::Start,
            cell: Vec::new(),
            cells: Vec::new(),
            is_regular: true,
            is_quoted: false,
        }
    }

    /// Returns whether the row goes on in the next line.
    fn is_open(&self) -> bool {
        matches!(self.state, State::Quoted | State::Backslash | State::Escape)
    }

    fn is_blank(&self) -> bool {
        matches!(&self.cells[..], [cell] if cell.trim_ascii().is_empty())
    }

    /// Takes a line of the row.
    fn take(&mut self, line: &[u8], line_end: u8) {
        if self.state == State::Escape {
            self.state = State::Plain;
        }
        let content = line.strip_suffix(&[line_end]);
        let content = content.map(|content| content.strip_suffix(b"\r").unwrap_or(content));
        for byte in content.unwrap_or(line) {
            self.take_byte(*byte);
        }
        if self.is_open() {
            self.cell.extend(&line[content.unwrap_or(line).len()..]);
        }
    }

    fn take_byte(&mut self, byte: u8) {
        match (self.state, byte) {
            (State::Quoted, b'"') => self.state = State::Quote,
            (State::Quoted, b'\\') if self.quotes == Quotes::Escaped => {
                self.state = State::Backslash;
            }
            (State::Quoted, _) => self.cell.push(byte),
            (State::Backslash, _) => {
                if !matches!(byte, b'"' | b'\\') {
                    self.cell.push(b'\\');
                }
                self.cell.push(byte);
                self.state = State::Quoted;
            }
            (State::Start | State::Plain, b'\\') if self.quotes == Quotes::None => {
                self.state = State::Escape;
            }
            (State::Escape, _) => {
                match byte {
                    b'n' => self.cell.push(b'\n'),
                    b't' => self.cell.push(b'\t'),
                    b'N' => self.cell.extend(b"\\N"),
                    _ => self.cell.push(byte),
                }
                self.state = State::Plain;
            }
            (State::Quote, b'"') if self.quotes == Quotes::Doubled => {
                self.cell.push(byte);
                self.state = State::Quoted;
            }
            (State::Start | State::Plain | State::Quote, _) if byte == self.delimiter => {
                self.end();
                self.state = State::Start;
            }
            (State::Start, b'"') if !matches!(self.quotes, Quotes::Letters | Quotes::None) => {
                self.state = State::Quoted;
                self.is_quoted = true;
            }
            (State::Quote, _) => {
                self.is_regular = false;
                self.cell.insert(0, b'"');
                self.cell.extend([b'"', byte]);
                self.state = State::Plain;
            }
            (State::Start | State::Plain, _) => {
                self.cell.push(byte);
                self.state = State::Plain;
            }
        }
    }

    /// Ends the present cell.
    fn end(&mut self) {
        self.cells.push(std::mem::take(&mut self.cell));
    }

    fn into_row(self, line: u64) -> Row {
        let text = |cell: Vec<u8>| String::from_utf8_lossy(&cell).into_owned();
        Row {
            line,
            cells: self.cells.into_iter().map(text).collect(),
            is_quoted: self.is_quoted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads a table of three columns. Each row is its line and its cells between bars.
    fn check(table: &str, expected: &[&str]) {
        assert_eq!(rows(table.as_bytes()), expected, "{table}");
    }

    fn rows(table: &[u8]) -> Vec<String> {
        let line_end = if table.contains(&b'\n') { b'\n' } else { b'\r' };
        let mut rows = Rows::new(table, b',', line_end);
        let mut seen = Vec::new();
        while let Some(row) = rows.next(Some(3)).unwrap() {
            seen.push(format!("{} {}", row.line, row.cells.join("|")));
        }
        assert_eq!(rows.offset(), table.len() as u64);
        seen
    }

    #[test]
    fn quoted_cells() {
        check(
            "a,\"b,\"\"c\"\"\nd\",\r\n\n\"\",e,f",
            &["1 a|b,\"c\"\nd|", "4 |e|f"],
        );
        check("a,b,c\rd,e,f\r", &["1 a|b|c", "2 d|e|f"]);
        check("a,b\" c,\"d\"", &["1 a|b\" c|d"]);
        check("a,\"b\r\nc\",d\r\n", &["1 a|b\r\nc|d"]);
    }

    #[test]
    fn a_backslash_before_a_quote() {
        check("a,\"b \\\"c\\\", d\",e\n", &["1 a|b \"c\", d|e"]);
        check("a,\"C:\\\",b\n", &["1 a|C:\\|b"]);
        check(
            "a,\"C:\\new \\\"x\\\"\\\\\",b\n",
            &["1 a|C:\\new \"x\"\\|b"],
        );
    }

    #[test]
    fn a_backslash_in_a_table_without_quotes() {
        check("a,b\\\nc\\, d,e\nf,g,h\n", &["1 a|b\nc, d|e", "3 f|g|h"]);
        check(
            "a,\\\"b\\\"\\, c\\\\\\, d,\\N\n",
            &["1 a|\"b\", c\\, d|\\N"],
        );
        check("a,b\\\nc,d,e\n", &["1 a|b\\", "2 c|d|e"]);
    }

    #[test]
    fn a_quote_without_an_end_costs_its_line() {
        check(
            "a,\"b,c\nd,e,f\ng,\"h\",i\n",
            &["1 a|\"b|c", "2 d|e|f", "3 g|h|i"],
        );
        check("a,\"b\n\"c,d,e", &["1 a|\"b", "2 \"c|d|e"]);
        check("a,\"b\" c,d\n", &["1 a|\"b\" c|d"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_rows(bytes in prop::collection::vec(prop::sample::select(b"a,\"\\\n\r".to_vec()), 0..40)) {
            rows(&bytes);
        }
    }
}
