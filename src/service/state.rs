//! The state that all handlers share: the open index, the search pool, the keys, the writer, the
//! metrics and the addresses.

use std::sync::Arc;

use super::addresses::Addresses;
use super::key_ring::KeyRing;
use super::metrics::Metrics;
use super::open_index::OpenIndex;
use super::pool::SearchPool;
use super::writing::WriteQueue;

/// A handle on the shared state; cheap to clone.
pub type AppState = Arc<Shared>;

/// What all handlers share.
pub struct Shared {
    /// The open index, if there is one yet.
    pub index: Arc<OpenIndex>,
    pub pool: SearchPool,
    pub keys: KeyRing,
    pub write_queue: WriteQueue,
    pub metrics: Arc<Metrics>,
    pub addresses: Addresses,
}
