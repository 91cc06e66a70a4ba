//! A snapshot together with the caller who searches it. All steps of a search take one as an
//! argument.

use crate::backend::{Candidate, Operator, Page, SearchContext, Snapshot};
use crate::document::{ArticleId, Field, StoredArticle};
use crate::error::Result;
use crate::query::{Clause, ClauseKind, Level, Occur, Query, QueryTerm, Scope, Text};
use crate::ranking::Weights;
use fihrist_arabic::{Analyzer, Span};

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

    /// Returns how many articles have a term, in the field that has it most often.
    pub fn most_articles(self, level: Level, term: &str) -> Result<u64> {
        let terms = self.snapshot.terms();
        let mut most = 0;
        for field in Field::ALL {
            most = most.max(terms.frequency(field, level, term)?);
        }
        Ok(most)
    }

    /// Returns how many articles have these words as a phrase with `gaps` other words in it.
    pub fn count_phrase(self, terms: Vec<QueryTerm>, gaps: u32, level: Level) -> Result<u64> {
        self.context.deadline.check()?;
        let text = Text {
            span: Span::new(0, 0),
            terms,
            gaps,
            level,
            scope: Scope::ALL,
            is_one_word: false,
        };
        let clause = Clause::new(Occur::Must, text.span, ClauseKind::Text(text));
        let query = Query {
            input: String::new(),
            clauses: vec![clause],
            filters: Vec::new(),
            notices: Vec::new(),
        };
        Ok(self.find(&query, Operator::And, Page::COUNT)?.total)
    }
}
