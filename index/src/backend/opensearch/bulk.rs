//! Sends articles to a cluster in batches.
//!
//! The thread that fills a batch sends it, so that threads do not run ahead of the cluster. Changes
//! that an overloaded node rejects are sent again. Changes that it can never store are reported.
//! Every change has a version, so sending it twice or out of order has no effect.

use parking_lot::Mutex;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Method, Refusal, Requester, elements, to_number};
use crate::backend::Refused;
use crate::document::ArticleId;
use crate::error::{Remedy, Result};

/// The size of a batch: about a thousand news articles with their terms.
const BATCH_BYTES: usize = 5 << 20;
const BATCH_CHANGES: usize = 2_000;

/// How long changes that an overloaded node rejects are sent again. The time begins anew whenever
/// the node takes some of the changes.
const RETRY_PERIOD: Duration = Duration::from_secs(120);
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The write or deletion of one document, as lines of a batch.
struct Change {
    id: String,
    lines: Vec<u8>,
}

/// The changes of one index that this writer has not sent yet, and the articles that were refused.
pub struct Bulk {
    requester: Requester,
    index: String,
    waiting: Mutex<Batch>,
    refused: Mutex<Vec<Refused>>,
    last_version: AtomicU64,
}

#[derive(Default)]
struct Batch {
    changes: Vec<Change>,
    bytes: usize,
}

impl Bulk {
    /// Returns an empty batch for the index with this name, which is an alias.
    pub fn new(requester: Requester, index: String) -> Self {
        Self {
            requester,
            index,
            waiting: Mutex::default(),
            refused: Mutex::default(),
            last_version: AtomicU64::new(0),
        }
    }

    /// Writes a document in place of the one with the same id, unless that one has a later version.
    pub fn put(&self, id: &str, version: u64, document: &[u8]) -> Result<()> {
        self.add("index", id, version, Some(document))
    }

    /// Deletes a document, unless it has a later version.
    pub fn delete(&self, id: &str, version: u64) -> Result<()> {
        self.add("delete", id, version, None)
    }

    /// Returns a version that is later than all versions that this batch gave before. It is the
    /// time in microseconds, so the last of several writers wins.
    pub fn next_version(&self) -> u64 {
        let now = u64::try_from(jiff::Timestamp::now().as_microsecond()).unwrap_or_default();
        let next = |last: u64| Some(now.max(last + 1));
        let last = self
            .last_version
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        now.max(last.unwrap_or_default() + 1)
    }

    /// Sends all gathered changes.
    pub fn flush(&self) -> Result<()> {
        let batch = std::mem::take(&mut *self.waiting.lock());
        self.send(batch.changes)
    }

    /// Returns the articles that could not be stored, with the reason. Each is returned once.
    pub fn refused(&self) -> Vec<Refused> {
        std::mem::take(&mut *self.refused.lock())
    }

    /// Adds a change, whose lines are the action and the new document. Sends the batch if it is full.
    fn add(&self, action: &str, id: &str, version: u64, document: Option<&[u8]>) -> Result<()> {
        let action = json!({action: {"_id": id, "version": version, "version_type": "external"}});
        let mut lines = action.to_string().into_bytes();
        lines.push(b'\n');
        if let Some(document) = document {
            lines.extend_from_slice(document);
            lines.push(b'\n');
        }
        let full = {
            let mut waiting = self.waiting.lock();
            waiting.bytes += lines.len();
            let id = id.to_owned();
            waiting.changes.push(Change { id, lines });
            let is_full = waiting.bytes >= BATCH_BYTES || waiting.changes.len() >= BATCH_CHANGES;
            is_full.then(|| std::mem::take(&mut *waiting))
        };
        full.map_or(Ok(()), |batch| self.send(batch.changes))
    }

    fn send(&self, mut changes: Vec<Change>) -> Result<()> {
        let mut retry_until = Instant::now() + RETRY_PERIOD;
        let mut pause = FIRST_PAUSE;
        while !changes.is_empty() {
            let before = changes.len();
            let reason;
            (changes, reason) = self.attempt(changes)?;
            if changes.is_empty() {
                break;
            }
            if changes.len() < before {
                (retry_until, pause) = (Instant::now() + RETRY_PERIOD, FIRST_PAUSE);
            }
            if Instant::now() + pause > retry_until {
                let left = changes.len();
                let reason = format!("it did not take {left} changes in time: {reason}");
                return Err(self.requester.unavailable(reason, Remedy::TryAgain));
            }
            // The pause is random, so that several writers do not send again at the same time.
            sleep(pause.mul_f64(0.5 + jitter() / 2.0));
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(())
    }

    /// Sends changes once. Returns the changes that must be sent again, and why.
    fn attempt(&self, changes: Vec<Change>) -> Result<(Vec<Change>, String)> {
        let mut body = Vec::new();
        for change in &changes {
            body.extend_from_slice(&change.lines);
        }
        let query = vec![
            ("require_alias", "true".to_owned()),
            ("timeout", "20s".to_owned()),
        ];
        let path = format!("/{}/_bulk", self.index);
        let answer = self
            .requester
            .send(Method::Post, path, query, Some(body))?
            .accepted()?;
        let mut items = elements(&answer["items"]).iter();
        let mut left = Vec::new();
        let mut reason = String::new();
        for change in changes {
            let item = items
                .next()
                .and_then(|item| item.as_object()?.values().next());
            match outcome(item) {
                Outcome::Done => {}
                Outcome::Later(why) => {
                    reason = why;
                    left.push(change);
                }
                Outcome::Refused(why) => {
                    if let Ok(id) = ArticleId::new(&change.id) {
                        self.refused.lock().push((id, why));
                    }
                }
                Outcome::Closed(refusal) => {
                    return Err(refusal.into_error(&self.requester.client.urls));
                }
            }
        }
        Ok((left, reason))
    }
}

/// The outcome of a change.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    /// The change must be sent again.
    Later(String),
    /// The change can never be stored.
    Refused(String),
    /// The index takes no changes now.
    Closed(Refusal),
}

fn outcome(item: Option<&Value>) -> Outcome {
    let Some(item) = item else {
        return Outcome::Later("its answer covers only some of the changes".to_owned());
    };
    let status = u16::try_from(to_number(&item["status"])).unwrap_or_default();
    let refusal = Refusal::of(status, &item["error"]);
    match status {
        // 409: the index has a later version, or this one. It has this one if an earlier attempt
        // stored it and the answer was lost.
        200..=299 | 409 => Outcome::Done,
        _ if refusal.is_block() => Outcome::Closed(refusal),
        // 404: the document to delete does not exist.
        404 if item["error"].is_null() => Outcome::Done,
        404 => Outcome::Closed(Refusal {
            reason: "the index was replaced meanwhile".to_owned(),
            ..refusal
        }),
        429 | 502 | 503 | 504 | 0 => Outcome::Later(refusal.explanation().0),
        _ => Outcome::Refused(refusal.reason),
    }
}

/// Returns a random number from 0 to 1.
fn jitter() -> f64 {
    RandomState::new().hash_one(0) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::backend::Cluster;
    use crate::backend::opensearch::client::Client;

    #[test]
    fn says_what_became_of_a_change() {
        let item = |status: u16, kind: &str| json!({"status": status, "error": {"type": kind, "reason": "why"}});
        assert_eq!(outcome(Some(&json!({"status": 201}))), Outcome::Done);
        assert_eq!(
            outcome(Some(&item(409, "version_conflict_engine_exception"))),
            Outcome::Done
        );
        assert_eq!(
            outcome(Some(&json!({"status": 404, "result": "not_found"}))),
            Outcome::Done
        );
        assert!(matches!(
            outcome(Some(&item(404, "index_not_found_exception"))),
            Outcome::Closed(_)
        ));
        assert!(matches!(
            outcome(Some(&item(429, "rejected_execution_exception"))),
            Outcome::Later(_)
        ));
        assert!(matches!(
            outcome(Some(&item(429, "cluster_block_exception"))),
            Outcome::Closed(_)
        ));
        assert!(matches!(
            outcome(Some(&item(503, "unavailable_shards_exception"))),
            Outcome::Later(_)
        ));
        assert_eq!(
            outcome(Some(&item(400, "mapper_parsing_exception"))),
            Outcome::Refused("why".to_owned())
        );
        assert!(matches!(outcome(None), Outcome::Later(_)));
    }

    #[test]
    fn versions_rise() {
        let client = Client::new(&Cluster::new(Vec::new())).expect("a client");
        let bulk = Bulk::new(Requester::to_look(&Arc::new(client)), "a".to_owned());
        let versions: Vec<u64> = (0..1_000).map(|_| bulk.next_version()).collect();
        assert!(versions.is_sorted_by(|one, next| one < next));
    }
}
