//! The closed list of irregular words: nouns whose plural no ending shows, weak verbs, and
//! feminines. Learning misses a part of them, because a rare word has few contexts to compare, and
//! because some pairs fit no pattern. The file `irregular.txt` has the words; it is written by hand.

use super::Relation;

/// The list. A heading in square brackets says what the forms of the following lines are. Each line
/// has a word, then its irregular forms, separated by spaces.
const LIST: &str = include_str!("irregular.txt");

/// A word of the list with one of its irregular forms, both as they are written in text.
#[derive(Clone, Copy, Debug)]
pub struct IrregularForm {
    /// The plural, the form of a verb, or the feminine.
    pub form: &'static str,
    /// The singular, the perfect in the third person, or the masculine.
    pub base: &'static str,
    /// [`Relation::Plural`] or [`Relation::Inflection`].
    pub relation: Relation,
}

/// Returns every irregular form of the list.
pub fn irregular_forms() -> impl Iterator<Item = IrregularForm> {
    let mut relation = Relation::Inflection;
    let lines = LIST.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(move |line| {
        if let Some(heading) = line.strip_prefix('[') {
            relation = match heading {
                "plurals]" => Relation::Plural,
                _ => Relation::Inflection,
            };
        }
        let mut words = line.split(' ').filter(|word| !word.starts_with('['));
        let base = words.next().unwrap_or_default();
        words.map(move |form| IrregularForm {
            form,
            base,
            relation,
        })
    })
}

/// The stems of an irregular form and of its base, and how they are related.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPair {
    /// The stem of the form.
    pub form: String,
    /// The stem of the base.
    pub base: String,
    /// The relation of the form to its base.
    pub relation: Relation,
    /// Whether both stems are the written words. If the stemmer has removed something, the stem may
    /// be the stem of another word.
    pub is_whole: bool,
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use fihrist_arabic::fold::folded;

    use super::*;

    #[test]
    fn the_list_is_well_formed() {
        let headings: Vec<&str> = LIST.lines().filter(|line| line.starts_with('[')).collect();
        assert_eq!(headings, ["[plurals]", "[verbs]", "[feminines]"]);
        for line in LIST
            .lines()
            .filter(|line| !line.starts_with(['#', '[']) && !line.is_empty())
        {
            assert!(line.split(' ').count() >= 2, "{line}: no form");
            let is_word = |word: &str| word.chars().all(|letter| ('ء'..='ي').contains(&letter));
            assert!(
                line.split(' ')
                    .all(|word| !word.is_empty() && is_word(word)),
                "{line}"
            );
        }
        assert!(irregular_forms().count() > 1_000);
    }

    #[test]
    fn a_form_belongs_to_one_word() {
        let mut forms = HashSet::new();
        for IrregularForm { form, base, .. } in irregular_forms() {
            assert_ne!(folded(form), folded(base), "{base} {form}");
            assert!(
                forms.insert(folded(form)),
                "{base} {form}: the form occurs twice"
            );
        }
        let is_plural = |irregular: &IrregularForm| irregular.relation == Relation::Plural;
        for IrregularForm { base, .. } in irregular_forms().filter(is_plural) {
            assert!(!forms.contains(&folded(base)), "{base} is also a form");
        }
    }

    #[test]
    fn a_heading_says_the_relation() {
        let relation = |wanted: &str| {
            let found = irregular_forms().find(|irregular| irregular.form == wanted);
            found.map(|irregular| (irregular.base, irregular.relation))
        };
        assert_eq!(relation("أفلام"), Some(("فيلم", Relation::Plural)));
        assert_eq!(relation("كنت"), Some(("كان", Relation::Inflection)));
        assert_eq!(relation("حمراء"), Some(("أحمر", Relation::Inflection)));
        assert_eq!(relation("فيلم"), None);
    }
}
