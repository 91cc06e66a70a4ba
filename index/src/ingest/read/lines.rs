//! A stream → its lines, with a limit on their length.

use std::io::{self, BufRead, Read};

/// A line of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// Only white space.
    Blank,
    /// Longer than the limit. The line was skipped.
    TooLong,
    /// The line without its line break.
    Bytes(&'a [u8]),
}

/// Reads the lines of a stream into one buffer, which is reused.
pub struct Lines<'a> {
    input: &'a mut dyn BufRead,
    max_bytes: u64,
    number: u64,
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

    /// Returns the next line with its number, from 1; `None` at the end of the stream. Fails if the
    /// stream cannot be read.
    pub fn next(&mut self) -> io::Result<Option<(u64, Line<'_>)>> {
        self.buffer.clear();
        // The buffer of a very long line is freed here, not at the end of the file.
        self.buffer.shrink_to(1 << 20);
        if self.read_part(self.max_bytes + 1)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.buffer.len() as u64 > self.max_bytes && self.buffer.last() != Some(&b'\n') {
            self.pass_over()?;
            return Ok(Some((self.number, Line::TooLong)));
        }
        let line = match self.number {
            1 => self
                .buffer
                .strip_prefix("\u{FEFF}".as_bytes())
                .unwrap_or(&self.buffer),
            _ => &self.buffer,
        };
        let line = line.trim_ascii();
        Ok(Some((
            self.number,
            if line.is_empty() {
                Line::Blank
            } else {
                Line::Bytes(line)
            },
        )))
    }

    fn pass_over(&mut self) -> io::Result<()> {
        loop {
            self.buffer.clear();
            if self.read_part(1 << 20)? == 0 || self.buffer.last() == Some(&b'\n') {
                return Ok(());
            }
        }
    }

    fn read_part(&mut self, max_bytes: u64) -> io::Result<usize> {
        self.input
            .take(max_bytes)
            .read_until(b'\n', &mut self.buffer)
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
                Line::Blank => format!("{number} blank"),
                Line::TooLong => format!("{number} too long"),
                Line::Bytes(bytes) => format!("{number} {}", std::str::from_utf8(bytes).unwrap()),
            });
        }
        assert_eq!(seen, expected);
    }

    #[test]
    fn ends_of_lines_and_blank_lines() {
        check("a\r\n\n \t\nb", 10, &["1 a", "2 blank", "3 blank", "4 b"]);
        check("", 10, &[]);
        check("\u{FEFF}a\n", 10, &["1 a"]);
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
