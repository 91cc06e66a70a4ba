//! What all handlers share: the index that is open at the moment, and the pool that searches run in.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use fihrist_index::Index;

use super::error::ApiError;
use super::pool::SearchPool;

/// A handle on the shared state; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

struct Shared {
    data: PathBuf,
    index: RwLock<Option<Arc<Index>>>,
    pool: SearchPool,
}

impl AppState {
    /// The state over the index at `data`, if there is one yet.
    pub fn new(data: PathBuf, index: Option<Index>, pool: SearchPool) -> Self {
        Self(Arc::new(Shared { data, index: RwLock::new(index.map(Arc::new)), pool }))
    }

    /// The open index, or the error that says there is none yet.
    pub fn index(&self) -> Result<Arc<Index>, ApiError> {
        self.0.index.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or(ApiError::NoIndex)
    }

    /// Puts another index in the place of the open one; running searches keep theirs.
    pub fn set_index(&self, index: Index) {
        *self.0.index.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(index));
    }

    /// The directory of the index.
    pub fn data(&self) -> &std::path::Path {
        &self.0.data
    }

    /// Where searches run.
    pub fn pool(&self) -> &SearchPool {
        &self.0.pool
    }
}
