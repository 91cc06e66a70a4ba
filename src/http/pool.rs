//! A bounded pool for work that computes: so many at a time, a short wait for the next ones, then "come back later".
//! It does not know what it runs.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::error::ApiError;

/// Evens out a burst; longer, and a queue would answer people who have gone away.
const MAX_WAIT: Duration = Duration::from_millis(200);

/// Permits for blocking threads.
pub struct SearchPool {
    permits: Arc<Semaphore>,
}

impl SearchPool {
    /// A pool that runs `size` pieces of work at a time.
    pub fn new(size: NonZeroUsize) -> Self {
        Self { permits: Arc::new(Semaphore::new(size.get().min(Semaphore::MAX_PERMITS))) }
    }

    /// Runs `work` on a blocking thread, or fails with [`ApiError::Busy`].
    ///
    /// The work holds its permit, not the request: a request that is given up leaves its search running, and that
    /// search still counts.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
        let permit = match timeout(MAX_WAIT, Arc::clone(&self.permits).acquire_owned()).await {
            Ok(Ok(permit)) => permit,
            // The semaphore is never closed; were it, nothing could run.
            Ok(Err(_)) | Err(_) => return Err(ApiError::Busy),
        };
        let task = tokio::task::spawn_blocking(move || {
            let _held_until_done = permit;
            work()
        });
        task.await.map_err(|error| match error.try_into_panic() {
            // To the middleware that catches the panics of handlers.
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(cancelled) => ApiError::internal("run a search", cancelled),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn a_full_pool_says_busy_and_recovers() {
        let pool = Arc::new(SearchPool::new(NonZeroUsize::MIN));
        let (release, wait) = mpsc::channel::<()>();
        let first = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move { pool.run(move || wait.recv().is_ok()).await }
        });
        while pool.permits.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(pool.run(|| ()).await, Err(ApiError::Busy)));
        release.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        assert!(pool.run(|| ()).await.is_ok());
    }

    #[tokio::test]
    async fn an_abandoned_request_keeps_its_permit_until_the_work_is_done() {
        let pool = SearchPool::new(NonZeroUsize::MIN);
        let (release, wait) = mpsc::channel::<()>();
        let abandoned = timeout(Duration::from_millis(20), pool.run(move || wait.recv().is_ok())).await;
        assert!(abandoned.is_err());
        assert_eq!(pool.permits.available_permits(), 0);
        release.send(()).unwrap();
        assert!(pool.run(|| ()).await.is_ok());
    }
}
