//! Adds related stems from the graph to the words of a query. It parses nothing and matches
//! nothing.

use super::{Level, Query, RelatedStem};
use crate::learning::graph::{Graph, Relation};

/// The greatest number of related stems of a word. Further stems are hardly related to it.
const MAX_RELATED: usize = 6;

/// Adds related stems from the graph to the words of a query. Exact forms and the words of a phrase
/// get none.
pub fn expand(query: &mut Query, graph: &Graph) {
    query.for_each_text_mut(|text| {
        if let ([word], Level::Stem) = (text.terms.as_mut_slice(), text.level) {
            let related = graph.related(&word.stem).take(MAX_RELATED);
            for related in related {
                // A compound or an earlier call may have added the stem.
                if word.related.iter().all(|known| known.stem != related.stem) {
                    word.related.push(RelatedStem {
                        stem: related.stem.to_owned(),
                        word: None,
                        relation: related.relation,
                        weight: weight(related.relation),
                    });
                }
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
    use fihrist_arabic::{Analyzer, Model};

    #[track_caller]
    fn check(input: &str, related: &[&str]) {
        let mut query = parse(input, &Analyzer::new(Model::base()));
        expand(&mut query, &Graph::base());
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
    fn phrases_and_exact_forms_get_no_related_stems() {
        check("\"مجلس الوزراء\"", &[]);
        check("=وزراء", &[]);
    }
}
