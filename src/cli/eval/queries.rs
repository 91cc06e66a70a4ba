//! Runs queries on an index, several at a time, and returns their rankings.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{available_parallelism, scope};
use std::time::{Duration, Instant};

use fihrist_index::search::Weights;
use fihrist_index::{ArticleId, Index, Location, Result};

use crate::eval::metrics::DEPTH;
use crate::eval::queries::Query;
use crate::eval::trec::{Hit, Run};

/// Runs `queries` with default settings and these weights. Returns the run and its duration,
/// without the time to open the index.
pub fn run(location: &Location, queries: &[Query], weights: &Weights) -> Result<(Run, Duration)> {
    let index = Index::open(location)?;
    let started = Instant::now();
    let next = AtomicUsize::new(0);
    let search_some = || -> Result<Vec<(&Query, Vec<Hit>)>> {
        let mut done = Vec::new();
        while let Some(query) = queries.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((
                query,
                index
                    .rank(&query.text, weights, DEPTH)?
                    .into_iter()
                    .map(to_hit)
                    .collect(),
            ));
        }
        Ok(done)
    };
    let threads = available_parallelism()
        .map_or(1, usize::from)
        .min(queries.len());
    let parts: Vec<_> = scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(search_some)).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("a search returns its errors"))
            .collect()
    });
    let elapsed = started.elapsed();
    let mut run = Run::default();
    for part in parts {
        for (query, hits) in part? {
            run.insert(query.id.clone(), hits);
        }
    }
    Ok((run, elapsed))
}

fn to_hit((id, score): (ArticleId, f32)) -> Hit {
    Hit {
        document: id.as_str().to_owned(),
        score: f64::from(score),
    }
}
