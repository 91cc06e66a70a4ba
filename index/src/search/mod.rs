//! The searching half of the façade: runs a query and shows its hits with snippets.

mod analyze_query;
mod cursor;
mod execute;
mod explain;
mod facets;
mod histogram;
mod pinned_snapshots;
mod relax;
mod relaxation;
mod request;
mod similar;
mod suggest;

use std::sync::Arc;
use std::time::Instant;

use crate::backend::{
    self, Backend, Found, Location, Page, Snapshot, Start, StoredHit, Summary, Wanted,
};
use crate::deadline::Deadline;
use crate::document::{Article, ArticleId};
use crate::error::Result;
use crate::learning::graph::Graph;
use crate::query::{self, Keyword, Query, Scope};
use crate::snippet::{Fragment, Highlight, Highlighter, Snippet};
use crate::timings::{SearchTimings, Stage};
use fihrist_arabic::Analyzer;
use fihrist_arabic::Span;

use analyze_query::analyze_query;
pub use cursor::Cursor;
use execute::{ExecutedQuery, execute};
pub use explain::{
    ExplainedClause, ExplainedQuery, ExplainedWord, Explanation, FoundBy, FoundForm, MissReason,
};
pub use facets::{Facet, FacetValue};
pub use histogram::{Bucket, Histogram, Interval};
use pinned_snapshots::PinnedSnapshots;
pub use relax::Relaxed;
use relax::{Outcome, find};
pub use request::{Filters, Matching, Operator, SearchRequest};
pub use similar::SimilarArticle;
pub use suggest::{SuggestedBy, SuggestedQuery};

pub use crate::backend::{Copies, Order, Stats};
pub use crate::ranking::Weights;

/// An index to search. Cheap to share, safe to use from many threads.
pub struct Index {
    backend: Arc<dyn Backend>,
    kept: Arc<PinnedSnapshots>,
    deadline: Deadline,
    timings: SearchTimings,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// What was typed.
    pub input: String,
    /// How it was understood; of a query that was corrected, the corrected one.
    pub query: Query,
    /// How many articles match; if the request collapses, copies of one another count as one.
    pub total: u64,
    /// What was loosened because too little matched otherwise.
    pub relaxed: Option<Relaxed>,
    /// The query with words of the index in place of those that no article holds.
    pub did_you_mean: Option<String>,
    /// The hits wanted, in their order.
    pub hits: Vec<Hit>,
    /// For each field that was wanted, the commonest values of all articles that match.
    pub facets: Vec<Facet>,
    /// When all articles that match were published, if that was asked.
    pub histogram: Option<Histogram>,
    /// Where the search goes on, if there are more hits.
    pub next_cursor: Option<String>,
}

/// An article that matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The article as stored.
    pub article: Article,
    /// How well it matches; comparable within one answer only.
    pub score: f32,
    /// How many other articles of the index are copies of it, or it of them.
    pub duplicates: u64,
    /// Its title, cut at the matches.
    pub title: Vec<Fragment>,
    /// Passages, in reading order.
    pub snippets: Vec<Snippet>,
    /// Why it matches, if that was asked.
    pub explanation: Option<Explanation>,
}

impl Index {
    /// Opens the index at a location.
    pub fn open(location: impl Into<Location>) -> Result<Self> {
        let backend = backend::open(&location.into())?;
        Ok(Self {
            backend,
            kept: Arc::default(),
            deadline: Deadline::default(),
            timings: SearchTimings::default(),
        })
    }

    /// The same index for a caller who waits so long: what takes longer is stopped and fails with
    /// [`Error::TimedOut`](crate::Error::TimedOut) or [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn within(&self, deadline: Deadline) -> Self {
        let (backend, kept, timings) = (
            Arc::clone(&self.backend),
            Arc::clone(&self.kept),
            self.timings.clone(),
        );
        Self {
            backend,
            kept,
            deadline,
            timings,
        }
    }

    /// The same index, whose searches add to `timings` where their time goes.
    pub fn timed(&self, timings: SearchTimings) -> Self {
        let (backend, kept, deadline) = (
            Arc::clone(&self.backend),
            Arc::clone(&self.kept),
            self.deadline.clone(),
        );
        Self {
            backend,
            kept,
            deadline,
            timings,
        }
    }

    /// Whether a query is of a kind that may take long whatever it finds: patterns, words near one another.
    pub fn is_costly(&self, query: &str) -> bool {
        // Most queries hold none of the signs, and need not be parsed twice.
        let has_sign = query.contains(['*', '?', '؟', '~'])
            || ["NEAR", "قرب/"].iter().any(|sign| query.contains(sign));
        has_sign && query::parse(query, self.snapshot().analyzer()).is_costly()
    }

    /// Makes later searches see what was committed since, and a generation that became current.
    pub fn refresh(&self) -> Result<()> {
        self.kept.tidy(Instant::now());
        self.backend.refresh()
    }

    /// Runs a query.
    pub fn search(&self, request: &SearchRequest) -> Result<Hits> {
        self.deadline.run(|| self.found(request))
    }

    fn found(&self, request: &SearchRequest) -> Result<Hits> {
        let (snapshot, start) = self.start(request);
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
        } = execute(snapshot.as_ref(), request, page)?;
        let Outcome {
            found: Found { total, start, hits },
            relaxed,
            operator,
        } = outcome;
        let next_cursor = self.next_cursor(request, &snapshot, total, start, &hits);
        let highlighter =
            Highlighter::new(&query, snapshot.analyzer(), request.highlight).within(&self.deadline);
        let show = |StoredHit {
                        stored,
                        score,
                        duplicates,
                        ..
                    }| {
            self.deadline.check()?;
            let _showing = self.timings.time(Stage::Snippets);
            let matched = highlighter.find_in(&stored);
            let article = stored.article;
            let (title, snippets) = (
                matched.title(&article),
                matched.snippets(&article, request.snippets),
            );
            let explanation = if request.explains {
                explanation(snapshot.as_ref(), &query, operator, &article.id)?
            } else {
                None
            };
            Ok(Hit {
                article,
                score,
                duplicates,
                title,
                snippets,
                explanation,
            })
        };
        let hits = hits.into_iter().map(show).collect::<Result<_>>()?;
        let (mut facets, mut histogram) = (Vec::new(), None);
        if !request.facets.is_empty() || request.histogram.is_some() {
            let of = Wanted {
                fields: &request.facets,
                days: request.histogram.is_some(),
            };
            let mut summary = snapshot.summarize(&query, operator, &Weights::default(), &of)?;
            histogram = request
                .histogram
                .map(|interval| Histogram::new(&summary, interval));
            let values = request.facets.iter().zip(summary.values.drain(..));
            facets = values
                .map(|(field, values)| Facet::commonest(*field, values))
                .collect();
        }
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

    /// The values of a field in all articles that match, those of which a word begins with `prefix`, the commonest `limit` of
    /// them.
    pub fn facet(
        &self,
        request: &SearchRequest,
        field: Keyword,
        prefix: &str,
        limit: usize,
    ) -> Result<Facet> {
        let snapshot = self.snapshot();
        let mut summary = self.summarize(
            snapshot.as_ref(),
            request,
            &Wanted {
                fields: &[field],
                days: false,
            },
        )?;
        let values = summary.values.pop().unwrap_or_default();
        Ok(Facet::new(
            field,
            values,
            facets::begins(prefix, snapshot.analyzer()),
            limit,
        ))
    }

    /// When all articles that match were published.
    pub fn histogram(&self, request: &SearchRequest, interval: Interval) -> Result<Histogram> {
        let of = Wanted {
            fields: &[],
            days: true,
        };
        Ok(Histogram::new(
            &self.summarize(self.snapshot().as_ref(), request, &of)?,
            interval,
        ))
    }

    fn summarize(
        &self,
        snapshot: &dyn Snapshot,
        request: &SearchRequest,
        of: &Wanted<'_>,
    ) -> Result<Summary> {
        self.deadline.run(|| {
            let ExecutedQuery { query, outcome, .. } = execute(snapshot, request, Page::COUNT)?;
            snapshot.summarize(&query, outcome.operator, &Weights::default(), of)
        })
    }

    /// Why an article is found for a query, or why not; `None` where no article has the id.
    pub fn explain(
        &self,
        request: &SearchRequest,
        id: &ArticleId,
    ) -> Result<Option<ExplainedQuery>> {
        self.deadline.run(|| self.explained(request, id))
    }

    fn explained(&self, request: &SearchRequest, id: &ArticleId) -> Result<Option<ExplainedQuery>> {
        let snapshot = self.snapshot();
        let ExecutedQuery {
            input,
            query,
            outcome,
            did_you_mean,
        } = execute(snapshot.as_ref(), request, Page::COUNT)?;
        let Outcome {
            relaxed, operator, ..
        } = outcome;
        let explanation = explanation(snapshot.as_ref(), &query, operator, id)?;
        Ok(explanation.map(|explanation| ExplainedQuery {
            input,
            query,
            relaxed,
            did_you_mean,
            explanation,
        }))
    }

    /// The ids and scores of the first `limit` articles that [`search`](Self::search) would show for a query by default,
    /// best first, or would with other weights. For measuring: without snippets.
    pub fn rank(
        &self,
        query: &str,
        weights: &Weights,
        limit: usize,
    ) -> Result<Vec<(ArticleId, f32)>> {
        let snapshot = self.snapshot();
        // Related stems that count nothing must not match either.
        let matching = if weights.related > 0.0 {
            Matching::Auto
        } else {
            Matching::Stem
        };
        let query = analyze_query(query, matching, Scope::ALL, snapshot.as_ref())?;
        let page = Page {
            limit,
            ..Page::COUNT
        };
        let Outcome { found, .. } = find(snapshot.as_ref(), &query, Operator::Auto, weights, page)?;
        Ok(found
            .hits
            .into_iter()
            .map(|hit| (hit.stored.article.id, hit.score))
            .collect())
    }

    /// Queries for a text whose last word may be half typed: completions, titles, corrections, at most `limit`.
    pub fn suggest(&self, text: &str, limit: usize) -> Result<Vec<SuggestedQuery>> {
        self.deadline
            .run(|| suggest::suggest(text, limit, self.snapshot().as_ref()))
    }

    /// The other copies of an article, newest first and at most `limit` of them; `None` where no article has the id.
    pub fn duplicates(&self, id: &ArticleId, limit: usize) -> Result<Option<Copies>> {
        self.snapshot().duplicates(id, limit)
    }

    /// Other articles on the subject of one, best first and at most `limit` of them, copies left out; `None` where no article
    /// has the id.
    pub fn similar(&self, id: &ArticleId, limit: usize) -> Result<Option<Vec<SimilarArticle>>> {
        similar::similar(self.snapshot().as_ref(), id, limit)
    }

    /// One stored article.
    pub fn article(&self, id: &ArticleId) -> Result<Option<Article>> {
        self.snapshot().article(id)
    }

    /// One stored article with the ranges of its text that satisfy a query.
    pub fn article_with_matches(
        &self,
        id: &ArticleId,
        query: &str,
    ) -> Result<Option<(Article, Vec<Span>)>> {
        self.deadline.run(|| self.matched(id, query))
    }

    fn matched(&self, id: &ArticleId, query: &str) -> Result<Option<(Article, Vec<Span>)>> {
        let snapshot = self.snapshot();
        let query = analyze_query(query, Matching::Auto, Scope::ALL, snapshot.as_ref())?;
        let highlighter =
            Highlighter::new(&query, snapshot.analyzer(), Highlight::Word).within(&self.deadline);
        Ok(snapshot.article(id)?.map(|article| {
            let spans = highlighter.find(&article).spans();
            (article, spans)
        }))
    }

    /// What the index holds.
    pub fn stats(&self) -> Result<Stats> {
        self.snapshot().stats()
    }

    /// The analyzer of the current generation.
    pub fn analyzer(&self) -> Analyzer {
        self.snapshot().analyzer().clone()
    }

    /// Which stems stand in for which, in the current generation.
    pub fn graph(&self) -> Arc<Graph> {
        self.snapshot().graph()
    }

    fn snapshot(&self) -> Arc<dyn Snapshot> {
        self.backend.snapshot(&self.deadline, &self.timings)
    }

    /// The state of the index that a page is taken from, and where in the ranking it begins. A cursor leads to the state that
    /// its first page was taken from, if that is still there, and else to the place in what there is now.
    fn start(&self, request: &SearchRequest) -> (Arc<dyn Snapshot>, Start) {
        let now = self.snapshot();
        let Some(cursor) = request.cursor else {
            return (now, Start::Offset(request.offset));
        };
        if now.version() == cursor.version {
            return (now, Start::Offset(cursor.shown as usize));
        }
        match self.kept.get(cursor.version, Instant::now()) {
            Some(then) => (
                then.for_caller(&self.deadline, &self.timings),
                Start::Offset(cursor.shown as usize),
            ),
            None => (now, cursor.start()),
        }
    }

    /// Where a search goes on after a page; the state that the page was taken from is kept for that.
    fn next_cursor(
        &self,
        request: &SearchRequest,
        snapshot: &Arc<dyn Snapshot>,
        total: u64,
        start: usize,
        hits: &[StoredHit],
    ) -> Option<String> {
        let shown = u32::try_from(start + hits.len())
            .ok()
            .filter(|shown| u64::from(*shown) < total)?;
        let sort_key = hits.last()?.sort_key;
        self.kept.keep(snapshot, Instant::now());
        Some(
            Cursor {
                version: snapshot.version(),
                sort_key,
                shown,
            }
            .to_text(request),
        )
    }
}

fn explanation(
    snapshot: &dyn Snapshot,
    query: &Query,
    operator: backend::Operator,
    id: &ArticleId,
) -> Result<Option<Explanation>> {
    let explained = snapshot.explain(query, operator, &Weights::default(), id)?;
    Ok(explained.map(|explained| explain::explain(query, &explained, snapshot.analyzer())))
}
