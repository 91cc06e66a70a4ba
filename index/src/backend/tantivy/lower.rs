//! Our query as Tantivy's. It knows terms, fields and weights, and nothing of the words behind them.

use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, Occur as Must, PhraseQuery, Query as Lowered, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::schema::Fields;
use crate::backend::Operator;
use crate::query::{Clause, Occur, Query};

/// Weights of title, body and caption, in the order of [`crate::article::Field::ALL`].
const FIELD_WEIGHTS: [f32; 3] = [2.0, 1.0, 0.5];
/// What an exact form adds to its stem: .3 + 1.0 beat either alone on every judged set.
const SURFACE_WEIGHT: f32 = 0.3;

/// The query to run, or `None` where nothing could match.
pub fn lower(query: &Query, operator: Operator, fields: &Fields) -> Option<Box<dyn Lowered>> {
    let mut parts: Vec<(Must, Box<dyn Lowered>)> = Vec::new();
    for clause in query.wanted() {
        let occur = match (clause.occur, operator) {
            (Occur::Must, _) | (Occur::Should, Operator::And) => Must::Must,
            (Occur::Should, Operator::Or) => Must::Should,
            (Occur::MustNot, _) => Must::MustNot,
        };
        parts.push((occur, wanted(clause, fields)));
    }
    let only_excludes = parts.is_empty();
    for clause in query.excluded() {
        parts.push((Must::MustNot, at_stem(clause, fields)));
    }
    if parts.is_empty() {
        return None;
    }
    if only_excludes {
        parts.push((Must::Must, Box::new(AllQuery)));
    }
    Some(Box::new(BooleanQuery::new(parts)))
}

/// A clause in every field: its stems match, its exact forms add to the score.
fn wanted(clause: &Clause, fields: &Fields) -> Box<dyn Lowered> {
    let mut parts = Vec::with_capacity(2 * FIELD_WEIGHTS.len());
    for (levels, weight) in fields.levels.iter().zip(FIELD_WEIGHTS) {
        parts.push((Must::Should, boosted(terms(clause, levels.stem, |term| &term.stem), weight)));
        let exact = terms(clause, levels.surface, |term| &term.surface);
        parts.push((Must::Should, boosted(exact, weight * SURFACE_WEIGHT)));
    }
    Box::new(BooleanQuery::new(parts))
}

fn at_stem(clause: &Clause, fields: &Fields) -> Box<dyn Lowered> {
    Box::new(BooleanQuery::union(fields.levels.map(|levels| terms(clause, levels.stem, |term| &term.stem)).into()))
}

fn terms(clause: &Clause, field: Field, level: impl Fn(&crate::query::Term) -> &str) -> Box<dyn Lowered> {
    let mut terms: Vec<Term> = clause.terms.iter().map(|term| Term::from_field_text(field, level(term))).collect();
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
