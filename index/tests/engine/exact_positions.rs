//! Exact phrases find the articles that contain them. An index derives the positions of a form from
//! the positions of its stem. These tests compute the expected articles from the words of the
//! texts, also after replacements and deletions within a job.

use std::collections::{BTreeMap, BTreeSet};

use fihrist_index::arabic::{Analyzer, Model, TokenKind};
use fihrist_index::search::{Operator, SearchRequest};
use fihrist_index::{Article, ArticleId, Index, IndexWriter};
use proptest::prelude::*;

use crate::support::articles::untitled;
use crate::support::location::TestLocation;

/// Forms that share stems, abbreviations that are spelled like words, signs and numbers.
const WORDS: [&str; 16] = [
    "كتاب",
    "الكتاب",
    "وكتابه",
    "كتب",
    "مدرسة",
    "المدرسة",
    "مدرسه",
    "إطلاق",
    "اطلاق",
    "أ.ف.ب",
    "افب",
    "في",
    "BBC",
    "2019",
    "#وسم",
    "غغزط",
];

fn article(id: usize, words: &[&str]) -> Article {
    untitled(&id.to_string(), words.join(" "))
}

/// Returns the forms of a text in order. A token of kind `Whole` is left out, since its parts stand
/// for it.
fn forms(analyzer: &Analyzer, text: &str) -> Vec<String> {
    let tokens = analyzer
        .analyze(text)
        .into_iter()
        .filter(|token| token.kind != TokenKind::Whole);
    tokens.map(|token| token.form(text)).collect()
}

fn found(index: &Index, query: &str) -> BTreeSet<String> {
    let request = SearchRequest {
        operator: Operator::And,
        relaxes: false,
        limit: 100,
        collapses: false,
        ..SearchRequest::new(query)
    };
    let hits = index.search(&request).expect("an answer").hits;
    hits.into_iter()
        .map(|hit| hit.article.id.to_string())
        .collect()
}

fn words() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(WORDS.to_vec()), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn exact_phrases_match_where_their_forms_follow_one_another(
        texts in prop::collection::vec(words(), 1..20),
        phrases in prop::collection::vec(prop::collection::vec(prop::sample::select(WORDS.to_vec()), 1..4), 12),
    ) {
        let data = TestLocation::new();
        let mut writer = IndexWriter::open(data.at()).expect("a writer");
        for (id, words) in texts.iter().enumerate() {
            writer.upsert(&article(id, words)).expect("indexed");
        }
        writer.commit().expect("committed");
        let index = Index::open(data.at()).expect("an index");
        let analyzer = Analyzer::new(Model::base());
        let texts: Vec<Vec<String>> = texts.iter().map(|words| forms(&analyzer, &words.join(" "))).collect();
        for phrase in phrases {
            let typed = phrase.join(" ");
            let wanted = forms(&analyzer, &typed);
            let holds = |text: &Vec<String>| text.windows(wanted.len()).any(|window| window == wanted);
            let expected: BTreeSet<String> =
                (0..).zip(&texts).filter(|(_, text)| holds(text)).map(|(id, _): (usize, _)| id.to_string()).collect();
            prop_assert_eq!(found(&index, &format!("=\"{typed}\"")), expected, "{}", typed);
        }
    }

    #[test]
    fn replaced_and_deleted_articles_leave_no_trace(
        changes in prop::collection::vec((0..6_usize, prop::option::weighted(0.8, words()), prop::bool::weighted(0.2)), 1..40),
    ) {
        let data = TestLocation::new();
        let mut writer = IndexWriter::open(data.at()).expect("a writer");
        let mut expected: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for (id, words, commits) in changes {
            match words {
                Some(words) => {
                    writer.upsert(&article(id, &words)).expect("indexed");
                    expected.insert(id, words);
                }
                None => {
                    let is_there = writer.delete(&ArticleId::new(&id.to_string()).expect("an id")).expect("deleted");
                    prop_assert_eq!(is_there, expected.remove(&id).is_some());
                }
            }
            if commits {
                writer.commit().expect("committed");
            }
        }
        writer.commit().expect("committed");
        // The first article creates the index.
        let Ok(index) = Index::open(data.at()) else { return Ok(()) };
        prop_assert_eq!(index.stats().expect("figures").articles, expected.len() as u64);
        let analyzer = Analyzer::new(Model::base());
        for word in WORDS {
            let wanted = forms(&analyzer, word);
            let holds = |words: &[&str]| forms(&analyzer, &words.join(" ")).windows(wanted.len()).any(|some| some == wanted);
            let ids = expected.iter().filter(|(_, words)| holds(words)).map(|(id, _)| id.to_string()).collect();
            prop_assert_eq!(found(&index, &format!("=\"{word}\"")), ids, "{}", word);
        }
    }
}
