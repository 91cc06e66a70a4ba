//! Translates a parsed query into a Tantivy query. The result decides which articles match, and
//! their first, rough order. This module knows terms, fields and weights. It neither analyses words
//! nor ranks articles.

use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur as TantivyOccur,
    PhraseQuery, Query as TantivyQuery, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use super::any_term::AnyTerm;
use super::deadline_query::{DeadlineQuery, check_deadline};
use super::positional::{Phrase, PositionalQuery};
use crate::backend::Operator;
use crate::backend::tantivy::collect::dictionary::forms;
use crate::backend::tantivy::format::form_positions::PositionedTerm;
use crate::backend::tantivy::format::schema::{Fields, Levels};
use crate::deadline::Deadline;
use crate::document::Field;
use crate::query::{
    Clause, ClauseKind, Filter, Level, Occur, Pattern, Query, QueryTerm, Scope, Text,
};
use crate::ranking::Weights;
use fihrist_arabic::Analyzer;

/// The data that the translation of a query needs.
pub struct Lowering<'a> {
    pub searcher: &'a Searcher,
    pub fields: &'a Fields,
    pub weights: &'a Weights,
    pub operator: Operator,
    /// The analyzer that made the terms of the index.
    pub analyzer: &'a Analyzer,
    pub deadline: &'a Deadline,
}

type Subqueries = Vec<(TantivyOccur, Box<dyn TantivyQuery>)>;

impl Lowering<'_> {
    /// Returns the query to run; `None` if the query has no condition, and so matches nothing.
    /// Fails after the deadline.
    pub fn lower(&self, query: &Query) -> tantivy::Result<Option<Box<dyn TantivyQuery>>> {
        let mut texts: Subqueries = Vec::new();
        let mut filters: Subqueries = Vec::new();
        for filter in &query.filters {
            filters.push((TantivyOccur::Must, self.filter(filter)));
        }
        for clause in query.wanted() {
            if let ClauseKind::Filter(filter) = &clause.kind {
                filters.push((TantivyOccur::Must, self.filter(filter)));
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
            (true, true) => vec![must(AllQuery)],
            // The words stay a flat union, because Tantivy skips documents only in such a union.
            (false, true) => texts,
            (true, false) => filters,
            (false, false) => {
                filters.push(must(BooleanQuery::new(texts)));
                filters
            }
        };
        subqueries.extend(excluded);
        Ok(Some(Box::new(BooleanQuery::new(subqueries))))
    }

    fn add(&self, clause: &Clause, subqueries: &mut Subqueries) -> tantivy::Result<()> {
        if self.operator == Operator::AnyTerm
            && let Some(words) = clause.single_words()
        {
            for word in &words {
                subqueries.extend(self.text(word).into_iter().map(should));
            }
        } else if self.operator.requires(clause) {
            subqueries.push((TantivyOccur::Must, self.one(clause)?));
        } else {
            subqueries.extend(self.alternatives(clause)?.into_iter().map(should));
        }
        Ok(())
    }

    /// Returns a clause as one query, whether the clause is required, optional or excluded.
    pub fn one(&self, clause: &Clause) -> tantivy::Result<Box<dyn TantivyQuery>> {
        let mut alternatives = self.alternatives(clause)?;
        Ok(match alternatives.len() {
            1 => alternatives.remove(0),
            _ => Box::new(BooleanQuery::union(alternatives)),
        })
    }

    /// Returns the alternative queries for a clause; a document needs to match only one.
    fn alternatives(&self, clause: &Clause) -> tantivy::Result<Vec<Box<dyn TantivyQuery>>> {
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
    fn all(&self, clauses: &[Clause]) -> tantivy::Result<Box<dyn TantivyQuery>> {
        let mut subqueries: Subqueries = Vec::new();
        for clause in clauses.iter().filter(|clause| !clause.is_ignored) {
            let occur = if clause.occur == Occur::MustNot {
                TantivyOccur::MustNot
            } else {
                TantivyOccur::Must
            };
            subqueries.push((occur, self.one(clause)?));
        }
        let are_all_excluded = subqueries
            .iter()
            .all(|(occur, _)| *occur == TantivyOccur::MustNot);
        if are_all_excluded {
            subqueries.push(must(ConstScoreQuery::new(Box::new(AllQuery), 0.0)));
        }
        Ok(Box::new(BooleanQuery::new(subqueries)))
    }

    /// Returns the alternatives for a word or phrase: in each field, one for the text and one for
    /// each related stem of a word.
    fn text(&self, text: &Text) -> Vec<Box<dyn TantivyQuery>> {
        let mut alternatives = Vec::new();
        for (levels, weight) in self.levels_in(text.scope) {
            alternatives.push(boosted(self.in_field(text, levels), weight));
            if let ([word], Level::Stem) = (text.terms.as_slice(), text.level) {
                for related in &word.related {
                    let term = Term::from_field_text(levels.stem, &related.stem);
                    let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                    let weight = weight * self.weights.related * related.weight;
                    alternatives.push(boosted(Box::new(query), weight));
                }
            }
        }
        alternatives
    }

    fn near(&self, texts: &[Text], distance: u32) -> Vec<Box<dyn TantivyQuery>> {
        let Some(scope) = texts.first().map(|text| text.scope) else {
            return Vec::new();
        };
        let mut alternatives = Vec::new();
        for (levels, weight) in self.levels_in(scope) {
            let query = PositionalQuery {
                // A word has the same position at both levels, so the matches would be the same
                // with the form field.
                field: levels.stem,
                phrases: texts.iter().map(|text| self.phrase(text, levels)).collect(),
                distance,
                deadline: self.deadline.clone(),
            };
            alternatives.push(boosted(Box::new(query), weight));
        }
        alternatives
    }

    /// Returns a query for the words that match a pattern, in all their forms in the index.
    fn pattern(&self, pattern: &Pattern) -> tantivy::Result<Box<dyn TantivyQuery>> {
        let mut terms = Vec::new();
        for word in &pattern.words {
            check_deadline(self.deadline)?;
            for form in forms(self.searcher, self.fields, word)? {
                for (levels, _) in self.levels_in(pattern.scope) {
                    terms.push(Term::from_field_text(levels.form, &form));
                }
            }
        }
        Ok(Box::new(AnyTerm::new(terms, self.deadline)))
    }

    fn filter(&self, filter: &Filter) -> Box<dyn TantivyQuery> {
        let matching: Box<dyn TantivyQuery> = match filter {
            Filter::Keyword { field, values, .. } => {
                let field = self.fields.of_keyword(*field);
                let terms = values
                    .iter()
                    .map(|value| Term::from_field_text(field, value));
                Box::new(TermSetQuery::new(terms))
            }
            Filter::Published { period, .. } => {
                let term = |seconds| Term::from_field_i64(self.fields.published, seconds);
                let (from, before) = period.seconds();
                let from = from.map_or(Bound::Unbounded, |from| Bound::Included(term(from)));
                let before =
                    before.map_or(Bound::Unbounded, |before| Bound::Excluded(term(before)));
                match (&from, &before) {
                    (Bound::Unbounded, Bound::Unbounded) => Box::new(AllQuery),
                    _ => Box::new(RangeQuery::new(from, before)),
                }
            }
        };
        Box::new(ConstScoreQuery::new(matching, 0.0))
    }

    fn in_field(&self, text: &Text, levels: &Levels) -> Box<dyn TantivyQuery> {
        let (field, term_of): (_, fn(&QueryTerm) -> &str) = match text.level {
            Level::Stem => (levels.stem, |word| &word.stem),
            Level::Exact => (levels.form, |word| &word.form),
        };
        let term = |word| Term::from_field_text(field, term_of(word));
        if let [word] = text.terms.as_slice() {
            return Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs));
        }
        if text.terms.is_empty() {
            return Box::new(EmptyQuery);
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
        let terms = text.terms.iter().map(term).collect();
        let phrase = Box::new(PhraseQuery::new(terms));
        Box::new(DeadlineQuery::new(phrase, self.deadline))
    }

    fn phrase(&self, text: &Text, levels: &Levels) -> Phrase {
        let mut words = Vec::new();
        for word in &text.terms {
            words.push(match text.level {
                Level::Exact => vec![PositionedTerm::form(levels, &word.form, self.analyzer)],
                Level::Stem => {
                    let mut terms = vec![PositionedTerm::stem(levels, &word.stem)];
                    for related in &word.related {
                        terms.push(PositionedTerm::stem(levels, &related.stem));
                    }
                    terms
                }
            });
        }
        Phrase {
            words,
            gaps: text.gaps,
        }
    }

    /// Returns the levels of the fields in a scope, each with the field's weight.
    fn levels_in(&self, scope: Scope) -> impl Iterator<Item = (&Levels, f32)> {
        let weighted = self.fields.levels.iter().zip(self.weights.fields);
        let fields = Field::ALL.into_iter().zip(weighted);
        fields
            .filter(move |(field, _)| scope.contains(*field))
            .map(|(_, levels)| levels)
    }
}

fn must(query: impl TantivyQuery) -> (TantivyOccur, Box<dyn TantivyQuery>) {
    (TantivyOccur::Must, Box::new(query))
}

fn should(query: Box<dyn TantivyQuery>) -> (TantivyOccur, Box<dyn TantivyQuery>) {
    (TantivyOccur::Should, query)
}

fn boosted(query: Box<dyn TantivyQuery>, weight: f32) -> Box<dyn TantivyQuery> {
    if weight == 1.0 {
        query
    } else {
        Box::new(BoostQuery::new(query, weight))
    }
}
