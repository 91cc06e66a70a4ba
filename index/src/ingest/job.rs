//! The indexing job: counts the words of a new index, writes articles, commits now and then, and rebuilds what has
//! outgrown its model. How files become articles and articles reach the threads is the business of a pass.

use parking_lot::RwLock;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use rustc_hash::FxHashSet;

use super::count::{Copies, count, id_hash};
use super::kept::{Keep, Kept, ReadArticle};
use super::ledger::{Ledger, ReadFile, reading};
use super::pass::{Event, Pass};
use super::plan::Plan;
use super::rejects::Rejects;
use super::report::{IngestReport, Pruned, Rebuild, Rejected};
use super::sight::GraphObserver;
use super::walk::{Found, walk};
use super::{Format, Input, Mapping};
use crate::document::ArticleId;
use crate::document::{AnalyzedArticle, content_hash};
use crate::error::{Error, ErrorKind, Result};
use crate::learning::graph::{Graph, Learner};
use crate::learning::{CollectionGraph, TrainingSize, graph_learner};
use crate::parallel::joined;
use crate::progress::{Phase, Progress};
use crate::writer::{IndexWriter, Upserted};
use fihrist_arabic::{Analyzer, Model};

const COMMIT_INTERVAL: Duration = Duration::from_secs(30);

/// A run over some input. See the [module](super) for an example.
#[derive(Debug, Clone)]
pub struct IngestJob {
    /// What to read, in this order. A new index takes it twice: once to count words, once to index.
    pub inputs: Vec<Input>,
    /// How to read it.
    pub format: Format,
    /// Which names of fields and columns stand for what.
    pub mapping: Mapping,
    /// Articles after which what is done is made durable; half a minute does it too.
    pub commit_every: usize,
    /// Threads that analyse and write.
    pub threads: NonZeroUsize,
    /// Whether an index that has outgrown its model is rebuilt at the end.
    pub rebuilds: bool,
    /// Whether articles of the index that the input does not hold are deleted. Not where some input was rejected, which may
    /// hold them.
    pub prunes: bool,
    /// A new folder for what is rejected, as it came: mended, it can be indexed by itself.
    pub rejects: Option<PathBuf>,
    /// Set to true, it ends the job early; what is done is committed.
    pub cancel: Arc<AtomicBool>,
}

impl IngestJob {
    /// A job over `inputs` with the usual settings.
    pub fn new(inputs: Vec<Input>) -> Self {
        Self {
            inputs,
            format: Format::Auto,
            mapping: Mapping::default(),
            commit_every: 50_000,
            threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            rebuilds: true,
            prunes: false,
            rejects: None,
            cancel: Arc::new(AtomicBool::new(false)),
        }
    }

    /// Runs the job to its end. Bad input is a line of the report; an error means that the index failed.
    ///
    /// What was read is committed at the end, and also if the job was cancelled; a new index is not even begun if that
    /// was while its words were counted. `writer` is left to be finished.
    pub fn run(&self, writer: &mut IndexWriter, progress: &dyn Progress) -> Result<IngestReport> {
        let started = Instant::now();
        let ledger = if writer.is_new() {
            Ledger::default()
        } else {
            ledger_of(writer)?
        };
        let (plan, bytes_total) = self.survey(ledger);
        let kept = Kept::default();
        let pass = |phase, keep| Pass {
            job: self,
            phase,
            bytes_total,
            progress,
            plan: &plan,
            keep,
        };
        let mut report = IngestReport::default();
        let mut files = Vec::new();
        if writer.is_new() {
            // What is odd about the input is reported by the pass that indexes it.
            let counted = count(
                &pass(Phase::CountingWords, Keep::For(&kept)),
                &mut IngestReport::default(),
            )?;
            report.is_cancelled = counted.is_none();
            if let Some(counted) = counted {
                let learnt = TrainingSize {
                    articles: counted.articles,
                    words: counted.counts.total(),
                };
                writer.begin(counted.counts, counted.articles, counted.boilerplate)?;
                let learner = writer.graph_learner()?;
                let control = Watched {
                    learner: &learner,
                    copies: counted.copies,
                };
                let indexed = self.index(
                    &pass(Phase::Indexing, Keep::From(&kept)),
                    writer,
                    &mut report,
                    Some(control),
                )?;
                files = indexed.files;
                if let Some(graph) = indexed.graph {
                    writer.set_graph(CollectionGraph {
                        graph: Arc::new(graph),
                        learnt,
                    })?;
                }
            }
        } else {
            files = self
                .index(
                    &pass(Phase::Indexing, Keep::Nothing),
                    writer,
                    &mut report,
                    None,
                )?
                .files;
        }
        if self.prunes && !report.is_cancelled {
            report.pruned = prune(writer, &plan, &files, &report)?;
        }
        if !report.is_cancelled {
            self.learn_anew(writer, progress, &mut report)?;
        }
        let (mut ledger, reading) = plan.into_ledger();
        ledger.take(files, reading);
        writer.set_ledger(
            &ledger
                .to_bytes()
                .map_err(Error::internal("note which files were read"))?,
        )?;
        report.elapsed = started.elapsed();
        Ok(report)
    }

    /// Learns what an index begins with, a model of `max_forms` written forms and a graph, and indexes nothing. Nothing
    /// comes of it if the job was cancelled.
    pub fn learn(
        &self,
        max_forms: usize,
        progress: &dyn Progress,
    ) -> Result<(Option<Taught>, IngestReport)> {
        let started = Instant::now();
        let mut report = IngestReport::default();
        let (plan, bytes_total) = self.survey(Ledger::default());
        let kept = Kept::default();
        let pass = |phase, keep| Pass {
            job: self,
            phase,
            bytes_total,
            progress,
            plan: &plan,
            keep,
        };
        let counted = count(&pass(Phase::CountingWords, Keep::For(&kept)), &mut report)?;
        let mut taught = None;
        if let Some(counted) = counted {
            let learnt = TrainingSize {
                articles: counted.articles,
                words: counted.counts.total(),
            };
            let all_forms = counted.counts.clone().finish(usize::MAX);
            let model = Arc::new(counted.counts.finish(max_forms));
            let analyzer = Analyzer::new(Arc::clone(&model));
            let learner = graph_learner(&all_forms, &analyzer);
            let witnesses = GraphObserver::for_threads(&learner, counted.copies);
            let look = |witness: &mut GraphObserver<'_>,
                        ReadArticle { article, .. }: &ReadArticle| {
                let hash = content_hash(article);
                witness.observe(&AnalyzedArticle::new(article, hash, &analyzer), hash);
                Event::Counted
            };
            let mut articles = 0;
            let passed =
                pass(Phase::LearningGraph, Keep::From(&kept)).run(witnesses, look, |event| {
                    articles += u64::from(matches!(event, Some(Event::Counted)));
                    Ok(articles)
                })?;
            taught = passed.is_whole.then(|| Taught {
                model,
                graph: GraphObserver::agree(&learner, passed.workers),
                learnt,
            });
        }
        (report.is_cancelled, report.elapsed) = (taught.is_none(), started.elapsed());
        Ok((taught, report))
    }

    /// Learns anew where the index has outgrown its model or its graph, unless it is told not to.
    fn learn_anew(
        &self,
        writer: &mut IndexWriter,
        progress: &dyn Progress,
        report: &mut IngestReport,
    ) -> Result<()> {
        let growth = writer.growth()?;
        if growth.is_rebuild_due() {
            let rebuilt = if self.rebuilds {
                writer.rebuild(progress, &self.cancel)?
            } else {
                None
            };
            report.rebuild = rebuilt.map_or(Rebuild::Due(growth), Rebuild::Done);
        } else if growth.is_graph_due() && self.rebuilds {
            writer.learn_graph(progress, &self.cancel)?;
        }
        Ok(())
    }

    /// Indexes the input and commits. The company of its words is looked at where there is something to watch; a graph
    /// comes of it if all was read.
    fn index(
        &self,
        pass: &Pass<'_>,
        writer: &mut IndexWriter,
        report: &mut IngestReport,
        watched: Option<Watched<'_>>,
    ) -> Result<Indexed> {
        let writer = RwLock::new(writer);
        let (mut last_commit, mut uncommitted) = (Instant::now(), 0);
        let mut rejects = self.rejects.as_deref().map(Rejects::create).transpose()?;
        let work = |witness: &mut Option<GraphObserver<'_>>, article: &ReadArticle| {
            upsert(&writer.read(), article, witness.as_mut())
        };
        let (learner, witnesses): (_, Vec<_>) = match watched {
            Some(Watched { learner, copies }) => (
                Some(learner),
                GraphObserver::for_threads(learner, copies)
                    .into_iter()
                    .map(Some)
                    .collect(),
            ),
            None => (None, (0..self.threads.get()).map(|_| None).collect()),
        };
        let passed = pass.run(witnesses, work, |event| {
            if let (Some(rejects), Some(Event::Rejected(rejected))) = (&mut rejects, &event) {
                rejects.keep(rejected)?;
            }
            uncommitted +=
                usize::from(matches!(event, Some(Event::Upserted(Upserted::Indexed, _))));
            event.map_or(Ok(()), |event| report.take(event))?;
            let is_due =
                uncommitted >= self.commit_every.max(1) || last_commit.elapsed() >= COMMIT_INTERVAL;
            if uncommitted > 0 && is_due {
                // Waits for the articles that are being written; the others wait for it.
                let mut writer = writer.write();
                commit(&mut writer, report, rejects.as_mut())?;
                (last_commit, uncommitted) = (Instant::now(), 0);
            }
            Ok(report.articles())
        })?;
        report.bytes_read = passed.bytes_read;
        report.is_cancelled = !passed.is_whole;
        let witnesses = passed.workers.into_iter().flatten().collect();
        let graph = std::thread::scope(|scope| {
            let learner = learner.filter(|_| passed.is_whole);
            let graph =
                learner.map(|learner| scope.spawn(|| GraphObserver::agree(learner, witnesses)));
            commit(writer.into_inner(), report, rejects.as_mut())?;
            Ok(graph.map(joined))
        })?;
        Ok(Indexed {
            graph,
            files: passed.files,
        })
    }

    /// Which files need not be read, and how many bytes the others have.
    pub(super) fn survey(&self, ledger: Ledger) -> (Plan, u64) {
        let mut plan = Plan::new(
            ledger,
            reading(&format!("{:?} {:?}", self.format, self.mapping)),
        );
        let mut bytes_total = 0;
        for (place, found) in (0..).zip(walk(&self.inputs, self.format)) {
            match found {
                Found::File(file) if plan.add(place, &file) => bytes_total += file.size_bytes,
                Found::File(_) | Found::Skipped | Found::Rejected(_) => {}
            }
        }
        (plan, bytes_total)
    }
}

/// Commits; what the index would not store after all is rejected.
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
        report.take(Event::Refused(rejected))?;
    }
    Ok(())
}

/// What is known of the files that earlier jobs have read; nothing if that can't be read.
fn ledger_of(writer: &IndexWriter) -> Result<Ledger> {
    let Some(bytes) = writer.ledger()? else {
        return Ok(Ledger::default());
    };
    Ok(Ledger::from_bytes(&bytes).unwrap_or_else(|error| {
        tracing::warn!(
            "cannot use what is known of the files read before: {error}; they are read again"
        );
        Ledger::default()
    }))
}

/// Deletes the articles that were in none of the files.
fn prune(
    writer: &mut IndexWriter,
    plan: &Plan,
    files: &[ReadFile],
    report: &IngestReport,
) -> Result<Pruned> {
    if report.rejected_count > 0 {
        return Ok(Pruned::Refused);
    }
    let ids: FxHashSet<u64> = plan
        .ids()
        .chain(files.iter().flat_map(|file| file.ids.iter().copied()))
        .collect();
    let keeps = |id: &str| ArticleId::new(id).is_ok_and(|id| ids.contains(&id_hash(&id)));
    writer.delete_others(&keeps).map(Pruned::Done)
}

/// What came of indexing.
struct Indexed {
    /// What the company of words has taught, where it was looked at and all was read.
    graph: Option<Graph>,
    files: Vec<ReadFile>,
}

/// What to look at while articles are indexed.
struct Watched<'a> {
    learner: &'a Learner,
    copies: Vec<Copies>,
}

/// What some articles have taught.
#[derive(Debug)]
pub struct Taught {
    /// How often words are written in which way.
    pub model: Arc<Model>,
    /// Which stems stand in for each other.
    pub graph: Graph,
    /// The articles and words that taught it.
    pub learnt: TrainingSize,
}

fn upsert(
    writer: &IndexWriter,
    read: &ReadArticle,
    witness: Option<&mut GraphObserver<'_>>,
) -> Event {
    let article = &read.article;
    let observe = |analyzed: &AnalyzedArticle<'_>, read_hash| {
        if let Some(witness) = witness {
            witness.observe(analyzed, read_hash);
        }
    };
    match writer.upsert_and_see(article, read.seen.get(), observe) {
        Ok(upserted) => Event::Upserted(upserted, article.text.len() as u64),
        Err(error) if error.kind() == ErrorKind::Invalid => {
            Event::Rejected(Rejected::new(article.id.as_str(), error.to_string()))
        }
        Err(error) => Event::Failed(error),
    }
}
