//! A snapshot together with the caller who searches it. All steps of a search take one as an
//! argument.

use std::slice;

use crate::backend::{SearchContext, Snapshot};
use crate::document::{Article, ArticleId};
use crate::error::Result;
use fihrist_arabic::Analyzer;

/// Searches one snapshot for one caller.
#[derive(Clone, Copy)]
pub struct Searcher<'a> {
    pub snapshot: &'a dyn Snapshot,
    pub context: &'a SearchContext,
}

impl<'a> Searcher<'a> {
    /// Returns the analyzer that made the terms of the snapshot.
    pub fn analyzer(self) -> &'a Analyzer {
        self.snapshot.analyzer()
    }

    /// Returns the stored article with an id; `None` if there is none.
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
}
