//! Tests of counting lines and of retyping articles.

use super::counts::BoilerplateLine;
use super::*;
use crate::document::ArticleId;
use fihrist_arabic::Span;

const LONG: &str =
    "وفيه من الكلام ما يكفي خبرا صغيرا عن سوق القرية وأهلها في يوم ماطر من أيام الخريف";

/// Returns an article of a source: a title and lines.
fn article(source: &str, lines: &[&str]) -> Article {
    let mut text = String::new();
    let mut segments = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let kind = if number == 0 {
            SegmentKind::Title
        } else {
            SegmentKind::Body
        };
        segments.push(Segment {
            kind,
            span: Span::new(text.len(), text.len() + line.len()),
        });
        text.push_str(line);
        text.push('\n');
    }
    let id = ArticleId::new("a").unwrap();
    let source = Some(source.to_owned());
    Article {
        id,
        text,
        segments,
        source,
        section: None,
        authors: Vec::new(),
        url: None,
        published: None,
        unmapped: None,
    }
}

fn kinds(article: &Article) -> Vec<&'static str> {
    article
        .segments
        .iter()
        .map(|segment| segment.kind.name())
        .collect()
}

#[test]
fn a_line_in_ten_articles_of_one_source_is_boilerplate() {
    let counts = LineCounts::default();
    for number in 0..10 {
        counts.add(&article(
            "المنارة",
            &[
                "عنوان",
                &format!("متن {number} {LONG}"),
                "حمّلوا تطبيقنا",
                "حمّلوا تطبيقنا",
            ],
        ));
        counts.add(&article(
            &format!("نشرة {number}"),
            &["عنوان", "سطر في نشرات كثيرة"],
        ));
    }
    for number in 0..9 {
        counts.add(&article(
            "المنارة",
            &["عنوان", &format!("خبر {number} {LONG}"), "كلمة أخيرة"],
        ));
    }
    let (boilerplate, counted) = counts.finish();
    assert_eq!(
        counted,
        [BoilerplateLine {
            text: "حمّلوا تطبيقنا".into(),
            occurrences: 20
        }]
    );
    let retyped = boilerplate.retype(&article(
        "المنارة",
        &["عنوان", "متن جديد", "حمّلوا تطبيقنا", "كلمة أخيرة"],
    ));
    assert_eq!(
        retyped.map(|article| kinds(&article)),
        Some(vec!["title", "body", "furniture", "body"])
    );
    assert_eq!(
        boilerplate.retype(&article("نشرة 1", &["عنوان", "حمّلوا تطبيقنا"])),
        None
    );
    assert_eq!(
        boilerplate.retype(&article("المنارة", &["حمّلوا تطبيقنا", "متن"])),
        None,
        "a title never is"
    );
    assert_eq!(
        Boilerplate::from_bytes(&boilerplate.to_bytes()).unwrap(),
        boilerplate
    );
    assert!(Boilerplate::from_bytes(&boilerplate.to_bytes()[..12]).is_err());
}

#[test]
fn a_story_that_was_published_again_and_again_is_no_boilerplate() {
    let counts = LineCounts::default();
    for number in 0..30 {
        counts.add(&article(
            "المنارة",
            &[
                &format!("عنوان {number}"),
                LONG,
                "وقال شيخها كلمة",
                "ثم مضى",
            ],
        ));
    }
    assert!(counts.finish().0.is_empty());
}

#[test]
fn a_line_that_is_a_large_share_of_its_articles_is_content() {
    let counts = LineCounts::default();
    for number in 0..12 {
        counts.add(&article(
            "المنارة",
            &["برج الحمل", &format!("الحظ {number}"), "يومك جميل"],
        ));
    }
    assert!(counts.finish().0.is_empty());
}

#[test]
fn an_article_that_is_taken_back_does_not_count() {
    let counts = LineCounts::default();
    for number in 0..11 {
        counts.add(&article(
            "المنارة",
            &["عنوان", &format!("متن {number} {LONG}"), "تابعونا كل مساء"],
        ));
    }
    counts.take_back(&article(
        "المنارة",
        &["عنوان", &format!("متن 3 {LONG}"), "تابعونا كل مساء"],
    ));
    counts.take_back(&article(
        "المنارة",
        &["عنوان", &format!("متن 4 {LONG}"), "تابعونا كل مساء"],
    ));
    assert!(counts.finish().0.is_empty());
}

#[test]
fn a_line_in_few_of_very_many_articles_is_content() {
    let counts = LineCounts::default();
    for number in 0..40_000 {
        let last = if number % 2_500 == 0 {
            "هكذا انتهت الحكاية"
        } else {
            ""
        };
        counts.add(&article(
            "المنارة",
            &["عنوان", &format!("متن {number} {LONG}"), last],
        ));
    }
    assert_eq!(counts.finish().1.len(), 1, "the empty line alone");
}
