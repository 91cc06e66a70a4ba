//! Runs the specification of dates, `spec/dates.md`, and checks properties of any text. The tables
//! hold the examples.

use std::collections::BTreeMap;

use fihrist_index::ArticleId;
use fihrist_index::document::{Article, Confidence, DateOrigin, Precision, Published};
use fihrist_index::ingest::date::{in_text, parse, parse_with};
use fihrist_index::ingest::read_text;
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;

use crate::support::tables::{check_all, expect, expressions, rows_of};

/// Noon of 15 March 2020.
const ANCHOR: Timestamp = Timestamp::constant(1_584_273_600, 0);

#[test]
fn written_dates() {
    check_rows("| written | date | precision |", 60, |written, expected| {
        expect(&shown(parse(written).as_ref()), &expected.join(" "))
    });
}

#[test]
fn confidence_of_dates() {
    check_rows(
        "| written | date | confidence |",
        20,
        |written, expected| {
            let seen = parse(written).map(|at| format!("{} {}", at.date, at.confidence.name()));
            expect(&seen.unwrap_or_default(), &expected.join(" "))
        },
    );
}

#[test]
fn relative_dates() {
    check_rows(
        "| written with an anchor | date | precision |",
        20,
        |written, expected| {
            let with_anchor = parse_with(written, Some(ANCHOR));
            expect(&shown(with_anchor.as_ref()), &expected.join(" "))?;
            expect(&shown(parse(written).as_ref()), "")
        },
    );
}

#[test]
fn text_that_is_not_a_date_is_refused() {
    check_rows("| written |", 40, |written, _| {
        expect(&shown(parse(written).as_ref()), "")
    });
}

#[test]
fn dates_in_texts() {
    check_rows("| text | date | confidence |", 25, |text, expected| {
        let article = page(&format!("سوق المرفأ\n\n{}", text.replace('⏎', "\n")));
        let seen = article.published.map_or_else(
            || "– –".to_owned(),
            |published| {
                assert_eq!(published.origin, DateOrigin::Text);
                format!("{} {}", published.date, published.confidence.name())
            },
        );
        expect(&seen, &expected.join(" "))
    });
}

fn page(text: &str) -> Article {
    read_text(ArticleId::new("page").expect("an id"), text.to_owned())
}

fn shown(published: Option<&Published>) -> String {
    published.map_or_else(String::new, |published| {
        format!("{} {}", published.date, published.precision.name())
    })
}

/// Runs `check` on every expression of the tables with this head.
#[track_caller]
fn check_rows(head: &str, minimum: usize, check: impl Fn(&str, &[String]) -> Result<(), String>) {
    let rows = rows_of(include_str!("../spec/dates.md"), |table| table.head == head);
    check_all(&expressions(&rows), minimum, |(expression, expected)| {
        check(expression, expected)
    });
}

/// Text that is nearly a date, and arbitrary characters.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            "2020", "1441", "15", "3", "٧", "٢٠٢٠", "20200115", "مارس", "كانون", "الثاني", "رمضان", "هـ", "م", "الأحد", "الموافق",
            "نشر في", "آخر تحديث", "اليوم", "أمس", "قبل", "أيام", "الساعة", "14:30", "2:3", "مساءً", "GMT", "بتوقيت مكة", "+03:00", "h",
            "هند السالم", "3 تعليقات",
        ]).prop_map(str::to_owned),
        5 => prop::sample::select(vec![" ", " ", "-", "/", ":", ".", "،", "|", "(", ")", "ـ", "\n", "\u{200F}", "\u{A0}"])
            .prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_text_is_refused_or_a_date(text in prop_oneof![text(), any::<String>()]) {
        for published in [parse(&text), parse_with(&text, Some(ANCHOR))].into_iter().flatten() {
            prop_assert_eq!(published.origin, DateOrigin::Metadata);
            prop_assert!(published.date.len() >= 4, "{:?}", published);
        }
        if let Some(published) = page(&text).published {
            prop_assert_eq!(published.origin, DateOrigin::Text);
            prop_assert!(published.confidence != Confidence::Certain);
            prop_assert!(matches!(published.precision, Precision::Day | Precision::Second));
        }
    }

    #[test]
    fn days_are_read_as_they_are_written((year, month, day) in (1900..=2100i16, 1..=12i8, 1..=28i8)) {
        let date = Date::new(year, month, day).unwrap();
        for written in [format!("{day}/{month}/{year}"), format!("{year}/{month}/{day}"), format!("نشر في {day}-{month}-{year}"), date.to_string()] {
            prop_assert_eq!(shown(parse(&written).as_ref()), format!("{date} day"), "{}", written);
            let at_noon = format!("{written} 12:00");
            prop_assert_eq!(shown(parse(&at_noon).as_ref()), format!("{date}T12:00:00 second"), "{}", at_noon);
        }
    }
}

/// Reads the articles of `FIHRIST_DATED`, a file of JSON lines. Prints how often the date in the
/// text is the date in the metadata.
///
/// `FIHRIST_DATED=articles.jsonl cargo test --release -p fihrist-index --test engine -- dates_spec:: --ignored --nocapture`
#[test]
#[ignore = "it needs a collection of dated articles, and measures instead of testing"]
fn measure_dates_in_texts() {
    let lines = std::fs::read_to_string(
        std::env::var("FIHRIST_DATED").expect("FIHRIST_DATED names a file"),
    )
    .expect("a file");
    let articles: Vec<_> = lines
        .lines()
        .map(|line| {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
            (
                field("date"),
                page(&format!("{}\n\n{}", field("title"), field("body"))),
            )
        })
        .collect();
    let unreadable: Vec<_> = articles
        .iter()
        .filter(|(date, _)| parse(date).is_none())
        .map(|(date, _)| date)
        .collect();
    println!(
        "{} articles, {} dates unreadable {:?}",
        articles.len(),
        unreadable.len(),
        unreadable.first()
    );
    let start = std::time::Instant::now();
    let found = articles
        .iter()
        .filter(|(_, article)| in_text(&article.text, &article.segments).is_some())
        .count();
    println!("{found} dates found in {:?}", start.elapsed());
    let mut outcomes: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for (written, article) in &articles {
        let Some((guess, truth)) = article.published.as_ref().zip(parse(written)) else {
            continue;
        };
        let (guessed, true_day): (Date, Date) = (
            guess.date[..10].parse().unwrap(),
            truth.date[..10].parse().unwrap(),
        );
        let days_apart = (guessed - true_day).get_days();
        let is_same_month = guess.date[..7] == truth.date[..7];
        let outcome = match days_apart.abs() {
            0 => "same day",
            1..=3 => "within 3 days",
            _ if is_same_month => "same month",
            4..=31 => "within 31 days",
            _ => "wrong",
        };
        *outcomes
            .entry((guess.confidence.name(), outcome))
            .or_default() += 1;
        if days_apart.abs() > 3 && std::env::var_os("FIHRIST_SHOW").is_some() {
            let start = article
                .text
                .char_indices()
                .nth(160)
                .map_or(article.text.len(), |(at, _)| at);
            println!(
                "{} {} | {true_day} | {}",
                guess.confidence.name(),
                guess.date,
                &article.text[..start].replace('\n', "⏎")
            );
        }
    }
    for ((confidence, outcome), count) in outcomes {
        println!("{confidence} {outcome}: {count}");
    }
}
