//! The open index: searches read it; the follower and the writer bring it up to date. Also how an
//! index is opened that may not exist.

use parking_lot::{Mutex, RwLock};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use fihrist_index::{Error, ErrorKind, Index, Location};

use super::ApiError;

/// The index that a server answers from, and its location.
pub struct OpenIndex {
    pub location: Location,
    index: RwLock<Option<Arc<Index>>>,
    /// Locked while the index is opened for the first time.
    opening: Mutex<()>,
    /// The time since which updates of the index fail; `None` if they succeed.
    failing_since: RwLock<Option<Instant>>,
    /// Whether the last attempt to open the index found its cluster unreachable.
    is_unreachable: AtomicBool,
}

impl OpenIndex {
    /// Takes the location and the index, if there is one yet.
    pub fn new(location: Location, index: Option<Index>) -> Self {
        Self {
            location,
            index: RwLock::new(index.map(Arc::new)),
            opening: Mutex::new(()),
            failing_since: RwLock::default(),
            is_unreachable: AtomicBool::new(false),
        }
    }

    /// Returns the index. Without one, the error says whether it does not exist yet or its cluster
    /// is unreachable.
    pub fn get(&self) -> Result<Arc<Index>, ApiError> {
        let is_unreachable = self.is_unreachable.load(Ordering::Relaxed);
        self.current().ok_or(if is_unreachable {
            ApiError::IndexUnavailable
        } else {
            ApiError::NoIndex
        })
    }

    /// Records whether updates of the index fail.
    pub fn set_failing(&self, is_failing: bool) {
        let mut since = self.failing_since.write();
        *since = is_failing.then(|| since.unwrap_or_else(Instant::now));
    }

    /// Returns the time since which updates of the index fail, or `None` if they succeed.
    pub fn failing_since(&self) -> Option<Instant> {
        *self.failing_since.read()
    }

    /// Opens the index if it is not open yet, otherwise updates it to the newest commit and
    /// generation.
    pub fn catch_up(&self) -> Result<(), Error> {
        if let Some(index) = self.current() {
            return index.refresh();
        }
        // Of two openings, the one that ends last may have begun first and show an older commit.
        let opening = self.opening.lock();
        if let Some(index) = self.current() {
            drop(opening);
            return index.refresh();
        }
        let opened = open_if_any(&self.location);
        let is_unreachable = opened
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::Unavailable);
        self.is_unreachable.store(is_unreachable, Ordering::Relaxed);
        // There may still be no index: the state of a server before its first indexing job.
        if let Some(index) = opened? {
            tracing::info!("opened the index at `{}`", self.location);
            // Running searches keep the index that they started with.
            *self.index.write() = Some(Arc::new(index));
        }
        Ok(())
    }

    fn current(&self) -> Option<Arc<Index>> {
        self.index.read().clone()
    }
}

/// Opens the index at `location`; returns `None` if there is none. Fails if it cannot be opened.
pub fn open_if_any(location: impl Into<Location>) -> Result<Option<Index>, Error> {
    match Index::open(location) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        opened => opened.map(Some),
    }
}
