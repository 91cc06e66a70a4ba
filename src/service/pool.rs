//! Limits how many CPU-bound tasks run at the same time. Some more may wait in a short queue;
//! further ones are refused at once. The pool knows only the class of a task.
//!
//! There are two lanes. Quick tasks, such as reading an article, have their own lane and never wait
//! for searches. Plain and costly searches share the other lane; costly ones may use half of it.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use fihrist_index::Deadline;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::{ApiError, Metrics, RequestScope, Result};

/// Maximum time that a task waits for a permit. It is long enough to smooth a burst; after a longer
/// wait, clients would have left.
const MAX_WAIT: Duration = Duration::from_millis(200);

/// Number of tasks that may wait per running task. A search takes milliseconds. In a longer queue,
/// the last task would time out.
const WAITING_PER_RUNNING: usize = 8;

/// How costly a task is expected to be. Each class has its own limit of tasks that run at the same
/// time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Reads an article or completes a word.
    Quick,
    /// A plain search.
    Search,
    /// A search that may take long whatever it finds, such as one for a pattern or for words near
    /// each other.
    Costly,
}

/// Limits how many tasks of each class run at the same time on blocking threads.
pub struct SearchPool {
    /// The lane of each class.
    lanes: [Lane; 3],
    /// Time limit of a task, including its wait.
    time_limit: Duration,
    metrics: Arc<Metrics>,
}

/// The capacity and the counters of a class, for the metrics.
pub struct LaneFigures {
    /// The label of the class. It does not change between versions.
    pub label: &'static str,
    pub capacity: u64,
    pub running: u64,
    pub waiting: u64,
    pub refused_at_once: u64,
    pub refused_after_waiting: u64,
    pub stopped: u64,
}

impl SearchPool {
    /// Creates a pool that runs `size` searches at the same time, each for at most `time_limit`.
    pub fn new(size: NonZeroUsize, time_limit: Duration, metrics: Arc<Metrics>) -> Self {
        let half = (size.get() / 2).max(1);
        Self {
            lanes: [
                Lane::new("class=\"quick\"", half),
                Lane::new("class=\"search\"", size.get()),
                Lane::new("class=\"costly\"", half),
            ],
            time_limit,
            metrics,
        }
    }

    /// Runs `work` as [`run_within`](Self::run_within) does, without reserving memory.
    pub async fn run<T: Send + 'static>(
        &self,
        class: Class,
        work: impl FnOnce(Deadline) -> T + Send + 'static,
    ) -> Result<T> {
        self.run_within(class, 0, work).await
    }

    /// Runs `work`, which may take `memory_bytes`, on a blocking thread. Fails with
    /// [`ApiError::Busy`] if there is no permit or no memory for it.
    ///
    /// The work holds its permit until it ends, even if its request is cancelled. In that case, the
    /// deadline that was passed to the work is cancelled.
    pub async fn run_within<T: Send + 'static>(
        &self,
        class: Class,
        memory_bytes: usize,
        work: impl FnOnce(Deadline) -> T + Send + 'static,
    ) -> Result<T> {
        let arrived = Instant::now();
        let latest = arrived + MAX_WAIT;
        let mut permits = vec![self.lane(class).enter(latest).await?];
        if class == Class::Costly {
            permits.push(self.lane(Class::Search).enter(latest).await?);
        }
        self.metrics.waited(arrived.elapsed());
        let guard = CancelOnDrop(Deadline::until((arrived + self.time_limit).into_std()));
        let deadline = guard.0.clone();
        let stopped = Arc::clone(&self.lane(class).stopped);
        // The memory is reserved after the wait, so that waiting work takes none.
        let scope = RequestScope::current();
        scope.reserve(memory_bytes)?;
        on_blocking_thread("run a search", move || {
            // The work holds the memory of its request as well.
            let _held_until_it_ends = (permits, scope);
            let outcome = work(deadline.clone());
            if deadline.has_ended() {
                stopped.fetch_add(1, Ordering::Relaxed);
            }
            outcome
        })
        .await
    }

    /// Returns the capacity and the counters of each class.
    pub fn figures(&self) -> [LaneFigures; 3] {
        self.lanes.each_ref().map(Lane::figures)
    }

    fn lane(&self, class: Class) -> &Lane {
        &self.lanes[class as usize]
    }
}

/// Runs `work` on a thread for blocking work; `action` names it in an error. A panic goes on in the
/// caller, where a middleware catches it.
pub async fn on_blocking_thread<T: Send + 'static>(
    action: &'static str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let outcome = tokio::task::spawn_blocking(work).await;
    outcome.map_err(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(cancelled) => ApiError::internal(action, cancelled),
    })
}

/// Belongs to a request that waits for its task. Dropping it cancels the deadline of the task.
struct CancelOnDrop(Deadline);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Permits for running tasks, and a queue of waiting ones.
struct Lane {
    label: &'static str,
    size: usize,
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    refused_at_once: AtomicU64,
    refused_after_waiting: AtomicU64,
    stopped: Arc<AtomicU64>,
}

impl Lane {
    fn new(label: &'static str, size: usize) -> Self {
        let size = size.min(Semaphore::MAX_PERMITS);
        Self {
            label,
            size,
            permits: Arc::new(Semaphore::new(size)),
            waiting: AtomicUsize::new(0),
            refused_at_once: AtomicU64::new(0),
            refused_after_waiting: AtomicU64::new(0),
            stopped: Arc::default(),
        }
    }

    async fn enter(&self, deadline: Instant) -> Result<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let waiting = Waiting::begin(&self.waiting);
        if waiting.before > self.size.saturating_mul(WAITING_PER_RUNNING) {
            self.refused_at_once.fetch_add(1, Ordering::Relaxed);
            return Err(ApiError::Busy);
        }
        match timeout_at(deadline, Arc::clone(&self.permits).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            // The semaphore is never closed. If it were, nothing could run.
            Ok(Err(_)) | Err(_) => {
                self.refused_after_waiting.fetch_add(1, Ordering::Relaxed);
                Err(ApiError::Busy)
            }
        }
    }

    fn figures(&self) -> LaneFigures {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        LaneFigures {
            label: self.label,
            capacity: self.size as u64,
            running: self.size.saturating_sub(self.permits.available_permits()) as u64,
            waiting: self.waiting.load(Ordering::Relaxed) as u64,
            refused_at_once: count(&self.refused_at_once),
            refused_after_waiting: count(&self.refused_after_waiting),
            stopped: count(&self.stopped),
        }
    }
}

/// A task that waits in a queue. Dropping it takes the task out of the queue.
pub struct Waiting<'a> {
    count: &'a AtomicUsize,
    /// The length of the queue when this task entered it, including this task.
    before: usize,
}

impl<'a> Waiting<'a> {
    /// Enters the queue whose length is `count`.
    pub fn begin(count: &'a AtomicUsize) -> Self {
        let before = count.fetch_add(1, Ordering::Relaxed) + 1;
        Self { count, before }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn pool(size: usize) -> Arc<SearchPool> {
        let size = NonZeroUsize::new(size).unwrap();
        Arc::new(SearchPool::new(
            size,
            Duration::from_secs(60),
            Metrics::new(),
        ))
    }

    /// Work that runs until the sender is used or dropped; it has begun when this returns.
    async fn occupy(
        pool: &Arc<SearchPool>,
        class: Class,
    ) -> (mpsc::Sender<()>, tokio::task::JoinHandle<Result<()>>) {
        let (release, wait) = mpsc::channel::<()>();
        let (begins, begun) = tokio::sync::oneshot::channel();
        let pool = Arc::clone(pool);
        let running = tokio::spawn(async move {
            pool.run(class, move |_| {
                let _heard = begins.send(());
                let _released = wait.recv();
            })
            .await
        });
        begun.await.unwrap();
        (release, running)
    }

    #[tokio::test]
    async fn a_full_pool_says_busy_and_recovers() {
        let pool = pool(1);
        let (release, first) = occupy(&pool, Class::Search).await;
        assert!(matches!(
            pool.run(Class::Search, |_| ()).await,
            Err(ApiError::Busy)
        ));
        release.send(()).unwrap();
        first.await.unwrap().unwrap();
        assert!(pool.run(Class::Search, |_| ()).await.is_ok());
        let [_, search, _] = pool.figures();
        assert_eq!(
            (
                search.refused_after_waiting,
                search.refused_at_once,
                search.waiting
            ),
            (1, 0, 0)
        );
    }

    #[tokio::test]
    async fn beyond_the_queue_the_answer_comes_at_once() {
        let pool = pool(1);
        let (_release, _running) = occupy(&pool, Class::Search).await;
        let waiting: Vec<_> = (0..WAITING_PER_RUNNING)
            .map(|_| {
                let pool = Arc::clone(&pool);
                tokio::spawn(async move { pool.run(Class::Search, |_| ()).await })
            })
            .collect();
        while pool.figures()[1].waiting < WAITING_PER_RUNNING as u64 {
            tokio::task::yield_now().await;
        }
        let started = Instant::now();
        for _ in 0..500 {
            assert!(matches!(
                pool.run(Class::Search, |_| ()).await,
                Err(ApiError::Busy)
            ));
        }
        assert!(started.elapsed() < MAX_WAIT, "{:?}", started.elapsed());
        assert_eq!(pool.figures()[1].refused_at_once, 500);
        for one in waiting {
            assert!(matches!(one.await.unwrap(), Err(ApiError::Busy)));
        }
        assert_eq!(pool.figures()[1].waiting, 0);
    }

    #[tokio::test]
    async fn costly_work_leaves_room_for_plain_and_quick_work() {
        let pool = pool(2);
        let (_release, _running) = occupy(&pool, Class::Costly).await;
        let another = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move { pool.run(Class::Costly, |_| ()).await }
        });
        for _ in 0..20 {
            assert!(pool.run(Class::Search, |_| ()).await.is_ok());
            assert!(pool.run(Class::Quick, |_| ()).await.is_ok());
        }
        assert!(matches!(another.await.unwrap(), Err(ApiError::Busy)));
        let (_release_other, _running_other) = occupy(&pool, Class::Search).await;
        assert!(
            pool.run(Class::Quick, |_| ()).await.is_ok(),
            "searches are not in its way"
        );
    }

    #[tokio::test]
    async fn an_abandoned_request_ends_the_patience_of_its_work() {
        let pool = pool(1);
        let (done, is_done) = mpsc::channel();
        let work = move |deadline: Deadline| {
            while !deadline.has_ended() {
                std::thread::sleep(Duration::from_millis(1));
            }
            done.send(()).unwrap();
        };
        let abandoned =
            tokio::time::timeout(Duration::from_millis(20), pool.run(Class::Search, work)).await;
        assert!(abandoned.is_err());
        is_done.recv_timeout(Duration::from_secs(10)).unwrap();
        assert!(pool.run(Class::Search, |_| ()).await.is_ok());
        assert_eq!(pool.figures()[1].stopped, 1);
    }
}
