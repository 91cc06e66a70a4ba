//! A search without a hit: it is relaxed or corrected, or its notices say why it is empty.

use fihrist_index::document::Field;
use fihrist_index::query::{NoticeCode, Scope};
use fihrist_index::search::{Matching, Relaxed, SearchRequest};
use proptest::prelude::*;

use crate::support::stories::World;

#[test]
fn a_filter_is_never_relaxed() {
    let world = World::new();
    let found = world
        .index
        .search(&SearchRequest::new("مصدر:المرفأ القمح مالطا"))
        .expect("an answer");
    let ids: Vec<_> = found
        .hits
        .iter()
        .map(|hit| hit.article.id.as_str())
        .collect();
    assert_eq!(
        (ids, found.relaxed),
        (vec!["press"], Some(Relaxed::AnyWord { with_all_words: 0 }))
    );
}

#[test]
fn a_search_that_finds_nothing_is_corrected_and_says_so() {
    let world = World::new();
    let found = world
        .index
        .search(&SearchRequest::new("ptjv"))
        .expect("an answer");
    assert_eq!(
        (found.relaxed, found.did_you_mean.as_deref()),
        (Some(Relaxed::Corrected), Some("حفتر"))
    );
    assert_eq!((found.input.as_str(), found.total), ("ptjv", 3));
    let strict = world
        .index
        .search(&SearchRequest {
            relaxes: false,
            ..SearchRequest::new("ptjv")
        })
        .expect("an answer");
    assert_eq!(
        (strict.total, strict.did_you_mean.as_deref()),
        (0, Some("حفتر"))
    );
    let partly = world
        .index
        .search(&SearchRequest::new("القمح ptjv"))
        .expect("an answer");
    assert_eq!(partly.relaxed, Some(Relaxed::AnyWord { with_all_words: 0 }));
    assert_eq!(partly.did_you_mean.as_deref(), Some("القمح حفتر"));
    let nothing = world
        .index
        .search(&SearchRequest::new("زرافة"))
        .expect("an answer");
    assert_eq!(
        (nothing.total, nothing.relaxed, nothing.did_you_mean),
        (0, None, None)
    );
}

/// Checks how a search without a hit is relaxed.
#[track_caller]
fn check_relaxed(world: &World, query: &str, relaxed: Relaxed, first: &str) {
    let found = world
        .index
        .search(&SearchRequest::new(query))
        .expect("an answer");
    let first_found = found.hits.first().map(|hit| hit.article.id.as_str());
    assert_eq!(
        (found.relaxed, first_found),
        (Some(relaxed), Some(first)),
        "{query}"
    );
    let marked = found.hits.iter().flat_map(|hit| {
        hit.title
            .iter()
            .chain(hit.snippets.iter().flat_map(|s| &s.fragments))
    });
    assert!(
        marked.into_iter().any(|fragment| fragment.is_match),
        "{query}: nothing is marked"
    );
}

#[test]
fn a_search_that_finds_nothing_is_relaxed_step_by_step() {
    let world = World::new();
    check_relaxed(&world, "=حكومتنا", Relaxed::AnyForm, "wheat");
    check_relaxed(
        &world,
        "\"القمح ليبيا\"",
        Relaxed::AnyPart { with_all_words: 0 },
        "wheat",
    );
    check_relaxed(
        &world,
        "ماكرون NEAR/1 تونس",
        Relaxed::AnyPart { with_all_words: 0 },
        "press",
    );
    check_relaxed(&world, "title:ماكرون", Relaxed::AnyField, "press");
    check_relaxed(
        &world,
        "title:\"الرئيس الفرنسي\"",
        Relaxed::AnyField,
        "truce",
    );
    check_relaxed(
        &world,
        "title:\"ماكرون باريس\"",
        Relaxed::AnyPart { with_all_words: 0 },
        "truce",
    );
    check_relaxed(
        &world,
        "source:المرفأ title:=قمحا",
        Relaxed::AnyField,
        "press",
    );
}

/// Checks the notices of an empty answer.
#[track_caller]
fn check_notices(world: &World, request: &SearchRequest, expected: &[(NoticeCode, &str)]) {
    let found = world.index.search(request).expect("an answer");
    assert_eq!(found.total, 0, "{}", request.query);
    let notices: Vec<_> = found
        .query
        .notices
        .iter()
        .map(|notice| (notice.code, notice.span.slice(&request.query)))
        .collect();
    assert_eq!(notices, expected, "{}", request.query);
}

#[test]
fn an_empty_answer_says_why() {
    let world = World::new();
    let check = |query: &str, expected: &[(NoticeCode, &str)]| {
        check_notices(&world, &SearchRequest::new(query), expected)
    };
    check("غرناطة", &[(NoticeCode::UnknownWord, "غرناطة")]);
    check(
        "\"غرناطة وقرطبة\"",
        &[
            (NoticeCode::UnknownWord, "غرناطة"),
            (NoticeCode::UnknownWord, "وقرطبة"),
        ],
    );
    check("برتق*", &[(NoticeCode::UnknownWord, "برتق*")]);
    check("القمح date:1950", &[(NoticeCode::TooNarrow, "1950")]);
    check(
        "القمح -أسعار -ماكرون",
        &[
            (NoticeCode::TooNarrow, "أسعار"),
            (NoticeCode::TooNarrow, "ماكرون"),
        ],
    );
    check("date:1950", &[(NoticeCode::TooNarrow, "1950")]);
    let strict = SearchRequest {
        relaxes: false,
        ..SearchRequest::new("ماكرون أسعار")
    };
    check_notices(
        &world,
        &strict,
        &[(NoticeCode::NarrowSettings, "ماكرون أسعار")],
    );
    let scope = Scope::of(Field::Title);
    check_notices(
        &world,
        &SearchRequest {
            scope,
            ..SearchRequest::new("ليبيا")
        },
        &[(NoticeCode::NarrowSettings, "ليبيا")],
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_empty_answer_has_a_notice(
        parts in proptest::collection::vec(proptest::sample::select(PARTS.to_vec()), 0..6),
        is_title_only: bool,
        relaxes: bool,
        is_exact: bool,
    ) {
        thread_local! {
            static WORLD: World = World::new();
        }
        let request = SearchRequest {
            relaxes,
            scope: if is_title_only { Scope::of(Field::Title) } else { Scope::ALL },
            matching: if is_exact { Matching::Exact } else { Matching::Auto },
            ..SearchRequest::new(&parts.join(" "))
        };
        let found = WORLD.with(|world| world.index.search(&request)).expect("an answer");
        prop_assert!(found.total > 0 || !found.query.notices.is_empty(), "{}", request.query);
        for notice in &found.query.notices {
            prop_assert!(found.query.input.get(notice.span.start..notice.span.end).is_some(), "{:?}", notice);
        }
    }
}

/// The parts that the queries are made of.
const PARTS: [&str; 22] = [
    "حفتر",
    "القمح",
    "=حكومة",
    "غرناطة",
    "\"وقف النار\"",
    "\"إطلاق النار\"~3",
    "-ماكرون",
    "-\"في ليبيا\"",
    "title:البحر",
    "caption:\"في باريس\"",
    "source:النيل",
    "author:ليلى",
    "date:2020",
    "date:1950",
    "OR",
    "(",
    ")",
    "NEAR/2",
    "حكوم*",
    "م?ت*",
    "في",
    "النارر",
];
