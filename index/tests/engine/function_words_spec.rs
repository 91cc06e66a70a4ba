//! Runs the specification of function words: every row of `spec/function_words.md` is a check over
//! an index of its sentences. A property checks all queries of such words.

use fihrist_index::Index;
use fihrist_index::query::NoticeCode::IgnoredWord;
use fihrist_index::query::Query;
use fihrist_index::search::SearchRequest;
use proptest::prelude::*;

use crate::spec::understood;
use crate::support::articles::untitled;
use crate::support::indexes::write;
use crate::support::location::TestLocation;
use crate::support::tables::{check_all, expect, rows_of};

const SPEC: &str = include_str!("../spec/function_words.md");

/// Writes the sentences of the specification, each as many times as it says.
fn indexed() -> (TestLocation, Index) {
    let location = TestLocation::new();
    let mut articles = Vec::new();
    for row in rows_of(SPEC, |table| table.heading == "Articles") {
        let count: usize = row[1].parse().expect("a number of articles");
        for _ in 0..count {
            articles.push(untitled(&articles.len().to_string(), row[0].clone()));
        }
    }
    write(location.at(), &articles, articles.len());
    let index = Index::open(location.at()).expect("an index");
    (location, index)
}

fn searched(index: &Index, query: &str) -> Query {
    let request = SearchRequest {
        relaxes: false,
        ..SearchRequest::new(query)
    };
    index.search(&request).expect("an answer").query
}

/// Fails unless the notices name the ignored words.
fn check_notices(query: &Query) -> Result<(), String> {
    let notices = query.notices.iter();
    let noted: Vec<_> = notices
        .filter(|notice| notice.code == IgnoredWord)
        .map(|notice| notice.span)
        .collect();
    let ignored: Vec<_> = query.ignored().map(|text| text.span).collect();
    if noted == ignored {
        Ok(())
    } else {
        Err(format!("has notices about {noted:?}"))
    }
}

#[test]
fn function_words() {
    let (_location, index) = indexed();
    let rows = rows_of(SPEC, |table| table.heading != "Articles");
    check_all(&rows, 50, |row| {
        let mut query = searched(&index, &row[0]);
        check_notices(&query)?;
        query.notices.clear();
        expect(&understood(&query), &row[1])
    });
}

#[test]
fn each_word_is_searched_or_noted() {
    let (_location, index) = indexed();
    let words = "علي على فريد محمود كان مهرجان أم كلثوم سي إن بي آي أو OR -علي =كان ( ) \"كان الجو\" في، حتي إم";
    let words: Vec<&str> = words.split(' ').collect();
    let queries = proptest::collection::vec(proptest::sample::select(words), 0..7);
    proptest!(ProptestConfig::with_cases(64), |(parts in queries)| {
        let input = parts.join(" ");
        let query = searched(&index, &input);
        prop_assert_eq!(check_notices(&query), Ok(()), "{}", input);
        for text in query.texts().chain(query.ignored()) {
            let typed = input.get(text.span.range());
            let (first, last) = (&text.terms[0], &text.terms[text.terms.len() - 1]);
            prop_assert!(typed.is_some_and(|typed| typed.starts_with(&*first.text) && typed.ends_with(&*last.text)), "{}", input);
        }
    });
}
