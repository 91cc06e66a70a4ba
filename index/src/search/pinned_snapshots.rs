//! States of the index that stay searchable for a while after later commits, so that whoever turns pages sees the same
//! ranking on all of them.

use parking_lot::Mutex;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::backend::Snapshot;

/// How long a state is kept for whoever has seen a first page; most look at no second one.
const AFTER_FIRST_PAGE: Duration = Duration::from_secs(60);

/// How long it is kept for whoever has gone on to another page.
const AFTER_ANOTHER_PAGE: Duration = Duration::from_secs(300);

/// So many are kept at most: each holds files that later commits have replaced.
const MAX_KEPT: usize = 4;

/// The states that are kept.
#[derive(Default)]
pub struct PinnedSnapshots {
    kept: Mutex<Vec<Kept>>,
}

struct Kept {
    version: u64,
    snapshot: Arc<dyn Snapshot>,
    until: Instant,
}

impl PinnedSnapshots {
    /// Keeps a state that a first page was taken from.
    pub fn keep(&self, snapshot: &Arc<dyn Snapshot>, now: Instant) {
        let (version, until) = (snapshot.version(), now + AFTER_FIRST_PAGE);
        self.with(now, |kept| {
            if let Some(known) = kept.iter_mut().find(|known| known.version == version) {
                known.until = known.until.max(until);
                return;
            }
            if kept.len() == MAX_KEPT {
                let soonest = kept
                    .iter()
                    .enumerate()
                    .min_by_key(|(_, kept)| kept.until)
                    .map_or(0, |(at, _)| at);
                kept.remove(soonest);
            }
            kept.push(Kept {
                version,
                snapshot: Arc::clone(snapshot),
                until,
            });
        });
    }

    /// The state of a version, if it is still there; it is kept for longer then.
    pub fn get(&self, version: u64, now: Instant) -> Option<Arc<dyn Snapshot>> {
        self.with(now, |kept| {
            let known = kept.iter_mut().find(|known| known.version == version)?;
            known.until = now + AFTER_ANOTHER_PAGE;
            Some(Arc::clone(&known.snapshot))
        })
    }

    /// Lets go of those whose time is up.
    pub fn tidy(&self, now: Instant) {
        self.with(now, |_| ());
    }

    fn with<T>(&self, now: Instant, act: impl FnOnce(&mut Vec<Kept>) -> T) -> T {
        let mut kept = self.kept.lock();
        kept.retain(|kept| kept.until > now);
        act(&mut kept)
    }
}
