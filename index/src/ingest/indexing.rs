//! Writes the articles of a pass into an index and commits at intervals. For a new index, it also
//! learns the graph of related stems.

use std::time::{Duration, Instant};

use parking_lot::{Mutex, RwLock};
use rustc_hash::{FxHashMap, FxHashSet};

use super::rejects::Rejects;
use super::{Event, GraphObserver, IngestReport, Pass, ReadArticle, ReadFile, Rejected, id_hash};
use crate::document::AnalyzedArticle;
use crate::learning::graph::{Graph, Learner};
use crate::parallel::joined;
use crate::{ErrorKind, IndexWriter, Result, Upserted};

const COMMIT_INTERVAL: Duration = Duration::from_secs(30);

/// Runs the pass, writes its articles, records its events in `report` and commits.
///
/// `graph_learning` has what is needed to learn the graph of a new index in the same pass: the
/// learner, and an observer for each thread. It is `None` for an existing index.
///
/// Returns the files that were read to their ends, and the graph. There is no graph for an existing
/// index, or if the pass was cancelled.
pub fn index(
    pass: &Pass<'_>,
    writer: &mut IndexWriter,
    report: &mut IngestReport,
    graph_learning: Option<(&Learner, Vec<GraphObserver<'_>>)>,
) -> Result<(Vec<ReadFile>, Option<Graph>)> {
    let writer = RwLock::new(writer);
    let mut last_commit = Instant::now();
    let mut uncommitted = 0;
    let mut rejects = pass
        .job
        .rejects
        .as_deref()
        .map(Rejects::create)
        .transpose()?;
    let (learner, observers) = graph_learning.unzip();
    let mut workers: Vec<_> = observers.into_iter().flatten().map(Some).collect();
    workers.resize_with(pass.job.threads.get(), || None);
    let indexed_ids = Mutex::new(FxHashSet::default());
    let work = |observer: &mut Option<GraphObserver<'_>>, read: &ReadArticle| {
        let (writer, written) = (writer.read(), &pass.unchanged.written);
        upsert(&writer, read, written, &indexed_ids, observer.as_mut())
    };
    let outcome = pass.run(workers, work, |event| {
        if let (Some(rejects), Some(Event::Rejected(rejected))) = (&mut rejects, &event) {
            rejects.keep(rejected)?;
        }
        if matches!(
            event,
            Some(Event::Upserted(Upserted::Indexed, _) | Event::Repeated(..))
        ) {
            uncommitted += 1;
        }
        if let Some(event) = event {
            report.record(event)?;
        }
        let is_due =
            uncommitted >= pass.job.commit_every.max(1) || last_commit.elapsed() >= COMMIT_INTERVAL;
        if uncommitted > 0 && is_due {
            // Waits until the articles in progress are written. The threads wait with the next
            // articles until the commit is done.
            let mut writer = writer.write();
            set_ledger(&mut writer, pass)?;
            commit(&mut writer, report, rejects.as_mut())?;
            (last_commit, uncommitted) = (Instant::now(), 0);
        }
        Ok(report.articles())
    })?;
    report.bytes_read = outcome.bytes_read;
    report.is_cancelled = !outcome.is_complete;
    let observers = outcome.workers.into_iter().flatten().collect();
    let learner = learner.filter(|_| outcome.is_complete);
    let graph = std::thread::scope(|scope| {
        let graph =
            learner.map(|learner| scope.spawn(|| GraphObserver::finish(learner, observers)));
        let writer = writer.into_inner();
        if uncommitted > 0 {
            set_ledger(writer, pass)?;
        }
        commit(writer, report, rejects.as_mut())?;
        Ok(graph.map(joined))
    })?;
    Ok((outcome.files, graph))
}

/// Stores the ledger with the articles that this job has written so far. This happens before their
/// commit, so that every committed article is known to come from a job, even if the job is killed.
fn set_ledger(writer: &mut IndexWriter, pass: &Pass<'_>) -> Result<()> {
    writer.backend.set_ledger(&pass.unchanged.to_bytes()?)
}

/// Commits. Articles that the index could not store become rejections.
fn commit(
    writer: &mut IndexWriter,
    report: &mut IngestReport,
    mut rejects: Option<&mut Rejects>,
) -> Result<()> {
    for (id, reason) in writer.commit()? {
        let rejected = Rejected::new(id.as_str(), reason);
        if let Some(rejects) = &mut rejects {
            rejects.keep(&rejected)?;
        }
        report.record(Event::Refused(rejected))?;
    }
    rejects.map_or(Ok(()), Rejects::flush)
}

/// Writes an article, adds its hashes to `written` and its id to `indexed_ids`, and shows its analysed
/// form to the observer.
fn upsert(
    writer: &IndexWriter,
    read: &ReadArticle,
    written: &Mutex<FxHashMap<u64, u64>>,
    indexed_ids: &Mutex<FxHashSet<u64>>,
    observer: Option<&mut GraphObserver<'_>>,
) -> Event {
    let article = &read.article;
    let observe = |analyzed: &AnalyzedArticle<'_>, read_hash| {
        let id = id_hash(&article.id);
        written.lock().insert(id, analyzed.content_hash);
        if let Some(observer) = observer {
            observer.observe(analyzed, read_hash);
        }
    };
    match writer.upsert_and_see(article, read.counted.get(), observe) {
        Ok(upserted) => {
            let text_bytes = article.text.len() as u64;
            let is_indexed = upserted == Upserted::Indexed;
            match is_indexed && !indexed_ids.lock().insert(id_hash(&article.id)) {
                true => Event::Repeated(article.id.clone(), text_bytes),
                false => Event::Upserted(upserted, text_bytes),
            }
        }
        Err(error) if error.kind() == ErrorKind::Invalid => {
            Event::Rejected(Rejected::new(article.id.as_str(), error.to_string()))
        }
        Err(error) => Event::Failed(error),
    }
}
