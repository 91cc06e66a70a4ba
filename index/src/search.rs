//! The searching half of the façade: runs a query and shows its hits with snippets.

use std::path::Path;
use std::sync::Arc;

use crate::analysis::Analyzer;
use crate::article::{Article, ArticleId};
use crate::backend::tantivy::Embedded;
use crate::backend::{self, Backend, Found, Page, Snapshot};
use crate::error::Result;
use crate::graph::Graph;
use crate::query::{self, Occur, Query};
use crate::snippet::{self, Fragment, Snippet};
use crate::span::Span;

pub use crate::backend::Stats;
pub use crate::backend::ranking::Weights;

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
    /// What of a word has to agree.
    pub matching: Matching,
    /// How the words combine.
    pub operator: Operator,
    /// What to show of each hit.
    pub snippets: snippet::Options,
}

/// What of the words of a query has to agree with an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Matching {
    /// The stem, or one that the learnt graph takes for it.
    #[default]
    Auto,
    /// The word itself, as it is spelled.
    Exact,
    /// The stem.
    Stem,
}

/// How the words of a query combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Operator {
    /// All of them, and where too few articles have all, fewer.
    #[default]
    Auto,
    /// All of them.
    And,
    /// Any of them.
    Or,
}

/// With fewer articles than these that hold all the words, those with fewer words are shown, too. A first page and one
/// more; requiring all words where twenty have them costs nothing on any judged set, where ten have them it does.
const ENOUGH_ARTICLES: u64 = 20;

/// A query with so many words outside quotes is a text that was pasted, and its quotes are punctuation.
const PASTED_WORDS: usize = 6;

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// How the query was understood.
    pub query: Query,
    /// How many articles match.
    pub total: u64,
    /// What was loosened because too little matched otherwise.
    pub relaxed: Option<Relaxed>,
    /// The hits wanted, best first.
    pub hits: Vec<Hit>,
}

/// How a query was loosened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relaxed {
    /// Few articles or none hold all the words; articles with some of them are among the hits.
    AnyWord {
        /// How many hold all of them.
        with_all_words: u64,
    },
    /// The same, and the phrases count as their words: of a long text, or where no article holds all and few the
    /// phrases. Who pastes a headline with a quotation in it does not insist on the quotation.
    AnyPart {
        /// How many hold all words and phrases.
        with_all_words: u64,
    },
}

impl Relaxed {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AnyWord { .. } => "any_word",
            Self::AnyPart { .. } => "any_part",
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

    /// Runs a query.
    pub fn search(&self, request: &SearchRequest) -> Result<Hits> {
        let snapshot = self.backend.snapshot();
        let query = understand(&request.query, request.matching, snapshot.as_ref());
        let page = Page { limit: request.limit, offset: request.offset };
        let (found, relaxed) = find(snapshot.as_ref(), &query, request.operator, &Weights::default(), page)?;
        let show = |stored: crate::backend::StoredHit| Hit {
            title: snippet::title_fragments(&stored.article, &query, snapshot.analyzer()),
            snippets: snippet::snippets(&stored.article, &query, snapshot.analyzer(), request.snippets),
            article: stored.article,
            score: stored.score,
        };
        let hits = found.hits.into_iter().map(show).collect();
        Ok(Hits { query, total: found.total, relaxed, hits })
    }

    /// The ids and scores of the first `limit` articles that [`search`](Self::search) would show for a query by default,
    /// best first, or would with other weights. For measuring: without snippets.
    pub fn rank(&self, query: &str, weights: &Weights, limit: usize) -> Result<Vec<(ArticleId, f32)>> {
        let snapshot = self.backend.snapshot();
        // Related stems that count nothing must not match either.
        let matching = if weights.related > 0.0 { Matching::Auto } else { Matching::Stem };
        let query = understand(query, matching, snapshot.as_ref());
        let (found, _) = find(snapshot.as_ref(), &query, Operator::Auto, weights, Page { limit, offset: 0 })?;
        Ok(found.hits.into_iter().map(|hit| (hit.article.id, hit.score)).collect())
    }

    /// One stored article.
    pub fn article(&self, id: &ArticleId) -> Result<Option<Article>> {
        self.snapshot().article(id)
    }

    /// One stored article with the ranges of its text that satisfy a query.
    pub fn article_with_matches(&self, id: &ArticleId, query: &str) -> Result<Option<(Article, Vec<Span>)>> {
        let snapshot = self.snapshot();
        let query = understand(query, Matching::Auto, snapshot.as_ref());
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

    /// Which stems stand in for which, in the current generation.
    pub fn graph(&self) -> Arc<Graph> {
        self.snapshot().graph()
    }

    fn snapshot(&self) -> Arc<dyn Snapshot> {
        self.backend.snapshot()
    }
}

/// What a person typed, with its words held to what has to agree.
fn understand(input: &str, matching: Matching, snapshot: &dyn Snapshot) -> Query {
    let mut query = query::parse(input, snapshot.analyzer());
    match matching {
        Matching::Auto => query::expand(&mut query, &snapshot.graph()),
        Matching::Exact => query.hold_to_form(),
        Matching::Stem => {}
    }
    query
}

/// What a query finds, and how it had to be loosened for that.
fn find(
    snapshot: &dyn Snapshot,
    query: &Query,
    operator: Operator,
    weights: &Weights,
    page: Page,
) -> Result<(Found, Option<Relaxed>)> {
    let with_all = |page| snapshot.search(query, backend::Operator::And, weights, page);
    let with_any = |page| snapshot.search(query, backend::Operator::Or, weights, page);
    let count_only = Page { limit: 0, offset: 0 };
    let can_relax = query.wanted().count() > 1 && query.wanted().any(|clause| clause.occur == Occur::Should);
    match operator {
        Operator::And => Ok((with_all(page)?, None)),
        Operator::Or => Ok((with_any(page)?, None)),
        Operator::Auto if !can_relax => Ok((with_all(page)?, None)),
        Operator::Auto => {
            let with_all_words = with_all(count_only)?.total;
            if with_all_words >= ENOUGH_ARTICLES {
                return Ok((with_all(page)?, None));
            }
            let is_phrase = |clause: &&query::Clause| clause.occur == Occur::Must;
            let loose_words = query.wanted().count() - query.wanted().filter(is_phrase).count();
            let is_pasted = loose_words >= PASTED_WORDS;
            let is_hopeless = || Ok(with_all_words == 0 && with_any(count_only)?.total < ENOUGH_ARTICLES);
            if query.wanted().any(|clause| is_phrase(&clause)) && (is_pasted || is_hopeless()?) {
                let found = snapshot.search(query, backend::Operator::Any, weights, page)?;
                let is_relaxed = found.total > with_all_words;
                return Ok((found, is_relaxed.then_some(Relaxed::AnyPart { with_all_words })));
            }
            let found = with_any(page)?;
            let is_relaxed = found.total > with_all_words;
            Ok((found, is_relaxed.then_some(Relaxed::AnyWord { with_all_words })))
        }
    }
}
