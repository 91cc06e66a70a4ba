//! What all handlers share: the index that is open at the moment, the pool that searches run in, the keys, and the way
//! to the one who writes.

use std::sync::Arc;

use fihrist_index::Index;

use super::addresses::Addresses;
use super::error::ApiError;
use super::key_ring::KeyRing;
use super::metrics::Metrics;
use super::open_index::OpenIndex;
use super::pool::SearchPool;
use super::writing::Writing;

/// A handle on the shared state; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

struct Shared {
    index: OpenIndex,
    pool: SearchPool,
    keys: KeyRing,
    writing: Writing,
    metrics: Metrics,
    addresses: Addresses,
}

impl AppState {
    /// The state of a service.
    pub fn new(
        index: OpenIndex,
        pool: SearchPool,
        keys: KeyRing,
        writing: Writing,
        metrics: Metrics,
        addresses: Addresses,
    ) -> Self {
        Self(Arc::new(Shared {
            index,
            pool,
            keys,
            writing,
            metrics,
            addresses,
        }))
    }

    /// The open index, or the error that says there is none yet.
    pub fn index(&self) -> Result<Arc<Index>, ApiError> {
        self.0.index.get()
    }

    /// The place where the index is opened.
    pub fn open_index(&self) -> &OpenIndex {
        &self.0.index
    }

    /// What is counted.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Where searches run.
    pub fn pool(&self) -> &SearchPool {
        &self.0.pool
    }

    /// Who may do what.
    pub fn keys(&self) -> &KeyRing {
        &self.0.keys
    }

    /// Under which addresses the service is reached.
    pub fn addresses(&self) -> &Addresses {
        &self.0.addresses
    }

    /// How articles are written.
    pub fn writing(&self) -> &Writing {
        &self.0.writing
    }
}
