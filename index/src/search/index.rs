//! The entry point of searching: opens an index, and runs searches over its snapshots. The module
//! `articles` reads single articles.

use std::sync::Arc;
use std::time::Instant;

use super::analyze_query::analyze_query;
use super::cursor::Cursor;
use super::execute::{ExecutedQuery, execute};
use super::explain::{ExplainedQuery, Explanation, explain};
use super::facets::{self, Facet};
use super::histogram::{Histogram, Interval};
use super::hits::{Hit, Hits};
use super::page::{FoundArticle, ResultPage};
use super::pinned_snapshots::PinnedSnapshots;
use super::relaxation::operator::{Outcome, find};
use super::request::{Matching, Operator, SearchRequest};
use super::searcher::Searcher;
use super::suggest::{self, SuggestedQuery};
use crate::backend::{
    self, Backend, Location, Page, PreparedQuery, SearchContext, Snapshot, Start, Summary, Wanted,
};
use crate::deadline::Deadline;
use crate::document::ArticleId;
use crate::error::Result;
use crate::query::{self, Keyword, Scope};
use crate::ranking::Weights;
use crate::snippet::Highlighter;
use crate::timings::{SearchTimings, Stage};

/// An index that is open for searching. Several threads may share it.
pub struct Index {
    backend: Arc<dyn Backend>,
    pinned: Arc<PinnedSnapshots>,
    pub(super) context: SearchContext,
}

impl Index {
    /// Opens the index at a location.
    pub fn open(location: impl Into<Location>) -> Result<Self> {
        Ok(Self {
            backend: backend::open(&location.into())?,
            pinned: Arc::default(),
            context: SearchContext::default(),
        })
    }

    /// Returns the same index for a caller with a deadline. Operations that run past the deadline
    /// fail with [`Error::TimedOut`](crate::Error::TimedOut), cancelled ones with
    /// [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn within(&self, deadline: Deadline) -> Self {
        self.with_context(SearchContext {
            deadline,
            timings: self.context.timings.clone(),
        })
    }

    /// Returns the same index; its searches record in `timings` how long each stage takes.
    pub fn timed(&self, timings: SearchTimings) -> Self {
        self.with_context(SearchContext {
            deadline: self.context.deadline.clone(),
            timings,
        })
    }

    fn with_context(&self, context: SearchContext) -> Self {
        Self {
            backend: Arc::clone(&self.backend),
            pinned: Arc::clone(&self.pinned),
            context,
        }
    }

    /// Returns whether a query may take long: it has a pattern, a `NEAR`, or a phrase with gaps.
    pub fn is_costly(&self, query: &str) -> bool {
        // Most queries have none of these characters, and need not be parsed for this check.
        let may_be_costly = query.contains(['*', '?', '؟', '~'])
            || ["NEAR", "قرب/"].iter().any(|near| query.contains(near));
        may_be_costly && query::parse(query, self.snapshot().analyzer()).is_costly()
    }

    /// Makes new commits, and a generation that has become current, visible to later searches.
    pub fn refresh(&self) -> Result<()> {
        self.pinned.tidy(Instant::now());
        self.backend.refresh()
    }

    /// Runs a search.
    pub fn search(&self, request: &SearchRequest) -> Result<Hits> {
        self.context.deadline.run(|| self.search_unbounded(request))
    }

    fn search_unbounded(&self, request: &SearchRequest) -> Result<Hits> {
        let (snapshot, start) = self.start(request);
        let searcher = self.searcher(&snapshot);
        let page = Page {
            limit: request.limit,
            start,
            order: request.order,
            collapses: request.collapses,
            at_least: 0,
        };
        let ExecutedQuery {
            input,
            query,
            outcome,
            did_you_mean,
        } = execute(searcher, request, page)?;
        let Outcome {
            found,
            relaxed,
            operator,
        } = outcome;
        let total = found.total;
        let next_cursor = self.next_cursor(request, &snapshot, &found);
        let query_that_ran = PreparedQuery {
            query: &query,
            operator,
            weights: &Weights::default(),
        };
        let hits = self.show(searcher, request, query_that_ran, found.hits)?;
        let (facets, histogram) = self.summaries(searcher, request, query_that_ran)?;
        Ok(Hits {
            input,
            query,
            total,
            relaxed,
            did_you_mean,
            hits,
            facets,
            histogram,
            next_cursor,
        })
    }

    /// Makes hits of the articles on a page: adds their snippets and explanations.
    fn show(
        &self,
        searcher: Searcher<'_>,
        request: &SearchRequest,
        query: PreparedQuery<'_>,
        found: Vec<FoundArticle>,
    ) -> Result<Vec<Hit>> {
        let highlighter = Highlighter::new(query.query, searcher.analyzer(), request.highlight)
            .within(&self.context.deadline);
        let mut hits = Vec::with_capacity(found.len());
        for found in found {
            self.context.deadline.check()?;
            let _showing = self.context.timings.time(Stage::Snippets);
            let matched = highlighter.find_in(&found.stored);
            let article = found.stored.article;
            let title = matched.title(&article);
            let snippets = matched.snippets(&article, request.snippets);
            let explanation = if request.explains {
                explain(searcher, query, &article.id)?
            } else {
                None
            };
            hits.push(Hit {
                article,
                score: found.score,
                duplicates: found.copies,
                title,
                snippets,
                explanation,
            });
        }
        Ok(hits)
    }

    /// Returns the facets and the histogram that a request asks for.
    fn summaries(
        &self,
        searcher: Searcher<'_>,
        request: &SearchRequest,
        query: PreparedQuery<'_>,
    ) -> Result<(Vec<Facet>, Option<Histogram>)> {
        if request.facets.is_empty() && request.histogram.is_none() {
            return Ok((Vec::new(), None));
        }
        let wanted = Wanted {
            fields: &request.facets,
            days: request.histogram.is_some(),
        };
        let mut summary = summarize(searcher, query, &wanted)?;
        let histogram = request
            .histogram
            .map(|interval| Histogram::new(&summary, interval));
        let mut facets = Vec::with_capacity(request.facets.len());
        for (field, values) in request.facets.iter().zip(summary.values.drain(..)) {
            facets.push(Facet::commonest(*field, values));
        }
        Ok((facets, histogram))
    }

    /// Returns the `limit` most frequent values of a field in all articles that match. Each value
    /// has a word that begins with `prefix`.
    pub fn facet(
        &self,
        request: &SearchRequest,
        field: Keyword,
        prefix: &str,
        limit: usize,
    ) -> Result<Facet> {
        let snapshot = self.snapshot();
        let wanted = Wanted {
            fields: &[field],
            days: false,
        };
        let mut summary = self.summarize_request(self.searcher(&snapshot), request, &wanted)?;
        let values = summary.values.pop().unwrap_or_default();
        let is_wanted = facets::begins(prefix, snapshot.analyzer());
        Ok(Facet::new(field, values, is_wanted, limit))
    }

    /// Returns the number of matching articles in each interval of time.
    pub fn histogram(&self, request: &SearchRequest, interval: Interval) -> Result<Histogram> {
        let snapshot = self.snapshot();
        let wanted = Wanted {
            fields: &[],
            days: true,
        };
        let summary = self.summarize_request(self.searcher(&snapshot), request, &wanted)?;
        Ok(Histogram::new(&summary, interval))
    }

    fn summarize_request(
        &self,
        searcher: Searcher<'_>,
        request: &SearchRequest,
        wanted: &Wanted<'_>,
    ) -> Result<Summary> {
        self.context.deadline.run(|| {
            let executed = execute(searcher, request, Page::COUNT)?;
            let query = PreparedQuery {
                query: &executed.query,
                operator: executed.outcome.operator,
                weights: &Weights::default(),
            };
            summarize(searcher, query, wanted)
        })
    }

    /// Explains why a query finds an article, or why it does not; `None` if no article has the id.
    pub fn explain(
        &self,
        request: &SearchRequest,
        id: &ArticleId,
    ) -> Result<Option<ExplainedQuery>> {
        self.context
            .deadline
            .run(|| self.explain_unbounded(request, id))
    }

    fn explain_unbounded(
        &self,
        request: &SearchRequest,
        id: &ArticleId,
    ) -> Result<Option<ExplainedQuery>> {
        let snapshot = self.snapshot();
        let searcher = self.searcher(&snapshot);
        let ExecutedQuery {
            input,
            query,
            outcome,
            did_you_mean,
        } = execute(searcher, request, Page::COUNT)?;
        let query_that_ran = PreparedQuery {
            query: &query,
            operator: outcome.operator,
            weights: &Weights::default(),
        };
        let explanation: Option<Explanation> = explain(searcher, query_that_ran, id)?;
        Ok(explanation.map(|explanation| ExplainedQuery {
            input,
            query,
            relaxed: outcome.relaxed,
            did_you_mean,
            explanation,
        }))
    }

    /// Returns the ids and scores of the first `limit` articles in the default ranking, computed
    /// with these weights. Programs that measure the ranking use it: it makes no snippets.
    pub fn rank(
        &self,
        query: &str,
        weights: &Weights,
        limit: usize,
    ) -> Result<Vec<(ArticleId, f32)>> {
        let snapshot = self.snapshot();
        let searcher = self.searcher(&snapshot);
        // Without this, articles that hold only related stems would match with score 0.
        let matching = if weights.related > 0.0 {
            Matching::Auto
        } else {
            Matching::Stem
        };
        let query = analyze_query(query, matching, Scope::ALL, searcher)?;
        let page = Page {
            limit,
            ..Page::COUNT
        };
        let outcome = find(searcher, &query, Operator::Auto, weights, page)?;
        let mut ranked = Vec::with_capacity(outcome.found.hits.len());
        for hit in outcome.found.hits {
            ranked.push((hit.stored.article.id, hit.score));
        }
        Ok(ranked)
    }

    /// Returns at most `limit` queries for a text whose last word may be half typed. They are
    /// completions, titles and corrections.
    pub fn suggest(&self, text: &str, limit: usize) -> Result<Vec<SuggestedQuery>> {
        self.context.deadline.run(|| {
            let snapshot = self.snapshot();
            suggest::suggest(text, limit, self.searcher(&snapshot))
        })
    }

    pub(super) fn snapshot(&self) -> Arc<dyn Snapshot> {
        self.backend.snapshot()
    }

    pub(super) fn searcher<'a>(&'a self, snapshot: &'a Arc<dyn Snapshot>) -> Searcher<'a> {
        Searcher {
            snapshot: snapshot.as_ref(),
            context: &self.context,
        }
    }

    /// Returns the snapshot of a request's page, and the position in its ranking at which the page
    /// starts.
    ///
    /// A cursor names the snapshot of its first page. If that snapshot is current or still pinned,
    /// the page comes from it. Otherwise the page comes from the current snapshot, and starts after
    /// the cursor's sort key.
    fn start(&self, request: &SearchRequest) -> (Arc<dyn Snapshot>, Start) {
        let current = self.snapshot();
        let Some(cursor) = request.cursor else {
            return (current, Start::Offset(request.offset));
        };
        let shown = Start::Offset(cursor.shown as usize);
        if current.version() == cursor.version {
            return (current, shown);
        }
        match self.pinned.get(cursor.version, Instant::now()) {
            Some(pinned) => (pinned, shown),
            None => (current, cursor.start()),
        }
    }

    /// Returns the cursor that continues after a page, and pins the snapshot of the page. Returns
    /// `None` after the last page.
    fn next_cursor(
        &self,
        request: &SearchRequest,
        snapshot: &Arc<dyn Snapshot>,
        found: &ResultPage,
    ) -> Option<String> {
        let shown = u32::try_from(found.start + found.hits.len()).ok()?;
        if u64::from(shown) >= found.total {
            return None;
        }
        let sort_key = found.hits.last()?.sort_key;
        self.pinned.pin(snapshot, Instant::now());
        let cursor = Cursor {
            version: snapshot.version(),
            sort_key,
            shown,
        };
        Some(cursor.to_text(request))
    }
}

/// Counts the articles that match, by field value and by day.
fn summarize(
    searcher: Searcher<'_>,
    query: PreparedQuery<'_>,
    wanted: &Wanted<'_>,
) -> Result<Summary> {
    let _finding = searcher.context.timings.time(Stage::Find);
    searcher.snapshot.summarize(query, wanted, searcher.context)
}
