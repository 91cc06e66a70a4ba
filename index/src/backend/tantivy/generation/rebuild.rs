//! The rebuild: the stored articles of the current generation, counted and analysed anew, become the next one. The
//! old generation answers until then, and stays if the rebuild does not come to its end.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::current::{current_name, directory, make_current, remove, remove_others};
use super::lock::WriterLock;
use super::open::{OpenGeneration, threads};
use super::stored::StoredArticles;
use super::{Generation, read_boilerplate, read_ledger};
use crate::document::{AnalyzedArticle, content_hash, count_words};
use crate::error::Result;
use crate::learning::subtract_lines;
use crate::learning::{
    CollectionGraph, JobControl, LineCounts, RebuildReport, TrainingSize, finish_graph,
    graph_learner, observe,
};
use crate::progress::Phase;
use fihrist_arabic::{Counts, WordCounter};

/// Rebuilds the index at `data`, also one that another version wrote; `None` if it was cancelled.
pub fn rebuild(data: &Path, control: JobControl<'_>) -> Result<Option<RebuildReport>> {
    // Before the lock, which would make the directory.
    current_name(data)?;
    let lock = WriterLock::acquire(data)?;
    remove_others(data, &current_name(data)?)?;
    Ok(rebuild_locked(data, &lock, control)?.map(|(rebuilt, _)| rebuilt))
}

/// The same for who holds the lock already; the new generation comes back open.
pub fn rebuild_locked(
    data: &Path,
    _lock: &WriterLock,
    control: JobControl<'_>,
) -> Result<Option<(RebuildReport, Generation)>> {
    rebuild_from(data, &current_name(data)?, control)
}

/// The same with the articles of any generation in the place of the current one.
pub fn rebuild_from(
    data: &Path,
    old: &str,
    control: JobControl<'_>,
) -> Result<Option<(RebuildReport, Generation)>> {
    let started = Instant::now();
    let source = StoredArticles::open(data, old)?;
    let Some(Counted {
        counts,
        articles,
        lines,
    }) = count(&source, control)?
    else {
        return Ok(None);
    };
    let (mut boilerplate, counted) = lines.finish();
    let counts = subtract_lines(counts, &counted);
    boilerplate.extend(&read_boilerplate(data, &directory(data, old))?);
    let learnt = TrainingSize {
        articles,
        words: counts.total(),
    };
    let target =
        OpenGeneration::create(data, Arc::new(counts.finish_on_base()), learnt, boilerplate)?;
    let name = target.generation().name().to_owned();
    let next = match write(&source, target, control) {
        Ok(Some(next)) => next,
        unfinished => {
            remove(data, &name);
            return unfinished.map(|_| None);
        }
    };
    // The articles are the same, so what was read of them is.
    if let Some(ledger) = read_ledger(&directory(data, old))? {
        next.set_ledger(&ledger)?;
    }
    make_current(data, &name)?;
    remove_others(data, &name)?;
    let rebuilt = RebuildReport {
        articles: next.view().searcher.num_docs(),
        generation: name,
        old_model_hash: source.model_hash().to_owned(),
        model_hash: next.stamp().model_hash().to_owned(),
        learnt,
        elapsed: started.elapsed(),
    };
    Ok(Some((rebuilt, next)))
}

/// Learns the graph of the index at `data` anew from its stored articles; `None` if it was cancelled.
pub fn rebuild_graph(data: &Path, control: JobControl<'_>) -> Result<Option<CollectionGraph>> {
    // Before the lock, which would make the directory.
    current_name(data)?;
    let _lock = WriterLock::acquire(data)?;
    learn_graph(data, &Generation::open_current(data)?, control)
}

/// The same for a generation, by who holds the lock already.
pub fn learn_graph(
    data: &Path,
    generation: &Generation,
    control: JobControl<'_>,
) -> Result<Option<CollectionGraph>> {
    let source = StoredArticles::open(data, generation.name())?;
    let Some(Counted {
        counts, articles, ..
    }) = count(&source, control)?
    else {
        return Ok(None);
    };
    let learnt = TrainingSize {
        articles,
        words: counts.total(),
    };
    // Words of today, with the stems that the index has.
    let learner = graph_learner(&counts.finish_on_base(), generation.analyzer());
    let workers = (0..threads())
        .map(|_| learner.cooccurrence_counts())
        .collect();
    let seen = source.for_each(
        workers,
        Phase::LearningGraph,
        control,
        |cooccurrence_counts, article| {
            observe(
                &AnalyzedArticle::new(article, 0, generation.analyzer()),
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
    generation.set_graph(&own)?;
    Ok(Some(own))
}

/// What stored articles hold.
struct Counted {
    counts: Counts,
    /// How many have any words.
    articles: u64,
    lines: LineCounts,
}

fn count(source: &StoredArticles, control: JobControl<'_>) -> Result<Option<Counted>> {
    let lines = LineCounts::default();
    let workers = (0..threads())
        .map(|_| (WordCounter::default(), 0))
        .collect();
    let workers = source.for_each(
        workers,
        Phase::RecountingWords,
        control,
        |(counter, articles), article| {
            *articles += u64::from(count_words(article, counter));
            lines.add(article);
            Ok(())
        },
    )?;
    let mut all = Counts::default();
    let mut articles = 0;
    let Some(workers) = workers else {
        return Ok(None);
    };
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

/// Writes all articles, and the graph that they teach.
fn write(
    source: &StoredArticles,
    mut target: OpenGeneration,
    control: JobControl<'_>,
) -> Result<Option<Generation>> {
    let analyzer = target.generation().analyzer();
    let learner = graph_learner(analyzer.model(), analyzer);
    let workers = (0..threads())
        .map(|_| learner.cooccurrence_counts())
        .collect();
    let seen = source.for_each(
        workers,
        Phase::Rebuilding,
        control,
        |cooccurrence_counts, article| {
            let retyped = target.generation().boilerplate().retype(article);
            let article = retyped.as_ref().unwrap_or(article);
            let analyzed = AnalyzedArticle::new(
                article,
                content_hash(article),
                target.generation().analyzer(),
            );
            observe(&analyzed, cooccurrence_counts);
            target.add(&analyzed)
        },
    )?;
    let Some(seen) = seen else { return Ok(None) };
    let graph = Arc::new(finish_graph(&learner, seen));
    let learnt = target.generation().stamp().learnt();
    target
        .generation()
        .set_graph(&CollectionGraph { graph, learnt })?;
    target.commit()?;
    target.finish().map(Some)
}
