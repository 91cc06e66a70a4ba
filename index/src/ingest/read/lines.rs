//! A stream → its lines, with a limit on their length.

use std::io::{self, BufRead, Read};

/// A record as it is written, or why it was skipped, with the number of its first line.
pub type NumberedRecord<'a> = (u64, Result<&'a [u8], String>);

/// Reads the lines of a stream into one buffer, which is reused.
pub struct Lines<'a> {
    input: &'a mut dyn BufRead,
    max_bytes: u64,
    /// The number of the last line that was read; 0 at the beginning.
    pub number: u64,
    buffer: Vec<u8>,
}

impl<'a> Lines<'a> {
    /// Creates a reader that skips lines longer than `max_bytes`.
    pub fn new(input: &'a mut dyn BufRead, max_bytes: u64) -> Self {
        Self {
            input,
            max_bytes,
            number: 0,
            buffer: Vec::new(),
        }
    }

    /// Returns the line whose end could not be read, as far as it goes.
    pub fn begun(&self) -> &[u8] {
        self.buffer.trim_ascii()
    }

    /// Returns the next line with its number, from 1; `None` at the end of the stream. The line has
    /// no white space around it, so a blank line is empty. A line that is longer than the limit is
    /// skipped; the reason says so. Fails if the stream cannot be read.
    pub fn next(&mut self) -> io::Result<Option<NumberedRecord<'_>>> {
        self.buffer.clear();
        // The buffer of a very long line is freed here, not at the end of the file.
        self.buffer.shrink_to(1 << 20);
        let mut part = (&mut *self.input).take(self.max_bytes + 1);
        if part.read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.buffer.len() as u64 > self.max_bytes && self.buffer.last() != Some(&b'\n') {
            self.input.skip_until(b'\n')?;
            let reason = format!("line longer than {} MiB", self.max_bytes >> 20);
            return Ok(Some((self.number, Err(reason))));
        }
        let mut line = self.buffer.as_slice();
        // Programs that join files leave a byte order mark before a later line.
        while let Some(rest) = line.strip_prefix("\u{FEFF}".as_bytes()) {
            line = rest;
        }
        Ok(Some((self.number, Ok(line.trim_ascii()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, max_bytes: u64, expected: &[&str]) {
        let mut input = text.as_bytes();
        let mut lines = Lines::new(&mut input, max_bytes);
        let mut seen = Vec::new();
        while let Some((number, line)) = lines.next().unwrap() {
            seen.push(match line {
                Ok([]) => format!("{number} blank"),
                Err(_) => format!("{number} too long"),
                Ok(bytes) => format!("{number} {}", std::str::from_utf8(bytes).unwrap()),
            });
        }
        assert_eq!(seen, expected);
    }

    #[test]
    fn ends_of_lines_and_blank_lines() {
        check("a\r\n\n \t\nb", 10, &["1 a", "2 blank", "3 blank", "4 b"]);
        check("", 10, &[]);
        check("\u{FEFF}a\n\u{FEFF}\u{FEFF}b", 10, &["1 a", "2 b"]);
    }

    #[test]
    fn a_line_too_long_is_passed_over() {
        check(
            "1234\n12345\n123456\n1\n",
            5,
            &["1 1234", "2 12345", "3 too long", "4 1"],
        );
        check("12345678901234567890", 5, &["1 too long"]);
    }
}
