//! A generation that is open for writing: documents from many threads, commits from one. What becomes current when is
//! decided by the writer.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;

use rustc_hash::FxHashMap;
use tantivy::{IndexWriter, Term};

use super::document::to_document;
use super::generation::Generation;
use super::held::{content_hash, for_each_id};
use crate::analysis::Model;
use crate::article::ArticleId;
use crate::backend::{AnalyzedArticle, Learnt, Recurring};
use crate::error::{Error, Result};

/// Postings that one thread gathers before it writes a segment. Enough for some 20,000 news articles.
const MEMORY_PER_THREAD_BYTES: usize = 160 << 20;
/// More threads than this make more segments and no more speed.
const MAX_THREADS: usize = 8;

/// A generation and Tantivy's writer to it.
pub struct OpenGeneration {
    generation: Generation,
    writer: IndexWriter,
    stamp: String,
    /// What is written and not committed: the content hash by id, `None` of a deleted article. Without it, an article
    /// that is changed and changed back within one commit would count as unchanged, and stay changed.
    uncommitted: Mutex<FxHashMap<ArticleId, Option<u64>>>,
}

impl OpenGeneration {
    /// Opens a generation for writing.
    pub fn new(generation: Generation) -> Result<Self> {
        let threads = threads();
        let writer = generation
            .index()
            .writer_with_num_threads(threads, threads * MEMORY_PER_THREAD_BYTES)
            .map_err(Error::internal("open a writer"))?;
        let stamp = generation.stamp().to_json()?;
        Ok(Self { generation, writer, stamp, uncommitted: Mutex::default() })
    }

    /// Makes the next generation, with its model and the lines that recur.
    pub fn create(data: &Path, model: Arc<Model>, learnt: Learnt, recurring: Recurring) -> Result<Self> {
        Self::new(Generation::create(data, model, learnt, recurring)?)
    }

    /// The generation.
    pub fn generation(&self) -> &Generation {
        &self.generation
    }

    /// The content hash of the article with this id, committed or not.
    pub fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        if let Some(written) = self.uncommitted().get(id) {
            return Ok(*written);
        }
        content_hash(&self.generation.view().searcher, self.generation.fields(), id)
    }

    /// Deletes the committed articles whose ids are not to be kept.
    pub fn delete_others(&self, keeps: &dyn Fn(&str) -> bool) -> Result<()> {
        let fields = self.generation.fields();
        for_each_id(&self.generation.view().searcher, fields, |id| {
            if !keeps(id) {
                self.writer.delete_term(Term::from_field_text(fields.id, id));
            }
        })
    }

    /// Replaces the article with the same id.
    pub fn upsert(&self, article: &AnalyzedArticle<'_>) -> Result<()> {
        let id = &article.article.id;
        self.writer.delete_term(self.term_of(id));
        self.add(article)?;
        self.uncommitted().insert(id.clone(), Some(article.content_hash));
        Ok(())
    }

    /// Removes the article with this id.
    pub fn delete(&self, id: &ArticleId) {
        self.writer.delete_term(self.term_of(id));
        self.uncommitted().insert(id.clone(), None);
    }

    /// Adds an article whose id is not there yet.
    pub fn add(&self, article: &AnalyzedArticle<'_>) -> Result<()> {
        let document = to_document(article, self.generation.fields())?;
        self.writer.add_document(document).map_err(Error::internal("add an article"))?;
        Ok(())
    }

    /// Makes everything written so far durable and visible.
    pub fn commit(&mut self) -> Result<()> {
        let mut prepared = self.writer.prepare_commit().map_err(Error::internal("commit"))?;
        prepared.set_payload(&self.stamp);
        prepared.commit().map_err(Error::internal("commit"))?;
        self.generation.reload(|_| Ok(()))?;
        self.uncommitted().clear();
        Ok(())
    }

    /// Waits until segments are merged, and closes the writer. What was not committed is lost.
    pub fn finish(self) -> Result<Generation> {
        self.writer.wait_merging_threads().map_err(Error::internal("merge segments"))?;
        Ok(self.generation)
    }

    fn term_of(&self, id: &ArticleId) -> Term {
        Term::from_field_text(self.generation.fields().id, id.as_str())
    }

    fn uncommitted(&self) -> MutexGuard<'_, FxHashMap<ArticleId, Option<u64>>> {
        // A poisoned lock still holds a whole map: each change is one insertion.
        self.uncommitted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Threads that write, and that analyse in a rebuild.
pub fn threads() -> usize {
    available_parallelism().map_or(1, usize::from).min(MAX_THREADS)
}
