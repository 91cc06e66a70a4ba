//! A buffer with a limit, into which answers are written. An answer that is too large stops when it
//! reaches the limit, so it never takes more memory than that.

use std::{fmt, io};

use super::limits::limits;
use super::{ApiError, Result};

/// The bytes of an answer that is being written.
pub struct BoundedBuffer {
    bytes: Vec<u8>,
    max_bytes: usize,
    is_full: bool,
}

impl BoundedBuffer {
    /// Writes an answer and returns its bytes. `write` returns whether writing succeeded. Fails if
    /// the answer is larger than answers may be; `action` names the work in any other error.
    pub fn fill<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
        action: &'static str,
        write: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<Vec<u8>> {
        let mut buffer = Self {
            bytes: Vec::new(),
            max_bytes: limits().answer_bytes,
            is_full: false,
        };
        match write(&mut buffer) {
            Ok(()) => Ok(buffer.bytes),
            Err(_) if buffer.is_full => Err(ApiError::AnswerTooLarge(buffer.max_bytes)),
            Err(error) => Err(ApiError::internal(action, error)),
        }
    }

    /// Appends bytes, and returns whether they fit.
    fn push(&mut self, bytes: &[u8]) -> bool {
        self.is_full |= bytes.len() > self.max_bytes - self.bytes.len();
        if !self.is_full {
            self.bytes.extend_from_slice(bytes);
        }
        !self.is_full
    }
}

impl io::Write for BoundedBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.push(bytes) {
            Ok(bytes.len())
        } else {
            Err(io::ErrorKind::StorageFull.into())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Write for BoundedBuffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.push(text.as_bytes()) {
            Ok(())
        } else {
            Err(fmt::Error)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    #[test]
    fn an_answer_that_is_too_large_stops_at_the_limit() {
        let piece = "x".repeat(1 << 20);
        let mut pieces = 0;
        let outcome = BoundedBuffer::fill("write", |buffer| -> fmt::Result {
            loop {
                buffer.write_str(&piece)?;
                pieces += 1;
            }
        });
        assert!(matches!(outcome, Err(ApiError::AnswerTooLarge(_))));
        assert_eq!(pieces, limits().answer_bytes >> 20);
        let fits = BoundedBuffer::fill("write", |buffer| buffer.write_str("ab"));
        assert_eq!(fits.unwrap(), b"ab");
    }
}
