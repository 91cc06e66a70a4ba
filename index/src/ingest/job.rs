//! The indexing job. For a new index, it first counts the words of the input. Then it writes the
//! articles and deletes indexed articles that the input no longer holds. At the end, it rebuilds an
//! index that has outgrown its model. Each reading of the input is a pass.

use std::sync::Arc;
use std::time::Instant;

use rustc_hash::FxHashSet;

use super::count::count;
use super::indexing::index;
use super::prune::Committed;
use super::replaced_ids::delete_replaced;
use super::{
    CacheUse, GraphObserver, IngestJob, IngestReport, Ledger, Pass, Phase, Progress, ReadCache,
    ReadFile, Rebuild, UnchangedFiles, id_hash,
};
use crate::backend::Basis;
use crate::learning::{JobControl, graph_learner};
use crate::{ArticleId, CollectionGraph, IndexWriter, Result};

impl IngestJob {
    /// Runs the job. Bad input becomes a rejection in the report; the job fails only if the index
    /// fails.
    ///
    /// The job commits at the end, also after a cancellation. A cancellation during the counting
    /// pass leaves a new index empty. The caller must call `finish` on `writer` afterwards.
    pub fn run(&self, writer: &mut IndexWriter, progress: &dyn Progress) -> Result<IngestReport> {
        let started = Instant::now();
        let bytes = if writer.is_new() {
            None
        } else {
            writer.backend.ledger()?
        };
        let ledger = parse_ledger(bytes, &mut |is_wanted| writer.backend.committed(is_wanted))?;
        let mut unchanged = UnchangedFiles::survey(self, ledger);
        let mut report = IngestReport::default();
        let indexing = Pass {
            job: self,
            phase: Phase::Indexing,
            progress,
            unchanged: &unchanged,
            cache: CacheUse::Unused,
        };
        let files = if writer.is_new() {
            index_anew(indexing, writer, &mut report)?
        } else {
            index(&indexing, writer, &mut report, None)?.0
        };
        report.deleted_samples = delete_replaced(writer, &mut unchanged, &files)?;
        if !report.is_cancelled {
            report.pruned = self.prune(writer, &mut unchanged, &files, &report)?;
        }
        unchanged.record(files);
        writer.backend.set_ledger(&unchanged.to_bytes()?)?;
        drop(unchanged);
        if !report.is_cancelled {
            self.learn_anew(writer, progress, &mut report)?;
        }
        report.elapsed = started.elapsed();
        Ok(report)
    }

    /// Rebuilds an index that has outgrown its model, or learns its graph again if it has outgrown
    /// the graph. If the job must not rebuild, the report says that a rebuild is due.
    fn learn_anew(
        &self,
        writer: &mut IndexWriter,
        progress: &dyn Progress,
        report: &mut IngestReport,
    ) -> Result<()> {
        let cancel = &*self.cancel;
        let control = JobControl { progress, cancel };
        let growth = writer.backend.growth()?;
        if growth.is_rebuild_due() {
            let rebuilt = if self.rebuilds {
                writer.rebuild(control)?
            } else {
                None
            };
            report.rebuild = rebuilt.map_or(Rebuild::Due(growth), Rebuild::Done);
        } else if growth.is_graph_due() && self.rebuilds {
            writer.learn_graph(control)?;
        }
        Ok(())
    }
}

/// Counts the words of the input, then writes its articles to a new index and learns the graph.
/// Returns the files that were read to their ends.
fn index_anew(
    indexing: Pass<'_>,
    writer: &mut IndexWriter,
    report: &mut IngestReport,
) -> Result<Vec<ReadFile>> {
    let read_cache = ReadCache::default();
    let counting = Pass {
        phase: Phase::CountingWords,
        cache: CacheUse::Fill(&read_cache),
        ..indexing
    };
    // The report of counting is discarded, because the indexing pass reports the same rejections
    // and notes.
    let Some(counted) = count(&counting, &mut IngestReport::default())? else {
        report.is_cancelled = true;
        return Ok(Vec::new());
    };
    let learnt = counted.learnt;
    // The counts and the base model are the model of the index, which stays fixed.
    let basis = Basis {
        model: Arc::new(counted.counts.finish_on_base()),
        learnt,
        boilerplate: counted.boilerplate,
    };
    let backend = &mut writer.backend;
    backend.begin(basis)?;
    let analyzer = backend.analysis()?.analyzer;
    let learner = graph_learner(analyzer.model(), analyzer);
    let observers = GraphObserver::for_threads(&learner, counted.copies);
    let indexing = Pass {
        cache: CacheUse::Drain(&read_cache),
        ..indexing
    };
    let (files, graph) = index(&indexing, writer, report, Some((&learner, observers)))?;
    if let Some(graph) = graph.map(Arc::new) {
        // If several jobs write the first articles of an index at the same time, the graph that was
        // learnt from the most articles is kept.
        let known = writer.backend.growth()?.graph_articles.unwrap_or(0);
        if known <= learnt.articles {
            writer
                .backend
                .set_graph(CollectionGraph { graph, learnt })?;
        }
    }
    Ok(files)
}

/// Returns the ledger of earlier jobs from its stored bytes. A ledger that cannot be read is treated
/// as empty. One of an older version gets the content hashes of its articles.
pub fn parse_ledger(bytes: Option<Vec<u8>>, committed: &mut Committed<'_>) -> Result<Ledger> {
    let Some(bytes) = bytes else {
        return Ok(Ledger::default());
    };
    let mut ledger = Ledger::from_bytes(&bytes).unwrap_or_else(|error| {
        tracing::warn!("cannot read the ledger of earlier jobs: {error}; all files are read again");
        Ledger::default()
    });
    if std::mem::take(&mut ledger.is_old) {
        let ids: FxHashSet<u64> = ledger.files().flat_map(|file| file.ids).copied().collect();
        let is_of_file = |id: &str| ArticleId::new(id).is_ok_and(|id| ids.contains(&id_hash(&id)));
        let articles = committed(&is_of_file)?.into_iter();
        ledger.written = articles.map(|(id, hash)| (id_hash(&id), hash)).collect();
    }
    Ok(ledger)
}
