//! The writing half of the backend contract.
//!
//! A writer writes to one generation. It begins a new one if the index has none, if it was opened
//! for a fresh index, or for a rebuild. A rebuild makes these calls; its code is in
//! [`rebuild`](crate::rebuild):
//!
//! 1. [`begin_rebuild`](Writer::begin_rebuild) closes the current generation and gives access to its stored articles;
//! 2. [`begin`](Writer::begin) begins the successor, [`upsert`](Writer::upsert) writes each article once;
//! 3. [`finish`](Writer::finish) makes the successor current, or discards it.

use std::sync::Arc;

use crate::document::{AnalyzedArticle, Article, ArticleId};
use crate::error::Result;
use crate::learning::{Boilerplate, CollectionGraph, Growth, JobControl, TrainingSize};
use crate::progress::Phase;
use fihrist_arabic::{Analyzer, Model};

/// An index that is open for writing. A directory has one writer at a time, a cluster may have several.
pub trait Writer: Send + Sync {
    /// Returns whether the index has no generation yet, so that a model can be learnt for the first
    /// one.
    fn is_new(&self) -> bool;

    /// Begins a generation with this basis. Returns the generation's name. If an article is written
    /// before this call, the generation gets the default basis.
    fn begin(&mut self, basis: Basis) -> Result<String>;

    /// Returns the analyzer and the boilerplate of the generation.
    fn analysis(&self) -> Result<Analysis<'_>>;

    /// Returns how many articles are committed, and how many the model and the graph have learnt from.
    fn growth(&self) -> Result<Growth>;

    /// Returns the content hash of the article with this id, committed or not.
    fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>>;

    /// Writes an article in place of the one with the same id. During a rebuild, the caller must
    /// not write an id twice.
    fn upsert(&self, article: &AnalyzedArticle<'_>) -> Result<()>;

    /// Deletes the article with this id, if there is one.
    fn delete(&self, id: &ArticleId) -> Result<()>;

    /// Commits. Returns the committed articles for whose ids `is_wanted` returns true, each with its
    /// content hash.
    fn committed(&mut self, is_wanted: &dyn Fn(&str) -> bool) -> Result<Vec<(ArticleId, u64)>>;

    /// Makes all writes durable and visible. Returns the articles that could not be stored since the last commit.
    fn commit(&mut self) -> Result<Vec<Refused>>;

    /// Starts no further merges of index segments until the writer finishes.
    fn stop_merging(&mut self);

    /// Returns the ledger that was last stored.
    fn ledger(&self) -> Result<Option<Vec<u8>>>;

    /// Stores the ledger of the committed articles.
    fn set_ledger(&mut self, bytes: &[u8]) -> Result<()>;

    /// Stores the graph of the committed articles. Searches use it at once.
    fn set_graph(&mut self, graph: CollectionGraph) -> Result<()>;

    /// Returns the committed articles.
    fn stored(&mut self) -> Result<Box<dyn StoredArticles>>;

    /// Closes the generation, whose writes must be committed, and returns what its successor is
    /// made from. Returns `None` if other writers may be writing: then the rebuild must be started
    /// as a job of its own.
    fn begin_rebuild(&mut self) -> Result<Option<Predecessor>>;

    /// Keeps or discards a generation that was begun. After a rebuild, the writer can continue with
    /// the generation that is then current.
    fn finish(&mut self, ending: Ending) -> Result<()>;
}

/// What a generation is begun with. It never changes later.
#[derive(Clone)]
pub struct Basis {
    /// The model that analyses the articles.
    pub model: Arc<Model>,
    /// How much the model was learnt from.
    pub learnt: TrainingSize,
    /// The lines that count as furniture.
    pub boilerplate: Boilerplate,
}

impl Default for Basis {
    /// Returns the base model, and no boilerplate.
    fn default() -> Self {
        Self {
            model: Model::base(),
            learnt: TrainingSize::default(),
            boilerplate: Boilerplate::default(),
        }
    }
}

/// How writing ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Everything is committed, and a new generation becomes current.
    Keep,
    /// A new generation is removed, and the current one does not change.
    Discard,
}

/// How a generation analyses articles.
#[derive(Clone, Copy)]
pub struct Analysis<'a> {
    /// The analyzer that makes the terms.
    pub analyzer: &'a Analyzer,
    /// The lines that count as furniture.
    pub boilerplate: &'a Boilerplate,
}

/// An article that the writer accepted but could not store: its id and the reason.
pub type Refused = (ArticleId, String);

/// A generation that is being rebuilt.
pub struct Predecessor {
    /// The committed articles of the predecessor.
    pub articles: Box<dyn StoredArticles>,
    /// The hash of the model of the generation that is being rebuilt.
    pub model_hash: String,
    /// The predecessor's boilerplate.
    pub boilerplate: Boilerplate,
    /// The predecessor's ledger; `None` if it has none.
    pub ledger: Option<Vec<u8>>,
}

/// The function that a scan calls for each article. The first argument is the number of the thread
/// that read the article.
pub type ScanWork<'a> = dyn Fn(usize, &Article) -> Result<()> + Sync + 'a;

/// The committed articles of a generation, which another version of this program may have written.
pub trait StoredArticles: Send + Sync {
    /// Returns the number of threads that a scan uses.
    fn threads(&self) -> usize;

    /// Reads every article once, in no order, on several threads. Returns false if the job was cancelled.
    fn scan(&self, phase: Phase, control: JobControl<'_>, work: &ScanWork<'_>) -> Result<bool>;
}
