//! What each part of the query language finds in an index, and what of it is marked. How a query is understood is in
//! `spec/queries.md`.

use fihrist_index::document::Field;
use fihrist_index::query::{NoticeCode, Scope};
use fihrist_index::search::{Matching, Operator, Relaxed, SearchRequest};
use fihrist_index::snippet::Highlight;
use proptest::prelude::*;

use crate::support::stories::World;

impl World {
    fn ids(&self, request: &SearchRequest) -> Vec<String> {
        let hits = self.index.search(request).expect("an answer").hits;
        let mut ids: Vec<String> = hits
            .iter()
            .map(|hit| hit.article.id.as_str().to_owned())
            .collect();
        ids.sort();
        ids
    }

    /// Checks which articles hold all that a query asks for.
    #[track_caller]
    fn check(&self, query: &str, expected: &[&str]) {
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        let request = SearchRequest {
            operator: Operator::And,
            ..SearchRequest::new(query)
        };
        assert_eq!(self.ids(&request), expected, "{query}");
    }

    /// Checks what of an article is marked: its title and its snippets, marks in brackets.
    #[track_caller]
    fn check_marks(&self, query: &str, id: &str, highlight: Highlight, expected: &[&str]) {
        let request = SearchRequest {
            highlight,
            operator: Operator::And,
            ..SearchRequest::new(query)
        };
        let hits = self.index.search(&request).expect("an answer").hits;
        let hit = hits
            .iter()
            .find(|hit| hit.article.id.as_str() == id)
            .expect("a hit");
        let snippets = hit.snippets.iter().map(|snippet| &snippet.fragments);
        let marks: Vec<&str> = [&hit.title]
            .into_iter()
            .chain(snippets)
            .flatten()
            .filter(|fragment| fragment.is_match)
            .map(|fragment| fragment.text.as_str())
            .collect();
        assert_eq!(marks, expected, "{query} in {id}");
    }
}

#[test]
fn phrases_and_gaps() {
    let world = World::new();
    world.check("\"وقف إطلاق النار\"", &["truce"]);
    world.check("\"إطلاق وقف\"~3", &["fire"]);
    world.check("\"إطلاق وقف\"~1", &[]);
    world.check("\"رحب ليبيا\"~9", &["truce"]);
    world.check("\"رحب ليبيا\"~4", &[]);
    world.check("\"ليبيا رحب\"~9", &[]);
}

#[test]
fn words_near_one_another() {
    let world = World::new();
    world.check("حفتر NEAR/2 ماكرون", &[]);
    world.check("حفتر NEAR/12 ماكرون", &["truce"]);
    world.check("ماكرون قرب/12 حفتر", &["truce"]);
    world.check("حفتر NEAR/30 ماكرون", &["truce", "press"]);
    world.check("\"وقف إطلاق النار\" NEAR/3 ليبيا", &["truce"]);
    world.check("ليبيا NEAR/3 \"وقف إطلاق النار\" NEAR/3 حفتر", &["truce"]);
    world.check("=النار NEAR/4 =العمل", &["fire"]);
    world.check("=نار NEAR/4 =العمل", &[]);
    world.check("=النار NEAR/4 عمل", &["fire"]);
    world.check("عمل NEAR/4 =النار", &["fire"]);
    world.check("عمل NEAR/4 =نار", &[]);
}

#[test]
fn groups_and_exclusions() {
    let world = World::new();
    world.check("القمح OR مالطا", &["wheat", "sea", "press"]);
    world.check("تونس (القمح OR مالطا)", &["sea", "press"]);
    world.check("(حفتر القمح) OR مالطا", &["wheat", "press", "sea"]);
    world.check("(حفتر -القمح) OR مالطا", &["truce", "sea"]);
    world.check("حفتر -(القمح OR باريس)", &[]);
    world.check("حفتر -(القمح باريس)", &["truce", "wheat", "press"]);
    world.check("تونس ليس مالطا", &["press"]);
    world.check("مالطا أو باريس", &["sea", "truce"]);
    world.check("حفتر AND -باريس", &["wheat", "press"]);
    world.check("-حفتر", &["sea", "fire"]);
}

#[test]
fn patterns_stand_for_words_with_and_without_clitics() {
    let world = World::new();
    world.check("حكوم*", &["wheat"]);
    world.check("مؤت?ر", &["press"]);
    world.check("مؤت؟ر", &["press"]);
    world.check("بحر*", &["sea", "press"]);
    world.check("عنوان:بحر*", &["sea"]);
    world.check("تونس -مال*", &["press"]);
    world.check("زرا*", &[]);
}

#[test]
fn fields_and_values() {
    let world = World::new();
    world.check("حفتر", &["truce", "wheat", "press"]);
    world.check("عنوان:حفتر", &["wheat"]);
    world.check("صورة:حفتر", &["truce"]);
    world.check("متن:حفتر", &["truce", "press"]);
    world.check("عنوان:(حفتر OR حريق)", &["wheat", "fire"]);
    world.check("مصدر:المرفأ", &["truce", "press"]);
    world.check("source:\"وكالة النيل\"", &["sea", "fire"]);
    world.check("مصدر:النيل -مصدر:الأنباء", &["sea", "fire"]);
    world.check("كاتب:سالم حفتر", &["truce", "press"]);
    world.check(
        "كاتب:\"ليلى الراوي\" OR عنوان:حريق",
        &["wheat", "sea", "fire"],
    );
    world.check("تاريخ:2020", &["truce", "fire"]);
    world.check("حفتر date:2019..2020", &["truce", "wheat"]);
    world.check("date:..2018", &["sea"]);
    world.check("حفتر -date:2020..", &["wheat"]);
    let found = world
        .index
        .search(&SearchRequest::new("مصدر:مجهول حفتر"))
        .expect("an answer");
    assert_eq!(
        (found.total, found.query.notices[0].code),
        (0, NoticeCode::UnknownValue)
    );
}

#[test]
fn a_filter_is_never_loosened() {
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
fn a_scope_from_outside_holds_what_names_no_field() {
    let world = World::new();
    let scope = Scope::of(Field::Title).or(Scope::of(Field::Caption));
    assert_eq!(
        world.ids(&SearchRequest {
            scope,
            ..SearchRequest::new("حفتر")
        }),
        ["truce", "wheat"]
    );
    assert_eq!(
        world.ids(&SearchRequest {
            scope,
            ..SearchRequest::new("حفت*")
        }),
        ["truce", "wheat"]
    );
    assert_eq!(
        world.ids(&SearchRequest {
            scope,
            ..SearchRequest::new("متن:القمح")
        }),
        ["press", "wheat"]
    );
}

#[test]
fn exact_matching_holds_every_part_to_its_form() {
    let world = World::new();
    let exact = |query| {
        world.ids(&SearchRequest {
            matching: Matching::Exact,
            ..SearchRequest::new(query)
        })
    };
    assert_eq!(exact("إطلاق"), ["fire"]);
    assert_eq!(exact("\"اطلاق النار\""), ["truce"]);
    assert_eq!(exact("(اطلاق OR مالطا)"), ["sea", "truce"]);
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

#[test]
fn suggestions_are_whole_queries_with_their_kinds() {
    let world = World::new();
    let suggest = |text: &str| -> Vec<(String, &str)> {
        let found = world.index.suggest(text, 8).expect("suggestions");
        found
            .into_iter()
            .map(|suggestion| (suggestion.text, suggestion.kind.name()))
            .collect()
    };
    let has = |text: &str, expected: &str, kind: &str| {
        let found = suggest(text);
        assert!(
            found.contains(&(expected.to_owned(), kind)),
            "{text}: {found:?}"
        );
    };
    has("حفت", "حفتر", "completion");
    has("أسعار القم", "أسعار القمح", "completion");
    has("أسعار القم", "حفتر وأسعار القمح", "title");
    has("مؤتمر", "مؤتمر صحفي", "title");
    has("ptjv", "حفتر", "keyboard_layout");
    for text in [
        "",
        " ",
        "؟؟؟",
        "\"",
        "(",
        "حفتر ",
        "-",
        "عنوان:",
        &"و".repeat(3_000),
    ] {
        assert!(suggest(text).len() <= 8, "{text}");
    }
}

#[test]
fn only_what_satisfied_the_query_is_marked() {
    let world = World::new();
    let word = Highlight::Word;
    world.check_marks(
        "\"وقف إطلاق النار\" -ماكر",
        "truce",
        word,
        &["بوقف اطلاق النار"],
    );
    world.check_marks("\"رحب ليبيا\"~9", "truce", word, &["رحب", "ليبيا"]);
    world.check_marks("السفن NEAR/3 حفتر", "press", word, &["السفن", "حفتر"]);
    world.check_marks("ماكرون NEAR/3 تونس", "press", word, &["ماكرون", "تونس"]);
    world.check_marks("(حفتر مالطا) OR تونس", "press", word, &["تونس"]);
    world.check_marks("القمح -باريس", "press", word, &["القمح"]);
    world.check_marks("حكوم*", "wheat", word, &["الحكومة", "حكومات"]);
    world.check_marks(
        "عنوان:حفتر القمح",
        "wheat",
        word,
        &["حفتر", "القمح", "القمح", "القمح", "القمح"],
    );
}

#[test]
fn a_mark_may_be_the_part_inside_the_clitics() {
    let world = World::new();
    world.check_marks(
        "\"وقف إطلاق النار\"",
        "truce",
        Highlight::Stem,
        &["وقف اطلاق النار"],
    );
    world.check_marks("حكومة", "wheat", Highlight::Stem, &["حكومة", "حكومات"]);
}

/// Checks how a search is loosened that finds nothing as it stands.
#[track_caller]
fn check_loosened(world: &World, query: &str, relaxed: Relaxed, first: &str) {
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
fn a_search_that_finds_nothing_is_loosened_step_by_step() {
    let world = World::new();
    check_loosened(&world, "=حكومتنا", Relaxed::AnyForm, "wheat");
    check_loosened(
        &world,
        "\"القمح ليبيا\"",
        Relaxed::AnyPart { with_all_words: 0 },
        "wheat",
    );
    check_loosened(
        &world,
        "ماكرون NEAR/1 تونس",
        Relaxed::AnyPart { with_all_words: 0 },
        "press",
    );
    check_loosened(&world, "title:ماكرون", Relaxed::AnyField, "press");
    check_loosened(
        &world,
        "title:\"الرئيس الفرنسي\"",
        Relaxed::AnyField,
        "truce",
    );
    check_loosened(
        &world,
        "title:\"ماكرون باريس\"",
        Relaxed::AnyPart { with_all_words: 0 },
        "truce",
    );
    check_loosened(
        &world,
        "source:المرفأ title:=قمحا",
        Relaxed::AnyField,
        "press",
    );
}

/// Checks what an empty answer says.
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
    fn no_answer_is_silently_empty(
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

/// What queries are made of.
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
