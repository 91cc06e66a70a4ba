//! Lowering: translates a query into an OpenSearch query. The result decides which articles match,
//! and their first, rough order. This module knows terms, fields and weights.

use serde_json::{Map, Value, json};

use super::{Dictionary, PUBLISHED, level_name};
use crate::backend::Operator;
use crate::backend::lowering::{QueryBuilder, in_scope, lower};
use crate::deadline::Deadline;
use crate::document::Field;
use crate::error::{Error, Result};
use crate::query::{Clause, ClauseKind, Filter, Level, Pattern, Query, QueryTerm, Scope, Text};
use crate::ranking::Weights;

/// The greatest number of terms in a query. A node refuses more than 1,024.
const MAX_TERMS: usize = 900;

/// The data that the translation of a query needs.
pub struct Lowering<'a> {
    pub dictionary: &'a Dictionary,
    pub weights: &'a Weights,
    pub operator: Operator,
    pub deadline: &'a Deadline,
}

impl Lowering<'_> {
    /// Returns the query to run; `None` if the query has no condition, and so matches nothing.
    pub fn lower(&self, query: &Query) -> Result<Option<Value>> {
        let wanted = self.affordable(query.wanted().collect());
        let Some(mut lowered) = lower(self, self.operator, query, wanted)? else {
            return Ok(None);
        };
        let is_optional = lowered.required.is_empty();
        if is_optional && lowered.optional.is_empty() {
            // If a query has only filters, all articles get the same score.
            lowered.required.push(json!({"match_all": {}}));
        }
        let mut parts = json!({
            "must": lowered.required,
            "filter": lowered.filters,
            "must_not": lowered.excluded,
        });
        if !lowered.optional.is_empty() {
            parts["should"] = json!(lowered.optional);
            parts["minimum_should_match"] = json!(u8::from(is_optional));
        }
        Ok(Some(json!({ "bool": parts })))
    }

    /// Returns clauses that have at most [`MAX_TERMS`] terms together. If there are more, the
    /// clauses with the most frequent words are left out.
    fn affordable<'q>(&self, clauses: Vec<&'q Clause>) -> Vec<&'q Clause> {
        let terms = |clause: &Clause| match &clause.kind {
            ClauseKind::Text(text) => {
                let writings = text.writings().into_iter().flatten();
                let terms = writings
                    .map(|term| 1 + usize::from(term.typed_first > 0.0) + term.related.len());
                Field::ALL.len() * terms.sum::<usize>()
            }
            ClauseKind::Near { .. }
            | ClauseKind::Pattern(_)
            | ClauseKind::Any(_)
            | ClauseKind::All(_) => 30,
            ClauseKind::Filter(_) => 1,
        };
        if clauses.iter().map(|clause| terms(clause)).sum::<usize>() <= MAX_TERMS {
            return clauses;
        }
        let mut kept: Vec<usize> = (0..clauses.len()).collect();
        kept.sort_by_cached_key(|place| self.articles_with(clauses[*place]));
        let mut left = MAX_TERMS;
        kept.retain(|place| {
            let rest = left.checked_sub(terms(clauses[*place]));
            left = rest.unwrap_or(left);
            rest.is_some()
        });
        kept.sort_unstable();
        kept.into_iter().map(|place| clauses[place]).collect()
    }

    /// Returns the document frequency of a word, or of the rarest word of a phrase. Returns 0 for
    /// other clauses, so that they are kept.
    fn articles_with(&self, clause: &Clause) -> u64 {
        let ClauseKind::Text(Text { terms, .. }) = &clause.kind else {
            return 0;
        };
        let frequency = |term: &QueryTerm| {
            self.dictionary
                .frequency(Field::Body, Level::Stem, &term.stem)
        };
        terms.iter().map(frequency).min().unwrap_or_default()
    }

    /// Returns the fields in a scope, each with its weight.
    fn fields(&self, scope: Scope) -> impl Iterator<Item = (Field, f32)> {
        in_scope(scope, self.weights.fields)
    }
}

impl QueryBuilder for Lowering<'_> {
    type Query = Value;
    type Error = Error;

    fn text(&self, text: &Text) -> Vec<Value> {
        let mut ways = Vec::new();
        for (field, weight) in self.fields(text.scope) {
            let name = level_name(field, text.level);
            if text.gaps > 0 && text.terms.len() > 1 {
                let mut rule = in_order(text, field);
                rule["boost"] = json!(weight);
                ways.push(json!({"intervals": {name: rule}}));
                continue;
            }
            match text.terms.as_slice() {
                [] => {}
                [word] => {
                    ways.push(
                        json!({"term": {&name: {"value": word.at(text.level), "boost": weight}}}),
                    );
                    if text.level == Level::Stem {
                        if word.typed_first > 0.0 {
                            let form = level_name(field, Level::Exact);
                            let boost = weight * self.weights.typed_spelling_of_candidates(word);
                            ways.push(
                                json!({"term": {form: {"value": word.form, "boost": boost}}}),
                            );
                        }
                        ways.extend(word.related.iter().map(|related| {
                            let boost = weight * self.weights.related * related.weight;
                            json!({"term": {&name: {"value": related.stem, "boost": boost}}})
                        }));
                    }
                }
                words => {
                    let words: Vec<&str> = words.iter().map(|word| word.at(text.level)).collect();
                    let phrase = words.join(" ");
                    ways.push(json!({"match_phrase": {name: {"query": phrase, "boost": weight}}}));
                }
            }
        }
        ways
    }

    fn near(&self, scope: Scope, texts: &[Text], distance: u32) -> Vec<Value> {
        let ways = self.fields(scope).map(|(field, weight)| {
            let parts: Vec<Value> = texts.iter().map(|text| in_order(text, field)).collect();
            let words = json!({"ordered": false, "max_gaps": distance, "intervals": parts});
            // Stems and forms of a word have the same positions, so the field of either level can
            // be named.
            let name = level_name(field, Level::Stem);
            json!({"intervals": {name: {"all_of": words, "boost": weight}}})
        });
        ways.collect()
    }

    fn pattern(&self, pattern: &Pattern) -> Result<Value> {
        let mut forms = Vec::new();
        for word in &pattern.words {
            self.deadline.check()?;
            forms.extend(self.dictionary.forms(word));
        }
        let fields = self.fields(pattern.scope);
        let ways: Vec<Value> = fields
            .map(|(field, _)| json!({"terms": {level_name(field, Level::Exact): &forms}}))
            .collect();
        Ok(json!({"constant_score": {"filter": any_of(ways)}}))
    }

    fn filter(&self, filter: &Filter) -> Value {
        let matching = match filter {
            Filter::Keyword { field, values, .. } => json!({"terms": {field.name(): values}}),
            Filter::Published { period, .. } => {
                let (from, before) = period.seconds();
                let bounds = [("gte", from), ("lt", before)].into_iter();
                let range: Map<_, _> = bounds
                    .filter_map(|(name, seconds)| Some((name.to_owned(), json!(seconds?))))
                    .collect();
                if range.is_empty() {
                    json!({"match_all": {}})
                } else {
                    json!({"range": {PUBLISHED: range}})
                }
            }
        };
        json!({"bool": {"filter": [matching]}})
    }

    fn any(&self, queries: Vec<Value>) -> Value {
        any_of(queries)
    }

    fn all(&self, required: Vec<Value>, excluded: Vec<Value>) -> Value {
        json!({"bool": {"must": required, "must_not": excluded}})
    }
}

/// Returns an `intervals` rule for the words of a text in order, which allows the text's gaps
/// between them.
fn in_order(text: &Text, field: Field) -> Value {
    let name = level_name(field, text.level);
    let rule = |term: &str| json!({"match": {"query": term, "use_field": name}});
    let words: Vec<Value> = text
        .terms
        .iter()
        .map(|word| {
            let mut ways: Vec<Value> = word
                .all_in(text.level, text.terms.len())
                .map(rule)
                .collect();
            if ways.len() == 1 {
                ways.remove(0)
            } else {
                json!({"any_of": {"intervals": ways}})
            }
        })
        .collect();
    json!({"all_of": {"ordered": true, "max_gaps": text.gaps, "intervals": words}})
}

fn any_of(ways: Vec<Value>) -> Value {
    if ways.is_empty() {
        return json!({"match_none": {}});
    }
    json!({"bool": {"should": ways, "minimum_should_match": 1}})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;
    use fihrist_arabic::{Analyzer, Model};

    fn lowered(query: &str) -> Value {
        let weights = Weights::default();
        let deadline = Deadline::default();
        let dictionary = Dictionary::default();
        let lowering = Lowering {
            dictionary: &dictionary,
            weights: &weights,
            operator: Operator::And,
            deadline: &deadline,
        };
        let query = parse(query, &Analyzer::new(Model::base()));
        lowering.lower(&query).unwrap().unwrap_or_default()
    }

    #[test]
    fn a_query_of_nothing_matches_nothing() {
        assert_eq!(lowered(""), Value::Null);
    }

    #[test]
    fn words_are_terms_and_quotes_are_phrases() {
        let query = lowered("=القمح \"وقف النار\" -title:السوق").to_string();
        for expected in [
            r#"{"term":{"body_form":{"boost":1.0,"value":"القمح"}}}"#,
            r#"{"match_phrase":{"body_stem":"#,
            r#""must_not":[{"term":{"title_stem":"#,
        ] {
            assert!(query.contains(expected), "{query}");
        }
    }

    #[test]
    fn a_typed_spelling_with_a_rival_is_a_term_of_its_own() {
        let weights = Weights::default();
        let dictionary = Dictionary::default();
        let lowering = Lowering {
            dictionary: &dictionary,
            weights: &weights,
            operator: Operator::And,
            deadline: &Deadline::default(),
        };
        let lowered = |typed_first: f32| {
            let mut query = parse("title:إمارة", &Analyzer::new(Model::base()));
            query.for_each_text_mut(|text| text.terms[0].typed_first = typed_first);
            lowering
                .lower(&query)
                .unwrap()
                .unwrap_or_default()
                .to_string()
        };
        assert!(!lowered(0.0).contains("_form"), "{}", lowered(0.0));
        let form = r#"{"term":{"title_form":{"boost":16.0,"value":"اماره~إاة"}}}"#;
        assert!(lowered(1.0).contains(form), "{}", lowered(1.0));
    }

    #[test]
    fn a_pasted_text_is_cut_to_what_a_node_takes() {
        let letters = ['ب', 'ت', 'ج', 'د', 'ر', 'س', 'ع', 'ف', 'ق', 'ك'];
        let word = |number: usize| -> String {
            [1, 10, 100, 1_000]
                .iter()
                .map(|power| letters[number / power % 10])
                .collect()
        };
        let text: Vec<String> = (0..2_000).map(word).collect();
        let query = lowered(&text.join(" "));
        let terms = query.to_string().matches("\"term\"").count();
        assert!((MAX_TERMS / 2..=MAX_TERMS).contains(&terms), "{terms}");
    }
}
