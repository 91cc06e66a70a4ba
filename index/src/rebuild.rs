//! Learns from the stored articles again, for every backend. A rebuild learns a new model, and
//! writes the articles as a new generation. Learning only the graph leaves the terms of the
//! articles as they are.

use parking_lot::Mutex;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::backend::{Analysis, Basis, Ending, Predecessor, StoredArticles, Writer};
use crate::document::{AnalyzedArticle, content_hash, count_words};
use crate::learning::graph::{CooccurrenceCounts, Graph};
use crate::learning::{JobControl, LineCounts, finish_graph, graph_learner, observe};
use crate::ledger::{Ledger, id_hash};
use crate::progress::Phase;
use crate::{Article, CollectionGraph, Error, RebuildReport, Result, TrainingSize};
use fihrist_arabic::{Analyzer, Counts, Model, WordCounter};

/// Learns a model and a graph from the committed articles, and writes the articles as a new
/// generation. The new generation then becomes current.
///
/// Returns `None` if the job was cancelled, or if other writers may be writing. In that case, and
/// after an error, the index is unchanged. The writer can be used afterwards in any case.
pub fn rebuild(writer: &mut dyn Writer, control: JobControl<'_>) -> Result<Option<RebuildReport>> {
    let started = Instant::now();
    let Some(predecessor) = writer.begin_rebuild()? else {
        return Ok(None);
    };
    match write_successor(writer, predecessor, control) {
        Ok(Some(report)) => Ok(Some(RebuildReport {
            articles: writer.growth()?.articles,
            elapsed: started.elapsed(),
            ..report
        })),
        unfinished => {
            writer.finish(Ending::Discard)?;
            unfinished.map(|_| None)
        }
    }
}

/// Learns the graph from the committed articles. Returns `None` if the job was cancelled; the index
/// is then unchanged.
pub fn learn_graph(
    writer: &mut dyn Writer,
    control: JobControl<'_>,
) -> Result<Option<CollectionGraph>> {
    let stored = writer.stored()?;
    let Some(counted) = count(&*stored, control)? else {
        return Ok(None);
    };
    let learnt = TrainingSize::of(counted.articles, &counted.counts);
    let analyzer = writer.analysis()?.analyzer;
    // The words are counted anew, and the analyzer of the index gives each the stem that the index
    // has.
    let words = counted.counts.finish_on_base();
    let graph = graph_of(
        &*stored,
        Phase::LearningGraph,
        control,
        &words,
        analyzer,
        |counts, article| {
            observe(&AnalyzedArticle::new(article, 0, analyzer), counts);
            Ok(())
        },
    )?;
    let Some(graph) = graph.map(Arc::new) else {
        return Ok(None);
    };
    let own = CollectionGraph { graph, learnt };
    writer.set_graph(own.clone())?;
    Ok(Some(own))
}

/// Writes the new generation and makes it current. Returns the report, without the number of
/// articles and the time; `None` if the job was cancelled.
pub fn write_successor(
    writer: &mut dyn Writer,
    predecessor: Predecessor,
    control: JobControl<'_>,
) -> Result<Option<RebuildReport>> {
    let stored = &*predecessor.articles;
    let Some(counted) = count(stored, control)? else {
        return Ok(None);
    };
    let (mut boilerplate, counts) = counted.lines.subtract_from(counted.counts);
    boilerplate.extend(&predecessor.boilerplate);
    let learnt = TrainingSize::of(counted.articles, &counts);
    let model = Arc::new(counts.finish_on_base());
    let model_hash = model.hash().to_owned();
    let generation = writer.begin(Basis {
        model,
        learnt,
        boilerplate,
    })?;
    let rehashed = Mutex::default();
    let Some(graph) = write_articles(writer, stored, control, &rehashed)?.map(Arc::new) else {
        return Ok(None);
    };
    writer.set_graph(CollectionGraph { graph, learnt })?;
    // The new generation has the same articles, so the ledger stays valid, except for the hashes.
    if let Some(ledger) = &predecessor.ledger {
        let ledger = Ledger::rehash(ledger, &rehashed.into_inner());
        writer.set_ledger(&ledger.map_err(Error::internal("write the ledger"))?)?;
    }
    writer.finish(Ending::Keep)?;
    Ok(Some(RebuildReport {
        articles: 0,
        generation,
        old_model_hash: predecessor.model_hash,
        model_hash,
        learnt,
        elapsed: Duration::ZERO,
    }))
}

/// Writes all articles to the new generation. Returns the graph that is learnt from them; `None` if
/// the job was cancelled.
///
/// Adds each article whose content hash changes to `rehashed`: the hash of its id, the old content
/// hash and the new one.
fn write_articles(
    writer: &dyn Writer,
    stored: &dyn StoredArticles,
    control: JobControl<'_>,
    rehashed: &Mutex<Vec<(u64, u64, u64)>>,
) -> Result<Option<Graph>> {
    let Analysis {
        analyzer,
        boilerplate,
    } = writer.analysis()?;
    graph_of(
        stored,
        Phase::Rebuilding,
        control,
        analyzer.model(),
        analyzer,
        |counts, article| {
            let retyped = boilerplate.retype(article);
            let mut hash = content_hash(article);
            if let Some(retyped) = &retyped {
                let old = std::mem::replace(&mut hash, content_hash(retyped));
                rehashed.lock().push((id_hash(&article.id), old, hash));
            }
            let article = retyped.as_ref().unwrap_or(article);
            let analyzed = AnalyzedArticle::new(article, hash, analyzer);
            observe(&analyzed, counts);
            writer.upsert(&analyzed)
        },
    )
}

/// Calls `work` for every article, with the counts of its thread. Returns the graph that the counts
/// confirm; `None` if the job was cancelled.
fn graph_of(
    stored: &dyn StoredArticles,
    phase: Phase,
    control: JobControl<'_>,
    words: &Model,
    analyzer: &Analyzer,
    work: impl Fn(&mut CooccurrenceCounts<'_>, &Article) -> Result<()> + Sync,
) -> Result<Option<Graph>> {
    let learner = graph_learner(words, analyzer);
    let new_counts = || learner.cooccurrence_counts();
    let observed = for_each(stored, phase, control, new_counts, work)?;
    Ok(observed.map(|observed| finish_graph(&learner, observed)))
}

/// The words and the lines of the stored articles, counted.
struct Counted {
    counts: Counts,
    /// The number of articles that contain words.
    articles: u64,
    lines: LineCounts,
}

fn count(stored: &dyn StoredArticles, control: JobControl<'_>) -> Result<Option<Counted>> {
    let lines = LineCounts::default();
    let counters = for_each(
        stored,
        Phase::RecountingWords,
        control,
        || (WordCounter::default(), 0),
        |(counter, articles), article| {
            *articles += u64::from(count_words(article, counter));
            lines.add(article);
            Ok(())
        },
    )?;
    let Some(counters) = counters else {
        return Ok(None);
    };
    let mut counts = Counts::default();
    let mut articles = 0;
    for (counter, counted) in counters {
        counts.merge(counter.finish());
        articles += counted;
    }
    Ok(Some(Counted {
        counts,
        articles,
        lines,
    }))
}

/// Calls `work` for every article, on several threads with a state each. Returns the states; `None`
/// if the job was cancelled.
fn for_each<S: Send>(
    stored: &dyn StoredArticles,
    phase: Phase,
    control: JobControl<'_>,
    new_state: impl Fn() -> S,
    work: impl Fn(&mut S, &Article) -> Result<()> + Sync,
) -> Result<Option<Vec<S>>> {
    // Each thread has its own state, so no thread waits for a lock.
    let states: Vec<Mutex<S>> = (0..stored.threads())
        .map(|_| Mutex::new(new_state()))
        .collect();
    let is_whole = stored.scan(
        phase,
        control,
        &|thread, article| match states.get(thread) {
            Some(state) => work(&mut state.lock(), article),
            None => Ok(()),
        },
    )?;
    let states = states.into_iter().map(Mutex::into_inner).collect();
    Ok(is_whole.then_some(states))
}
