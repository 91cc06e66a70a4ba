//! The entry point of writing: analyses articles, skips unchanged ones, and hands the terms to a
//! backend.

use std::sync::atomic::AtomicBool;

use crate::backend::{self, Location, Refused, Writer};
use crate::document::{AnalyzedArticle, CountedArticle, content_hash, no_word};
use crate::learning::JobControl;
use crate::progress::Progress;
use crate::{Article, ArticleId, CollectionGraph, RebuildReport, Result};

/// What a writer did with an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upserted {
    /// The article was new or had changed, and was written.
    Indexed,
    /// The index already had exactly the same article, and nothing was written.
    Unchanged,
}

/// Writes articles to an index. A data directory can have one writer at a time, which several
/// threads may share.
pub struct IndexWriter {
    /// Where the articles are written. A job uses it for what concerns no single article.
    pub(crate) backend: Box<dyn Writer>,
}

impl IndexWriter {
    /// Opens the index at a location for writing. If there is none, a job or the first article
    /// creates it.
    pub fn open(location: impl Into<Location>) -> Result<Self> {
        let backend = backend::open_writer(&location.into(), false)?;
        Ok(Self { backend })
    }

    /// Opens a writer for a new index, which replaces the existing one at [`finish`](Self::finish).
    pub fn open_fresh(location: impl Into<Location>) -> Result<Self> {
        let backend = backend::open_writer(&location.into(), true)?;
        Ok(Self { backend })
    }

    /// Returns whether no article has been written to the index yet. Only then can a job set its
    /// model.
    pub fn is_new(&self) -> bool {
        self.backend.is_new()
    }

    /// Writes an article in place of the one with the same id. Searches find it after the next
    /// commit.
    pub fn upsert(&self, article: &Article) -> Result<Upserted> {
        self.upsert_and_see(article, None, |_, _| ())
    }

    /// Writes an article whose words may have been counted before. If the article is new or has
    /// changed, `observe` is called with the analysed article and the content hash of `read`.
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
                AnalyzedArticle::with_pretokenized(article, hash, analyzer, &counted.noted)
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

    /// Deletes the article with this id, and returns whether there was one. Searches find the
    /// article until the next commit.
    pub fn delete(&self, id: &ArticleId) -> Result<bool> {
        let is_there = self.holds(id)?;
        if is_there {
            self.backend.delete(id)?;
        }
        Ok(is_there)
    }

    /// Returns whether the index has an article with this id, committed or not.
    pub fn holds(&self, id: &ArticleId) -> Result<bool> {
        // A new index has no articles, and reading from it would begin it.
        Ok(!self.backend.is_new() && self.backend.content_hash(id)?.is_some())
    }

    /// Makes all writes durable and visible to searches. Returns the articles that were accepted but
    /// could not be stored, each with the reason. Each is returned once.
    pub fn commit(&mut self) -> Result<Vec<Refused>> {
        self.backend.commit()
    }

    /// Starts no further merges of index segments, so that [`finish`](Self::finish) is quick.
    pub fn stop_merging(&mut self) {
        self.backend.stop_merging();
    }

    /// Commits, then rebuilds the index as [`rebuild`] does. The writer continues with the new
    /// generation.
    pub(crate) fn rebuild(&mut self, control: JobControl<'_>) -> Result<Option<RebuildReport>> {
        self.commit()?;
        crate::rebuild::rebuild(&mut *self.backend, control)
    }

    /// Commits, then learns the graph as [`rebuild_graph`] does.
    pub(crate) fn learn_graph(
        &mut self,
        control: JobControl<'_>,
    ) -> Result<Option<CollectionGraph>> {
        self.commit()?;
        crate::rebuild::learn_graph(&mut *self.backend, control)
    }

    /// Commits, waits until merges have ended, and makes a new index current. If nothing was
    /// written, no index is created.
    pub fn finish(mut self) -> Result<()> {
        self.backend.finish(backend::Ending::Keep)
    }
}

/// Learns a model from the stored articles, and writes the articles as a new generation, which then
/// becomes current. Searches use the old generation until then. Returns `None` if the job was
/// cancelled; the index is then unchanged.
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

/// Learns the graph from the stored articles. The terms of the articles stay as they are, and
/// running services search with the new graph within a second. Returns `None` if the job was
/// cancelled; the index is then unchanged.
pub fn rebuild_graph(
    location: impl Into<Location>,
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Option<CollectionGraph>> {
    let mut writer = backend::open_existing(&location.into())?;
    crate::rebuild::learn_graph(&mut *writer, JobControl { progress, cancel })
}
