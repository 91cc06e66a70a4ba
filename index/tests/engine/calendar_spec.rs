//! Runs the specification of periods, `spec/periods.md`, and checks properties of any text. The
//! tables hold the examples.

use fihrist_index::arabic::calendar::Period;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::support::tables::{check_all, expect, expressions, rows};

const TODAY: Date = date(2020, 3, 15);

#[test]
fn periods() {
    check_rows(3, 90, |expression, expected| {
        match Period::parse_until(expression, TODAY) {
            Ok(period) => expect(
                &[shown(period.from), shown(period.before)].join(" | "),
                expected,
            ),
            Err(error) => Err(error.to_string()),
        }
    });
}

#[test]
fn text_that_is_not_a_period_is_refused() {
    check_rows(2, 25, |expression, expected| {
        match Period::parse_until(expression, TODAY) {
            Ok(period) => Err(format!(
                "gives {} | {}",
                shown(period.from),
                shown(period.before)
            )),
            Err(error) => expect(&error.to_string(), expected),
        }
    });
}

/// Runs `check` on every expression of the rows with `cell_count` cells.
#[track_caller]
fn check_rows(cell_count: usize, minimum: usize, check: impl Fn(&str, &str) -> Result<(), String>) {
    let mut rows = rows(include_str!("../spec/periods.md"));
    rows.retain(|row| row.len() == cell_count);
    assert!(rows.len() >= minimum, "only {} rows were found", rows.len());
    check_all(&expressions(&rows), minimum, |(expression, expected)| {
        check(expression, &expected.join(" | "))
    });
}

fn shown(day: Option<Date>) -> String {
    day.map_or_else(|| "–".to_owned(), |day| day.to_string())
}

#[test]
fn periods_in_seconds_begin_at_midnight_utc() {
    let seconds = |text: &str| Period::parse_until(text, TODAY).unwrap().seconds();
    assert_eq!(seconds("2020"), (Some(1_577_836_800), Some(1_609_459_200)));
    assert_eq!(seconds("1970-01-01.."), (Some(0), None));
    assert_eq!(seconds("..1969"), (None, Some(0)));
    assert_eq!(seconds("1000").0, Some(-30_610_224_000));
}

/// Text that is nearly a date, and arbitrary characters.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(vec![
            "2020", "1441", "2019", "15", "3", "٧", "31", "99999999999", "20200115", "مارس", "كانون", "الثاني", "رمضان",
            "يناير", "Mar", "من", "إلى", "بين", "و", "حتى", "بعد", "قبل", "منذ", "عام", "هـ", "م", "الأحد", "P", "D", "Y", "T",
        ]).prop_map(str::to_owned),
        6 => prop::sample::select(vec![" ", "-", "/", ".", "..", "…", "،", "(", ")", "ـ", "\u{200F}", "\u{A0}"])
            .prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Days of the years that a period accepts.
fn day() -> impl Strategy<Value = Date> {
    (1000..=2999i16, 1..=12i8, 1..=31i8).prop_filter_map("no such day", |(year, month, day)| {
        Date::new(year, month, day).ok()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_refused_or_a_period_that_begins_before_it_ends(text in prop_oneof![text(), any::<String>()]) {
        let _ = Period::parse_one(&text);
        if let Ok(period) = Period::parse_until(&text, TODAY) {
            prop_assert!(period.from.is_some() || period.before.is_some());
            if let (Some(from), Some(before)) = (period.from, period.before) {
                prop_assert!(from < before, "{period:?}");
                prop_assert!(from.year() >= 1000 && before <= date(3000, 1, 1), "{period:?}");
            }
        }
    }

    #[test]
    fn today_may_be_any_day(today in prop_oneof![day(), Just(Date::MIN), Just(Date::MAX)], count in 0..=u32::MAX, unit in "[YMWD]") {
        let _ = Period::parse_until(&format!("P{count}{unit}"), today);
    }

    #[test]
    fn days_are_read_as_they_are_written(one in day(), other in day()) {
        let (first, last) = if one <= other { (one, other) } else { (other, one) };
        let expected = Period { from: Some(first), before: last.tomorrow().ok() };
        let day_first = |day: Date| format!("{}/{}/{}", day.day(), day.month(), day.year());
        let named = |day: Date| format!("{} {} {}", day.day(), LEVANTINE[day.month().unsigned_abs() as usize - 1], day.year());
        for text in [
            format!("{first}..{last}"),
            format!("{first}/{last}"),
            format!("{} - {}", day_first(first), day_first(last)),
            format!("من {} إلى {}", named(first), named(last)),
            format!("{}-{}", named(first), named(last)),
        ] {
            prop_assert_eq!(Period::parse_until(&text, TODAY), Ok(expected), "{}", text);
        }
    }
}

const LEVANTINE: [&str; 12] = [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
];
