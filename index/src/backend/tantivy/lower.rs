//! Our query as Tantivy's: which articles match, and the first, rough order of them. It knows terms, fields and weights,
//! and nothing of the words behind them.

use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, Occur as Must, PhraseQuery, Query as Lowered, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::schema::{Fields, Levels};
use crate::backend::Operator;
use crate::backend::ranking::Weights;
use crate::query::{Clause, Level, Occur, Query, Term as Word};

/// The query to run, or `None` where nothing could match.
pub fn lower(query: &Query, operator: Operator, weights: &Weights, fields: &Fields) -> Option<Box<dyn Lowered>> {
    let mut parts: Vec<(Must, Box<dyn Lowered>)> = Vec::new();
    for clause in query.wanted() {
        if operator == Operator::Any && clause.terms.len() > 1 {
            for word in &clause.terms {
                let word = Clause { terms: vec![word.clone()], ..clause.clone() };
                parts.extend(in_every_field(&word, weights, fields).into_iter().map(|part| (Must::Should, part)));
            }
            continue;
        }
        let occur = match (clause.occur, operator) {
            (Occur::Must, Operator::And | Operator::Or) | (Occur::Should, Operator::And) => Must::Must,
            (Occur::Should, Operator::Or | Operator::Any) | (Occur::Must, Operator::Any) => Must::Should,
            (Occur::MustNot, _) => Must::MustNot,
        };
        let in_fields = in_every_field(clause, weights, fields);
        if occur == Must::Should {
            // A flat union of words is what Tantivy can cut short.
            parts.extend(in_fields.into_iter().map(|part| (occur, part)));
        } else {
            parts.push((occur, Box::new(BooleanQuery::union(in_fields))));
        }
    }
    let only_excludes = parts.is_empty();
    for clause in query.excluded() {
        parts.push((Must::MustNot, Box::new(BooleanQuery::union(in_every_field(clause, weights, fields)))));
    }
    if parts.is_empty() {
        return None;
    }
    if only_excludes {
        parts.push((Must::Must, Box::new(AllQuery)));
    }
    Some(Box::new(BooleanQuery::new(parts)))
}

/// The ways in which a clause may match: it or what stands in for it, in one of the fields.
fn in_every_field(clause: &Clause, weights: &Weights, fields: &Fields) -> Vec<Box<dyn Lowered>> {
    let mut ways = Vec::new();
    for (levels, weight) in fields.levels.iter().zip(weights.fields) {
        ways.push(boosted(terms(clause, levels), weight));
        if let ([word], Level::Stem) = (clause.terms.as_slice(), clause.level) {
            let related = word.related.iter().map(|related| {
                let term = Term::from_field_text(levels.stem, &related.stem);
                boosted(
                    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
                    weight * weights.related * related.weight,
                )
            });
            ways.extend(related);
        }
    }
    ways
}

fn terms(clause: &Clause, levels: &Levels) -> Box<dyn Lowered> {
    let (field, text): (Field, fn(&Word) -> &str) = match clause.level {
        Level::Stem => (levels.stem, |word| &word.stem),
        Level::Exact => (levels.form, |word| &word.form),
    };
    let mut terms: Vec<Term> = clause.terms.iter().map(|word| Term::from_field_text(field, text(word))).collect();
    match terms.pop() {
        Some(term) if terms.is_empty() => Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
        Some(term) => {
            terms.push(term);
            Box::new(PhraseQuery::new(terms))
        }
        None => Box::new(tantivy::query::EmptyQuery),
    }
}

fn boosted(query: Box<dyn Lowered>, weight: f32) -> Box<dyn Lowered> {
    if weight == 1.0 { query } else { Box::new(BoostQuery::new(query, weight)) }
}
