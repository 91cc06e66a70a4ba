//! Keeps the anonymous memory of the process below a limit. Work is charged before it allocates, and
//! refused if the memory in use, the charges and its own charge exceed the limit. Charges are
//! estimates from above; a part of a charge may already be in use, so it may count twice.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::{ApiError, Result};

/// The memory in use is read again after this time. Charges cover what is allocated meanwhile.
const SAMPLE_AGE: Duration = Duration::from_millis(5);

/// The size of a page of memory on the systems that Fihrist runs on.
const PAGE_BYTES: usize = 4_096;

/// The memory of the process. Clones share it.
#[derive(Clone)]
pub struct Memory(Arc<State>);

struct State {
    /// The limit in bytes; `None` if there is none.
    limit: Option<usize>,
    /// The bytes that running work may take.
    charged: AtomicUsize,
    refused: AtomicU64,
    /// The memory in use, and when it was read.
    sample: Mutex<Option<(Instant, usize)>>,
}

/// The bytes that one piece of work may take. Dropping the charge returns them.
pub struct Charge {
    memory: Memory,
    bytes: usize,
}

impl Memory {
    /// Returns the memory with this limit, in bytes. Without a limit nothing is refused.
    pub fn new(limit: Option<usize>) -> Self {
        Self(Arc::new(State {
            limit,
            charged: AtomicUsize::new(0),
            refused: AtomicU64::new(0),
            sample: Mutex::new(None),
        }))
    }

    /// Returns an empty charge.
    pub fn charge(&self) -> Charge {
        Charge {
            memory: self.clone(),
            bytes: 0,
        }
    }

    /// Returns the limit in bytes; `None` if there is none.
    pub fn limit(&self) -> Option<usize> {
        self.0.limit
    }

    /// Returns the bytes that running work may take.
    pub fn charged(&self) -> usize {
        self.0.charged.load(Ordering::Relaxed)
    }

    /// Returns how much work was refused.
    pub fn refused(&self) -> u64 {
        self.0.refused.load(Ordering::Relaxed)
    }

    /// Adds to the charges, and returns whether the limit allows it.
    fn add(&self, bytes: usize) -> bool {
        let State {
            limit,
            charged,
            refused,
            ..
        } = &*self.0;
        let before = charged.fetch_add(bytes, Ordering::Relaxed);
        let Some(limit) = limit else { return true };
        let wanted = before.saturating_add(bytes);
        if wanted <= *limit && self.used().saturating_add(wanted) <= *limit {
            return true;
        }
        charged.fetch_sub(bytes, Ordering::Relaxed);
        refused.fetch_add(1, Ordering::Relaxed);
        false
    }

    /// Returns the anonymous memory in use, in bytes. Mapped files do not count: the system reads
    /// them again when it needs their memory.
    pub fn used(&self) -> usize {
        let mut sample = self.0.sample.lock();
        match *sample {
            Some((read_at, used)) if read_at.elapsed() < SAMPLE_AGE => used,
            Some(_) | None => {
                let used =
                    anonymous_bytes(&fs::read_to_string("/proc/self/statm").unwrap_or_default());
                *sample = Some((Instant::now(), used));
                used
            }
        }
    }
}

impl Charge {
    /// Adds bytes to the charge. Fails with [`ApiError::Busy`] if they exceed the limit.
    pub fn grow(&mut self, bytes: usize) -> Result<()> {
        if !self.memory.add(bytes) {
            return Err(ApiError::Busy);
        }
        self.bytes += bytes;
        Ok(())
    }

    /// Raises the charge to at least this many bytes. Fails as [`grow`](Self::grow) does.
    pub fn raise_to(&mut self, bytes: usize) -> Result<()> {
        self.grow(bytes.saturating_sub(self.bytes))
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.memory
            .0
            .charged
            .fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Parses `/proc/self/statm`: returns the resident memory without the shared part.
fn anonymous_bytes(statm: &str) -> usize {
    let mut pages = statm
        .split_whitespace()
        .map(|number| number.parse::<usize>().unwrap_or(0));
    let (resident, shared) = (pages.nth(1).unwrap_or(0), pages.next().unwrap_or(0));
    resident.saturating_sub(shared).saturating_mul(PAGE_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_beyond_the_limit_is_refused_until_other_work_ends() {
        let used = anonymous_bytes(&fs::read_to_string("/proc/self/statm").unwrap());
        assert!(used > 0);
        let memory = Memory::new(Some(used + (1 << 30)));
        let mut one = memory.charge();
        assert!(one.grow(700 << 20).is_ok());
        let mut other = memory.charge();
        assert!(matches!(other.grow(700 << 20), Err(ApiError::Busy)));
        assert_eq!((memory.charged(), memory.refused()), (700 << 20, 1));
        assert!(one.raise_to(600 << 20).is_ok(), "it has more already");
        drop(one);
        assert!(other.grow(700 << 20).is_ok());
        drop(other);
        assert_eq!(memory.charged(), 0);
        assert!(Memory::new(None).charge().grow(usize::MAX).is_ok());
    }

    #[test]
    fn mapped_files_do_not_count() {
        assert_eq!(anonymous_bytes("900 50 20 4 0 99 0\n"), 30 * PAGE_BYTES);
        assert_eq!(anonymous_bytes(""), 0);
    }
}
