//! One JSON object → an article. How objects follow each other in a file is left to `json_file`.

use serde::de::DeserializeSeed;

use super::fields::{Fields, Object};
use super::record::Record;
use super::value::Value;
use crate::ingest::mapping::Mapping;

/// Reads one record. Fails with the reason in plain words.
pub fn read(record: &[u8], mapping: &Mapping) -> Result<Record, String> {
    let record = std::str::from_utf8(record).map_err(|error| {
        format!(
            "not UTF-8: byte {} of the line is invalid",
            error.valid_up_to()
        )
    })?;
    parse(record, mapping)?.into_draft()?.finish()
}

fn parse<'a, 'm>(record: &'a str, mapping: &'m Mapping) -> Result<Fields<'m, 'a>, String> {
    if !record.starts_with('{') {
        return match serde_json::from_str::<Value<'_>>(record) {
            Ok(value) => Err(format!(
                "{} where an object was expected",
                value.type_name()
            )),
            Err(error) => Err(broken(record, &error)),
        };
    }
    let mut deserializer = serde_json::Deserializer::from_str(record);
    let fields = Object(mapping).deserialize(&mut deserializer);
    fields
        .and_then(|fields| deserializer.end().map(|()| fields))
        .map_err(|error| broken(record, &error))
}

/// Returns the message of `error` with the column counted in characters, as editors count. For an
/// object of several lines, the message also names the line.
fn broken(record: &str, error: &serde_json::Error) -> String {
    let line_index = error.line().saturating_sub(1);
    let line = record.split('\n').nth(line_index).unwrap_or_default();
    let before = line.as_bytes().get(..error.column()).unwrap_or_default();
    let column = String::from_utf8_lossy(before).chars().count();
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    match error.line() {
        0 | 1 => format!("broken JSON at column {column}: {message}"),
        line => format!("broken JSON at column {column} of line {line} of the object: {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(line: &str) -> String {
        match read(line.as_bytes(), &Mapping::default()) {
            Err(reason) => reason,
            Ok(Record {
                article,
                unreadable_date,
                ..
            }) => {
                let segments = article
                    .segments
                    .iter()
                    .map(|s| format!("{}:{}", s.kind.name(), s.span.slice(&article.text)));
                let date = article.published.map(|at| at.date);
                let facts = [
                    article.source,
                    article.section,
                    article.url,
                    date,
                    unreadable_date.map(|date| format!("?{date}")),
                ];
                let facts = facts
                    .into_iter()
                    .flatten()
                    .chain(article.authors)
                    .collect::<Vec<_>>()
                    .join(", ");
                format!(
                    "{} | {} | {facts}",
                    article.id,
                    segments.collect::<Vec<_>>().join(" / ")
                )
            }
        }
    }

    fn check(line: &str, expected: &str) {
        assert_eq!(summary(line), expected, "{line}");
    }

    #[test]
    fn all_fields() {
        check(
            r#"{"id": "a1", "title": "عنوان", "body": "متن.\nثان.", "source": "وكالة", "section": "سياسة", "category": "x",
                "author": "سلمى", "authors": ["علي", " "], "date": "2020-01-02", "url": "https://example.org/1", "views": {"a": [1]}}"#,
            "a1 | title:عنوان / body:متن. / body:ثان. | وكالة, سياسة, https://example.org/1, 2020-01-02, سلمى, علي",
        );
    }

    #[test]
    fn what_may_be_missing() {
        check(
            r#"{"id": 17, "body": "متن.", "date": 1518975343}"#,
            "17 | body:متن. | 2018-02-18T17:35:43Z",
        );
        check(
            r#"{"title": "عنوان", "url": "u", "category": "c", "published": "2020"}"#,
            "u | title:عنوان | c, u, 2020",
        );
        check(
            r#"{"title": "", "body": "متن.", "id": null}"#,
            "871b7d57a387ed8f | body:متن. | ",
        );
    }

    #[test]
    fn a_date_that_is_none_does_not_cost_the_article() {
        check(
            r#"{"id": "a", "body": "متن.", "date": "أمس"}"#,
            "a | body:متن. | ?أمس",
        );
    }

    #[test]
    fn the_text_tells_a_date_only_where_metadata_has_none() {
        let body = r#""body": "افتتحت السوق اليوم الأحد 15 مارس 2020.""#;
        let text = "body:افتتحت السوق اليوم الأحد 15 مارس 2020.";
        check(
            &format!(r#"{{"id": "a", {body}}}"#),
            &format!("a | {text} | 2020-03-15"),
        );
        check(
            &format!(r#"{{"id": "a", {body}, "date": "2019"}}"#),
            &format!("a | {text} | 2019"),
        );
        check(
            &format!(r#"{{"id": "a", {body}, "date": "قريبا"}}"#),
            &format!("a | {text} | 2020-03-15, ?قريبا"),
        );
    }

    #[test]
    fn furniture_of_the_body() {
        check(
            r#"{"id": "a", "body": "متن.\nاقرأ أيضا: خبر\nتتمة."}"#,
            "a | body:متن. / furniture:اقرأ أيضا: خبر / body:تتمة. | ",
        );
    }

    #[test]
    fn refusals_name_what_is_wrong() {
        check(
            r#"{"title": " ", "body": "…"}"#,
            "empty article: neither title nor body holds a word",
        );
        check("{}", "empty article: neither title nor body holds a word");
        check(
            r#"{"title": ["أ"], "body": "ب"}"#,
            "`title` must be a string, not a list",
        );
        check(
            r#"{"body": "ب", "id": {"a": 1}}"#,
            "`id` must be a string or a number, not an object",
        );
        check(
            r#"{"body": "ب", "authors": [1]}"#,
            "`authors` must be a string, not a number",
        );
        check("\"نص\"", "a string where an object was expected");
        check(
            r#"{"title": "عنوان" "body": ""}"#,
            "broken JSON at column 19: expected `,` or `}`",
        );
        check(
            r#"{"id": "a", "id": "b", "title": "ت"}"#,
            "broken JSON at column 16: duplicate field `id`",
        );
        assert_eq!(
            read(b"{\"a\": \"\xFF\"}", &Mapping::default()).unwrap_err(),
            "not UTF-8: byte 7 of the line is invalid"
        );
    }
}
