//! Reads single articles of an index: the stored article, its copies, and similar articles. It also
//! returns statistics of the whole index.

use std::sync::Arc;

use super::analyze_query::analyze_query;
use super::hits::Copies;
use super::index::Index;
use super::request::Matching;
use super::similar::{self, SimilarArticle};
use crate::backend::{Selection, Stats};
use crate::document::{Article, ArticleId};
use crate::error::Result;
use crate::learning::graph::Graph;
use crate::query::Scope;
use crate::snippet::{Highlight, Highlighter};
use fihrist_arabic::{Analyzer, Span};

impl Index {
    /// Returns the stored article with an id; `None` if there is none.
    pub fn article(&self, id: &ArticleId) -> Result<Option<Article>> {
        let snapshot = self.snapshot();
        self.searcher(&snapshot).article(id)
    }

    /// Returns the stored article with an id, and the spans of its text that match a query. Returns
    /// `None` if no article has the id.
    pub fn article_with_matches(
        &self,
        id: &ArticleId,
        query: &str,
    ) -> Result<Option<(Article, Vec<Span>)>> {
        self.context.deadline.run(|| {
            let snapshot = self.snapshot();
            let searcher = self.searcher(&snapshot);
            let query = analyze_query(query, Matching::Auto, Scope::ALL, searcher)?;
            let highlighter = Highlighter::new(&query, snapshot.analyzer(), Highlight::Word)
                .within(&self.context.deadline);
            let Some(article) = searcher.article(id)? else {
                return Ok(None);
            };
            let spans = highlighter.find(&article).spans();
            Ok(Some((article, spans)))
        })
    }

    /// Returns at most `limit` copies of an article, the newest first; `None` if no article has the
    /// id.
    pub fn duplicates(&self, id: &ArticleId, limit: usize) -> Result<Option<Copies>> {
        let snapshot = self.snapshot();
        let Some(own) = snapshot.find(id, true, &self.context)? else {
            return Ok(None);
        };
        let selection = Selection::Copies { of: &own, limit };
        let mut found = snapshot.candidates(selection, &self.context)?;
        let fetched = snapshot.fetch(&mut found.best, &self.context)?;
        let mut articles = Vec::with_capacity(fetched.len());
        for stored in fetched.into_iter().flatten() {
            articles.push(stored.article);
        }
        Ok(Some(Copies {
            total: found.total,
            articles,
        }))
    }

    /// Returns at most `limit` articles that are similar to the one with this id, the best first
    /// and without copies. Returns `None` if no article has the id.
    pub fn similar(&self, id: &ArticleId, limit: usize) -> Result<Option<Vec<SimilarArticle>>> {
        let snapshot = self.snapshot();
        similar::similar(self.searcher(&snapshot), id, limit)
    }

    /// Returns the size, the dates, the versions and other statistics of the index.
    pub fn stats(&self) -> Result<Stats> {
        self.snapshot().stats(&self.context)
    }

    /// Returns the analyzer of the current generation.
    pub fn analyzer(&self) -> Analyzer {
        self.snapshot().analyzer().clone()
    }

    /// Returns the graph of the current generation.
    pub fn graph(&self) -> Arc<Graph> {
        self.snapshot().graph()
    }
}
