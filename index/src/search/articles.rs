//! Reads single articles of an index: the stored article and its copies. It also returns statistics
//! of the whole index.

use std::sync::Arc;

use super::analyze_query::analyze_query;
use super::{Copies, Index, Matching};
use crate::backend::{Selection, Stats};
use crate::document::{Article, ArticleId, StoredArticle};
use crate::error::Result;
use crate::learning::graph::Graph;
use crate::query::Scope;
use crate::snippet::{Highlight, Highlighter};
use fihrist_arabic::{Analyzer, Span};

impl Index {
    /// Returns the stored article with an id; `None` if there is none.
    pub fn article(&self, id: &ArticleId) -> Result<Option<Article>> {
        let found = self.searcher(&self.snapshot()).article(id)?;
        Ok(found.map(|(_, stored)| stored.article))
    }

    /// Returns the stored article with an id, and the spans of its text that match a query. Returns
    /// `None` if no article has the id.
    pub fn article_with_matches(
        &self,
        id: &ArticleId,
        query: &str,
    ) -> Result<Option<(Article, Vec<Span>)>> {
        self.run(|searcher| {
            let query = analyze_query(query, Matching::Auto, Scope::ALL, searcher)?;
            let highlighter = Highlighter::new(&query, searcher.analyzer(), Highlight::Word)
                .within(&self.context.deadline);
            Ok(searcher
                .article(id)?
                .map(|(_, StoredArticle { article, .. })| {
                    let spans = highlighter.find(&article).spans();
                    (article, spans)
                }))
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
        let found = snapshot.candidates(selection, &self.context)?;
        let copies = self.searcher(&snapshot).fetch(found.best)?.into_iter();
        Ok(Some(Copies {
            total: found.total,
            articles: copies.map(|(_, stored)| stored.article).collect(),
        }))
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
