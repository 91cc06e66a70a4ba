//! Limits the memory of the answers that clients have not read yet. An answer counts until its last
//! byte is sent, so clients that read slowly or not at all cannot fill the memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use axum::body::Bytes;

use super::limits::limits;
use super::{ApiError, Result};

/// Number of answers of the maximum size that may be held at the same time.
const ANSWERS_AT_A_TIME: usize = 8;

/// The answers that are not sent yet. Clones share them.
#[derive(Clone)]
pub struct HeldAnswers(Arc<Counts>);

struct Counts {
    max_bytes: usize,
    bytes: AtomicUsize,
    refused: AtomicU64,
}

/// The bytes of one answer. They count until the last reference to them is dropped.
struct Held {
    bytes: Bytes,
    answers: HeldAnswers,
}

impl HeldAnswers {
    /// Creates the limit of a server.
    pub fn new() -> Self {
        Self(Arc::new(Counts {
            max_bytes: limits().answer_bytes.saturating_mul(ANSWERS_AT_A_TIME),
            bytes: AtomicUsize::new(0),
            refused: AtomicU64::new(0),
        }))
    }

    /// Returns how many bytes of answers are not sent yet.
    pub fn bytes(&self) -> usize {
        self.0.bytes.load(Ordering::Relaxed)
    }

    /// Returns the maximum of [`bytes`](Self::bytes).
    pub fn max_bytes(&self) -> usize {
        self.0.max_bytes
    }

    /// Returns how many answers were refused.
    pub fn refused(&self) -> u64 {
        self.0.refused.load(Ordering::Relaxed)
    }

    /// Counts the bytes of an answer until they are dropped. Fails if there are too many.
    pub fn hold(&self, bytes: Bytes) -> Result<Bytes> {
        let count = bytes.len();
        let before = self.0.bytes.fetch_add(count, Ordering::Relaxed);
        let held = Held {
            bytes,
            answers: self.clone(),
        };
        if before.saturating_add(count) > self.0.max_bytes {
            self.0.refused.fetch_add(1, Ordering::Relaxed);
            return Err(ApiError::Busy);
        }
        Ok(Bytes::from_owner(held))
    }
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let count = self.bytes.len();
        self.answers.0.bytes.fetch_sub(count, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_until_its_last_part_is_dropped() {
        let answers = HeldAnswers::new();
        let most = Bytes::from(vec![0; answers.max_bytes()]);
        let mut held = answers.hold(most.clone()).unwrap();
        let part = held.split_to(1);
        assert!(matches!(answers.hold(most.slice(..1)), Err(ApiError::Busy)));
        drop(held);
        assert_eq!(answers.bytes(), answers.max_bytes());
        drop(part);
        assert_eq!((answers.bytes(), answers.refused()), (0, 1));
        assert!(answers.hold(most).is_ok());
    }
}
