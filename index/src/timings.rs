//! Measures how long each stage of a search takes, for metrics. The measurement does not affect the
//! search.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

named! {
    /// A stage of a search. The metrics use its name.
    #[derive(Debug, Clone, Copy)]
    pub enum Stage {
        /// Parses the query and looks up its patterns and values.
        AnalyzeQuery = "understand",
        /// Finds and counts the matching articles.
        Find = "find",
        /// Reranks the best candidates.
        Rank = "rank",
        /// Makes the snippets and marks the matches.
        Snippets = "snippets",
    }
}

/// The total time of each stage of one or more searches. All clones add to the same totals.
#[derive(Debug, Clone, Default)]
pub struct SearchTimings(Arc<[AtomicU64; Stage::ALL.len()]>);

/// Measures the time of a stage until the timer is dropped.
#[derive(Debug)]
pub struct StageTimer<'a> {
    nanoseconds: &'a AtomicU64,
    since: Instant,
}

impl SearchTimings {
    /// Starts to measure a stage. If a stage is measured several times, the times are added up.
    pub fn time(&self, stage: Stage) -> StageTimer<'_> {
        StageTimer {
            nanoseconds: self.of(stage),
            since: Instant::now(),
        }
    }

    /// Returns the total time of a stage without the stages inside it. For example, the time of
    /// finding does not include ranking.
    pub fn get(&self, stage: Stage) -> Duration {
        let total = |stage| Duration::from_nanos(self.of(stage).load(Ordering::Relaxed));
        match stage {
            Stage::Find => total(stage).saturating_sub(total(Stage::Rank)),
            Stage::AnalyzeQuery | Stage::Rank | Stage::Snippets => total(stage),
        }
    }

    fn of(&self, stage: Stage) -> &AtomicU64 {
        &self.0[stage as usize]
    }
}

impl Drop for StageTimer<'_> {
    fn drop(&mut self) {
        let nanoseconds = u64::try_from(self.since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_add_up_and_leave_out_inner_stages() {
        let timings = SearchTimings::default();
        for _ in 0..2 {
            let _finding = timings.time(Stage::Find);
            std::thread::sleep(Duration::from_millis(5));
            let _ranking = timings.clone().0[2].fetch_add(4_000_000, Ordering::Relaxed);
        }
        assert_eq!(timings.get(Stage::Rank), Duration::from_millis(8));
        assert!(
            (2..1_000).contains(&timings.get(Stage::Find).as_millis()),
            "{:?}",
            timings.get(Stage::Find)
        );
        assert_eq!(timings.get(Stage::Snippets), Duration::ZERO);
    }
}
