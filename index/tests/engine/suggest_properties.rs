//! Properties of suggestions that hold for any index and any typed text. `spec/suggestions.md`
//! holds the examples.

use fihrist_index::arabic::spelling::{Suggestion, Vocabulary};
use fihrist_index::arabic::{Analyzer, Model};
use proptest::prelude::*;

/// Words that resemble one another, so that suggestions exist, and terms that are not words.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[وفبلكس]?(ال)?[حكومهنتيرسا]{3,9}[هاي]?",
        2 => prop::sample::select(vec!["الحكومه", "حفتر", "نتنياهو", "والحكومه", "bbc", "2018", "ترامب", "في"]).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn words() -> impl Strategy<Value = Vec<(String, u64)>> {
    let articles = prop_oneof![9 => 0..5_000_u64, 1 => any::<u64>()];
    prop::collection::vec((word(), articles), 0..40)
}

/// Text that a person may type, and text that nobody types.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => word(),
        2 => "[وفبلكس]?(ال)?[حكومهنتيرسا*?]{0,12}",
        2 => "[A-Za-z'-]{0,12}",
        1 => "[a-z;',./ 0-9]{0,30}",
        1 => any::<String>(),
        1 => (any::<char>(), 0..3_000_usize).prop_map(|(character, times)| character.to_string().repeat(times)),
    ]
}

fn vocabulary(words: Vec<(String, u64)>) -> Vocabulary {
    Vocabulary::new(words.into_iter().collect(), &Analyzer::new(Model::base()))
}

/// All answers of a vocabulary to one text.
#[derive(Debug, PartialEq)]
struct Answers {
    lists: [Vec<Suggestion>; 3],
    relayout: Option<Suggestion>,
    expanded: Vec<String>,
    has_more: bool,
}

fn answers(vocabulary: &Vocabulary, typed: &str, limit: usize) -> Answers {
    let (expanded, has_more) = vocabulary.expand_pattern(typed, limit);
    Answers {
        lists: [
            vocabulary.complete(typed, limit),
            vocabulary.correct(typed, limit),
            vocabulary.from_latin(typed, limit),
        ],
        relayout: vocabulary.relayout(typed),
        expanded,
        has_more,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn answers_to_any_text_keep_the_limit(words in words(), typed in typed(), limit in 0..6_usize) {
        let vocabulary = vocabulary(words);
        let answers = answers(&vocabulary, &typed, limit);
        for list in &answers.lists {
            prop_assert!(list.len() <= limit);
        }
        prop_assert!(answers.expanded.len() <= limit);
        for suggestion in answers.lists.iter().flatten().chain(&answers.relayout) {
            prop_assert!(!suggestion.text.trim().is_empty());
        }
    }

    #[test]
    fn answers_do_not_depend_on_the_order_of_the_words(words in words(), typed in typed()) {
        let mut backward = words.clone();
        backward.reverse();
        let (one, other) = (vocabulary(words), vocabulary(backward));
        prop_assert_eq!(answers(&one, &typed, 5), answers(&other, &typed, 5));
    }

    #[test]
    fn a_higher_limit_only_appends_answers(words in words(), typed in typed()) {
        let vocabulary = vocabulary(words);
        let few = answers(&vocabulary, &typed, 2);
        let all = answers(&vocabulary, &typed, usize::MAX);
        for (few, all) in few.lists.iter().zip(&all.lists) {
            prop_assert!(all.starts_with(few), "{all:?} {few:?}");
        }
        prop_assert!(all.expanded.starts_with(&few.expanded) && !all.has_more);
    }
}
