//! Writes the articles of a pass into an index and commits at intervals. For a new index, it also
//! learns the graph of related stems.

use std::path::Path;
use std::time::{Duration, Instant};

use parking_lot::RwLock;

use super::count::Copies;
use super::event::Event;
use super::graph_observer::GraphObserver;
use super::ledger::ReadFile;
use super::pass::Pass;
use super::read_cache::ReadArticle;
use super::rejection::Rejected;
use super::rejects::Rejects;
use super::report::IngestReport;
use crate::document::AnalyzedArticle;
use crate::error::{ErrorKind, Result};
use crate::learning::graph::{Graph, Learner};
use crate::parallel::joined;
use crate::writer::{IndexWriter, Upserted};

const COMMIT_INTERVAL: Duration = Duration::from_secs(30);

/// The settings for writing the articles of a pass.
pub struct Indexing<'a> {
    /// The number of articles between two commits.
    pub commit_every: usize,
    /// The folder that receives rejected input; `None` keeps none.
    pub rejects: Option<&'a Path>,
    /// What is needed to learn the graph of a new index in the same pass; `None` for an existing
    /// index.
    pub graph_learning: Option<GraphLearning<'a>>,
}

/// What is needed to learn a graph of related stems while articles are indexed.
pub struct GraphLearning<'a> {
    pub learner: &'a Learner,
    /// For each thread of the pass, the copies of repeated articles that are counted.
    pub copies: Vec<Copies>,
}

/// The outcome of [`Indexing::run`].
pub struct IndexOutcome {
    /// The graph of related stems; `None` for an existing index, or if the pass was cancelled.
    pub graph: Option<Graph>,
    /// The files that were read to their ends.
    pub files: Vec<ReadFile>,
}

impl Indexing<'_> {
    /// Runs the pass, writes its articles, records its events in `report` and commits.
    pub fn run(
        self,
        pass: &Pass<'_>,
        writer: &mut IndexWriter,
        report: &mut IngestReport,
    ) -> Result<IndexOutcome> {
        let writer = RwLock::new(writer);
        let mut last_commit = Instant::now();
        let mut uncommitted = 0;
        let mut rejects = self.rejects.map(Rejects::create).transpose()?;
        let (learner, observers) = match self.graph_learning {
            Some(GraphLearning { learner, copies }) => {
                let observers = GraphObserver::for_threads(learner, copies);
                (Some(learner), observers.into_iter().map(Some).collect())
            }
            None => (
                None,
                (0..pass.settings.threads.get()).map(|_| None).collect(),
            ),
        };
        let work = |observer: &mut Option<GraphObserver<'_>>, read: &ReadArticle| {
            upsert(&writer.read(), read, observer.as_mut())
        };
        let on_event = |event: Option<Event>| {
            if let (Some(rejects), Some(Event::Rejected(rejected))) = (&mut rejects, &event) {
                rejects.keep(rejected)?;
            }
            if matches!(event, Some(Event::Upserted(Upserted::Indexed, _))) {
                uncommitted += 1;
            }
            if let Some(event) = event {
                report.record(event)?;
            }
            let is_due =
                uncommitted >= self.commit_every.max(1) || last_commit.elapsed() >= COMMIT_INTERVAL;
            if uncommitted > 0 && is_due {
                // Waits until the articles in progress are written. The threads wait with the next
                // articles until the commit is done.
                let mut writer = writer.write();
                commit(&mut writer, report, rejects.as_mut())?;
                (last_commit, uncommitted) = (Instant::now(), 0);
            }
            Ok(report.articles())
        };
        let outcome = pass.run(observers, work, on_event)?;
        report.bytes_read = outcome.bytes_read;
        report.is_cancelled = !outcome.is_complete;
        let observers = outcome.workers.into_iter().flatten().collect();
        let learner = learner.filter(|_| outcome.is_complete);
        let graph = std::thread::scope(|scope| {
            let graph =
                learner.map(|learner| scope.spawn(|| GraphObserver::finish(learner, observers)));
            commit(writer.into_inner(), report, rejects.as_mut())?;
            Ok(graph.map(joined))
        })?;
        Ok(IndexOutcome {
            graph,
            files: outcome.files,
        })
    }
}

/// Commits. Articles that the index could not store become rejections.
fn commit(
    writer: &mut IndexWriter,
    report: &mut IngestReport,
    mut rejects: Option<&mut Rejects>,
) -> Result<()> {
    writer.commit()?;
    for (id, reason) in writer.refused() {
        let rejected = Rejected::new(id.as_str(), reason);
        if let Some(rejects) = &mut rejects {
            rejects.keep(&rejected)?;
        }
        report.record(Event::Refused(rejected))?;
    }
    Ok(())
}

/// Writes an article, and shows its analysed form to the observer.
fn upsert(
    writer: &IndexWriter,
    read: &ReadArticle,
    observer: Option<&mut GraphObserver<'_>>,
) -> Event {
    let article = &read.article;
    let observe = |analyzed: &AnalyzedArticle<'_>, read_hash| {
        if let Some(observer) = observer {
            observer.observe(analyzed, read_hash);
        }
    };
    match writer.upsert_and_see(article, read.counted.get(), observe) {
        Ok(upserted) => Event::Upserted(upserted, article.text.len() as u64),
        Err(error) if error.kind() == ErrorKind::Invalid => {
            Event::Rejected(Rejected::new(article.id.as_str(), error.to_string()))
        }
        Err(error) => Event::Failed(error),
    }
}
