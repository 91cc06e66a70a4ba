//! The writing half of the façade: analyses articles, skips what has not changed, hands terms to a backend.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::backend::{self, Location, Writer};
use crate::document::{AnalyzedArticle, CountedArticle, content_hash, no_word};
use crate::document::{Article, ArticleId};
use crate::error::Result;
use crate::learning::graph::Learner;
use crate::learning::{
    Boilerplate, CollectionGraph, Growth, JobControl, RebuildReport, TrainingSize, graph_learner,
};
use crate::progress::Progress;
use fihrist_arabic::Counts;

/// What became of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upserted {
    /// It is new or has changed, and was written.
    Indexed,
    /// The index already holds it, word for word.
    Unchanged,
}

/// Writes articles to an index. One at a time and for as long as it lives; upserts may come from many threads.
pub struct IndexWriter {
    backend: Box<dyn Writer>,
}

impl IndexWriter {
    /// Opens the index at a location; where there is none, it is made with the first article, or by [`begin`](Self::begin).
    pub fn open(location: impl Into<Location>) -> Result<Self> {
        Ok(Self {
            backend: backend::open_writer(&location.into(), false)?,
        })
    }

    /// Starts a new generation that replaces the current one at [`finish`](Self::finish).
    pub fn open_fresh(location: impl Into<Location>) -> Result<Self> {
        Ok(Self {
            backend: backend::open_writer(&location.into(), true)?,
        })
    }

    /// Whether the model of what is to be written can still be learnt.
    pub fn is_new(&self) -> bool {
        self.backend.is_new()
    }

    /// Begins a new index with the words of what is to be written: they and the base model, frozen, are its model; lines
    /// that recur in it are furniture.
    /// An index that is not begun before its first article has the base model.
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
        self.backend
            .begin(Arc::new(counts.finish_on_base()), learnt, boilerplate)
    }

    /// What to watch in articles of the words that the model has seen.
    pub(crate) fn graph_learner(&self) -> Result<Learner> {
        let analyzer = self.backend.analyzer()?;
        Ok(graph_learner(analyzer.model(), analyzer))
    }

    /// Keeps what the articles of the index have taught about their words; searches use it at once.
    pub(crate) fn set_graph(&mut self, graph: CollectionGraph) -> Result<()> {
        self.backend.set_graph(graph)
    }

    /// Stores an article in place of the one with the same id. Searched after the next commit.
    pub fn upsert(&self, article: &Article) -> Result<Upserted> {
        self.upsert_and_see(article, None, |_, _| ())
    }

    /// The same of an article that was seen before, if so; `observe` is shown it if it was analysed, and the hash of how it was
    /// read.
    pub(crate) fn upsert_and_see(
        &self,
        read: &Article,
        counted: Option<&CountedArticle>,
        observe: impl FnOnce(&AnalyzedArticle<'_>, u64),
    ) -> Result<Upserted> {
        let retyped = self.backend.boilerplate()?.retype(read);
        let article = retyped.as_ref().unwrap_or(read);
        let read_hash = counted.map_or_else(|| content_hash(read), |counted| counted.content_hash);
        let hash = retyped.as_ref().map_or(read_hash, content_hash);
        if self.backend.content_hash(&article.id)? == Some(hash) {
            return Ok(Upserted::Unchanged);
        }
        let analyzer = self.backend.analyzer()?;
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

    /// Commits, and deletes the articles whose ids are not to be kept. How many were.
    pub fn delete_others(&mut self, keeps: &dyn Fn(&str) -> bool) -> Result<u64> {
        self.backend.delete_others(keeps)
    }

    /// What was last kept of the files that earlier jobs have read.
    pub(crate) fn ledger(&self) -> Result<Option<Vec<u8>>> {
        self.backend.ledger()
    }

    /// Keeps what is known of the files that were read.
    pub(crate) fn set_ledger(&mut self, bytes: &[u8]) -> Result<()> {
        self.backend.set_ledger(bytes)
    }

    /// Removes the article with this id and says whether there was one. Searched until the next commit.
    pub fn delete(&self, id: &ArticleId) -> Result<bool> {
        let is_there = self.holds(id)?;
        if is_there {
            self.backend.delete(id)?;
        }
        Ok(is_there)
    }

    /// Whether there is an article with this id, committed or not.
    pub fn holds(&self, id: &ArticleId) -> Result<bool> {
        // To ask a new index for its articles would begin it.
        Ok(!self.backend.is_new() && self.backend.content_hash(id)?.is_some())
    }

    /// Makes what was written so far durable and visible.
    pub fn commit(&mut self) -> Result<()> {
        self.backend.commit()
    }

    /// How large the index is beside what its model has learnt from.
    pub fn growth(&self) -> Result<Growth> {
        self.backend.growth()
    }

    /// The articles that were taken and could not be stored, with why, since this was last asked.
    pub fn refused(&self) -> Vec<(ArticleId, String)> {
        self.backend.refused()
    }

    /// Commits, then does what [`rebuild`] does, and goes on writing to the new generation.
    pub fn rebuild(
        &mut self,
        progress: &dyn Progress,
        cancel: &AtomicBool,
    ) -> Result<Option<RebuildReport>> {
        self.backend.rebuild(JobControl { progress, cancel })
    }

    /// Commits, then does what [`rebuild_graph`] does.
    pub fn learn_graph(
        &mut self,
        progress: &dyn Progress,
        cancel: &AtomicBool,
    ) -> Result<Option<CollectionGraph>> {
        self.backend.learn_graph(JobControl { progress, cancel })
    }

    /// Commits, waits for merges and makes a new generation current. Makes no index if nothing was begun.
    pub fn finish(self) -> Result<()> {
        self.backend.finish()
    }
}

/// Learns the words of the articles that the index at a location stores, analyses them anew and puts the outcome in the
/// place of the present generation, which is searched until then. `None` if it was cancelled: all is as it was.
///
/// An index that another version wrote is rebuilt as well, if its stored articles can be read.
pub fn rebuild(
    location: impl Into<Location>,
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Option<RebuildReport>> {
    backend::rebuild(&location.into(), JobControl { progress, cancel })
}

/// Learns anew which words of the articles that the index at a location stores stand in for each other. Its terms stay as they
/// are, and running searches use the outcome within a second. `None` if it was cancelled: all is as it was.
pub fn rebuild_graph(
    location: impl Into<Location>,
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Option<CollectionGraph>> {
    backend::rebuild_graph(&location.into(), JobControl { progress, cancel })
}
