//! Limits how many bytes the answer for one caller may take. Work that builds an answer charges its
//! parts before it keeps them, and stops at the limit. Nobody allocates a large answer only to
//! discard it.
//!
//! ```
//! use fihrist_index::{AnswerLimit, ErrorKind};
//!
//! let limit = AnswerLimit::new(100);
//! assert!(limit.charge(60).is_ok());
//! assert_eq!(limit.charge(60).map_err(|error| error.kind()), Err(ErrorKind::TooLarge));
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::document::Article;
use crate::error::{Error, Result};

/// What a JSON object with some members takes beside its texts, in bytes.
pub(crate) const OBJECT_BYTES: usize = 160;

/// The stored articles that one page reads may take this many times the limit of the answer: only a
/// part of their text is shown.
const READ_FACTOR: usize = 4;

/// The limit of one answer. Clones share it. The default has no limit.
#[derive(Debug, Clone, Default)]
pub struct AnswerLimit(Option<Arc<State>>);

#[derive(Debug)]
struct State {
    max_bytes: usize,
    /// The bytes of the answer so far.
    used_bytes: AtomicUsize,
    /// The bytes of the stored articles that were read for the answer.
    read_bytes: AtomicUsize,
}

impl AnswerLimit {
    /// Returns a limit of this many bytes.
    pub fn new(max_bytes: usize) -> Self {
        Self(Some(Arc::new(State {
            max_bytes,
            used_bytes: AtomicUsize::new(0),
            read_bytes: AtomicUsize::new(0),
        })))
    }

    /// Adds bytes to the answer. Fails with [`Error::AnswerTooLarge`] if it is then too large.
    pub fn charge(&self, bytes: usize) -> Result<()> {
        match &self.0 {
            None => Ok(()),
            Some(state) => add(&state.used_bytes, bytes, state.max_bytes, state),
        }
    }

    /// Adds a stored article that was read. Fails as [`charge`](Self::charge) does if the articles
    /// take too much memory.
    pub(crate) fn read(&self, article: &Article) -> Result<()> {
        match &self.0 {
            None => Ok(()),
            Some(state) => {
                let max_bytes = state.max_bytes.saturating_mul(READ_FACTOR);
                add(&state.read_bytes, article.memory_bytes(), max_bytes, state)
            }
        }
    }
}

fn add(counter: &AtomicUsize, bytes: usize, max_bytes: usize, state: &State) -> Result<()> {
    let before = counter.fetch_add(bytes, Ordering::Relaxed);
    if before.saturating_add(bytes) <= max_bytes {
        return Ok(());
    }
    Err(Error::AnswerTooLarge {
        max_bytes: state.max_bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn the_parts_of_an_answer_share_its_limit() {
        let limit = AnswerLimit::new(10);
        let clone = limit.clone();
        assert!(limit.charge(6).is_ok() && clone.charge(4).is_ok());
        let kind = limit.charge(1).map_err(|error| error.kind());
        assert_eq!(kind, Err(ErrorKind::TooLarge));
        assert!(AnswerLimit::default().charge(usize::MAX).is_ok());
    }
}
