//! The reading half of the backend contract.
//!
//! A [`Snapshot`] finds candidates, counts, and reads articles. The pipeline in [`search`](crate::search) does the
//! rest, once for all backends: it reranks, collapses and cuts pages. For a query it calls
//!
//! 1. [`candidates`](Snapshot::candidates): the best documents by the backend's own BM25, and how many match in all;
//! 2. [`occurrences`](Snapshot::occurrences): frequencies and positions of the query's words in the
//!    best candidates, from which [`ranking`](crate::ranking) computes the final score;
//! 3. [`fetch`](Snapshot::fetch): the stored articles of one page.
//!
//! Every call takes a [`SearchContext`]. A call that passes the deadline fails.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::{
    Candidate, Candidates, Matches, PreparedQuery, Selection, SimilarCandidates, Stats, Summary,
    Wanted,
};
use crate::answer_limit::AnswerLimit;
use crate::deadline::Deadline;
use crate::document::{ArticleId, StoredArticle};
use crate::error::Result;
use crate::learning::Boilerplate;
use crate::learning::graph::Graph;
use crate::query::Keyword;
use crate::ranking::similar::Subject;
use crate::ranking::{ArticleOccurrences, ScoringWord, TermStatistics, Weights};
use crate::timings::SearchTimings;
use fihrist_arabic::Analyzer;

/// The caller of a search. Clones share the deadline, the timings and the limit of the answer.
#[derive(Debug, Clone, Default)]
pub struct SearchContext {
    /// When the caller stops waiting. Work fails when it passes this time.
    pub deadline: Deadline,
    /// Records how long each stage of the search takes.
    pub timings: SearchTimings,
    /// Limits the size of the answer.
    pub answer: AnswerLimit,
}

/// An index that can be searched.
pub trait Backend: Send + Sync {
    /// Returns the state of the index at the last [`refresh`](Self::refresh).
    fn snapshot(&self) -> Arc<dyn Snapshot>;

    /// Makes later snapshots show what was committed since, and a generation that became current.
    fn refresh(&self) -> Result<()>;
}

/// One consistent state of an index. All parts of an answer come from one snapshot.
pub trait Snapshot: Send + Sync {
    /// Returns the analyzer that made the terms of the index.
    fn analyzer(&self) -> &Analyzer;

    /// Returns the boilerplate of the generation.
    fn boilerplate(&self) -> &Boilerplate;

    /// Returns the graph of related stems: the base graph together with what the collection has
    /// taught.
    fn graph(&self) -> Arc<Graph>;

    /// Returns a number that identifies this state of the index.
    fn version(&self) -> u64;

    /// Returns the statistics of the index's terms, such as document frequencies.
    fn terms(&self) -> &dyn TermStatistics;

    /// Returns the values in `among` that a keyword field has.
    fn known_values(
        &self,
        field: Keyword,
        among: &[String],
        context: &SearchContext,
    ) -> Result<Vec<String>>;

    /// Returns the values of a keyword field that `accepts` returns true for, in alphabetical order.
    fn matching_values(
        &self,
        field: Keyword,
        accepts: &dyn Fn(&str) -> bool,
        context: &SearchContext,
    ) -> Result<Vec<String>>;

    /// Returns the selected documents.
    fn candidates(&self, selection: Selection<'_>, context: &SearchContext) -> Result<Candidates>;

    /// Returns which clauses of a query one article matches.
    fn matches(
        &self,
        query: PreparedQuery<'_>,
        id: &ArticleId,
        context: &SearchContext,
    ) -> Result<Matches>;

    /// Counts the words of a query in each candidate. `candidates` must ascend by
    /// [`Rank::document`](super::Rank::document). A remote backend may fetch their articles.
    fn occurrences(
        &self,
        words: &[ScoringWord],
        weights: &Weights,
        candidates: &mut [Candidate],
        context: &SearchContext,
    ) -> Result<Vec<ArticleOccurrences>>;

    /// Reads the article of each candidate, and adds it to the limit of the answer. An element is
    /// `None` if its article is no longer stored.
    fn fetch(
        &self,
        candidates: &mut [Candidate],
        context: &SearchContext,
    ) -> Result<Vec<Option<StoredArticle>>>;

    /// Counts the articles that match a query, by value and by day.
    fn summarize(
        &self,
        query: PreparedQuery<'_>,
        wanted: &Wanted<'_>,
        context: &SearchContext,
    ) -> Result<Summary>;

    /// Returns the articles that share the most distinctive stems of `subject`, the best first: at
    /// least `wanted` of them, or all. `own` is the article that `subject` describes. It is left
    /// out, together with its copies.
    fn similar(
        &self,
        own: &Candidate,
        subject: &Subject,
        wanted: usize,
        context: &SearchContext,
    ) -> Result<SimilarCandidates>;

    /// Returns the articles for whose ids `is_wanted` returns true, each with its content hash.
    fn committed(&self, is_wanted: &dyn Fn(&str) -> bool) -> Result<Vec<(ArticleId, u64)>>;

    /// Returns the ledger that was last stored, even if that was after this snapshot.
    fn ledger(&self) -> Result<Option<Vec<u8>>>;

    /// Returns figures about the whole index.
    fn stats(&self, context: &SearchContext) -> Result<Stats>;
}

impl dyn Snapshot + '_ {
    /// Returns the article with an id as a candidate. With `with_article`, a remote backend sends the article along.
    pub fn find(
        &self,
        id: &ArticleId,
        with_article: bool,
        context: &SearchContext,
    ) -> Result<Option<Candidate>> {
        let found = self.candidates(Selection::Id { id, with_article }, context)?;
        Ok(found.best.into_iter().next())
    }
}

/// Returns the hash of a value. It is the same in every process.
pub fn hash_of(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
