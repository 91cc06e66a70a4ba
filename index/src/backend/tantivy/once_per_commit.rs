//! What is read from an index once and holds until something is committed. What that is, its owner says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentId;
use tantivy::{Opstamp, Searcher};

use crate::error::Result;

/// A value of the segments of an index.
pub struct OncePerCommit<T> {
    known: Mutex<Option<(Segments, Arc<T>)>>,
}

/// Segments and their deletions: the same until something is committed, while a reload always numbers its searcher anew.
type Segments = BTreeMap<SegmentId, Option<Opstamp>>;

impl<T> OncePerCommit<T> {
    /// The value of what `searcher` sees, made by `make` if it is not known. Whoever asks meanwhile waits.
    pub fn get(&self, searcher: &Searcher, make: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        let segments = searcher.generation().segments();
        // A poisoned lock still holds a whole value: it is replaced by one assignment.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, value)) = known.as_ref().filter(|(of, _)| of == segments) {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(make()?);
        *known = Some((segments.clone(), Arc::clone(&value)));
        Ok(value)
    }
}

impl<T> Default for OncePerCommit<T> {
    fn default() -> Self {
        Self { known: Mutex::new(None) }
    }
}
