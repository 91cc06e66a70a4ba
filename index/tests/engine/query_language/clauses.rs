//! The articles that each kind of clause finds.

use fihrist_index::document::Field;
use fihrist_index::query::{NoticeCode, Scope};
use fihrist_index::search::{Matching, SearchRequest};

use crate::support::stories::World;

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
fn patterns_match_words_with_and_without_clitics() {
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
fn a_scope_of_the_request_limits_clauses_without_a_field() {
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
fn exact_matching_applies_to_every_part_of_a_query() {
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
