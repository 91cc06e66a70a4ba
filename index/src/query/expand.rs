//! Adds related stems from the graph to the words of a query. It parses nothing and matches
//! nothing.

use super::{Level, Query, QueryTerm, RelatedStem};
use crate::learning::graph::{Graph, Relation};
use fihrist_arabic::{Analyzer, OtherStem};

/// The greatest number of related stems of a word. Further stems are hardly related to it.
const MAX_RELATED: usize = 6;

/// Adds related stems to the words of a query. Some are stems of other words that the typed word may
/// be; the graph has the rest. In a phrase, those of other words take the place of the word, and
/// those of the graph are left out. Exact forms get none.
pub fn expand(query: &mut Query, graph: &Graph, analyzer: &Analyzer) {
    query.for_each_text_mut(|text| {
        if text.level != Level::Stem {
            return;
        }
        let [word] = text.terms.as_mut_slice() else {
            for word in &mut text.terms {
                let others = analyzer.other_stems(&word.text).into_iter();
                let other_word = |other: OtherStem| QueryTerm {
                    stem: other.stem,
                    ..word.clone()
                };
                word.others = others.map(other_word).collect();
            }
            return;
        };
        let related = graph.related(&word.stem).take(MAX_RELATED);
        let related = related.map(|related| RelatedStem {
            stem: related.stem.to_owned(),
            word: None,
            relation: related.relation,
            weight: weight(related.relation),
        });
        let others = analyzer.other_stems(&word.text).into_iter();
        let others = others.map(|other| RelatedStem {
            stem: other.stem,
            word: None,
            relation: if other.is_verb {
                Relation::Inflection
            } else {
                Relation::Spelling
            },
            weight: 1.0,
        });
        for other in others.chain(related) {
            // A compound or an earlier call may have added the stem.
            if word.related.iter().all(|known| known.stem != other.stem) {
                word.related.push(other);
            }
        }
    });
}

/// Returns the weight of a related stem. It depends on the relation alone: measurements showed that
/// the similarity of the stems does not improve it.
const fn weight(relation: Relation) -> f32 {
    match relation {
        Relation::Plural | Relation::Inflection | Relation::Spelling => 0.5,
        Relation::Nisba | Relation::VerbalNoun => 0.3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;
    use fihrist_arabic::Model;

    #[track_caller]
    fn check(input: &str, related: &[&str]) {
        let analyzer = Analyzer::new(Model::base());
        let mut query = parse(input, &analyzer);
        expand(&mut query, &Graph::base(), &analyzer);
        let stems: Vec<_> = query
            .terms()
            .flat_map(|word| &word.related)
            .map(|related| related.stem.as_str())
            .collect();
        for stem in related {
            assert!(stems.contains(stem), "{input} lacks {stem}: {stems:?}");
        }
        assert!(related.is_empty() == stems.is_empty(), "{input}: {stems:?}");
    }

    #[test]
    fn a_word_is_related_to_its_plural_and_its_singular() {
        check("وزراء", &["وزير"]);
        check("الوزير", &["وزراء"]);
    }

    #[test]
    fn a_word_that_may_be_two_asks_for_both() {
        check("الاعلام", &["أعلام"]);
        check("يرد", &["رد"]);
        let analyzer = Analyzer::new(Model::base());
        let mut query = parse("\"رفرفت الاعلام\"", &analyzer);
        expand(&mut query, &Graph::base(), &analyzer);
        let others: Vec<_> = query.terms().flat_map(|word| &word.others).collect();
        assert_eq!(
            others.iter().map(|word| &*word.stem).collect::<Vec<_>>(),
            ["أعلام"]
        );
    }

    #[test]
    fn phrases_and_exact_forms_get_no_related_stems() {
        check("\"مجلس الوزراء\"", &[]);
        check("=وزراء", &[]);
    }
}
