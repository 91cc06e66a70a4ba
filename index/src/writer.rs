//! The entry of writing: analyses articles, skips those that have not changed, and hands terms to a backend.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::backend::{self, Location, Refused, Writer};
use crate::document::{AnalyzedArticle, Article, ArticleId, CountedArticle, content_hash, no_word};
use crate::error::Result;
use crate::learning::graph::Learner;
use crate::learning::{
    Boilerplate, CollectionGraph, Growth, JobControl, RebuildReport, TrainingSize, graph_learner,
};
use crate::progress::Progress;
use fihrist_arabic::Counts;

/// What happened to an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upserted {
    /// It is new or has changed, and was written.
    Indexed,
    /// The index has the same article, word for word.
    Unchanged,
}

/// Writes articles to an index. A directory takes one writer at a time; several threads may share it.
pub struct IndexWriter {
    backend: Box<dyn Writer>,
    refused: Vec<Refused>,
}

impl IndexWriter {
    /// Opens the index at a location. If there is none, the first article or [`begin`](Self::begin) creates it.
    pub fn open(location: impl Into<Location>) -> Result<Self> {
        Ok(Self::new(backend::open_writer(&location.into(), false)?))
    }

    /// Begins a new index, which replaces the present one at [`finish`](Self::finish).
    pub fn open_fresh(location: impl Into<Location>) -> Result<Self> {
        Ok(Self::new(backend::open_writer(&location.into(), true)?))
    }

    fn new(backend: Box<dyn Writer>) -> Self {
        Self {
            backend,
            refused: Vec::new(),
        }
    }

    /// Returns whether the index is empty, so that its model can still be learnt.
    pub fn is_new(&self) -> bool {
        self.backend.is_new()
    }

    /// Begins an index with the counts of the words to come. Together with the base model they are its model, which
    /// stays as it is. An index that gets an article before has the base model.
    pub fn begin(
        &mut self,
        counts: Counts,
        learnt_articles: u64,
        boilerplate: Boilerplate,
    ) -> Result<()> {
        let learnt = TrainingSize {
            articles: learnt_articles,
            words: counts.total(),
        };
        let model = Arc::new(counts.finish_on_base());
        self.backend.begin(model, learnt, boilerplate).map(drop)
    }

    /// Returns what to observe in the articles, for the words that the model knows.
    pub(crate) fn graph_learner(&self) -> Result<Learner> {
        let analyzer = self.backend.analysis()?.analyzer;
        Ok(graph_learner(analyzer.model(), analyzer))
    }

    /// Stores a graph of the articles; searches use it at once. Several jobs may write the first articles of an index
    /// side by side: then the graph that was learnt from most articles stays.
    pub(crate) fn set_graph(&mut self, graph: CollectionGraph) -> Result<()> {
        let known = self.backend.growth()?.graph_articles.unwrap_or(0);
        if known > graph.learnt.articles {
            return Ok(());
        }
        self.backend.set_graph(graph)
    }

    /// Writes an article in place of the one with the same id. Searches find it after the next commit.
    pub fn upsert(&self, article: &Article) -> Result<Upserted> {
        self.upsert_and_see(article, None, |_, _| ())
    }

    /// Writes an article whose words may have been counted before. If the article is new or has changed, `observe` gets
    /// it with its terms, and the content hash of the article as it was read.
    pub(crate) fn upsert_and_see(
        &self,
        read: &Article,
        counted: Option<&CountedArticle>,
        observe: impl FnOnce(&AnalyzedArticle<'_>, u64),
    ) -> Result<Upserted> {
        let analysis = self.backend.analysis()?;
        let retyped = analysis.boilerplate.retype(read);
        let article = retyped.as_ref().unwrap_or(read);
        let read_hash = counted.map_or_else(|| content_hash(read), |counted| counted.content_hash);
        let hash = retyped.as_ref().map_or(read_hash, content_hash);
        if self.backend.content_hash(&article.id)? == Some(hash) {
            return Ok(Upserted::Unchanged);
        }
        let analyzer = analysis.analyzer;
        let analyzed = match counted {
            Some(counted) => {
                AnalyzedArticle::with_pretokenized(article, hash, analyzer, &counted.pretokenized)
            }
            None => AnalyzedArticle::new(article, hash, analyzer),
        };
        if analyzed.is_blank() {
            return Err(no_word(&article.id));
        }
        self.backend.upsert(&analyzed)?;
        observe(&analyzed, read_hash);
        Ok(Upserted::Indexed)
    }

    /// Commits, and deletes the articles whose ids `keeps` refuses. Returns how many were deleted.
    pub fn delete_others(&mut self, keeps: &dyn Fn(&str) -> bool) -> Result<u64> {
        self.backend.delete_others(keeps)
    }

    /// Returns the ledger that was last stored.
    pub(crate) fn ledger(&self) -> Result<Option<Vec<u8>>> {
        self.backend.ledger()
    }

    /// Stores the ledger.
    pub(crate) fn set_ledger(&mut self, bytes: &[u8]) -> Result<()> {
        self.backend.set_ledger(bytes)
    }

    /// Deletes the article with this id, and returns whether there was one. Searches find it until the next commit.
    pub fn delete(&self, id: &ArticleId) -> Result<bool> {
        let is_there = self.holds(id)?;
        if is_there {
            self.backend.delete(id)?;
        }
        Ok(is_there)
    }

    /// Returns whether there is an article with this id, committed or not.
    pub fn holds(&self, id: &ArticleId) -> Result<bool> {
        // Asking a new index for an article would begin it.
        Ok(!self.backend.is_new() && self.backend.content_hash(id)?.is_some())
    }

    /// Makes all writes durable and visible.
    pub fn commit(&mut self) -> Result<()> {
        let refused = self.backend.commit()?;
        self.refused.extend(refused);
        Ok(())
    }

    /// Returns how large the index is compared with what its model has learnt from.
    pub fn growth(&self) -> Result<Growth> {
        self.backend.growth()
    }

    /// Returns the articles that were accepted and could not be stored, with the reason. Commits find them; each is
    /// returned once.
    pub fn refused(&mut self) -> Vec<(ArticleId, String)> {
        std::mem::take(&mut self.refused)
    }

    /// Commits, then does what [`rebuild`] does, and continues with the new generation.
    pub fn rebuild(
        &mut self,
        progress: &dyn Progress,
        cancel: &AtomicBool,
    ) -> Result<Option<RebuildReport>> {
        self.commit()?;
        crate::rebuild::rebuild(&mut *self.backend, JobControl { progress, cancel })
    }

    /// Commits, then does what [`rebuild_graph`] does.
    pub fn learn_graph(
        &mut self,
        progress: &dyn Progress,
        cancel: &AtomicBool,
    ) -> Result<Option<CollectionGraph>> {
        self.commit()?;
        crate::rebuild::learn_graph(&mut *self.backend, JobControl { progress, cancel })
    }

    /// Commits, waits for merges, and makes a new index current. Creates no index if nothing was begun.
    pub fn finish(mut self) -> Result<()> {
        self.backend.finish(backend::Ending::Keep)
    }
}

/// Learns the words of the stored articles and writes the articles as a new generation, which takes the place of the
/// present one. Searches use the present one until then. Returns `None` if it was cancelled; then the index is as it
/// was.
///
/// It also rebuilds an index of another version, if its stored articles can be read.
pub fn rebuild(
    location: impl Into<Location>,
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Option<RebuildReport>> {
    let mut writer = backend::open_existing(&location.into())?;
    crate::rebuild::rebuild(&mut *writer, JobControl { progress, cancel })
}

/// Learns the graph from the stored articles. Their terms stay as they are, and running searches use the new graph
/// within a second. Returns `None` if it was cancelled; then the index is as it was.
pub fn rebuild_graph(
    location: impl Into<Location>,
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Option<CollectionGraph>> {
    let mut writer = backend::open_existing(&location.into())?;
    crate::rebuild::learn_graph(&mut *writer, JobControl { progress, cancel })
}
