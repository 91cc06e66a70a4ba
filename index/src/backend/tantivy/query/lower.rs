//! Translates a parsed query into a Tantivy query. The result decides which articles match, and
//! their first, rough order. This module knows terms, fields and weights. It neither analyses words
//! nor ranks articles.

use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur as TantivyOccur,
    PhraseQuery, Query as TantivyQuery, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{Result, TantivyError, Term};

use super::any_term::AnyTerm;
use super::positional::{Phrase, PositionalQuery};
use super::{DeadlineQuery, check_deadline};
use crate::backend::PreparedQuery;
use crate::backend::lowering::{QueryBuilder, in_scope, lower};
use crate::backend::tantivy::collect::View;
use crate::backend::tantivy::format::{Levels, PositionedTerm};
use crate::deadline::Deadline;
use crate::query::{Filter, Level, Pattern, QueryTerm, Scope, Text};

/// The data that the translation of a query needs.
pub struct Lowering<'a> {
    pub view: &'a View,
    pub query: PreparedQuery<'a>,
    pub deadline: &'a Deadline,
}

type BoxedQuery = Box<dyn TantivyQuery>;

impl Lowering<'_> {
    /// Returns the query to run; `None` if the query has no condition, and so matches nothing.
    /// Fails after the deadline.
    pub fn lower(&self) -> Result<Option<BoxedQuery>> {
        let PreparedQuery {
            query, operator, ..
        } = self.query;
        let Some(lowered) = lower(self, operator, query, query.wanted().collect())? else {
            return Ok(None);
        };
        let mut texts = subqueries(TantivyOccur::Must, lowered.required);
        texts.extend(subqueries(TantivyOccur::Should, lowered.optional));
        let mut filters = subqueries(TantivyOccur::Must, lowered.filters);
        let mut parts = match (texts.is_empty(), filters.is_empty()) {
            (true, true) => subqueries(TantivyOccur::Must, vec![Box::new(AllQuery)]),
            // The words stay a flat union, because Tantivy skips documents only in such a union.
            (false, true) => texts,
            (true, false) => filters,
            (false, false) => {
                filters.push((TantivyOccur::Must, Box::new(BooleanQuery::new(texts))));
                filters
            }
        };
        parts.extend(subqueries(TantivyOccur::MustNot, lowered.excluded));
        Ok(Some(Box::new(BooleanQuery::new(parts))))
    }

    fn in_field(&self, text: &Text, levels: &Levels) -> BoxedQuery {
        let field = levels.at(text.level);
        let term = |word: &QueryTerm| Term::from_field_text(field, word.at(text.level));
        match text.terms.as_slice() {
            [] => return Box::new(EmptyQuery),
            [word] => return Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs)),
            [_, _, ..] => {}
        }
        // Tantivy's phrase query allows no gaps. It also needs positions, but the postings of forms
        // hold occurrence numbers.
        if text.gaps > 0 || text.level == Level::Exact {
            return Box::new(PositionalQuery {
                field,
                phrases: vec![self.phrase(text, levels)],
                distance: 0,
                deadline: self.deadline.clone(),
            });
        }
        let phrase = PhraseQuery::new(text.terms.iter().map(term).collect());
        Box::new(DeadlineQuery::new(Box::new(phrase), self.deadline))
    }

    fn phrase(&self, text: &Text, levels: &Levels) -> Phrase {
        let term = |term: &str| PositionedTerm::new(levels, text.level, term, &self.view.analyzer);
        let count = text.terms.len();
        let terms = |word: &QueryTerm| word.all_in(text.level, count).map(term).collect();
        Phrase {
            words: text.terms.iter().map(terms).collect(),
            gaps: text.gaps,
        }
    }

    /// Returns the levels of the fields in a scope, each with the field's weight.
    fn levels(&self, scope: Scope) -> impl Iterator<Item = (&Levels, f32)> {
        let levels = self.view.fields.levels.iter();
        let weighted = levels.zip(self.query.weights.fields);
        in_scope(scope, weighted).map(|(_, weighted)| weighted)
    }
}

impl QueryBuilder for Lowering<'_> {
    type Query = BoxedQuery;
    type Error = TantivyError;

    fn text(&self, text: &Text) -> Vec<BoxedQuery> {
        let mut alternatives = Vec::new();
        for (levels, weight) in self.levels(text.scope) {
            alternatives.push(boosted(self.in_field(text, levels), weight));
            if let ([word], Level::Stem) = (text.terms.as_slice(), text.level) {
                if word.typed_first > 0.0 {
                    let term = Term::from_field_text(levels.form, &word.form);
                    let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                    let boost = self.query.weights.typed_spelling_of_candidates(word);
                    alternatives.push(boosted(Box::new(query), weight * boost));
                }
                for related in &word.related {
                    let term = Term::from_field_text(levels.stem, &related.stem);
                    let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                    let weight = weight * self.query.weights.related * related.weight;
                    alternatives.push(boosted(Box::new(query), weight));
                }
            }
        }
        alternatives
    }

    fn near(&self, scope: Scope, texts: &[Text], distance: u32) -> Vec<BoxedQuery> {
        let in_field = |(levels, weight): (&Levels, f32)| {
            let query = PositionalQuery {
                // A word has the same position at both levels, so the matches would be the same
                // with the form field.
                field: levels.stem,
                phrases: texts.iter().map(|text| self.phrase(text, levels)).collect(),
                distance,
                deadline: self.deadline.clone(),
            };
            boosted(Box::new(query), weight)
        };
        self.levels(scope).map(in_field).collect()
    }

    fn pattern(&self, pattern: &Pattern) -> Result<BoxedQuery> {
        let mut terms = Vec::new();
        for word in &pattern.words {
            check_deadline(self.deadline)?;
            for form in self.view.forms(word)? {
                for (levels, _) in self.levels(pattern.scope) {
                    terms.push(Term::from_field_text(levels.form, &form));
                }
            }
        }
        Ok(Box::new(AnyTerm::new(terms, self.deadline)))
    }

    fn filter(&self, filter: &Filter) -> BoxedQuery {
        let matching: BoxedQuery = match filter {
            Filter::Keyword { field, values, .. } => {
                let field = self.view.fields.of_keyword(*field);
                let term = |value: &String| Term::from_field_text(field, value);
                Box::new(TermSetQuery::new(values.iter().map(term)))
            }
            Filter::Published { period, .. } => {
                let term = |seconds| Term::from_field_i64(self.view.fields.published, seconds);
                let bound = |seconds: Option<i64>, of: fn(Term) -> Bound<Term>| {
                    seconds.map_or(Bound::Unbounded, |seconds| of(term(seconds)))
                };
                match period.seconds() {
                    (None, None) => Box::new(AllQuery),
                    (from, before) => Box::new(RangeQuery::new(
                        bound(from, Bound::Included),
                        bound(before, Bound::Excluded),
                    )),
                }
            }
        };
        unscored(matching)
    }

    fn any(&self, queries: Vec<BoxedQuery>) -> BoxedQuery {
        Box::new(BooleanQuery::union(queries))
    }

    fn all(&self, mut required: Vec<BoxedQuery>, excluded: Vec<BoxedQuery>) -> BoxedQuery {
        if required.is_empty() {
            required.push(unscored(Box::new(AllQuery)));
        }
        let mut parts = subqueries(TantivyOccur::Must, required);
        parts.extend(subqueries(TantivyOccur::MustNot, excluded));
        Box::new(BooleanQuery::new(parts))
    }
}

/// Returns queries as the parts of a boolean query that combine in this way.
fn subqueries(occur: TantivyOccur, queries: Vec<BoxedQuery>) -> Vec<(TantivyOccur, BoxedQuery)> {
    queries.into_iter().map(|query| (occur, query)).collect()
}

fn unscored(query: BoxedQuery) -> BoxedQuery {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn boosted(query: BoxedQuery, weight: f32) -> BoxedQuery {
    if weight == 1.0 {
        query
    } else {
        Box::new(BoostQuery::new(query, weight))
    }
}
