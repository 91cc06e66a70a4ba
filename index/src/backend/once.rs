//! A value that is made when it is first asked for, by a computation that may fail.

use parking_lot::Mutex;
use std::sync::Arc;

use crate::error::Result;

/// A value that is made when it is first asked for.
pub struct Once<T>(Mutex<Option<Arc<T>>>);

impl<T> Once<T> {
    /// The value, made by `make` if it is not there yet. Whoever asks meanwhile waits.
    pub fn get(&self, make: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        let mut known = self.0.lock();
        if let Some(value) = &*known {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(make()?);
        *known = Some(Arc::clone(&value));
        Ok(value)
    }

    /// Lets go of it; it is made anew when it is asked for again.
    pub fn forget(&self) {
        *self.0.lock() = None;
    }
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}
