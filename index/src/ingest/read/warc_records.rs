//! A WARC file → its records: the header and the block of each. It does not look at the pages.
//!
//! The length of a block is believed only if the block is followed by a blank line. Otherwise the
//! block ends where the next record begins.

use std::io::{self, BufRead, ErrorKind, Read};

use super::{LostMember, MAX_PAGE_BYTES, Pushback};

const MAX_HEADER_BYTES: u64 = 64 << 10;
const MAX_HEADERS: usize = 256;
/// The maximum length of a record with a page. It has room for an HTTP header.
const MAX_BLOCK_BYTES: u64 = MAX_PAGE_BYTES + MAX_HEADER_BYTES;

/// The fields of a record's header that are needed. Missing text fields are empty.
#[derive(Default)]
pub struct Header {
    /// The type of the record, in lower case.
    pub kind: String,
    /// The URL of the page.
    pub target: String,
    /// The type of the content, in lower case.
    pub content_type: String,
    length_bytes: Option<u64>,
}

/// The block of a record.
pub struct Block {
    /// The bytes, up to one more than a page may have.
    pub bytes: Vec<u8>,
    /// True if the block is longer than a page may be.
    pub is_too_long: bool,
    /// How the header contradicts the length of the block; `None` if the length is right.
    pub wrong_length: Option<String>,
}

/// The next thing in a file.
pub enum Next {
    /// The file ends.
    End,
    /// A record that holds no page.
    Other,
    /// A record that holds a page.
    Page(Header, Block),
    /// Something that is damaged, with the reason for the report.
    Damaged(String),
}

/// The records of a file.
pub struct Records<'a> {
    input: Pushback<&'a mut dyn BufRead>,
    is_page: fn(&Header) -> bool,
    /// The error that follows the record that was returned last.
    held_error: Option<io::Error>,
}

impl<'a> Records<'a> {
    /// Creates the reader. `is_page` says which records hold a page.
    pub fn new(input: &'a mut dyn BufRead, is_page: fn(&Header) -> bool) -> Self {
        Self {
            input: Pushback::new(input),
            is_page,
            held_error: None,
        }
    }

    /// Reads the next record. After an error that is a [`LostMember`], reading can continue.
    pub fn next(&mut self) -> io::Result<Next> {
        if let Some(error) = self.held_error.take() {
            return Err(error);
        }
        if let Some(damaged) = self.find_record()? {
            return Ok(damaged);
        }
        let start = self.input.offset;
        if self.next_line()?.is_empty() {
            return Ok(Next::End);
        }
        match self.header()? {
            Err(reason) => Ok(Next::Damaged(reason)),
            Ok(header) if (self.is_page)(&header) => self.page(header, start),
            Ok(header) => self.skip_block(header.length_bytes.unwrap_or_default()),
        }
    }

    /// Returns the next line; empty at the end of the file. A very long line comes in pieces.
    fn next_line(&mut self) -> io::Result<Vec<u8>> {
        self.line_within(MAX_HEADER_BYTES)
    }

    fn line_within(&mut self, max_bytes: u64) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        let mut limited = (&mut self.input).take(max_bytes);
        limited.read_until(b'\n', &mut line)?;
        Ok(line)
    }

    /// Skips to the line that begins a record, or to the end. Returns the damage if more than blank
    /// lines were skipped.
    fn find_record(&mut self) -> io::Result<Option<Next>> {
        let mut skipped_bytes = 0;
        loop {
            let line = self.next_line()?;
            if line.is_empty() || is_version(&line) {
                self.input.push_back(&line);
                let reason = format!(
                    "damaged: {skipped_bytes} bytes that belong to no record were left out"
                );
                return Ok((skipped_bytes > 0).then_some(Next::Damaged(reason)));
            }
            if skipped_bytes > 0 || !is_blank(&line) {
                skipped_bytes += line.len();
            }
        }
    }

    /// Reads a header up to the blank line after it. Fails with the reason if it is damaged.
    fn header(&mut self) -> io::Result<Result<Header, String>> {
        let mut header = Header::default();
        for _ in 0..MAX_HEADERS {
            let line = self.next_line()?;
            if line.is_empty() {
                return Ok(Err("cut off: the last record has no end".to_owned()));
            }
            if is_blank(&line) {
                return Ok(Ok(header));
            }
            if is_version(&line) {
                self.input.push_back(&line);
                return Ok(Err("damaged: a record header has no end".to_owned()));
            }
            header.take(&String::from_utf8_lossy(&line));
        }
        Ok(Err("damaged: a record header has too many lines".to_owned()))
    }

    /// Reads the block of a record with a page that begins at `start`.
    fn page(&mut self, header: Header, start: u64) -> io::Result<Next> {
        let length_bytes = header.length_bytes.unwrap_or_default();
        let mut bytes = Vec::new();
        let mut block = (&mut self.input).take(length_bytes.min(MAX_BLOCK_BYTES + 1));
        block.read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_BLOCK_BYTES {
            self.skip_block(length_bytes - bytes.len() as u64)?;
            let block = Block {
                bytes,
                is_too_long: true,
                wrong_length: None,
            };
            return Ok(Next::Page(header, block));
        }
        let is_cut_off = (bytes.len() as u64) < length_bytes;
        let is_right = !is_cut_off
            && header.length_bytes.is_some()
            && match self.has_end() {
                Err(error) if follows(&error, start) => {
                    self.held_error = Some(error);
                    true
                }
                has_end => has_end?,
            };
        if !is_right {
            if let Some(next) = next_record(&bytes) {
                self.input.push_back(&bytes[next..]);
                bytes.truncate(next);
            } else if is_cut_off {
                return Ok(Next::Damaged(
                    "cut off: the last record has no end".to_owned(),
                ));
            } else {
                // The header of the next record may begin in the declared length and end after it.
                let line_start = memchr::memrchr(b'\n', &bytes).map_or(0, |end| end + 1);
                let version = memchr::memmem::rfind(&bytes, b"\nWARC/").map(|end| end + 1);
                let rest = bytes.split_off(version.unwrap_or(line_start));
                self.input.push_back(&rest);
                self.take_rest(&mut bytes)?;
            }
            bytes.truncate(bytes.trim_ascii_end().len());
        }
        let actual = bytes.len();
        let is_too_long = actual as u64 > MAX_BLOCK_BYTES;
        let wrong_length = (!is_right).then(|| match header.length_bytes {
            Some(declared) => format!("{declared} declared, {actual} found"),
            None => format!("none declared, {actual} found"),
        });
        let block = Block {
            bytes,
            is_too_long,
            wrong_length,
        };
        Ok(Next::Page(header, block))
    }

    /// Returns whether the block that was just read has its end here: two line breaks, the next
    /// record, or the end of the file. Skips blank lines.
    fn has_end(&mut self) -> io::Result<bool> {
        let mut blank_lines: Vec<Vec<u8>> = Vec::new();
        loop {
            let line = self.next_line()?;
            let is_end = line.is_empty() || is_version(&line);
            if is_end || !is_blank(&line) {
                self.input.push_back(&line);
                let has_end = is_end || blank_lines.len() >= 2;
                if !has_end {
                    let blank: Vec<u8> = blank_lines.concat();
                    self.input.push_back(&blank);
                }
                return Ok(has_end);
            }
            blank_lines.push(line);
        }
    }

    /// Adds the lines up to the next record to a block, up to the maximum length.
    fn take_rest(&mut self, block: &mut Vec<u8>) -> io::Result<()> {
        loop {
            let line = self.next_line()?;
            if line.is_empty() || is_version(&line) {
                self.input.push_back(&line);
                return Ok(());
            }
            if block.len() as u64 <= MAX_BLOCK_BYTES {
                block.extend(line);
            }
        }
    }

    /// Skips a block of this length, and what follows it up to the next record if the length is
    /// wrong.
    fn skip_block(&mut self, mut left_bytes: u64) -> io::Result<Next> {
        let mut is_after_blank = false;
        while left_bytes > 0 {
            let line = self.line_within(left_bytes.min(MAX_HEADER_BYTES))?;
            if line.is_empty() {
                return Ok(Next::Damaged(
                    "cut off: the last record has no end".to_owned(),
                ));
            }
            if is_after_blank && is_version(&line) {
                let after = self.next_line()?;
                self.input.push_back(&after);
                if is_field(&after) {
                    self.input.push_back(&line);
                    return Ok(Next::Other);
                }
            }
            is_after_blank = is_blank(&line);
            left_bytes -= line.len() as u64;
        }
        if !self.has_end()? {
            self.take_rest(&mut Vec::new())?;
        }
        Ok(Next::Other)
    }
}

impl Header {
    fn take(&mut self, line: &str) {
        let Some((name, value)) = line.split_once(':') else {
            return;
        };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "warc-type" => self.kind = value.to_ascii_lowercase(),
            "warc-target-uri" => {
                let uri = value.trim_start_matches('<').trim_end_matches('>');
                uri.clone_into(&mut self.target);
            }
            "content-type" => self.content_type = value.to_ascii_lowercase(),
            "content-length" => self.length_bytes = value.parse().ok(),
            _ => {}
        }
    }
}

/// Returns whether the error does not concern the record that begins at `start`: it concerns a later
/// member of a gzip stream, or only the checksum is missing at the end of a file that was cut.
fn follows(error: &io::Error, start: u64) -> bool {
    LostMember::in_error(error)
        .is_some_and(|lost| lost.start > start || lost.kind() == ErrorKind::UnexpectedEof)
}

/// Returns whether a line begins a record, as `WARC/1.0` does.
fn is_version(line: &[u8]) -> bool {
    let version = line.trim_ascii_end().strip_prefix(b"WARC/");
    version.is_some_and(|version| {
        let is_number = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
        (1..=5).contains(&version.len()) && version.iter().all(is_number)
    })
}

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}

/// Returns whether a line is a field that only the header of a record has.
fn is_field(line: &[u8]) -> bool {
    line.get(..5)
        .is_some_and(|name| name.eq_ignore_ascii_case(b"WARC-"))
}

/// Returns the offset in a block at which another record begins.
fn next_record(block: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(block, b"\nWARC/").find_map(|line_break| {
        let start = line_break + 1;
        let mut lines = block[start..].split_inclusive(|byte| *byte == b'\n');
        let (version, field) = (lines.next()?, lines.next()?);
        (is_version(version) && is_field(field)).then_some(start)
    })
}
