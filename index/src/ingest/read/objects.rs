//! A stream of JSON → its values: the values of a list, or objects one after the other. Only one
//! value is in memory at a time. Values are not parsed.

use std::io::{self, BufRead};

use super::json_list::{About, list_in};
use super::json_resync::RecordSearch;
use super::{NumberedRecord, Pushback};

/// The reason for a list without an end.
pub const UNCLOSED: &str = "cut off: the list has no end";

/// The character that some programs write before each value.
pub const RECORD_SEPARATOR: u8 = 0x1E;

/// Broken values are read again as long as that is at most this many times the stream. More would
/// take quadratic time.
pub const MAX_REREADS: u64 = 16;

/// Reads the values of a stream into one buffer, which is reused.
pub struct JsonValues<'a> {
    input: Pushback<&'a mut dyn BufRead>,
    max_bytes: usize,
    line: u64,
    is_in_list: bool,
    /// The object around the present list, if it was too long to be returned as a value.
    outer: Option<Outer>,
    /// What the object around the present list says about its values.
    pub about: About,
    /// Whether the object around the list is broken. Then a bracket may be too many: the list goes on
    /// if another object follows.
    pub is_damaged: bool,
    buffer: Vec<u8>,
    /// The number of bytes that were read again.
    reread_bytes: u64,
}

/// An object whose list is read value by value.
struct Outer {
    /// The number of objects around the list.
    depth: u64,
    is_in_list: bool,
}

/// The state of the search for the end of a value.
#[derive(Default)]
pub struct Scan {
    depth: u64,
    is_in_string: bool,
    is_escaped: bool,
    has_begun: bool,
}

impl Scan {
    /// Takes the next byte. Returns `None` if the value continues. If it ends, returns 1 if the byte
    /// is its last one, and 0 if the value ends before the byte.
    pub fn ends(&mut self, byte: u8) -> Option<usize> {
        if self.is_in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => {
                    self.is_in_string = false;
                    return (self.depth == 0).then_some(1);
                }
                _ => {}
            }
            return None;
        }
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        match byte {
            b'"' | b'{' | b'[' if self.depth == 0 && !is_first => return Some(0),
            b'"' => self.is_in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' if self.depth == 1 || is_first => return Some(1),
            b'}' | b']' | b',' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => {
                return Some(0);
            }
            b'}' | b']' => self.depth -= 1,
            _ => {}
        }
        None
    }
}

impl<'a> JsonValues<'a> {
    /// Creates a reader that skips values longer than `max_bytes`. An object that is longer and
    /// wraps a list is read as its list. `line` is the number of the first line.
    pub fn new(input: &'a mut dyn BufRead, max_bytes: usize, line: u64) -> Self {
        Self {
            input: Pushback::new(input),
            max_bytes,
            line,
            is_in_list: false,
            outer: None,
            about: About::default(),
            is_damaged: false,
            buffer: Vec::new(),
            reread_bytes: 0,
        }
    }

    /// Returns the next value, as it is written, with the number of its first line, from 1; `None`
    /// at the end of the stream. It comes with what the object around it says about it. A value that
    /// is longer than the limit is skipped; the reason says so. A list without an end gives a
    /// reason, too. Fails if the stream cannot be read.
    pub fn next(&mut self) -> io::Result<Option<(NumberedRecord<'_>, &About)>> {
        self.buffer.clear();
        // The buffer of a very long value is freed here, not at the end of the file.
        self.buffer.shrink_to(1 << 20);
        loop {
            if !self.find_value()? {
                let is_unclosed = std::mem::take(&mut self.is_in_list);
                let unclosed = (self.line, Err(UNCLOSED.to_owned()));
                return Ok(is_unclosed.then_some((unclosed, &self.about)));
            }
            let first_line = self.line;
            let value = match self.take_value()? {
                Taken::Value => Ok(self.buffer.as_slice()),
                Taken::TooLong => Err(format!("value longer than {} MiB", self.max_bytes >> 20)),
                Taken::List => continue,
            };
            return Ok(Some(((first_line, value), &self.about)));
        }
    }

    /// Returns the value whose end could not be read, as far as it goes, with the number of its
    /// first line.
    pub fn begun(&self) -> (u64, &[u8]) {
        (self.line - line_breaks(&self.buffer), &self.buffer)
    }

    /// Reads the last value again from this position: it is broken, and another record begins there.
    pub fn resume(&mut self, start: usize) {
        let rest = &self.buffer[start..];
        let reread_bytes = self.reread_bytes + rest.len() as u64;
        if reread_bytes <= MAX_REREADS.saturating_mul(self.input.offset) {
            self.reread_bytes = reread_bytes;
            self.line -= line_breaks(rest);
            self.input.push_back(rest);
        }
    }

    /// Skips what belongs to no value, up to the next record.
    pub fn skip_to_record(&mut self, first_name: &[u8]) -> io::Result<()> {
        let mut search = RecordSearch::new(first_name);
        loop {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                return Ok(());
            }
            let found = bytes.iter().position(|byte| search.ends_with(*byte));
            let taken = found.map_or(bytes.len(), |last| last + 1);
            self.line += line_breaks(&bytes[..taken]);
            self.input.consume(taken);
            if found.is_some() {
                self.line -= line_breaks(search.begun());
                self.input.push_back(search.begun());
                return Ok(());
            }
        }
    }

    /// Skips to the next value. Returns false at the end of the stream.
    fn find_value(&mut self) -> io::Result<bool> {
        loop {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                return Ok(false);
            }
            let mut passed = 0;
            for byte in bytes {
                match *byte {
                    b'\n' => self.line += 1,
                    // These three bytes are the byte order mark.
                    b' ' | b'\t' | b'\r' | b',' | 0xEF | 0xBB | 0xBF | RECORD_SEPARATOR => {}
                    b'}' if self.is_damaged => {}
                    b']' if self.is_damaged => self.is_in_list = false,
                    b'[' if !self.is_in_list => self.is_in_list = true,
                    b']' if self.is_in_list => {
                        self.is_in_list = false;
                        if self.outer.is_some() {
                            passed += 1;
                            break;
                        }
                    }
                    other => {
                        self.input.consume(passed);
                        let is_behind_list = self.is_damaged && !self.is_in_list;
                        self.is_in_list |= is_behind_list && other == b'{';
                        return Ok(!is_behind_list || self.is_in_list);
                    }
                }
                passed += 1;
            }
            self.input.consume(passed);
            if !self.is_in_list
                && let Some(outer) = self.outer.take()
            {
                self.leave(&outer)?;
            }
        }
    }

    /// Begins to read the list in an object whose beginning is in the buffer. Returns false if there
    /// is none.
    fn enter(&mut self) -> bool {
        let Some(list) = list_in(&self.buffer).filter(|_| self.outer.is_none()) else {
            return false;
        };
        let (_, rest) = self.buffer.split_at(list.start);
        self.line -= line_breaks(rest);
        self.input.push_back(rest);
        self.about = list.about;
        self.outer = Some(Outer {
            depth: list.depth,
            is_in_list: self.is_in_list,
        });
        self.is_in_list = false;
        self.buffer.clear();
        true
    }

    /// Skips the rest of an object after its list.
    fn leave(&mut self, outer: &Outer) -> io::Result<()> {
        let mut scan = Scan {
            depth: outer.depth,
            has_begun: true,
            ..Scan::default()
        };
        self.about = About::default();
        self.is_in_list = outer.is_in_list;
        loop {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                return Ok(());
            }
            let mut numbered = (0..).zip(bytes);
            let end = numbered.find_map(|(i, byte)| Some(i + scan.ends(*byte)?));
            let taken = end.unwrap_or(bytes.len());
            self.line += line_breaks(&bytes[..taken]);
            self.input.consume(taken);
            if end.is_some() {
                return Ok(());
            }
        }
    }

    /// Reads the value at the present position.
    fn take_value(&mut self) -> io::Result<Taken> {
        let (mut scan, mut is_too_long) = (Scan::default(), false);
        let taken_as = |is_too_long| match is_too_long {
            true => Taken::TooLong,
            false => Taken::Value,
        };
        loop {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                return Ok(taken_as(is_too_long));
            }
            let mut numbered = (0..).zip(bytes);
            let end = numbered.find_map(|(i, byte)| Some(i + scan.ends(*byte)?));
            let taken = end.unwrap_or(bytes.len());
            let part = &bytes[..taken];
            self.line += line_breaks(part);
            let becomes_too_long = !is_too_long && self.buffer.len() + taken > self.max_bytes;
            is_too_long |= becomes_too_long;
            if !is_too_long || becomes_too_long {
                self.buffer.extend_from_slice(part);
            }
            self.input.consume(taken);
            if becomes_too_long {
                if self.enter() {
                    return Ok(Taken::List);
                }
                self.buffer.clear();
            }
            if end.is_some() {
                return Ok(taken_as(is_too_long));
            }
        }
    }
}

/// What was read at a position.
enum Taken {
    /// The value in the buffer.
    Value,
    /// A value that is longer than the limit.
    TooLong,
    /// The beginning of an object, whose list is read next.
    List,
}

/// Returns the number of line breaks.
pub fn line_breaks(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::BufReader;

    fn seen(text: &[u8], max_bytes: usize) -> Vec<String> {
        // A tiny buffer splits the values.
        let mut input = BufReader::with_capacity(3, text);
        let mut objects = JsonValues::new(&mut input, max_bytes, 1);
        let mut seen = Vec::new();
        while let Some(((line, next), _)) = objects.next().unwrap() {
            seen.push(match next {
                Ok(bytes) => format!("{line} {}", String::from_utf8_lossy(bytes)),
                Err(reason) if reason == UNCLOSED => format!("{line} unclosed"),
                Err(_) => format!("{line} too long"),
            });
        }
        seen
    }

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(seen(text.as_bytes(), 20), expected, "{text}");
    }

    #[test]
    fn lists_and_objects_in_a_row() {
        check(
            "[{\"a\": 1},\n {\"b\": [2]}]",
            &["1 {\"a\": 1}", "2 {\"b\": [2]}"],
        );
        check("\u{FEFF}{\"a\":\n1}\n{}\n", &["1 {\"a\":\n1}", "3 {}"]);
        check(
            "[1, \"a,]\\\"\", [2, 3], null]",
            &["1 1", "1 \"a,]\\\"\"", "1 [2, 3]", "1 null"],
        );
        check("[] [{}]", &["1 {}"]);
        check("", &[]);
        check("[", &["1 unclosed"]);
        check("[{\"a\": \"}\"", &["1 {\"a\": \"}\"", "1 unclosed"]);
        check("[{} {}]]", &["1 {}", "1 {}", "1 ]"]);
    }

    #[test]
    fn a_broken_value_is_read_again_a_limited_number_of_times() {
        let text = "{\"a\": 1,\n".repeat(200);
        let mut input = text.as_bytes();
        let mut values = JsonValues::new(&mut input, 1 << 20, 1);
        let mut lines = Vec::new();
        while let Some(((line, value), _)) = values.next().unwrap() {
            lines.push(line);
            if let Some(start) = super::super::json_resync::next_record(value.unwrap(), b"\"a\"") {
                values.resume(start);
            }
        }
        assert_eq!(lines, (1..lines.len() as u64 + 1).collect::<Vec<_>>());
        assert!((16..40).contains(&lines.len()), "{lines:?}");
    }

    #[test]
    fn a_value_too_long_is_passed_over() {
        check(
            "[{\"a\": \"0123456789ABCDEF\"}, {}]",
            &["1 too long", "1 {}"],
        );
    }

    #[test]
    fn a_long_object_is_read_as_its_list() {
        check(
            "{\"n\": 1, \"items\": [{\"a\": 1},\n[{}]], \"x\": [\"]}\"]} {\"b\": 2}",
            &["1 {\"a\": 1}", "2 [{}]", "2 {\"b\": 2}"],
        );
        check(
            "[{\"articles\": [{\"a\": 1234}, {}",
            &["1 {\"a\": 1234}", "1 {}", "1 unclosed"],
        );
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_an_end(bytes in prop::collection::vec(prop::sample::select(b"[]{}\",\\ a1\n\xFF".to_vec()), 0..60)) {
            seen(&bytes, 8);
        }
    }
}
