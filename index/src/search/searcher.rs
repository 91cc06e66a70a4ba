//! A snapshot together with the caller who searches it. All steps of a search take one.

use std::slice;

use super::page::{ResultPage, result_page};
use crate::backend::{Operator, Page, PreparedQuery, SearchContext, Snapshot};
use crate::document::{Article, ArticleId};
use crate::error::Result;
use crate::query::Query;
use crate::ranking::Weights;
use fihrist_arabic::Analyzer;

/// Searches one snapshot for one caller.
#[derive(Clone, Copy)]
pub struct Searcher<'a> {
    pub snapshot: &'a dyn Snapshot,
    pub context: &'a SearchContext,
}

impl<'a> Searcher<'a> {
    /// Returns the analyzer that made the terms.
    pub fn analyzer(self) -> &'a Analyzer {
        self.snapshot.analyzer()
    }

    /// Returns the stored article with an id.
    pub fn article(self, id: &ArticleId) -> Result<Option<Article>> {
        let Some(mut found) = self.snapshot.find(id, true, self.context)? else {
            return Ok(None);
        };
        let fetched = self
            .snapshot
            .fetch(slice::from_mut(&mut found), self.context)?;
        let stored = fetched.into_iter().flatten().next();
        Ok(stored.map(|stored| stored.article))
    }

    /// Returns one page of the articles that match.
    pub fn find(
        self,
        query: &Query,
        operator: Operator,
        weights: &Weights,
        page: Page,
    ) -> Result<ResultPage> {
        let query = PreparedQuery {
            query,
            operator,
            weights,
        };
        result_page(self, query, page)
    }

    /// Returns how many articles match.
    pub fn count(self, query: &Query, operator: Operator) -> Result<u64> {
        let found = self.find(query, operator, &Weights::default(), Page::COUNT)?;
        Ok(found.total)
    }
}
