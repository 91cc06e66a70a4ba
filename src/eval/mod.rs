//! Measures search and stemming against people's judgments: TREC files, metrics, significance, conflation.
//! It computes from texts and values alone; running queries, files and output are the command line's business.

pub mod compare;
pub mod conflation;
pub mod lemmas;
pub mod metrics;
pub mod queries;
mod random;
pub mod trec;

use std::str::Utf8Error;

/// Why a file cannot be used, and in which of its lines.
#[derive(Debug, PartialEq, Eq)]
pub struct LineError {
    /// Counted from 1.
    pub line: usize,
    pub reason: String,
}

/// The text of a file, without its byte order mark.
pub fn text_of(bytes: &[u8]) -> Result<&str, LineError> {
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn not_utf8(bytes: &[u8], error: Utf8Error) -> LineError {
    let before = bytes.iter().take(error.valid_up_to());
    LineError {
        line: 1 + before.filter(|byte| **byte == b'\n').count(),
        reason: "not UTF-8".to_owned(),
    }
}

/// Reads every line that is not blank; the first that `read` refuses ends it.
fn each_line<'a>(
    text: &'a str,
    mut read: impl FnMut(&'a str) -> Result<(), String>,
) -> Result<(), LineError> {
    let lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    for (number, line) in lines {
        read(line).map_err(|reason| LineError {
            line: number,
            reason,
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_out_of_place_is_found_in_its_line() {
        assert_eq!(text_of("\u{feff}قمر\n".as_bytes()), Ok("قمر\n"));
        let error = text_of(b"one\ntwo\nthr\xffee\n").expect_err("no UTF-8");
        assert_eq!((error.line, error.reason.as_str()), (3, "not UTF-8"));
    }
}
