//! A snapshot together with the caller who searches it. All steps of a search take one as an
//! argument.

use crate::backend::{Candidate, SearchContext, Snapshot};
use crate::document::{ArticleId, StoredArticle};
use crate::error::Result;
use crate::ranking::Weights;
use fihrist_arabic::Analyzer;

/// Searches one snapshot for one caller.
#[derive(Clone, Copy)]
pub struct Searcher<'a> {
    pub snapshot: &'a dyn Snapshot,
    pub context: &'a SearchContext,
    /// The weights of the ranking.
    pub weights: &'a Weights,
}

impl<'a> Searcher<'a> {
    /// Returns the analyzer that made the terms of the snapshot.
    pub fn analyzer(self) -> &'a Analyzer {
        self.snapshot.analyzer()
    }

    /// Returns the article with an id as a candidate and as stored; `None` if there is none.
    pub fn article(self, id: &ArticleId) -> Result<Option<(Candidate, StoredArticle)>> {
        let found = self.snapshot.find(id, true, self.context)?;
        Ok(self.fetch(found.into_iter().collect())?.pop())
    }

    /// Reads the articles of candidates. Leaves out candidates that are no longer stored.
    pub fn fetch(self, mut candidates: Vec<Candidate>) -> Result<Vec<(Candidate, StoredArticle)>> {
        let articles = self.snapshot.fetch(&mut candidates, self.context)?;
        let found = candidates.into_iter().zip(articles);
        Ok(found
            .filter_map(|(candidate, article)| Some((candidate, article?)))
            .collect())
    }
}
