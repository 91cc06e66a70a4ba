//! The writing half of the backend contract.

use std::sync::Arc;

use crate::document::{AnalyzedArticle, ArticleId};
use crate::error::Result;
use crate::learning::{Boilerplate, Growth, JobControl, Learnt, OwnGraph, Rebuilt};
use fihrist_arabic::{Analyzer, Model};

/// Where articles are written. One writer at a time in a directory, several side by side in a cluster.
pub trait Writer: Send + Sync {
    /// Whether there is no generation to write to yet, so that its model can still be learnt.
    fn is_new(&self) -> bool;

    /// Begins a new generation with its model and the lines that recur, frozen from here on. One that is not begun before its first article
    /// has the base model.
    fn begin(&mut self, model: Arc<Model>, learnt: Learnt, boilerplate: Boilerplate) -> Result<()>;

    /// The analyzer whose terms this generation takes.
    fn analyzer(&self) -> Result<&Analyzer>;

    /// The lines that are furniture to this generation because they recur.
    fn boilerplate(&self) -> Result<&Boilerplate>;

    /// How many articles are committed, and how many the model and the graph of this generation have learnt from.
    fn growth(&self) -> Result<Growth>;

    /// The content hash of the last article with this id, committed or not.
    fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>>;

    /// Replaces the article with the same id. Seen by searches after the next commit.
    fn upsert(&self, article: &AnalyzedArticle<'_>) -> Result<()>;

    /// Commits, and deletes the articles whose ids are not to be kept. How many were.
    fn delete_others(&mut self, keeps: &dyn Fn(&str) -> bool) -> Result<u64>;

    /// What was last kept of the files that earlier jobs have read.
    fn ledger(&self) -> Result<Option<Vec<u8>>>;

    /// Keeps what is known of the files that were read; it belongs to the articles that are committed.
    fn set_ledger(&mut self, bytes: &[u8]) -> Result<()>;

    /// Removes the article with this id, if there is one. Gone from searches after the next commit.
    fn delete(&self, id: &ArticleId) -> Result<()>;

    /// Makes everything written so far durable and visible.
    fn commit(&mut self) -> Result<()>;

    /// The articles that were taken and could not be stored, with why, since this was last asked; after a commit, all.
    fn refused(&self) -> Vec<(ArticleId, String)>;

    /// Keeps the graph of the articles that are written, in place of the one before. Used by searches at once.
    fn set_graph(&mut self, graph: OwnGraph) -> Result<()>;

    /// Commits, and learns the graph anew from the stored articles, whose terms stay as they are. `None` if it was
    /// cancelled: then all is as it was.
    fn learn_graph(&mut self, control: JobControl<'_>) -> Result<Option<OwnGraph>>;

    /// Commits, learns anew from the stored articles and goes on with a generation made of them. `None` if it was
    /// cancelled, or is left to whoever looks after the index, since others may be writing: then all is as it was.
    fn rebuild(&mut self, control: JobControl<'_>) -> Result<Option<Rebuilt>>;

    /// Commits, tidies up and, for a new generation, makes it the current one. Makes nothing where nothing was begun.
    fn finish(self: Box<Self>) -> Result<()>;
}
