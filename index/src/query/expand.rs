//! What stands in for the words of a query: the stems that the learnt graph takes for theirs. It parses nothing.

use super::{Level, Query, RelatedStem};
use crate::learning::graph::{Graph, Relation};

/// So many stems stand in for a word at most; beyond them the similarity says little.
const MAX_RELATED: usize = 6;

/// Gives the single words of a query, unless they are held to their form, the stems that belong to theirs. The words of
/// phrases stay alone: a phrase is what was typed.
pub fn expand(query: &mut Query, graph: &Graph) {
    query.for_each_text_mut(|text| {
        if let ([word], Level::Stem) = (text.terms.as_mut_slice(), text.level) {
            let related = graph.related(&word.stem).take(MAX_RELATED);
            word.related = related
                .map(|related| RelatedStem {
                    stem: related.stem.to_owned(),
                    relation: related.relation,
                    weight: weight(related.relation),
                })
                .collect();
        }
    });
}

/// What a stem counts that stands in for another: by its relation alone. The similarity decided that it is one; how
/// similar it is was measured to say nothing more.
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
    fn a_word_meets_its_plural_and_its_singular() {
        check("وزراء", &["وزير"]);
        check("الوزير", &["وزراء"]);
    }

    #[test]
    fn phrases_and_exact_words_stay_alone() {
        check("\"مجلس الوزراء\"", &[]);
        check("=وزراء", &[]);
    }
}
