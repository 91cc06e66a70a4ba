//! The indexing job. For a new index, it first counts the words of the input. Then it writes the
//! articles and deletes indexed articles that the input no longer holds. At the end, it rebuilds an
//! index that has outgrown its model. Each reading of the input is a pass.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use rustc_hash::FxHashSet;

use super::count::count;
use super::indexing::{GraphLearning, Indexing};
use super::ledger::{Ledger, ReadFile, id_hash};
use super::mapping::Mapping;
use super::pass::Pass;
use super::read_cache::{CacheUse, ReadCache};
use super::report::{IngestReport, Pruned, Rebuild};
use super::settings::{Format, Input, PassSettings};
use super::unchanged_files::UnchangedFiles;
use crate::document::ArticleId;
use crate::error::{Error, Result};
use crate::learning::CollectionGraph;
use crate::progress::{Phase, Progress};
use crate::writer::IndexWriter;

/// One run of indexing. See the [module](super) for an example.
#[derive(Debug, Clone)]
pub struct IngestJob {
    /// The input, in reading order. A new index reads it twice: once to count words, once to index.
    pub inputs: Vec<Input>,
    /// The format of the files, or `Auto` to detect it.
    pub format: Format,
    /// Maps the names of fields and columns to parts of an article.
    pub mapping: Mapping,
    /// The number of articles between two commits. The job also commits every 30 seconds.
    pub commit_every: usize,
    /// The number of threads that analyse and write articles.
    pub threads: NonZeroUsize,
    /// Whether the job rebuilds an index that has outgrown its model.
    pub rebuilds: bool,
    /// Whether the job deletes indexed articles that the input does not hold. It deletes none if an
    /// input was rejected, because the rejected input may hold them.
    pub prunes: bool,
    /// A new folder that receives the rejected input unchanged, so that it can be repaired and
    /// indexed separately. `None` keeps no rejected input.
    pub rejects: Option<PathBuf>,
    /// When this is set to true, the job ends early. The articles written so far are committed.
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

    /// Runs the job. Bad input becomes a rejection in the report; the job fails only if the index
    /// fails.
    ///
    /// The job commits at the end, also after a cancellation. A cancellation during the counting
    /// pass leaves a new index empty. The caller must call `finish` on `writer` afterwards.
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
            let counting = pass(Phase::CountingWords, CacheUse::Fill(&read_cache));
            // This report is discarded, because the indexing pass reports the same rejections and
            // notes.
            let counted = count(&counting, &mut IngestReport::default())?;
            report.is_cancelled = counted.is_none();
            if let Some(counted) = counted {
                let learnt = counted.learnt();
                writer.begin(counted.counts, counted.articles, counted.boilerplate)?;
                let learner = writer.graph_learner()?;
                let graph_learning = GraphLearning {
                    learner: &learner,
                    copies: counted.copies,
                };
                let indexing = pass(Phase::Indexing, CacheUse::Drain(&read_cache));
                let outcome =
                    self.indexing(Some(graph_learning))
                        .run(&indexing, writer, &mut report)?;
                files = outcome.files;
                if let Some(graph) = outcome.graph {
                    let graph = Arc::new(graph);
                    writer.set_graph(CollectionGraph { graph, learnt })?;
                }
            }
        } else {
            let indexing = pass(Phase::Indexing, CacheUse::Unused);
            let outcome = self.indexing(None).run(&indexing, writer, &mut report)?;
            files = outcome.files;
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

    fn indexing<'a>(&'a self, graph_learning: Option<GraphLearning<'a>>) -> Indexing<'a> {
        Indexing {
            commit_every: self.commit_every,
            rejects: self.rejects.as_deref(),
            graph_learning,
        }
    }

    /// Rebuilds an index that has outgrown its model, or learns its graph again if it has outgrown
    /// the graph. If the job must not rebuild, the report says that a rebuild is due.
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
}

/// Returns the ledger of earlier jobs. A ledger that cannot be read is treated as empty.
fn stored_ledger(writer: &IndexWriter) -> Result<Ledger> {
    let Some(bytes) = writer.ledger()? else {
        return Ok(Ledger::default());
    };
    Ok(Ledger::from_bytes(&bytes).unwrap_or_else(|error| {
        tracing::warn!("cannot read the ledger of earlier jobs: {error}; all files are read again");
        Ledger::default()
    }))
}

/// Deletes the articles that no file of the input holds.
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
