//! The index that is open at the moment: searches read it, whoever notices a change brings it up to date.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use fihrist_index::{Error, ErrorKind, Index};

use super::error::ApiError;

/// A handle on the open index; cheap to clone.
#[derive(Clone)]
pub struct OpenIndex(Arc<Place>);

struct Place {
    data: PathBuf,
    index: RwLock<Option<Arc<Index>>>,
    /// Since when it could not be followed.
    failing_since: RwLock<Option<Instant>>,
}

impl OpenIndex {
    /// The index at `data`, if there is one yet.
    pub fn new(data: PathBuf, index: Option<Index>) -> Self {
        Self(Arc::new(Place { data, index: RwLock::new(index.map(Arc::new)), failing_since: RwLock::default() }))
    }

    /// The index, or the error that says there is none yet.
    pub fn get(&self) -> Result<Arc<Index>, ApiError> {
        self.current().ok_or(ApiError::NoIndex)
    }

    /// The directory of the index.
    pub fn data(&self) -> &std::path::Path {
        &self.0.data
    }

    /// Notes whether the index can be followed.
    pub fn set_failing(&self, is_failing: bool) {
        let mut since = self.0.failing_since.write().unwrap_or_else(PoisonError::into_inner);
        *since = if is_failing { since.or_else(|| Some(Instant::now())) } else { None };
    }

    /// Since when the index cannot be followed; `None` if it can.
    pub fn failing_since(&self) -> Option<Instant> {
        *self.0.failing_since.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the index if it has appeared, and follows commits and swapped generations after that.
    pub fn catch_up(&self) -> Result<(), Error> {
        if let Some(index) = self.current() {
            return index.refresh();
        }
        match Index::open(&self.0.data) {
            Ok(index) => {
                tracing::info!("opened the index at `{}`", self.0.data.display());
                // Running searches keep theirs.
                *self.0.index.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(index));
                Ok(())
            }
            // Still nothing there, which is what a service before its first article looks like.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn current(&self) -> Option<Arc<Index>> {
        self.0.index.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
