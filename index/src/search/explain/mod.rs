//! Explains why a query finds an article, or why it does not. The backend says which clauses match,
//! and the ranking computes the score of each word. Analysis of the article tells which of its
//! words match, and why a clause does not.

mod answer;
mod forms;

pub use answer::{
    ExplainedClause, ExplainedQuery, ExplainedWord, Explanation, FoundBy, FoundForm, MissReason,
};
use forms::{QueryWord, forms, miss_reasons};

use super::execute::execute;
use super::score::Scorer;
use super::searcher::Searcher;
use super::spellings::look_up_related_words;
use super::{Index, SearchRequest};
use crate::answer_limit::OBJECT_BYTES;
use crate::backend::{Page, PreparedQuery};
use crate::document::{Article, ArticleId};
use crate::error::Result;
use crate::query::{Clause, Occur};
use crate::ranking::{ScoreParts, WordScore};

impl Index {
    /// Explains why a query finds an article, or why it does not; `None` if no article has the id.
    pub fn explain(
        &self,
        request: &SearchRequest,
        id: &ArticleId,
    ) -> Result<Option<ExplainedQuery>> {
        self.run(|searcher| {
            let mut executed = execute(searcher, request, Page::COUNT)?;
            look_up_related_words(&mut executed.query, searcher)?;
            let explanation = Explainer::new(searcher, executed.prepared())?.explain(id)?;
            Ok(explanation.map(|explanation| ExplainedQuery {
                input: executed.input,
                query: executed.query,
                relaxed: executed.outcome.relaxed,
                did_you_mean: executed.correction.map(|meant| meant.text),
                explanation,
            }))
        })
    }
}

/// Explains for one query why it finds articles or does not.
pub struct Explainer<'a> {
    searcher: Searcher<'a>,
    prepared: PreparedQuery<'a>,
    scorer: Scorer<'a>,
    /// The words and patterns of the query. A repeated word is in the list once.
    words: Vec<QueryWord<'a>>,
}

impl<'a> Explainer<'a> {
    /// Looks up the terms of the query.
    pub fn new(searcher: Searcher<'a>, prepared: PreparedQuery<'a>) -> Result<Self> {
        let scorer = Scorer::new(searcher, prepared)?;
        let all = QueryWord::all(prepared.query);
        let mut words: Vec<Option<QueryWord<'_>>> = scorer.words.iter().map(|_| None).collect();
        for (word, place) in all.into_iter().zip(&scorer.places) {
            words[*place].get_or_insert(word);
        }
        Ok(Self {
            searcher,
            prepared,
            scorer,
            words: words.into_iter().flatten().collect(),
        })
    }

    /// Explains why the query finds one article or does not; `None` if no article has the id.
    pub fn explain(&self, id: &ArticleId) -> Result<Option<Explanation>> {
        let Some((_, stored)) = self.searcher.article(id)? else {
            return Ok(None);
        };
        self.explain_article(&stored.article)
    }

    /// Explains why the query finds a stored article or does not; `None` if it was deleted.
    pub fn explain_article(&self, article: &Article) -> Result<Option<Explanation>> {
        let Searcher {
            snapshot, context, ..
        } = self.searcher;
        let id = &article.id;
        let Some(candidate) = snapshot.find(id, false, context)? else {
            return Ok(None);
        };
        let matches = snapshot.matches(self.prepared, id, context)?;
        let mut candidates = vec![candidate];
        let score = self.scorer.parts(&mut candidates)?.pop();
        let score = score.unwrap_or_default();
        let clauses = self.clauses(article, matches.holds)?;
        Ok(Some(Explanation {
            is_match: matches.is_match,
            score: score.total(),
            passage: score.passage,
            together: score.together,
            clauses,
            words: self.words(article, &score)?,
        }))
    }

    /// Explains the clauses; `holds` says which of them the article matches.
    fn clauses(&self, article: &Article, holds: Vec<bool>) -> Result<Vec<ExplainedClause>> {
        let (query, context) = (self.prepared.query, self.searcher.context);
        let is_missed = |clause: &Clause, is_held: bool| !is_held && clause.occur != Occur::MustNot;
        let held = || query.clauses.iter().zip(&holds);
        let missed = held().filter(|(clause, is_held)| is_missed(clause, **is_held));
        let missed: Vec<&Clause> = missed.map(|(clause, _)| clause).collect();
        let reasons = miss_reasons(&missed, article, self.searcher.analyzer(), &context.answer)?;
        let mut reasons = reasons.into_iter();
        let mut clauses = Vec::with_capacity(query.clauses.len());
        for (clause, is_held) in held() {
            let text = clause.span.slice(&query.input).to_owned();
            context.answer.charge(OBJECT_BYTES + text.len())?;
            clauses.push(ExplainedClause {
                text,
                span: clause.span,
                occur: clause.occur,
                is_ignored: clause.is_ignored,
                is_held: *is_held,
                lack: if is_missed(clause, *is_held) {
                    reasons.next()
                } else {
                    None
                },
            });
        }
        Ok(clauses)
    }

    /// Explains the words; `score` has what each of them adds.
    fn words(&self, article: &Article, score: &ScoreParts) -> Result<Vec<ExplainedWord>> {
        let (scoring, limit) = (&self.scorer.words, &self.searcher.context.answer);
        let analyzer = self.searcher.analyzer();
        let forms = forms(article, &self.words, scoring, analyzer, limit)?;
        let mut words: Vec<ExplainedWord> = Vec::with_capacity(self.words.len());
        for (word, forms) in self.words.iter().zip(forms) {
            let (text, stem) = (word.text().to_owned(), word.stem().to_owned());
            limit.charge(OBJECT_BYTES + text.len() + stem.len())?;
            words.push(ExplainedWord {
                text,
                stem,
                score: WordScore::default(),
                forms,
            });
        }
        for (place, score) in self.scorer.places.iter().zip(&score.words) {
            if let Some(word) = words.get_mut(*place) {
                word.score.add(*score);
            }
        }
        Ok(words)
    }
}
