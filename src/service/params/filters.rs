//! The filters of a search: sources, sections, authors and a period of time.

use fihrist_index::arabic::calendar::Period;
use fihrist_index::search::Filters;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::reader::Params;

/// Reads the filters. A duration such as `P7D` ends on the day `today`.
pub fn read(params: &mut Params, today: Date) -> Filters {
    let [sources, sections, authors] =
        ["source", "section", "author"].map(|name| params.texts(name));
    Filters {
        sources,
        sections,
        authors,
        published: published(params, today),
    }
}

/// Returns the current day in UTC. Days of publication are counted in UTC as well.
pub fn today() -> Date {
    Offset::UTC.to_datetime(Timestamp::now()).date()
}

fn published(params: &mut Params, today: Date) -> Option<(String, Period)> {
    let texts = ["from", "to"].map(|name| params.text(name));
    period(texts, today).unwrap_or_else(|mistakes| {
        for (name, hint) in mistakes {
            params.wrong(name, hint);
        }
        None
    })
}

/// A period of time: its text, such as `2020..2021`, and its days.
pub type WrittenPeriod = (String, Period);

/// The name of a parameter, and a hint how to correct it.
pub type Mistake = (&'static str, String);

/// Returns the period between the texts of `from` and `to`, either of which may be missing. Fails
/// with the mistakes in both.
pub fn period(
    texts: [Option<String>; 2],
    today: Date,
) -> Result<Option<WrittenPeriod>, Vec<Mistake>> {
    let [from, to] = texts.each_ref().map(Option::as_deref);
    let mut mistakes = Vec::new();
    let mut side = |name: &'static str, text: Option<&str>| {
        let read = text.map(|text| day(text, name == "to", today)).transpose();
        read.unwrap_or_else(|reason| {
            mistakes.push((name, reason));
            None
        })
    };
    let from = side("from", from);
    let before = side("to", to);
    if let (Some(from), Some(before)) = (from, before)
        && from >= before
    {
        mistakes.push(("to", "it is before from".to_owned()));
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let is_given = texts.iter().any(Option::is_some);
    let text = texts.map(Option::unwrap_or_default).join("..");
    Ok(is_given.then_some((text, Period { from, before })))
}

/// Returns the first day of a date or a duration. If `is_end`, a date gives the day after its last
/// day.
fn day(text: &str, is_end: bool, today: Date) -> Result<Date, String> {
    let is_duration = text.trim_start().starts_with(['p', 'P']);
    let period = if is_duration {
        Period::parse_until(text, today)
    } else {
        Period::parse_one(text).map(|(period, _)| period)
    };
    let Period { from, before } = period.map_err(|error| error.to_string())?;
    let day = if is_end && !is_duration { before } else { from };
    day.ok_or_else(|| {
        "expected one date: a year, a month, a day, or a duration such as P7D".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use axum::http::Uri;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::service::error::ApiError;

    use super::super::search::{AUTHOR, FROM, SECTION, SOURCE, TO};
    use super::super::table::Param;

    const FILTERS: &[Param] = &[SOURCE, SECTION, AUTHOR, FROM, TO];

    fn read_all(query: &str) -> Result<Filters, Vec<(String, String)>> {
        let uri: Uri = format!("/?{query}").parse().expect("an address");
        let mut params = Params::from_query(&uri, FILTERS);
        let filters = read(&mut params, date(2020, 3, 15));
        match params.finish() {
            Ok(()) => Ok(filters),
            Err(ApiError::InvalidParameters(errors)) => {
                Err(errors.into_iter().map(|e| (e.name, e.hint)).collect())
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn reads_stretches_of_time() {
        let check = |query: &str, from: Option<Date>, before: Option<Date>| {
            let published = read_all(query).expect(query).published.expect(query);
            assert_eq!(published.1, Period { from, before }, "{query}");
        };
        check("from=2020", Some(date(2020, 1, 1)), None);
        check("to=2020", None, Some(date(2021, 1, 1)));
        check(
            "from=2020-01&to=2020-01",
            Some(date(2020, 1, 1)),
            Some(date(2020, 2, 1)),
        );
        check(
            "from=2020-01-15&to=2020-01-15",
            Some(date(2020, 1, 15)),
            Some(date(2020, 1, 16)),
        );
        check("from=P7D", Some(date(2020, 3, 9)), None);
        check("to=P7D", None, Some(date(2020, 3, 9)));
        check(
            "from=P1M&to=P7D",
            Some(date(2020, 2, 16)),
            Some(date(2020, 3, 9)),
        );
        check(
            "from=%D9%83%D8%A7%D9%86%D9%88%D9%86%20%D8%A7%D9%84%D8%AB%D8%A7%D9%86%D9%8A%202020",
            Some(date(2020, 1, 1)),
            None,
        );
    }

    #[test]
    fn explains_what_cannot_be_read() {
        let check = |query: &str, name: &str, part: &str| {
            let errors = read_all(query).expect_err(query);
            assert!(
                errors
                    .iter()
                    .any(|(n, hint)| n == name && hint.contains(part)),
                "{query}: {errors:?}"
            );
        };
        check("from=2020-13", "from", "no month 13");
        check("from=", "from", "there is no date");
        check("from=2020..2021", "from", "not a date");
        check("to=P7", "to", "duration");
        check("from=2021&to=2020", "to", "before from");
        check("source=", "source", "expected a value");
        check(&"source=a&".repeat(101), "source", "at most 100");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_explained(from in "\\PC{0,30}|P[0-9]{0,12}[DMY]?", to in "\\PC{0,30}|[0-9-]{0,12}") {
            let pairs = [("from", from), ("to", to)].map(|(name, value)| (name.to_owned(), serde_json::Value::String(value)));
            let mut params = Params::from_json(pairs.into_iter().collect(), FILTERS);
            let filters = read(&mut params, date(2020, 3, 15));
            if params.finish().is_ok() {
                let (_, period) = filters.published.expect("both were given");
                prop_assert!(period.from < period.before);
            }
        }
    }
}
