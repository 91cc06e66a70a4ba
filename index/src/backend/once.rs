//! A value that is computed when it is first needed, by a computation that may fail.

use parking_lot::Mutex;
use std::sync::Arc;

use crate::error::Result;

/// A value that is computed when it is first needed; empty until then.
pub struct Once<T>(Mutex<Option<Arc<T>>>);

impl<T> Once<T> {
    /// Returns the value. If there is none yet, computes it with `make`; other callers wait
    /// meanwhile.
    pub fn get(&self, make: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        let mut known = self.0.lock();
        if let Some(value) = &*known {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(make()?);
        *known = Some(Arc::clone(&value));
        Ok(value)
    }

    /// Removes the value and returns it. It is computed again when it is next needed.
    pub fn take(&self) -> Option<Arc<T>> {
        self.0.lock().take()
    }

    /// Removes `value`, unless another value has already replaced it.
    #[cfg(feature = "opensearch")]
    pub fn forget(&self, value: &Arc<T>) {
        self.0.lock().take_if(|known| Arc::ptr_eq(known, value));
    }
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}
