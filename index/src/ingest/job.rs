//! The indexing job. It counts the words of a new index, writes articles and commits now and then.
//! It rebuilds an index that has outgrown its model. How files become articles and how articles
//! reach the threads is left to a pass.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use parking_lot::RwLock;
use rustc_hash::FxHashSet;

use super::count::{Copies, CountedInput, count};
use super::event::Event;
use super::graph_observer::GraphObserver;
use super::ledger::{Ledger, ReadFile, id_hash};
use super::mapping::Mapping;
use super::pass::Pass;
use super::read_cache::{CacheUse, ReadArticle, ReadCache};
use super::rejection::Rejected;
use super::rejects::Rejects;
use super::report::{IngestReport, Pruned, Rebuild};
use super::settings::{Format, Input, PassSettings};
use super::unchanged_files::UnchangedFiles;
use crate::document::ArticleId;
use crate::document::{AnalyzedArticle, content_hash};
use crate::error::{Error, ErrorKind, Result};
use crate::learning::graph::{Graph, Learner};
use crate::learning::{Learnt, OwnGraph, graph_learner};
use crate::parallel::joined;
use crate::progress::{Phase, Progress};
use crate::writer::{IndexWriter, Upserted};
use fihrist_arabic::{Analyzer, Model};

const COMMIT_INTERVAL: Duration = Duration::from_secs(30);

/// An ingestion of some input. See the [module](super) for an example.
#[derive(Debug, Clone)]
pub struct IngestJob {
    /// The input, in reading order. A new index reads it twice: once to count words, once to index.
    pub inputs: Vec<Input>,
    /// How files are read.
    pub format: Format,
    /// Which names of fields and columns stand for what.
    pub mapping: Mapping,
    /// The number of articles between two commits. The job also commits every 30 seconds.
    pub commit_every: usize,
    /// The number of threads that analyse and write articles.
    pub threads: NonZeroUsize,
    /// Whether the job rebuilds an index that has outgrown its model.
    pub rebuilds: bool,
    /// Whether the job deletes indexed articles that the input does not hold. It deletes none if an input was rejected,
    /// because the rejected input may hold them.
    pub prunes: bool,
    /// A new folder for rejected input as it came, to be repaired and indexed by itself.
    pub rejects: Option<PathBuf>,
    /// Set to true, it ends the job early. The articles written so far are committed.
    pub cancel: Arc<AtomicBool>,
}

impl IngestJob {
    /// Creates a job over `inputs` with default settings.
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

    /// Returns the settings that a pass needs.
    pub(super) fn pass_settings(&self) -> PassSettings<'_> {
        PassSettings {
            inputs: &self.inputs,
            format: self.format,
            mapping: &self.mapping,
            threads: self.threads,
            cancel: &self.cancel,
        }
    }

    /// Runs the job. Bad input becomes a line of the report; the job fails only if the index fails.
    ///
    /// The job commits at the end, also after a cancellation. A cancellation during the counting pass leaves a new index
    /// empty. The caller finishes `writer`.
    pub fn run(&self, writer: &mut IndexWriter, progress: &dyn Progress) -> Result<IngestReport> {
        let started = Instant::now();
        let ledger = if writer.is_new() {
            Ledger::default()
        } else {
            stored_ledger(writer)?
        };
        let settings = self.pass_settings();
        let (unchanged, bytes_total) = UnchangedFiles::survey(&settings, ledger);
        let read_cache = ReadCache::default();
        let pass = |phase, cache| Pass {
            settings,
            phase,
            bytes_total,
            progress,
            unchanged: &unchanged,
            cache,
        };
        let mut report = IngestReport::default();
        let mut files = Vec::new();
        if writer.is_new() {
            let counting = pass(Phase::Learning, CacheUse::Fill(&read_cache));
            // The indexing pass reports what is unusual about the input.
            let counted = count(&counting, &mut IngestReport::default())?;
            report.is_cancelled = counted.is_none();
            if let Some(counted) = counted {
                let learnt = learnt_from(&counted);
                writer.begin(counted.counts, counted.articles, counted.boilerplate)?;
                let learner = writer.graph_learner()?;
                let graph_learning = GraphLearning {
                    learner: &learner,
                    copies: counted.copies,
                };
                let indexing = pass(Phase::Indexing, CacheUse::Drain(&read_cache));
                let outcome = self.index(&indexing, writer, &mut report, Some(graph_learning))?;
                files = outcome.files;
                if let Some(graph) = outcome.graph {
                    let graph = Arc::new(graph);
                    writer.set_graph(OwnGraph { graph, learnt })?;
                }
            }
        } else {
            let indexing = pass(Phase::Indexing, CacheUse::Unused);
            files = self.index(&indexing, writer, &mut report, None)?.files;
        }
        if self.prunes && !report.is_cancelled {
            report.pruned = prune(writer, &unchanged, &files, &report)?;
        }
        if !report.is_cancelled {
            self.learn_anew(writer, progress, &mut report)?;
        }
        let (mut ledger, settings_hash) = unchanged.into_ledger();
        ledger.record(files, settings_hash);
        let ledger_bytes = ledger
            .to_bytes()
            .map_err(Error::internal("note which files were read"))?;
        writer.set_ledger(&ledger_bytes)?;
        report.elapsed = started.elapsed();
        Ok(report)
    }

    /// Learns a model of `max_forms` word forms and a graph from the input, without an index. Returns no model if the job
    /// was cancelled.
    pub fn learn(
        &self,
        max_forms: usize,
        progress: &dyn Progress,
    ) -> Result<(Option<LearnedModel>, IngestReport)> {
        let started = Instant::now();
        let mut report = IngestReport::default();
        let settings = self.pass_settings();
        let (unchanged, bytes_total) = UnchangedFiles::survey(&settings, Ledger::default());
        let read_cache = ReadCache::default();
        let pass = |phase, cache| Pass {
            settings,
            phase,
            bytes_total,
            progress,
            unchanged: &unchanged,
            cache,
        };
        let counting = pass(Phase::Learning, CacheUse::Fill(&read_cache));
        let counted = count(&counting, &mut report)?;
        let mut learned = None;
        if let Some(counted) = counted {
            let learnt = learnt_from(&counted);
            let all_forms = counted.counts.clone().finish(usize::MAX);
            let model = Arc::new(counted.counts.finish(max_forms));
            let analyzer = Analyzer::new(Arc::clone(&model));
            let learner = graph_learner(&all_forms, &analyzer);
            let observers = GraphObserver::for_threads(&learner, counted.copies);
            let observe = |observer: &mut GraphObserver<'_>, read: &ReadArticle| {
                let hash = content_hash(&read.article);
                let analyzed = AnalyzedArticle::new(&read.article, hash, &analyzer);
                observer.observe(&analyzed, hash);
                Event::Counted
            };
            let mut articles = 0;
            let relating = pass(Phase::Relating, CacheUse::Drain(&read_cache));
            let outcome = relating.run(observers, observe, |event| {
                articles += u64::from(matches!(event, Some(Event::Counted)));
                Ok(articles)
            })?;
            if outcome.is_complete {
                learned = Some(LearnedModel {
                    model,
                    graph: GraphObserver::finish(&learner, outcome.workers),
                    learnt,
                });
            }
        }
        report.is_cancelled = learned.is_none();
        report.elapsed = started.elapsed();
        Ok((learned, report))
    }

    /// Rebuilds the index or its graph where the index has outgrown them, if the job may rebuild.
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
            report.rebuild = match rebuilt {
                Some(rebuilt) => Rebuild::Done(rebuilt),
                None => Rebuild::Due(growth),
            };
        } else if growth.is_graph_due() && self.rebuilds {
            writer.learn_graph(progress, &self.cancel)?;
        }
        Ok(())
    }

    /// Indexes the input and commits. With `graph_learning`, it also learns a graph, if everything was read.
    fn index(
        &self,
        pass: &Pass<'_>,
        writer: &mut IndexWriter,
        report: &mut IngestReport,
        graph_learning: Option<GraphLearning<'_>>,
    ) -> Result<IndexOutcome> {
        let writer = RwLock::new(writer);
        let mut last_commit = Instant::now();
        let mut uncommitted = 0;
        let mut rejects = self.rejects.as_deref().map(Rejects::create).transpose()?;
        let (learner, observers) = match graph_learning {
            Some(GraphLearning { learner, copies }) => {
                let observers = GraphObserver::for_threads(learner, copies);
                (Some(learner), observers.into_iter().map(Some).collect())
            }
            None => (None, (0..self.threads.get()).map(|_| None).collect()),
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
                // The lock waits until the articles in progress are written; the next ones wait for the commit.
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

/// A model and a graph that were learned from some articles.
#[derive(Debug)]
pub struct LearnedModel {
    /// How often each word form occurs.
    pub model: Arc<Model>,
    /// Which stems are related.
    pub graph: Graph,
    /// The number of articles and words they were learned from.
    pub learnt: Learnt,
}

/// The outcome of indexing.
struct IndexOutcome {
    /// The graph, if one was to be learned and everything was read.
    graph: Option<Graph>,
    /// The files that were read to their ends.
    files: Vec<ReadFile>,
}

/// What a graph is learned with while articles are indexed.
struct GraphLearning<'a> {
    learner: &'a Learner,
    copies: Vec<Copies>,
}

fn learnt_from(counted: &CountedInput) -> Learnt {
    Learnt {
        articles: counted.articles,
        words: counted.counts.total(),
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

/// Returns the ledger of earlier jobs. A ledger that cannot be read counts as empty.
fn stored_ledger(writer: &IndexWriter) -> Result<Ledger> {
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

/// Deletes the articles that no file holds.
fn prune(
    writer: &mut IndexWriter,
    unchanged: &UnchangedFiles,
    files: &[ReadFile],
    report: &IngestReport,
) -> Result<Pruned> {
    if report.rejected_count > 0 {
        return Ok(Pruned::Refused);
    }
    let mut ids: FxHashSet<u64> = unchanged.ids().collect();
    for file in files {
        ids.extend(&file.ids);
    }
    let is_in_input = |id: &str| match ArticleId::new(id) {
        Ok(id) => ids.contains(&id_hash(&id)),
        Err(_) => false,
    };
    writer.delete_others(&is_in_input).map(Pruned::Done)
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
    match writer.upsert_and_see(article, read.seen.get(), observe) {
        Ok(upserted) => Event::Upserted(upserted, article.text.len() as u64),
        Err(error) if error.kind() == ErrorKind::Invalid => {
            Event::Rejected(Rejected::new(article.id.as_str(), error.to_string()))
        }
        Err(error) => Event::Failed(error),
    }
}
