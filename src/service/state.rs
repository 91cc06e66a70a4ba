//! The state that all handlers share: the open index, the search pool, the keys, the writer, the
//! metrics and the addresses.

use std::sync::Arc;

use fihrist_index::Index;

use super::addresses::Addresses;
use super::error::ApiError;
use super::key_ring::KeyRing;
use super::metrics::Metrics;
use super::open_index::OpenIndex;
use super::pool::SearchPool;
use super::writing::WriteQueue;

/// A handle on the shared state; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

struct Shared {
    index: OpenIndex,
    pool: SearchPool,
    keys: KeyRing,
    write_queue: WriteQueue,
    metrics: Metrics,
    addresses: Addresses,
}

impl AppState {
    /// Creates the state of a server.
    pub fn new(
        index: OpenIndex,
        pool: SearchPool,
        keys: KeyRing,
        write_queue: WriteQueue,
        metrics: Metrics,
        addresses: Addresses,
    ) -> Self {
        Self(Arc::new(Shared {
            index,
            pool,
            keys,
            write_queue,
            metrics,
            addresses,
        }))
    }

    /// Returns the open index, or the error that there is none yet.
    pub fn index(&self) -> Result<Arc<Index>, ApiError> {
        self.0.index.get()
    }

    /// Returns the handle on the open index, which can also update it.
    pub fn open_index(&self) -> &OpenIndex {
        &self.0.index
    }

    /// Returns the metrics.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Returns the search pool.
    pub fn pool(&self) -> &SearchPool {
        &self.0.pool
    }

    /// Returns the API keys.
    pub fn keys(&self) -> &KeyRing {
        &self.0.keys
    }

    /// Returns the addresses of the server.
    pub fn addresses(&self) -> &Addresses {
        &self.0.addresses
    }

    /// Returns the writer.
    pub fn write_queue(&self) -> &WriteQueue {
        &self.0.write_queue
    }
}
