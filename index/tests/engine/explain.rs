//! Explanations: why an article matches a query, or why it does not.

use fihrist_index::ArticleId;
use fihrist_index::document::Field;
use fihrist_index::query::Scope;
use fihrist_index::search::{ExplainedQuery, Matching, Operator, Relaxed, SearchRequest};

use crate::support::stories::{STORIES, World};

fn explain(world: &World, request: &SearchRequest, id: &str) -> ExplainedQuery {
    let id = ArticleId::new(id).expect("an id");
    world
        .index
        .explain(request, &id)
        .expect("an answer")
        .expect("an article")
}

/// Checks the forms that an article has for each word of a query, as
/// `form/level/field×occurrences`. A form that cannot satisfy the query is in brackets.
#[track_caller]
fn check_forms(world: &World, query: &str, id: &str, expected: &[&[&str]]) {
    let request = SearchRequest {
        relaxes: false,
        ..SearchRequest::new(query)
    };
    let explained = explain(world, &request, id).explanation;
    let forms = explained.words.iter().map(|word| {
        let forms = word.forms.iter().map(|form| {
            let shown = format!(
                "{}/{}/{}×{}",
                form.text,
                form.by.name(),
                form.field.name(),
                form.occurrences
            );
            if form.counts {
                shown
            } else {
                format!("({shown})")
            }
        });
        forms.collect::<Vec<_>>()
    });
    assert_eq!(forms.collect::<Vec<_>>(), expected, "{query} in {id}");
}

/// Checks why each clause of a query does not match. The query is not relaxed.
#[track_caller]
fn check_misses(world: &World, query: &str, id: &str, expected: &[Option<&str>]) {
    let request = SearchRequest {
        relaxes: false,
        ..SearchRequest::new(query)
    };
    let explained = explain(world, &request, id).explanation;
    let misses: Vec<_> = explained
        .clauses
        .iter()
        .map(|clause| clause.lack.map(|lack| lack.name()))
        .collect();
    assert_eq!(misses, expected, "{query} in {id}");
    let is_match = explained.clauses.iter().all(|clause| {
        clause.is_ignored
            || clause.is_held != (clause.occur == fihrist_index::query::Occur::MustNot)
    });
    assert_eq!(explained.is_match, is_match, "{query} in {id}");
}

#[test]
fn each_word_names_the_form_and_the_level_that_matched() {
    let world = World::new();
    check_forms(
        &world,
        "وقف إطلاق النار",
        "truce",
        &[
            &["بوقف/stem/body×1"],
            &["اطلاق/folded/body×1"],
            &["النار/form/body×1"],
        ],
    );
    check_forms(
        &world,
        "القمح",
        "wheat",
        &[&[
            "القمح/form/title×1",
            "القمح/form/body×2",
            "القمح/form/caption×1",
        ]],
    );
    check_forms(
        &world,
        "حكوم*",
        "wheat",
        &[&["الحكومة/pattern/body×1", "حكومات/pattern/body×1"]],
    );
    check_forms(&world, "title:ليبيا", "wheat", &[&["(ليبيا/form/body×1)"]]);
    check_forms(
        &world,
        "=حكومة",
        "wheat",
        &[&["(الحكومة/stem/body×1)", "(حكومات/stem/body×1)"]],
    );
}

#[test]
fn a_clause_names_why_it_does_not_match() {
    let world = World::new();
    check_misses(&world, "حفتر", "truce", &[None]);
    check_misses(&world, "حفتر غرناطة", "truce", &[None, Some("no_word")]);
    check_misses(&world, "\"إطلاق النار\"", "fire", &[Some("not_in_order")]);
    check_misses(&world, "النار NEAR/2 إطلاق", "fire", &[Some("not_near")]);
    check_misses(&world, "title:ماكرون", "truce", &[Some("other_field")]);
    check_misses(
        &world,
        "title:\"حفتر في باريس\"",
        "truce",
        &[Some("other_field")],
    );
    check_misses(&world, "=حكومة", "wheat", &[Some("other_form")]);
    check_misses(&world, "=إطلاق", "truce", &[Some("other_form")]);
    check_misses(&world, "برتق*", "truce", &[Some("no_such_letters")]);
    check_misses(&world, "title:فرنس*", "truce", &[Some("other_field")]);
    check_misses(
        &world,
        "(غرناطة OR قرطبة)",
        "truce",
        &[Some("group_not_held")],
    );
    check_misses(
        &world,
        "حفتر source:النيل",
        "truce",
        &[None, Some("other_value")],
    );
    check_misses(
        &world,
        "حفتر date:2019",
        "truce",
        &[None, Some("other_time")],
    );
    check_misses(&world, "القمح -ماكرون", "press", &[None, None]);
    check_misses(&world, "القمح -ماكرون", "wheat", &[None, None]);
    check_misses(
        &world,
        "السفن في البحر",
        "sea",
        &[None, Some("no_word"), None],
    );
}

#[test]
fn the_parts_of_a_score_add_up_to_the_score_of_the_search() {
    let world = World::new();
    for query in [
        "حفتر",
        "حفتر القمح",
        "\"وقف إطلاق النار\" ليبيا",
        "حكوم* القمح",
        "سفينة",
        "=القمح",
    ] {
        let request = SearchRequest {
            explains: true,
            ..SearchRequest::new(query)
        };
        let hits = world.index.search(&request).expect("an answer").hits;
        assert!(!hits.is_empty(), "{query}");
        for hit in hits {
            let explanation = hit.explanation.expect("asked for");
            assert!(explanation.is_match, "{query}");
            assert!((explanation.score - hit.score).abs() < 1e-4, "{query}");
            let words: f32 = explanation
                .words
                .iter()
                .map(|word| word.score.total())
                .sum();
            let sum = words + explanation.passage + explanation.together;
            assert!((sum - hit.score).abs() < 1e-4, "{query}");
            let alone = explain(&world, &SearchRequest::new(query), hit.article.id.as_str());
            assert_eq!(alone.explanation, explanation, "{query}");
            for word in &explanation.words {
                let counted = word.forms.iter().any(|form| form.counts);
                assert_eq!(counted, word.score.lead > 0.0, "{query}: {word:?}");
            }
        }
    }
}

#[test]
fn explain_and_search_find_the_same_articles() {
    let world = World::new();
    for query in [
        "حفتر ليبيا",
        "القمح -ماكرون",
        "\"وقف إطلاق النار\"",
        "زيتون",
        "النارر",
        "",
        "-حفتر",
        "date:2020",
        "في",
    ] {
        for operator in [Operator::Auto, Operator::And, Operator::Or] {
            let request = SearchRequest {
                operator,
                ..SearchRequest::new(query)
            };
            let hits = world.index.search(&request).expect("an answer").hits;
            for story in &STORIES {
                let is_hit = hits.iter().any(|hit| hit.article.id.as_str() == story.id);
                let explained = explain(&world, &request, story.id);
                assert_eq!(
                    explained.explanation.is_match, is_hit,
                    "{query} in {} by {operator:?}",
                    story.id
                );
            }
        }
    }
}

#[test]
fn explain_uses_the_settings_of_the_search() {
    let world = World::new();
    let of = |request: &SearchRequest| explain(&world, request, "wheat");
    let title_only = SearchRequest {
        scope: Scope::of(Field::Title),
        ..SearchRequest::new("ليبيا")
    };
    assert!(!of(&title_only).explanation.is_match);
    let exact = SearchRequest {
        matching: Matching::Exact,
        ..SearchRequest::new("حكومة")
    };
    assert!(!of(&exact).explanation.is_match);
    let relaxed = of(&SearchRequest::new("القمح غرناطة"));
    assert!(relaxed.explanation.is_match);
    assert_eq!(
        relaxed.relaxed,
        Some(Relaxed::AnyWord { with_all_words: 0 })
    );
    let no_id = ArticleId::new("nobody").expect("an id");
    assert_eq!(
        world.index.explain(&exact, &no_id).expect("an answer"),
        None
    );
}
