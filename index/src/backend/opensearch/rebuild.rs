//! The rebuild: the stored articles of the current generation, counted and analysed anew, become the next one. The old
//! generation answers until then, takes nothing more once it is read, and stays if the rebuild does not come to its end.

use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::Client;
use super::document::to_article;
use super::files::{self, Read};
use super::generation::{self, Generation};
use super::no_index;
use super::opened::Opened;
use super::request::Talk;
use super::scan::{ARTICLES_A_PAGE, pages};
use super::schema::{META, TEXT};
use crate::backend::Cluster;
use crate::deadline::Deadline;
use crate::document::Article;
use crate::document::{AnalyzedArticle, content_hash, count_words};
use crate::error::{Error, Result};
use crate::learning::subtract_lines;
use crate::learning::{
    Boilerplate, CollectionGraph, JobControl, LineCounts, RebuildReport, TrainingSize,
    finish_graph, graph_learner, observe,
};
use crate::progress::{Phase, ProgressUpdate};
use fihrist_arabic::{Counts, WordCounter};

/// Says that the rebuild goes on.
const COMMIT_INTERVAL: Duration = Duration::from_secs(30);

/// Rebuilds the index in a cluster; `None` if it was cancelled.
pub fn rebuild(cluster: &Cluster, control: JobControl<'_>) -> Result<Option<RebuildReport>> {
    let started = Instant::now();
    let (client, deadline) = (Client::new(cluster)?, Deadline::default());
    let talk = Talk::to_write(&client, &deadline);
    let read = generation::current(talk)?.ok_or_else(|| no_index(&client))?;
    let old = read.articles();
    let Some(Counted {
        counts,
        articles,
        lines,
    }) = count(talk, old, control)?
    else {
        return Ok(None);
    };
    let (mut boilerplate, counted) = lines.finish();
    let counts = subtract_lines(counts, &counted);
    if let Ok(known) =
        Boilerplate::from_bytes(&files::get(talk, &read.index, &read.state.boilerplate)?)
    {
        boilerplate.extend(&known);
    }
    let learnt = TrainingSize {
        articles,
        words: counts.total(),
    };
    let number = generation::next_number(talk)?;
    let model = Arc::new(counts.finish_on_base());
    let model_hash = model.hash().to_owned();
    let Some(next) = Generation::create(talk, cluster, number, model, learnt, boilerplate)? else {
        return Err(Error::Busy {
            data: client.index().into(),
            holder: format!("it makes generation {number}"),
        });
    };
    let next = Opened::new(next, true);
    generation::close(talk, old, true)?;
    let written = match write(talk, &read, &next, control) {
        Ok(true) => next.generation.make_current(talk).map(|()| true),
        unfinished => unfinished,
    };
    if !matches!(written, Ok(true)) {
        next.generation.remove(talk);
        generation::close(talk, old, false)?;
        return written.map(|_| None);
    }
    Ok(Some(RebuildReport {
        articles: next.generation.count(talk)?,
        generation: next.generation.name().to_owned(),
        old_model_hash: read.state.model_hash.clone(),
        model_hash,
        learnt,
        elapsed: started.elapsed(),
    }))
}

/// Learns the graph of the index in a cluster anew from its stored articles; `None` if it was cancelled.
pub fn rebuild_graph(
    cluster: &Cluster,
    control: JobControl<'_>,
) -> Result<Option<CollectionGraph>> {
    let (client, deadline) = (Client::new(cluster)?, Deadline::default());
    let talk = Talk::to_write(&client, &deadline);
    let read = generation::current(talk)?.ok_or_else(|| no_index(&client))?;
    learn_graph(
        talk,
        &Opened::new(Generation::open(talk, &read)?, false),
        control,
    )
}

/// The same for a generation that is open.
pub fn learn_graph(
    talk: Talk<'_>,
    open: &Opened,
    control: JobControl<'_>,
) -> Result<Option<CollectionGraph>> {
    let (index, analyzer) = (open.generation.index.as_str(), &open.generation.analyzer);
    let Some(Counted {
        counts, articles, ..
    }) = count(talk, index, control)?
    else {
        return Ok(None);
    };
    let learnt = TrainingSize {
        articles,
        words: counts.total(),
    };
    // Words of today, with the stems that the index has.
    let learner = graph_learner(&counts.finish_on_base(), analyzer);
    let workers = (0..threads())
        .map(|_| learner.cooccurrence_counts())
        .collect();
    let seen = for_each(
        talk,
        index,
        workers,
        Phase::LearningGraph,
        control,
        |cooccurrence_counts, article| {
            observe(
                &AnalyzedArticle::new(article, 0, analyzer),
                cooccurrence_counts,
            );
            Ok(())
        },
    )?;
    let Some(seen) = seen else { return Ok(None) };
    let own = CollectionGraph {
        graph: Arc::new(finish_graph(&learner, seen)),
        learnt,
    };
    open.set_graph(talk, &own)?;
    Ok(Some(own))
}

/// What stored articles hold.
struct Counted {
    counts: Counts,
    /// How many have any words.
    articles: u64,
    lines: LineCounts,
}

fn count(talk: Talk<'_>, index: &str, control: JobControl<'_>) -> Result<Option<Counted>> {
    let lines = LineCounts::default();
    let workers = (0..threads())
        .map(|_| (WordCounter::default(), 0))
        .collect();
    let workers = for_each(
        talk,
        index,
        workers,
        Phase::RecountingWords,
        control,
        |(counter, articles), article| {
            *articles += u64::from(count_words(article, counter));
            lines.add(article);
            Ok(())
        },
    )?;
    let Some(workers) = workers else {
        return Ok(None);
    };
    let (mut all, mut articles) = (Counts::default(), 0);
    for (counter, counted) in workers {
        all.merge(counter.finish());
        articles += counted;
    }
    Ok(Some(Counted {
        counts: all,
        articles,
        lines,
    }))
}

/// Writes all articles, and what belongs to them; false if it was cancelled.
fn write(talk: Talk<'_>, read: &Read, next: &Opened, control: JobControl<'_>) -> Result<bool> {
    // What was written before the index was closed.
    talk.post(format!("/{}/_refresh", read.articles()), &json!({}))?
        .accepted(talk.client)?;
    let generation = &next.generation;
    let learner = graph_learner(generation.analyzer.model(), &generation.analyzer);
    let workers = (0..threads())
        .map(|_| learner.cooccurrence_counts())
        .collect();
    let last_commit = Mutex::new(Instant::now());
    let seen = for_each(
        talk,
        read.articles(),
        workers,
        Phase::Rebuilding,
        control,
        |cooccurrence_counts, article| {
            let retyped = generation.boilerplate.retype(article);
            let article = retyped.as_ref().unwrap_or(article);
            let analyzed =
                AnalyzedArticle::new(article, content_hash(article), &generation.analyzer);
            observe(&analyzed, cooccurrence_counts);
            next.upsert(talk, &analyzed)?;
            let is_due = last_commit
                .try_lock()
                .filter(|last| last.elapsed() > COMMIT_INTERVAL);
            if let Some(mut last) = is_due {
                next.commit(talk)?;
                *last = Instant::now();
            }
            Ok(())
        },
    )?;
    let Some(seen) = seen else { return Ok(false) };
    next.commit(talk)?;
    let graph = Arc::new(finish_graph(&learner, seen));
    next.set_graph(
        talk,
        &CollectionGraph {
            graph,
            learnt: generation.learnt,
        },
    )?;
    next.settle_copies(talk)?;
    // The articles are the same, so what was read of them is.
    if let Some(ledger) = &read.state.ledger {
        next.set_ledger(talk, &files::get(talk, &read.index, ledger)?)?;
    }
    Ok(true)
}

/// Hands every stored article to one of the `workers`, a thread each, in no order; returns the workers, or `None` if it was
/// cancelled.
fn for_each<W: Send>(
    talk: Talk<'_>,
    index: &str,
    mut workers: Vec<W>,
    phase: Phase,
    control: JobControl<'_>,
    work: impl Fn(&mut W, &Article) -> Result<()> + Sync,
) -> Result<Option<Vec<W>>> {
    let total = generation::count(talk, index)?;
    let mut done = 0;
    let advanced = |done| {
        control.progress.advanced(ProgressUpdate {
            phase,
            done,
            total,
            articles: done,
        })
    };
    // At once: it says which phase begins.
    advanced(0);
    let body = json!({"size": ARTICLES_A_PAGE, "_source": [TEXT, META]});
    let is_whole = pages(talk, index, &body, &mut |hits| {
        let part = hits.len().div_ceil(workers.len().max(1)).max(1);
        let failure = Mutex::new(None);
        std::thread::scope(|scope| {
            for (worker, hits) in workers.iter_mut().zip(hits.chunks(part)) {
                let (work, failure) = (&work, &failure);
                scope.spawn(move || {
                    let outcome = hits.iter().try_for_each(|hit| work(worker, &article(hit)?));
                    if let Err(error) = outcome {
                        *failure.lock() = Some(error);
                    }
                });
            }
        });
        if let Some(error) = failure.into_inner() {
            return Err(error);
        }
        done += hits.len() as u64;
        advanced(done);
        Ok(!control.cancel.load(Ordering::Relaxed))
    })?;
    Ok(is_whole.then_some(workers))
}

fn article(hit: &Value) -> Result<Article> {
    to_article(&hit["_source"])
}

fn threads() -> usize {
    available_parallelism().map_or(1, usize::from)
}
