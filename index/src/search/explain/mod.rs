//! Explains why a query finds an article, or why it does not. The backend says which clauses match,
//! and the ranking computes the score of each word. Analysis of the article tells which of its
//! words match, and why a clause does not.

mod answer;
mod forms;

pub use answer::{
    ExplainedClause, ExplainedQuery, ExplainedWord, Explanation, FoundBy, FoundForm, MissReason,
};
use forms::{QueryWord, forms, miss_reason};

use super::execute::execute;
use super::score::Scorer;
use super::searcher::Searcher;
use super::{Index, SearchRequest};
use crate::backend::{Page, PreparedQuery};
use crate::document::ArticleId;
use crate::error::Result;
use crate::query::Occur;

impl Index {
    /// Explains why a query finds an article, or why it does not; `None` if no article has the id.
    pub fn explain(
        &self,
        request: &SearchRequest,
        id: &ArticleId,
    ) -> Result<Option<ExplainedQuery>> {
        self.run(|searcher| {
            let executed = execute(searcher, request, Page::COUNT)?;
            let explanation = explain(searcher, executed.prepared(), id)?;
            Ok(explanation.map(|explanation| ExplainedQuery {
                input: executed.input,
                query: executed.query,
                relaxed: executed.outcome.relaxed,
                did_you_mean: executed.did_you_mean,
                explanation,
            }))
        })
    }
}

/// Explains why a query finds one article or does not; `None` if no article has the id.
pub fn explain(
    searcher: Searcher<'_>,
    prepared: PreparedQuery<'_>,
    id: &ArticleId,
) -> Result<Option<Explanation>> {
    let Searcher {
        snapshot, context, ..
    } = searcher;
    let Some(candidate) = snapshot.find(id, true, context)? else {
        return Ok(None);
    };
    let matches = snapshot.matches(prepared, id, context)?;
    let scorer = Scorer::new(searcher, prepared)?;
    let mut candidates = vec![candidate];
    let score = scorer.parts(&mut candidates)?.pop().unwrap_or_default();
    let Some((_, stored)) = searcher.fetch(candidates)?.pop() else {
        return Ok(None);
    };
    let (article, query, analyzer) = (&stored.article, prepared.query, searcher.analyzer());
    let mut clauses = Vec::with_capacity(query.clauses.len());
    for (clause, is_held) in query.clauses.iter().zip(matches.holds) {
        let is_missed = !is_held && clause.occur != Occur::MustNot;
        clauses.push(ExplainedClause {
            text: clause.span.slice(&query.input).to_owned(),
            span: clause.span,
            occur: clause.occur,
            is_ignored: clause.is_ignored,
            is_held,
            lack: is_missed.then(|| miss_reason(clause, article, analyzer)),
        });
    }
    let of_query = QueryWord::all(query);
    let forms = forms(article, &of_query, &scorer.words, analyzer);
    let mut words = Vec::with_capacity(of_query.len());
    for ((word, score), forms) in of_query.iter().zip(&score.words).zip(forms) {
        words.push(ExplainedWord {
            text: word.text().to_owned(),
            stem: word.stem().to_owned(),
            score: *score,
            forms,
        });
    }
    Ok(Some(Explanation {
        is_match: matches.is_match,
        score: score.total(),
        passage: score.passage,
        together: score.together,
        clauses,
        words,
    }))
}
