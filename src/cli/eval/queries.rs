//! Runs queries on an index, several at a time, and returns their rankings.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{available_parallelism, scope};
use std::time::{Duration, Instant};

use fihrist_index::search::Weights;
use fihrist_index::{ArticleId, Index, Location, Result};
use parking_lot::Mutex;

use crate::eval::{DEPTH, Hit, Query, Run};

/// Runs `queries` with default settings and these weights. Returns the run and its duration,
/// without the time to open the index.
pub fn run(location: &Location, queries: &[Query], weights: &Weights) -> Result<(Run, Duration)> {
    let index = Index::open(location)?;
    let started = Instant::now();
    let next = AtomicUsize::new(0);
    let run = Mutex::new(Run::default());
    let search_some = || -> Result<()> {
        while let Some(query) = queries.get(next.fetch_add(1, Ordering::Relaxed)) {
            let hits = index.rank(&query.text, weights, DEPTH)?;
            let hits = hits.into_iter().map(to_hit).collect();
            run.lock().insert(query.id.clone(), hits);
        }
        Ok(())
    };
    let threads = available_parallelism()
        .map_or(1, usize::from)
        .min(queries.len());
    scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(search_some)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().expect("a search returns its errors"))
    })?;
    Ok((run.into_inner(), started.elapsed()))
}

fn to_hit((id, score): (ArticleId, f32)) -> Hit {
    Hit {
        document: id.as_str().to_owned(),
        score: f64::from(score),
    }
}
