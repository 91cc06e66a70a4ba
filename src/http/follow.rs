//! Keeps the open index up to date: opens it when it appears, follows commits and swapped generations after that.

use std::time::Duration;

use fihrist_index::Error;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

use super::metrics::Metrics;
use super::open_index::OpenIndex;

/// New articles show up within this time; looking costs next to nothing.
const PERIOD: Duration = Duration::from_millis(500);

/// Runs until it is aborted. What goes wrong is logged when it changes, not twice a second.
pub async fn follow(index: OpenIndex, metrics: Metrics) {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last_failure = None;
    loop {
        ticks.tick().await;
        metrics.tidy();
        let step = spawn_blocking({
            let index = index.clone();
            move || index.catch_up()
        });
        let failure = match step.await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(describe(&error)),
            Err(panicked) => Some(panicked.to_string()),
        };
        if let Some(failure) = &failure
            && last_failure.as_ref() != Some(failure)
        {
            tracing::error!(cause = failure, "cannot follow the index");
        }
        index.set_failing(failure.is_some());
        last_failure = failure;
    }
}

fn describe(error: &Error) -> String {
    let source = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    format!("{error}{}", source.unwrap_or_default())
}
