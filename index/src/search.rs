//! The searching half of the façade: runs a query and shows its hits with snippets.

use std::path::Path;
use std::sync::Arc;

use crate::analysis::Analyzer;
use crate::article::{Article, ArticleId};
use crate::backend::tantivy::Embedded;
use crate::backend::{Backend, Found, Operator, Page, Snapshot};
use crate::error::Result;
use crate::query::{self, Occur, Query};
use crate::snippet::{self, Fragment, Snippet};
use crate::span::Span;

pub use crate::backend::Stats;

/// An index to search. Cheap to share, safe to use from many threads.
pub struct Index {
    backend: Box<dyn Backend>,
}

/// What is asked of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// What was typed.
    pub query: String,
    /// Hits wanted.
    pub limit: usize,
    /// Better hits to pass over.
    pub offset: usize,
    /// What to show of each hit.
    pub snippets: snippet::Options,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// How the query was understood.
    pub query: Query,
    /// How many articles match.
    pub total: u64,
    /// What was loosened because nothing matched otherwise.
    pub relaxed: Option<Relaxed>,
    /// The hits wanted, best first.
    pub hits: Vec<Hit>,
}

/// How a query was loosened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relaxed {
    /// No article holds all the words; these hold some of them.
    AnyWord,
}

impl Relaxed {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AnyWord => "any_word",
        }
    }
}

/// An article that matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The article as stored.
    pub article: Article,
    /// How well it matches; comparable within one answer only.
    pub score: f32,
    /// Its title, cut at the matches.
    pub title: Vec<Fragment>,
    /// Passages, in reading order.
    pub snippets: Vec<Snippet>,
}

impl Index {
    /// Opens the index at `data`.
    pub fn open(data: &Path) -> Result<Self> {
        Ok(Self { backend: Box::new(Embedded::open(data)?) })
    }

    /// Makes later searches see what was committed since, and a generation that became current.
    pub fn refresh(&self) -> Result<()> {
        self.backend.refresh()
    }

    /// Runs a query: articles with all its words, or, where there is none, with any of them.
    pub fn search(&self, request: &SearchRequest) -> Result<Hits> {
        let snapshot = self.backend.snapshot();
        let query = query::parse(&request.query, snapshot.analyzer());
        let (found, relaxed) = find(snapshot.as_ref(), &query, Page { limit: request.limit, offset: request.offset })?;
        let show = |stored: crate::backend::StoredHit| Hit {
            title: snippet::title_fragments(&stored.article, &query, snapshot.analyzer()),
            snippets: snippet::snippets(&stored.article, &query, snapshot.analyzer(), request.snippets),
            article: stored.article,
            score: stored.score,
        };
        let hits = found.hits.into_iter().map(show).collect();
        Ok(Hits { query, total: found.total, relaxed, hits })
    }

    /// The ids and scores of the first `limit` articles that [`search`](Self::search) would show for a query, best
    /// first. For measuring: without snippets.
    pub fn rank(&self, query: &str, limit: usize) -> Result<Vec<(ArticleId, f32)>> {
        let snapshot = self.backend.snapshot();
        let query = query::parse(query, snapshot.analyzer());
        let (found, _) = find(snapshot.as_ref(), &query, Page { limit, offset: 0 })?;
        Ok(found.hits.into_iter().map(|hit| (hit.article.id, hit.score)).collect())
    }

    /// One stored article.
    pub fn article(&self, id: &ArticleId) -> Result<Option<Article>> {
        self.snapshot().article(id)
    }

    /// One stored article with the ranges of its text that satisfy a query.
    pub fn article_with_matches(&self, id: &ArticleId, query: &str) -> Result<Option<(Article, Vec<Span>)>> {
        let snapshot = self.snapshot();
        let query = query::parse(query, snapshot.analyzer());
        Ok(snapshot.article(id)?.map(|article| {
            let spans = snippet::match_spans(&article, &query, snapshot.analyzer());
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

    fn snapshot(&self) -> Arc<dyn Snapshot> {
        self.backend.snapshot()
    }
}

/// What a query finds, and how it had to be loosened for that.
fn find(snapshot: &dyn Snapshot, query: &Query, page: Page) -> Result<(Found, Option<Relaxed>)> {
    let found = snapshot.search(query, Operator::And, page)?;
    if found.total > 0 || query.wanted().filter(|clause| clause.occur == Occur::Should).count() <= 1 {
        return Ok((found, None));
    }
    let found = snapshot.search(query, Operator::Or, page)?;
    let relaxed = (found.total > 0).then_some(Relaxed::AnyWord);
    Ok((found, relaxed))
}
