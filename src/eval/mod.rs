//! Evaluates search and stemming by human judgments: TREC files, metrics, significance and
//! conflation. It computes from texts and values; the command line runs queries, reads files and
//! prints reports.

mod compare;
mod conflation;
pub mod lemmas;
mod metrics;
pub mod queries;
mod random;
mod trec;

pub use compare::{Interval, compare, intervals};
pub use conflation::{Agreement, Conflation, conflation, content_words, exact_boundaries};
pub use metrics::{DEPTH, METRICS, Scores, means, score_run};
pub use queries::Query;
pub use trec::{Hit, Qrels, Run, parse_qrels};

/// A line that cannot be read, and the reason.
#[derive(Debug, PartialEq)]
pub struct LineError {
    /// The number of the line, from 1.
    pub line: usize,
    pub reason: String,
}

/// Returns the text of a file without its byte order mark. Fails if it is not UTF-8.
pub fn text_of(bytes: &[u8]) -> Result<&str, LineError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.iter().take(error.valid_up_to());
        LineError {
            line: 1 + before.filter(|byte| **byte == b'\n').count(),
            reason: "not UTF-8".to_owned(),
        }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Parses every line that is not blank; fails at the first line that `parse` refuses.
fn parse_lines<'a, T, C: FromIterator<T>>(
    text: &'a str,
    mut parse: impl FnMut(&'a str) -> Result<T, String>,
) -> Result<C, LineError> {
    (1..)
        .zip(text.lines())
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(line, text)| parse(text).map_err(|reason| LineError { line, reason }))
        .collect()
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
