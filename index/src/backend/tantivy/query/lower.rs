//! Translates a parsed query into a Tantivy query. The result decides which articles match, and
//! their first, rough order. This module knows terms, fields and weights. It neither analyses words
//! nor ranks articles.

use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur as TantivyOccur,
    PhraseQuery, Query as TantivyQuery, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{Result, Term};

use super::any_term::AnyTerm;
use super::positional::{Phrase, PositionalQuery};
use super::{DeadlineQuery, check_deadline};
use crate::backend::tantivy::collect::View;
use crate::backend::tantivy::format::{Levels, PositionedTerm};
use crate::backend::{Operator, PreparedQuery};
use crate::deadline::Deadline;
use crate::document::Field;
use crate::query::{Clause, ClauseKind, Filter, Level, Occur, Pattern, QueryTerm, Scope, Text};

/// The data that the translation of a query needs.
pub struct Lowering<'a> {
    pub view: &'a View,
    pub query: PreparedQuery<'a>,
    pub deadline: &'a Deadline,
}

type BoxedQuery = Box<dyn TantivyQuery>;
type Subqueries = Vec<(TantivyOccur, BoxedQuery)>;

impl Lowering<'_> {
    /// Returns the query to run; `None` if the query has no condition, and so matches nothing.
    /// Fails after the deadline.
    pub fn lower(&self) -> Result<Option<BoxedQuery>> {
        let query = self.query.query;
        let mut texts = Vec::new();
        let mut filters = Vec::new();
        for filter in &query.filters {
            filters.push(must(self.filter(filter)));
        }
        for clause in query.wanted() {
            if let ClauseKind::Filter(filter) = &clause.kind {
                filters.push(must(self.filter(filter)));
            } else {
                self.add(clause, &mut texts)?;
            }
        }
        let mut excluded: Subqueries = Vec::new();
        for clause in query.excluded() {
            excluded.push((TantivyOccur::MustNot, self.one(clause)?));
        }
        if texts.is_empty() && filters.is_empty() && excluded.is_empty() {
            return Ok(None);
        }
        let mut subqueries = match (texts.is_empty(), filters.is_empty()) {
            (true, true) => vec![must(Box::new(AllQuery))],
            // The words stay a flat union, because Tantivy skips documents only in such a union.
            (false, true) => texts,
            (true, false) => filters,
            (false, false) => {
                filters.push(must(Box::new(BooleanQuery::new(texts))));
                filters
            }
        };
        subqueries.extend(excluded);
        Ok(Some(Box::new(BooleanQuery::new(subqueries))))
    }

    fn add(&self, clause: &Clause, subqueries: &mut Subqueries) -> Result<()> {
        if self.query.operator == Operator::AnyTerm
            && let Some(words) = clause.single_words()
        {
            for word in &words {
                subqueries.extend(self.text(word).into_iter().map(should));
            }
        } else if self.query.operator.requires(clause) {
            subqueries.push(must(self.one(clause)?));
        } else {
            subqueries.extend(self.alternatives(clause)?.into_iter().map(should));
        }
        Ok(())
    }

    /// Returns a clause as one query, whether the clause is required, optional or excluded.
    pub fn one(&self, clause: &Clause) -> Result<BoxedQuery> {
        let mut alternatives = self.alternatives(clause)?;
        Ok(match alternatives.len() {
            1 => alternatives.remove(0),
            _ => Box::new(BooleanQuery::union(alternatives)),
        })
    }

    /// Returns the alternative queries for a clause; a document needs to match only one.
    fn alternatives(&self, clause: &Clause) -> Result<Vec<BoxedQuery>> {
        Ok(match &clause.kind {
            ClauseKind::Text(text) => self.text(text),
            ClauseKind::Near { texts, distance } => self.near(texts, *distance),
            ClauseKind::Pattern(pattern) => vec![self.pattern(pattern)?],
            ClauseKind::Filter(filter) => vec![self.filter(filter)],
            ClauseKind::Any(clauses) => {
                let mut alternatives = Vec::new();
                for clause in clauses {
                    alternatives.extend(self.alternatives(clause)?);
                }
                alternatives
            }
            ClauseKind::All(clauses) => vec![self.all(clauses)?],
        })
    }

    /// Returns a query that matches the documents that hold all of these clauses.
    fn all(&self, clauses: &[Clause]) -> Result<BoxedQuery> {
        let mut subqueries = Vec::new();
        for clause in clauses.iter().filter(|clause| !clause.is_ignored) {
            let query = self.one(clause)?;
            subqueries.push(match clause.occur {
                Occur::MustNot => (TantivyOccur::MustNot, query),
                Occur::Must | Occur::Should => must(query),
            });
        }
        let mut occurs = subqueries.iter().map(|(occur, _)| *occur);
        if occurs.all(|occur| occur == TantivyOccur::MustNot) {
            subqueries.push(must(unscored(Box::new(AllQuery))));
        }
        Ok(Box::new(BooleanQuery::new(subqueries)))
    }

    /// Returns the alternatives for a word or phrase: in each field, one for the text and one for
    /// each related stem of a word.
    fn text(&self, text: &Text) -> Vec<BoxedQuery> {
        let mut alternatives = Vec::new();
        for (levels, weight) in self.levels_in(text.scope) {
            alternatives.push(boosted(self.in_field(text, levels), weight));
            if let ([word], Level::Stem) = (text.terms.as_slice(), text.level) {
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

    fn near(&self, texts: &[Text], distance: u32) -> Vec<BoxedQuery> {
        let Some(scope) = texts.first().map(|text| text.scope) else {
            return Vec::new();
        };
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
        self.levels_in(scope).map(in_field).collect()
    }

    /// Returns a query for the words that match a pattern, in all their forms in the index.
    fn pattern(&self, pattern: &Pattern) -> Result<BoxedQuery> {
        let mut terms = Vec::new();
        for word in &pattern.words {
            check_deadline(self.deadline)?;
            for form in self.view.forms(word)? {
                for (levels, _) in self.levels_in(pattern.scope) {
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

    fn in_field(&self, text: &Text, levels: &Levels) -> BoxedQuery {
        let field = levels.at(text.level);
        let term = |word: &QueryTerm| match text.level {
            Level::Stem => Term::from_field_text(field, &word.stem),
            Level::Exact => Term::from_field_text(field, &word.form),
        };
        match text.terms.as_slice() {
            [] => return Box::new(EmptyQuery),
            [word] => return Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs)),
            [_, _, ..] => {}
        }
        // Tantivy's phrase query has no such gaps, and it needs positions. The postings of forms
        // hold occurrence numbers instead.
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
        let terms = |word: &QueryTerm| match text.level {
            Level::Exact => vec![term(&word.form)],
            Level::Stem => {
                let related = word.related.iter().map(|related| term(&related.stem));
                std::iter::once(term(&word.stem)).chain(related).collect()
            }
        };
        Phrase {
            words: text.terms.iter().map(terms).collect(),
            gaps: text.gaps,
        }
    }

    /// Returns the levels of the fields in a scope, each with the field's weight.
    fn levels_in(&self, scope: Scope) -> impl Iterator<Item = (&Levels, f32)> {
        let weighted = self
            .view
            .fields
            .levels
            .iter()
            .zip(self.query.weights.fields);
        let in_scope = move |(field, _): &(Field, _)| scope.contains(*field);
        let levels = Field::ALL.into_iter().zip(weighted).filter(in_scope);
        levels.map(|(_, weighted)| weighted)
    }
}

fn must(query: BoxedQuery) -> (TantivyOccur, BoxedQuery) {
    (TantivyOccur::Must, query)
}

fn should(query: BoxedQuery) -> (TantivyOccur, BoxedQuery) {
    (TantivyOccur::Should, query)
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
