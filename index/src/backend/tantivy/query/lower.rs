//! Our query as Tantivy's: which articles match, and the first, rough order of them. It knows terms, fields and weights,
//! and nothing of the words behind them.

use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur as Must, PhraseQuery,
    Query as Lowered, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use super::any_term::AnyTerm;
use super::deadline_query::{DeadlineQuery, check_deadline};
use super::positional::{Part, Positional};
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

/// What lowering a query takes.
pub struct Lowering<'a> {
    pub searcher: &'a Searcher,
    pub fields: &'a Fields,
    pub weights: &'a Weights,
    pub operator: Operator,
    /// The one that made the terms of the index.
    pub analyzer: &'a Analyzer,
    pub deadline: &'a Deadline,
}

type Parts = Vec<(Must, Box<dyn Lowered>)>;

impl Lowering<'_> {
    /// The query to run, or `None` where nothing could match.
    pub fn lower(&self, query: &Query) -> tantivy::Result<Option<Box<dyn Lowered>>> {
        let mut texts: Parts = Vec::new();
        let mut filters: Parts = query
            .filters
            .iter()
            .map(|filter| (Must::Must, self.filter(filter)))
            .collect();
        for clause in query.wanted() {
            if let ClauseKind::Filter(filter) = &clause.kind {
                filters.push((Must::Must, self.filter(filter)));
            } else {
                self.add(clause, &mut texts)?;
            }
        }
        let excluded = query
            .excluded()
            .map(|clause| self.one(clause))
            .collect::<tantivy::Result<Vec<_>>>()?;
        if texts.is_empty() && filters.is_empty() && excluded.is_empty() {
            return Ok(None);
        }
        let mut parts = match (texts.is_empty(), filters.is_empty()) {
            (true, true) => vec![(Must::Must, Box::new(AllQuery) as Box<dyn Lowered>)],
            // A flat union of words is what Tantivy can cut short.
            (false, true) => texts,
            (true, false) => filters,
            (false, false) => {
                filters.push((Must::Must, Box::new(BooleanQuery::new(texts))));
                filters
            }
        };
        parts.extend(excluded.into_iter().map(|clause| (Must::MustNot, clause)));
        Ok(Some(Box::new(BooleanQuery::new(parts))))
    }

    fn add(&self, clause: &Clause, parts: &mut Parts) -> tantivy::Result<()> {
        if self.operator == Operator::AnyTerm
            && let Some(words) = clause.single_words()
        {
            for word in &words {
                parts.extend(self.text(word).into_iter().map(|way| (Must::Should, way)));
            }
            return Ok(());
        }
        if self.operator.requires(clause) {
            parts.push((Must::Must, self.one(clause)?));
        } else {
            parts.extend(
                self.ways(clause)?
                    .into_iter()
                    .map(|way| (Must::Should, way)),
            );
        }
        Ok(())
    }

    /// A clause as one query, whether it is wanted or not.
    pub fn one(&self, clause: &Clause) -> tantivy::Result<Box<dyn Lowered>> {
        let mut ways = self.ways(clause)?;
        Ok(match ways.len() {
            1 => ways.remove(0),
            _ => Box::new(BooleanQuery::union(ways)),
        })
    }

    /// The ways in which a clause may match, one of which is enough.
    fn ways(&self, clause: &Clause) -> tantivy::Result<Vec<Box<dyn Lowered>>> {
        Ok(match &clause.kind {
            ClauseKind::Text(text) => self.text(text),
            ClauseKind::Near { texts, distance } => self.near(texts, *distance),
            ClauseKind::Pattern(pattern) => vec![self.pattern(pattern)?],
            ClauseKind::Filter(filter) => vec![self.filter(filter)],
            ClauseKind::Any(clauses) => {
                let ways = clauses
                    .iter()
                    .map(|clause| self.ways(clause))
                    .collect::<tantivy::Result<Vec<_>>>()?;
                ways.into_iter().flatten().collect()
            }
            ClauseKind::All(clauses) => {
                let mut parts: Parts = Vec::new();
                for clause in clauses.iter().filter(|clause| !clause.is_ignored) {
                    let must = if clause.occur == Occur::MustNot {
                        Must::MustNot
                    } else {
                        Must::Must
                    };
                    parts.push((must, self.one(clause)?));
                }
                if parts.iter().all(|(must, _)| *must == Must::MustNot) {
                    parts.push((
                        Must::Must,
                        Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0)),
                    ));
                }
                vec![Box::new(BooleanQuery::new(parts))]
            }
        })
    }

    /// A word or phrase, or what stands in for a word, in each of its fields.
    fn text(&self, text: &Text) -> Vec<Box<dyn Lowered>> {
        let mut ways = Vec::new();
        for (levels, weight) in self.levels_in(text.scope) {
            ways.push(boosted(self.in_field(text, levels), weight));
            if let ([word], Level::Stem) = (text.terms.as_slice(), text.level) {
                let related = word.related.iter().map(|related| {
                    let term = Term::from_field_text(levels.stem, &related.stem);
                    let weight = weight * self.weights.related * related.weight;
                    boosted(
                        Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
                        weight,
                    )
                });
                ways.extend(related);
            }
        }
        ways
    }

    fn near(&self, texts: &[Text], distance: u32) -> Vec<Box<dyn Lowered>> {
        let Some(scope) = texts.first().map(|text| text.scope) else {
            return Vec::new();
        };
        let ways = self.levels_in(scope).map(|(levels, weight)| {
            // Stems and forms of a word stand at the same places: both levels count positions alike.
            let field = levels.stem;
            let parts = texts.iter().map(|text| self.part(text, levels)).collect();
            boosted(
                Box::new(Positional {
                    field,
                    parts,
                    distance,
                    deadline: self.deadline.clone(),
                }),
                weight,
            )
        });
        ways.collect()
    }

    /// The words that a pattern stands for, in every form that the index holds.
    fn pattern(&self, pattern: &Pattern) -> tantivy::Result<Box<dyn Lowered>> {
        let mut terms = Vec::new();
        for word in &pattern.words {
            check_deadline(self.deadline)?;
            for form in forms(self.searcher, self.fields, word)? {
                terms.extend(
                    self.levels_in(pattern.scope)
                        .map(|(levels, _)| Term::from_field_text(levels.form, &form)),
                );
            }
        }
        Ok(Box::new(AnyTerm::new(terms, self.deadline)))
    }

    fn filter(&self, filter: &Filter) -> Box<dyn Lowered> {
        let matching: Box<dyn Lowered> = match filter {
            Filter::Keyword { field, values, .. } => {
                let field = self.fields.of_keyword(*field);
                Box::new(TermSetQuery::new(
                    values
                        .iter()
                        .map(|value| Term::from_field_text(field, value)),
                ))
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

    fn in_field(&self, text: &Text, levels: &Levels) -> Box<dyn Lowered> {
        let (field, term_of): (_, fn(&QueryTerm) -> &str) = match text.level {
            Level::Stem => (levels.stem, |word| &word.stem),
            Level::Exact => (levels.form, |word| &word.form),
        };
        if let [word] = text.terms.as_slice() {
            let term = Term::from_field_text(field, term_of(word));
            return Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
        }
        if text.terms.is_empty() {
            return Box::new(EmptyQuery);
        }
        // Only the positions of stems are what Tantivy takes for positions.
        if text.gaps > 0 || text.level == Level::Exact {
            let parts = vec![self.part(text, levels)];
            return Box::new(Positional {
                field,
                parts,
                distance: 0,
                deadline: self.deadline.clone(),
            });
        }
        let terms = text
            .terms
            .iter()
            .map(|word| Term::from_field_text(field, term_of(word)))
            .collect();
        Box::new(DeadlineQuery::new(
            Box::new(PhraseQuery::new(terms)),
            self.deadline,
        ))
    }

    fn part(&self, text: &Text, levels: &Levels) -> Part {
        let words = text.terms.iter().map(|word| match text.level {
            Level::Exact => vec![PositionedTerm::form(levels, &word.form, self.analyzer)],
            Level::Stem => {
                let stems = word.related.iter().map(|related| &related.stem);
                [&word.stem]
                    .into_iter()
                    .chain(stems)
                    .map(|stem| PositionedTerm::stem(levels, stem))
                    .collect()
            }
        });
        Part {
            words: words.collect(),
            gaps: text.gaps,
        }
    }

    fn levels_in(&self, scope: Scope) -> impl Iterator<Item = (&Levels, f32)> {
        let fields = Field::ALL
            .into_iter()
            .zip(self.fields.levels.iter().zip(self.weights.fields));
        fields
            .filter(move |(field, _)| scope.contains(*field))
            .map(|(_, levels)| levels)
    }
}

fn boosted(query: Box<dyn Lowered>, weight: f32) -> Box<dyn Lowered> {
    if weight == 1.0 {
        query
    } else {
        Box::new(BoostQuery::new(query, weight))
    }
}
