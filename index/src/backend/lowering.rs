//! Lowering: translates a query into a backend's own query. This module decides which clauses an
//! article must match, may match or must not match. A backend builds the query for each part.

use super::Operator;
use crate::document::Field;
use crate::query::{Clause, ClauseKind, Filter, Occur, Pattern, Query, Scope, Text, writings_of};

/// Builds the queries of a backend.
pub trait QueryBuilder {
    /// A query of the backend.
    type Query;
    /// The reason why a query cannot be built, such as a deadline that has passed.
    type Error;

    /// Returns the alternatives for a word with its related stems, or for a phrase, in each field.
    fn text(&self, text: &Text) -> Vec<Self::Query>;

    /// Returns the alternatives for texts within a distance in words, one for each field.
    fn near(&self, scope: Scope, texts: &[Text], distance: u32) -> Vec<Self::Query>;

    /// Returns a query for the words that match a pattern, in all their forms in the index. Fails
    /// after the deadline.
    fn pattern(&self, pattern: &Pattern) -> Result<Self::Query, Self::Error>;

    /// Returns a query for a filter. It does not change the score.
    fn filter(&self, filter: &Filter) -> Self::Query;

    /// Returns a query that matches what at least one of these queries matches.
    fn any(&self, queries: Vec<Self::Query>) -> Self::Query;

    /// Returns a query that matches what all `required` queries match and no `excluded` one does.
    fn all(&self, required: Vec<Self::Query>, excluded: Vec<Self::Query>) -> Self::Query;
}

/// The parts of a query, each translated.
pub struct Lowered<Q> {
    /// The queries that an article must match.
    pub required: Vec<Q>,
    /// The queries that improve the score. An article must match one if nothing is required.
    pub optional: Vec<Q>,
    /// The queries that an article must match, and that do not change the score.
    pub filters: Vec<Q>,
    /// The queries that an article must not match.
    pub excluded: Vec<Q>,
}

/// Translates a query, with these of its wanted clauses. Returns `None` if nothing is left that an
/// article could match. Fails if the builder fails.
pub fn lower<B: QueryBuilder>(
    builder: &B,
    operator: Operator,
    query: &Query,
    wanted: Vec<&Clause>,
) -> Result<Option<Lowered<B::Query>>, B::Error> {
    let filters = query.filters.iter().map(|filter| builder.filter(filter));
    let mut lowered = Lowered {
        required: Vec::new(),
        optional: Vec::new(),
        filters: filters.collect(),
        excluded: Vec::new(),
    };
    for clause in wanted {
        if let ClauseKind::Filter(filter) = &clause.kind {
            lowered.filters.push(builder.filter(filter));
        } else if operator == Operator::AnyTerm
            && let Some(words) = clause.single_words()
        {
            let words = words.iter().flat_map(|word| in_all_writings(builder, word));
            lowered.optional.extend(words);
        } else if operator.requires(clause) {
            lowered.required.push(one(builder, clause)?);
        } else {
            lowered.optional.extend(alternatives(builder, clause)?);
        }
    }
    for clause in query.excluded() {
        lowered.excluded.push(one(builder, clause)?);
    }
    let parts = [
        &lowered.required,
        &lowered.optional,
        &lowered.filters,
        &lowered.excluded,
    ];
    let is_empty = parts.iter().all(|part| part.is_empty());
    Ok((!is_empty).then_some(lowered))
}

/// Returns a clause as one query, whether the clause is required, optional or excluded.
pub fn one<B: QueryBuilder>(builder: &B, clause: &Clause) -> Result<B::Query, B::Error> {
    let mut alternatives = alternatives(builder, clause)?;
    Ok(match alternatives.len() {
        1 => alternatives.remove(0),
        _ => builder.any(alternatives),
    })
}

/// Returns the alternative queries for a clause; an article needs to match only one.
fn alternatives<B: QueryBuilder>(builder: &B, clause: &Clause) -> Result<Vec<B::Query>, B::Error> {
    Ok(match &clause.kind {
        ClauseKind::Text(text) => in_all_writings(builder, text),
        ClauseKind::Near { texts, distance } => {
            let mut found = Vec::new();
            for writings in writings_of(texts) {
                let texts = texts.iter().zip(writings);
                let texts: Vec<Text> = texts.map(|(text, words)| text.written_as(&words)).collect();
                if let Some(first) = texts.first() {
                    found.extend(builder.near(first.scope, &texts, *distance));
                }
            }
            found
        }
        ClauseKind::Pattern(pattern) => vec![builder.pattern(pattern)?],
        ClauseKind::Filter(filter) => vec![builder.filter(filter)],
        ClauseKind::Any(clauses) => {
            let mut found = Vec::new();
            for clause in clauses {
                found.extend(alternatives(builder, clause)?);
            }
            found
        }
        ClauseKind::All(clauses) => {
            let mut required = Vec::new();
            let mut excluded = Vec::new();
            for clause in clauses.iter().filter(|clause| !clause.is_ignored) {
                let side = match clause.occur {
                    Occur::MustNot => &mut excluded,
                    Occur::Must | Occur::Should => &mut required,
                };
                side.push(one(builder, clause)?);
            }
            vec![builder.all(required, excluded)]
        }
    })
}

/// Returns the alternatives for a word or a phrase in each of its writings.
fn in_all_writings<B: QueryBuilder>(builder: &B, text: &Text) -> Vec<B::Query> {
    let writings = text.writings().into_iter();
    writings
        .flat_map(|words| builder.text(&text.written_as(&words)))
        .collect()
}

/// Returns the fields of a scope, each with its value in `values`, which has one for each field.
pub fn in_scope<T>(
    scope: Scope,
    values: impl IntoIterator<Item = T>,
) -> impl Iterator<Item = (Field, T)> {
    let fields = Field::ALL.into_iter().zip(values);
    fields.filter(move |(field, _)| scope.contains(*field))
}
