//! Keeps snapshots open for a while after later commits, so that all pages of a search come from
//! one ranking.

use parking_lot::{Mutex, MutexGuard};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::backend::Snapshot;

/// How long a snapshot stays pinned after its first page. Most callers request no second page.
const AFTER_FIRST_PAGE: Duration = Duration::from_secs(60);

/// How long a snapshot stays pinned after the second or a later page.
const AFTER_ANOTHER_PAGE: Duration = Duration::from_secs(300);

/// The greatest number of pinned snapshots. Each occupies disk space, since it keeps files that
/// later commits have replaced.
const MAX_PINNED: usize = 4;

/// The pinned snapshots of an index, with the time at which each is released.
#[derive(Default)]
pub struct PinnedSnapshots {
    pinned: Mutex<Vec<Pinned>>,
}

struct Pinned {
    version: u64,
    snapshot: Arc<dyn Snapshot>,
    until: Instant,
}

impl PinnedSnapshots {
    /// Pins the snapshot of a first page. If too many are pinned, the one that would expire first
    /// is released.
    pub fn pin(&self, snapshot: &Arc<dyn Snapshot>, now: Instant) {
        let version = snapshot.version();
        let until = now + AFTER_FIRST_PAGE;
        let mut pinned = self.unexpired(now);
        if let Some(known) = pinned.iter_mut().find(|known| known.version == version) {
            known.until = known.until.max(until);
            return;
        }
        if pinned.len() == MAX_PINNED {
            pinned.sort_by_key(|pinned| pinned.until);
            pinned.remove(0);
        }
        pinned.push(Pinned {
            version,
            snapshot: Arc::clone(snapshot),
            until,
        });
    }

    /// Returns the snapshot of a version if it is still pinned, and keeps it pinned for longer.
    pub fn get(&self, version: u64, now: Instant) -> Option<Arc<dyn Snapshot>> {
        let mut pinned = self.unexpired(now);
        let known = pinned.iter_mut().find(|known| known.version == version)?;
        known.until = now + AFTER_ANOTHER_PAGE;
        Some(Arc::clone(&known.snapshot))
    }

    /// Releases the snapshots whose pinning has expired.
    pub fn tidy(&self, now: Instant) {
        drop(self.unexpired(now));
    }

    fn unexpired(&self, now: Instant) -> MutexGuard<'_, Vec<Pinned>> {
        let mut pinned = self.pinned.lock();
        pinned.retain(|pinned| pinned.until > now);
        pinned
    }
}
