//! Filters of a search, and searches without any word.

use std::collections::BTreeSet;

use fihrist_index::Article;
use fihrist_index::arabic::calendar::Period;
use fihrist_index::search::{Filters, SearchRequest};

use super::{DAY, SOURCES, ids, index_of, numbered, search};

#[test]
fn filters_match_names_in_any_spelling() {
    let (_data, index) = index_of(40);
    let found = |filters: Filters| -> BTreeSet<String> {
        let request = SearchRequest {
            limit: 100,
            filters,
            ..SearchRequest::new("السوق")
        };
        ids(&search(&index, &request)).into_iter().collect()
    };
    let check = |filters: Filters, expected: &dyn Fn(&Article) -> bool| {
        let expected: BTreeSet<String> = (0..40)
            .map(numbered)
            .filter(|article| expected(article))
            .map(|article| article.id.as_str().to_owned())
            .collect();
        assert_eq!(found(filters), expected);
    };
    let texts = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    let is_of = |article: &Article, source: &str| article.source.as_deref() == Some(source);
    check(
        Filters {
            sources: texts(&["صحيفة المنارة"]),
            ..Filters::default()
        },
        &|a| is_of(a, SOURCES[0]),
    );
    check(
        Filters {
            sources: texts(&["صحيفه المناره"]),
            ..Filters::default()
        },
        &|a| is_of(a, SOURCES[0]),
    );
    check(
        Filters {
            sources: texts(&["صحيفة"]),
            ..Filters::default()
        },
        &|_| false,
    );
    check(
        Filters {
            sources: texts(&SOURCES[1..]),
            sections: texts(&["سياسة"]),
            ..Filters::default()
        },
        &|a| {
            (is_of(a, SOURCES[1]) || is_of(a, SOURCES[2])) && a.section.as_deref() == Some("سياسة")
        },
    );
    check(
        Filters {
            authors: texts(&["سليم الاحمد"]),
            ..Filters::default()
        },
        &|a| a.authors.iter().any(|author| author == "سليم الأحمد"),
    );
    let day = |day: i64| {
        jiff::civil::date(1970, 1, 1)
            .checked_add(jiff::Span::new().days(day))
            .ok()
    };
    let period = Period {
        from: day(18_004),
        before: day(18_006),
    };
    check(
        Filters {
            published: Some(("".to_owned(), period)),
            ..Filters::default()
        },
        &|a| {
            a.published
                .as_ref()
                .is_some_and(|date| [18_004, 18_005].contains(&(date.timestamp_seconds / DAY)))
        },
    );
}

#[test]
fn a_search_that_its_filters_empty_has_a_notice() {
    let (_data, index) = index_of(20);
    let filters = Filters {
        sources: vec!["صحيفة أخرى".to_owned()],
        ..Filters::default()
    };
    let hits = search(
        &index,
        &SearchRequest {
            filters,
            ..SearchRequest::new("السوق")
        },
    );
    let codes: Vec<_> = hits
        .query
        .notices
        .iter()
        .map(|notice| notice.code.name())
        .collect();
    assert_eq!((hits.total, codes), (0, vec!["narrow_settings"]));
}

#[test]
fn a_blank_query_finds_all_or_nothing() {
    let (_data, index) = index_of(20);
    let total = |blank_finds_all| {
        let hits = search(
            &index,
            &SearchRequest {
                blank_finds_all,
                ..SearchRequest::new(" ")
            },
        );
        (hits.total, hits.query.notices.len())
    };
    assert_eq!(total(true), (20, 0));
    assert_eq!(total(false), (0, 1));
    let signs = SearchRequest {
        blank_finds_all: true,
        ..SearchRequest::new("؟!")
    };
    assert_eq!(
        search(&index, &signs).total,
        0,
        "punctuation is not a blank query"
    );
}
