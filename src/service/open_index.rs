//! The index that is open at the moment: searches read it, whoever notices a change brings it up to date.

use parking_lot::RwLock;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use fihrist_index::{Error, ErrorKind, Index, Location};

use super::error::ApiError;

/// A handle on the open index; cheap to clone.
#[derive(Clone)]
pub struct OpenIndex(Arc<Place>);

struct Place {
    location: Location,
    index: RwLock<Option<Arc<Index>>>,
    /// Since when it could not be followed.
    failing_since: RwLock<Option<Instant>>,
    /// Whether that is because what stores it cannot be reached.
    is_away: AtomicBool,
}

impl OpenIndex {
    /// The index at a location, if there is one yet.
    pub fn new(location: Location, index: Option<Index>) -> Self {
        Self(Arc::new(Place {
            location,
            index: RwLock::new(index.map(Arc::new)),
            failing_since: RwLock::default(),
            is_away: AtomicBool::new(false),
        }))
    }

    /// The index, or the error that says there is none yet.
    pub fn get(&self) -> Result<Arc<Index>, ApiError> {
        let is_away = self.0.is_away.load(Ordering::Relaxed);
        self.current().ok_or(if is_away {
            ApiError::IndexUnavailable
        } else {
            ApiError::NoIndex
        })
    }

    /// Where the index is.
    pub fn location(&self) -> &Location {
        &self.0.location
    }

    /// Notes whether the index can be followed.
    pub fn set_failing(&self, is_failing: bool) {
        let mut since = self.0.failing_since.write();
        *since = if is_failing {
            since.or_else(|| Some(Instant::now()))
        } else {
            None
        };
    }

    /// Since when the index cannot be followed; `None` if it can.
    pub fn failing_since(&self) -> Option<Instant> {
        *self.0.failing_since.read()
    }

    /// Opens the index if it has appeared, and follows commits and swapped generations after that.
    pub fn catch_up(&self) -> Result<(), Error> {
        if let Some(index) = self.current() {
            return index.refresh();
        }
        let opened = Index::open(&self.0.location);
        let is_away = opened
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::Unavailable);
        self.0.is_away.store(is_away, Ordering::Relaxed);
        match opened {
            Ok(index) => {
                tracing::info!("opened the index at `{}`", self.0.location);
                // Running searches keep theirs.
                *self.0.index.write() = Some(Arc::new(index));
                Ok(())
            }
            // Still nothing there, which is what a service before its first article looks like.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn current(&self) -> Option<Arc<Index>> {
        self.0.index.read().clone()
    }
}
