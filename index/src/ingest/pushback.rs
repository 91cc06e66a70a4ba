//! A reader to which bytes can be returned, so that they are read again. It decides nothing.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

/// A reader to which bytes can be returned.
pub struct Pushback<R> {
    inner: R,
    returned: VecDeque<u8>,
    /// The number of bytes that were read and not returned.
    pub offset: u64,
}

impl<R: BufRead> Pushback<R> {
    /// Creates the reader.
    pub const fn new(inner: R) -> Self {
        Self {
            inner,
            returned: VecDeque::new(),
            offset: 0,
        }
    }

    /// Returns bytes to the reader. They are read next.
    pub fn push_back(&mut self, bytes: &[u8]) {
        self.offset -= bytes.len() as u64;
        for byte in bytes.iter().rev() {
            self.returned.push_front(*byte);
        }
    }
}

impl<R: BufRead> Read for Pushback<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Pushback<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.returned.is_empty() {
            return self.inner.fill_buf();
        }
        Ok(self.returned.as_slices().0)
    }

    fn consume(&mut self, count: usize) {
        self.offset += count as u64;
        if self.returned.is_empty() {
            self.inner.consume(count);
        } else {
            self.returned.drain(..count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returned_bytes_are_read_again() {
        let mut reader = Pushback::new(&b"abcdef"[..]);
        let mut part = [0; 4];
        reader.read_exact(&mut part).unwrap();
        reader.push_back(&part[1..]);
        assert_eq!(reader.offset, 1);
        reader.push_back(b"a");
        let mut rest = String::new();
        reader.read_to_string(&mut rest).unwrap();
        assert_eq!((rest.as_str(), reader.offset), ("abcdef", 6));
    }
}
