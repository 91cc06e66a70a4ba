//! What an index must do, whoever stores it: take terms and articles, return ids, scores, counts and stored articles.
//! A backend never analyses text and never makes a snippet.

mod location;
mod once;
mod open;
#[cfg(feature = "opensearch")]
mod opensearch;
mod order;
pub mod tantivy;

pub use location::{Cluster, Location, Login};
use once::Once;
pub use open::{open, open_writer, rebuild, rebuild_graph};
pub use order::{Order, Page, SortKey, Start};

use std::sync::Arc;
use std::time::SystemTime;

use crate::deadline::Deadline;
use crate::document::{AnalyzedArticle, Article, ArticleId, StoredArticle};
use crate::error::Result;
use crate::learning::graph::Graph;
use crate::learning::{
    Boilerplate, CollectionGraph, Growth, JobControl, RebuildReport, TrainingSize,
};
use crate::query::{Clause, ClauseKind, Keyword, Occur, Query};
use crate::ranking::similar::{Neighbour, Subject};
use crate::ranking::{Parts, Weights};
use crate::timings::SearchTimings;
use fihrist_arabic::spelling::Vocabulary;
use fihrist_arabic::{Analyzer, Model};

/// Where articles are searched.
pub trait Backend: Send + Sync {
    /// One consistent view: count, hits and stored articles of it belong together. For a caller with so much patience: when
    /// it ends, what takes long fails. `timings` learns where the time goes.
    fn snapshot(&self, deadline: &Deadline, timings: &SearchTimings) -> Arc<dyn Snapshot>;

    /// Makes later snapshots see what was committed since, and a generation that became current.
    fn refresh(&self) -> Result<()>;
}

/// The index at one moment.
pub trait Snapshot: Send + Sync {
    /// How long the caller waits.
    fn deadline(&self) -> &Deadline;

    /// Where the time goes.
    fn timings(&self) -> &SearchTimings;

    /// The same state of the index for another caller.
    fn for_caller(&self, deadline: &Deadline, timings: &SearchTimings) -> Arc<dyn Snapshot>;

    /// The analyzer that made the terms of this generation.
    fn analyzer(&self) -> &Analyzer;

    /// The lines that are furniture to this generation because they recur.
    fn boilerplate(&self) -> &Boilerplate;

    /// Which stems stand in for which: those of every installation, and what the collection has taught.
    fn graph(&self) -> Arc<Graph>;

    /// A number that other states of the index do not have.
    fn version(&self) -> u64;

    /// The hits for a query, and how many there are in all.
    fn search(
        &self,
        query: &Query,
        operator: Operator,
        weights: &Weights,
        page: Page,
    ) -> Result<Found>;

    /// How the articles that match a query spread over values and days.
    fn summarize(
        &self,
        query: &Query,
        operator: Operator,
        weights: &Weights,
        of: &Wanted<'_>,
    ) -> Result<Summary>;

    /// What a query makes of one article, whether it matches or not; `None` where no article has the id.
    fn explain(
        &self,
        query: &Query,
        operator: Operator,
        weights: &Weights,
        id: &ArticleId,
    ) -> Result<Option<Explained>>;

    /// The words that articles hold, each with how many do.
    fn vocabulary(&self) -> Result<Arc<Vocabulary>>;

    /// Whether articles have a value in a field.
    fn has_value(&self, field: Keyword, value: &str) -> Result<bool>;

    /// The values of a field, in the order of the alphabet.
    fn values(&self, field: Keyword) -> Result<Vec<String>>;

    /// The content hash of the article with this id.
    fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>>;

    /// The other copies of an article, at most `limit` of them; `None` where no article has the id.
    fn duplicates(&self, id: &ArticleId, limit: usize) -> Result<Option<Copies>>;

    /// The articles that share most of the subject of one, at most `limit`; neither the article itself nor copies of it, and of
    /// copies of one another the best. `None` where no article has the id.
    fn similar(
        &self,
        id: &ArticleId,
        subject: &Subject,
        limit: usize,
    ) -> Result<Option<Vec<Neighbour>>>;

    /// One stored article.
    fn article(&self, id: &ArticleId) -> Result<Option<Article>>;

    /// What the index holds.
    fn stats(&self) -> Result<Stats>;
}

/// Where articles are written. One writer at a time in a directory, several side by side in a cluster.
pub trait Writer: Send + Sync {
    /// Whether there is no generation to write to yet, so that its model can still be learnt.
    fn is_new(&self) -> bool;

    /// Begins a new generation with its model and the lines that recur, frozen from here on. One that is not begun before its first article
    /// has the base model.
    fn begin(
        &mut self,
        model: Arc<Model>,
        learnt: TrainingSize,
        boilerplate: Boilerplate,
    ) -> Result<()>;

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
    fn set_graph(&mut self, graph: CollectionGraph) -> Result<()>;

    /// Commits, and learns the graph anew from the stored articles, whose terms stay as they are. `None` if it was
    /// cancelled: then all is as it was.
    fn learn_graph(&mut self, control: JobControl<'_>) -> Result<Option<CollectionGraph>>;

    /// Commits, learns anew from the stored articles and goes on with a generation made of them. `None` if it was
    /// cancelled, or is left to whoever looks after the index, since others may be writing: then all is as it was.
    fn rebuild(&mut self, control: JobControl<'_>) -> Result<Option<RebuildReport>>;

    /// Commits, tidies up and, for a new generation, makes it the current one. Makes nothing where nothing was begun.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// How the words of a query combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Articles with all of the words.
    And,
    /// Articles with any of the words, and all of the phrases.
    Or,
    /// Articles with any of the words, those of phrases among them.
    AnyTerm,
}

impl Operator {
    /// Whether an article has to hold the clause, rather than be the better for it.
    pub fn requires(self, clause: &Clause) -> bool {
        match (&clause.kind, clause.occur) {
            (ClauseKind::All(_) | ClauseKind::Filter(_), _) => true,
            (_, Occur::Must) => self != Self::AnyTerm,
            (_, Occur::Should | Occur::MustNot) => self == Self::And,
        }
    }
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// How many articles match; if the page collapses, copies of one another count as one.
    pub total: u64,
    /// How many come before those of the page.
    pub start: usize,
    /// Those of the page, in its order.
    pub hits: Vec<StoredHit>,
}

/// A matching article as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredHit {
    /// The article.
    pub stored: StoredArticle,
    /// How well it matches; comparable within one query only.
    pub score: f32,
    /// Where it stands among the others.
    pub sort_key: SortKey,
    /// How many other articles of the index are copies of it, or it of them, whether they match or not.
    pub duplicates: u64,
}

/// What of the articles that match is to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The values of these fields.
    pub fields: &'a [Keyword],
    /// The days of publication.
    pub days: bool,
}

/// How articles spread over values and days. Copies of one another are counted one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many articles there are.
    pub articles: u64,
    /// For each field that was wanted, how many articles have each value; in no order.
    pub values: Vec<Vec<(String, u64)>>,
    /// How many articles were published on each day, counted since 1970, in order.
    pub days: Vec<(i64, u64)>,
    /// How many have no date.
    pub undated: u64,
}

/// The other copies of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Copies {
    /// How many there are.
    pub total: u64,
    /// The newest of them, those without a date last; of the same second by their ids.
    pub articles: Vec<Article>,
}

/// What a query makes of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The article.
    pub article: Article,
    /// Whether it is found.
    pub is_match: bool,
    /// For each clause of the query, whether the article holds it; of one that is excluded, too.
    pub holds: Vec<bool>,
    /// What makes up its score: words of the texts, then patterns.
    pub score: Parts,
    /// For the same words, stems that count in the score and never make an article match.
    pub root_groups: Vec<Vec<String>>,
}

/// What an index holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// Articles.
    pub articles: u64,
    /// Outlets that they are of.
    pub sources: u64,
    /// When the first and the last of them were published, in seconds since 1970, as far as that is known.
    pub published: Option<(i64, i64)>,
    /// When its files last changed: a commit, or segments that were merged.
    pub changed: Option<SystemTime>,
    /// Bytes on disk.
    pub size_bytes: u64,
    /// Clusters of articles that are copies of one another.
    pub duplicate_clusters: u64,
    /// Articles in them.
    pub duplicate_articles: u64,
    /// Segments of the inverted index.
    pub segments: usize,
    /// Name of the generation.
    pub generation: String,
    /// [`ANALYSIS_VERSION`](fihrist_arabic::ANALYSIS_VERSION) of its terms.
    pub analysis_version: u32,
    /// Hash of the model of its terms.
    pub model_hash: String,
    /// What the model has learnt from, besides the base model.
    pub learnt: TrainingSize,
    /// Pairs of stems that stand in for each other.
    pub graph_pairs: usize,
    /// Hash of the graph of them.
    pub graph_hash: String,
    /// What that has learnt from, besides the base graph; `None` if it is the base graph.
    pub graph_learnt: Option<TrainingSize>,
}
