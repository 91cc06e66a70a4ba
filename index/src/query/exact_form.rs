//! Rewrites a query so that one of its words matches by its form only. The search page offers this
//! if other forms of the word were found. For the query `فتح مدرسة` and its second word it returns
//! `فتح =مدرسة`.

use super::syntax::{EQUALS, operator};
use super::{Level, Query, Text};
use fihrist_arabic::is_stop_word;

/// Returns the typed query with `=` before the word `text`. Returns `None` for a phrase and for a
/// word that already has the sign. It also returns `None` if the sign would have no effect, or
/// would change how other words are read.
pub fn with_exact_form(query: &Query, text: &Text) -> Option<String> {
    let before = query.input.get(..text.span.start)?;
    let after = query.input.get(text.span.start..)?;
    let begins_run = before.is_empty()
        || before.ends_with(|c: char| c.is_whitespace() || matches!(c, '(' | ':'));
    let rest = query.input.get(text.span.end..)?.chars();
    let mut rest_of_run = rest.take_while(|c| !c.is_whitespace());
    let is_alone = !rest_of_run.any(char::is_alphanumeric);
    let is_word = text.terms.len() == 1 && text.level == Level::Stem;
    // A query with everyday words that may be operators stays as it is: the sign could change
    // whether they are operators.
    let has_everyday = query
        .input
        .split_whitespace()
        .any(|run| operator(run).is_some_and(|(_, is_everyday)| is_everyday));
    // An operator without operands is a word. With the sign, it would no longer separate the
    // operators beside it.
    let is_operator = operator(query.input.get(text.span.range())?).is_some();
    // A stop word with `=` is not ignored, so the other stop words would be ignored beside it. If
    // the word is ignored itself, they are ignored already.
    let is_stop_word = is_stop_word(&text.terms.first()?.text);
    let is_ignored = query.ignored().any(|ignored| ignored.span == text.span);
    let is_among_stop_words = is_stop_word && !is_ignored && query.texts().nth(1).is_some();
    (is_word && !is_operator && !is_among_stop_words && !has_everyday && begins_run && is_alone)
        .then(|| format!("{before}{EQUALS}{after}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::query::parse;
    use fihrist_arabic::{Analyzer, Model};

    /// Returns the query with `=` before its word of this number.
    fn rewritten(input: &str, number: usize) -> Option<String> {
        let query = parse(input, &Analyzer::new(Model::base()));
        let text = query.texts().nth(number)?;
        with_exact_form(&query, text)
    }

    #[test]
    fn the_sign_stands_right_before_the_word() {
        let check = |input: &str, number: usize, expected: Option<&str>| {
            assert_eq!(rewritten(input, number).as_deref(), expected, "{input}");
        };
        check("مدرسة", 0, Some("=مدرسة"));
        check("فتح مدرسة، جديدة", 1, Some("فتح =مدرسة، جديدة"));
        check("title:مدرسة", 0, Some("title:=مدرسة"));
        check("(مدرسة OR معهد) قرية", 0, Some("(=مدرسة OR معهد) قرية"));
        check("(مدرسة OR معهد) قرية", 1, Some("(مدرسة OR =معهد) قرية"));
        check("=مدرسة", 0, None);
        check("\"مدرسة\"", 0, None);
        check("\"مدرسة جديدة\"", 0, None);
        check("مدرسة/معهد", 0, None);
        check("مدرسة ليس معهد", 0, None);
        check("OR مدرسة OR قرب/2 OR", 4, None);
        check("من", 0, Some("=من"));
        check("من إلى", 0, None);
    }

    proptest! {
        #[test]
        fn one_word_becomes_exact_and_the_others_stay(
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    "مدرسة", "قرية", "=قرية", "من", "\"وقف إطلاق\"", "(", ")", "OR", "NEAR/3", "-مطر", "title:قمح", "قم*",
                    "قرب/2", "أو", "12.5", "«ثلج»", "a-b", "،", "ليس",
                ]),
                0..7,
            ),
            number in 0..5_usize,
        ) {
            let input = parts.join(" ");
            let analyzer = Analyzer::new(Model::base());
            let query = parse(&input, &analyzer);
            let Some(changed) = query.texts().nth(number).and_then(|text| with_exact_form(&query, text)) else { return Ok(()) };
            let after = parse(&changed, &analyzer);
            let shape = |query: &Query| query.texts().map(|text| text.terms.len()).collect::<Vec<_>>();
            let levels = |query: &Query| query.texts().map(|text| text.level).collect::<Vec<_>>();
            let mut expected = levels(&query);
            expected[number] = Level::Exact;
            prop_assert_eq!((shape(&after), levels(&after)), (shape(&query), expected), "{} → {}", input, changed);
        }
    }
}
