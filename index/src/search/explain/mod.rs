//! Explains why a query finds an article, or why it does not. The backend says which clauses match,
//! and the ranking computes the score of each word. Analysis of the article tells which of its
//! words match, and why a clause does not.

mod answer;
mod forms;
mod miss;

pub use answer::{
    ExplainedClause, ExplainedQuery, ExplainedWord, Explanation, FoundBy, FoundForm, MissReason,
};
use forms::{QueryWord, forms};
use miss::miss_reason;

use super::score::Scorer;
use super::searcher::Searcher;
use crate::backend::{Matches, PreparedQuery};
use crate::document::{Article, ArticleId};
use crate::error::Result;
use crate::query::{Clause, Occur, Query};
use crate::ranking::ScoreParts;
use fihrist_arabic::Analyzer;

/// Explains why a query finds one article or does not; `None` if no article has the id.
pub fn explain(
    searcher: Searcher<'_>,
    query: PreparedQuery<'_>,
    id: &ArticleId,
) -> Result<Option<Explanation>> {
    let Searcher { snapshot, context } = searcher;
    let Some(candidate) = snapshot.find(id, true, context)? else {
        return Ok(None);
    };
    let matches = snapshot.matches(query, id, context)?;
    let scorer = Scorer::new(searcher, query)?;
    let mut candidates = [candidate];
    let score = scorer.parts(&mut candidates)?.pop().unwrap_or_default();
    let fetched = snapshot.fetch(&mut candidates, context)?;
    let Some(stored) = fetched.into_iter().flatten().next() else {
        return Ok(None);
    };
    let mut root_groups: Vec<Vec<String>> = Vec::new();
    for word in scorer.words() {
        root_groups.push(word.root_groups().map(str::to_owned).collect());
    }
    let explained = Explained {
        article: &stored.article,
        matches,
        score,
        root_groups,
    };
    let analyzer = searcher.analyzer();
    Ok(Some(explained.explanation(query.query, analyzer)))
}

/// The results of the backend and of the ranking for one article.
struct Explained<'a> {
    article: &'a Article,
    matches: Matches,
    score: ScoreParts,
    /// For each word of the query, the stems of its root group.
    root_groups: Vec<Vec<String>>,
}

impl Explained<'_> {
    fn explanation(&self, query: &Query, analyzer: &Analyzer) -> Explanation {
        Explanation {
            is_match: self.matches.is_match,
            score: self.score.total(),
            passage: self.score.passage,
            together: self.score.together,
            clauses: self.clauses(query, analyzer),
            words: self.words(query, analyzer),
        }
    }

    fn clauses(&self, query: &Query, analyzer: &Analyzer) -> Vec<ExplainedClause> {
        let mut clauses = Vec::with_capacity(query.clauses.len());
        for (clause, is_held) in query.clauses.iter().zip(&self.matches.holds) {
            clauses.push(ExplainedClause {
                text: clause.span.slice(&query.input).to_owned(),
                span: clause.span,
                occur: clause.occur,
                is_ignored: clause.is_ignored,
                is_held: *is_held,
                lack: self.miss_reason(clause, *is_held, analyzer),
            });
        }
        clauses
    }

    fn miss_reason(
        &self,
        clause: &Clause,
        is_held: bool,
        analyzer: &Analyzer,
    ) -> Option<MissReason> {
        if is_held || clause.occur == Occur::MustNot {
            return None;
        }
        Some(miss_reason(clause, self.article, analyzer))
    }

    fn words(&self, query: &Query, analyzer: &Analyzer) -> Vec<ExplainedWord> {
        let of_query = QueryWord::all(query);
        let forms = forms(self.article, &of_query, &self.root_groups, analyzer);
        let mut words = Vec::with_capacity(of_query.len());
        for ((word, score), forms) in of_query.iter().zip(&self.score.words).zip(forms) {
            words.push(ExplainedWord {
                text: word.text().to_owned(),
                stem: word.stem().to_owned(),
                score: *score,
                forms,
            });
        }
        words
    }
}
