//! One JSON object → an article. How objects follow each other in a file is left to `json_file`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Fields, Mapping, Node, Record, Value, draft};

/// Reads one record. Fails with the reason in plain words.
pub fn read(record: &[u8], mapping: &Mapping) -> Result<Record, String> {
    let record = std::str::from_utf8(record).map_err(|error| {
        format!(
            "not UTF-8: byte {} of the line is invalid",
            error.valid_up_to()
        )
    })?;
    let is_object = record.starts_with('{');
    let mut fields = Fields::new();
    let reader = ValueReader {
        names: is_object.then(|| mapping.root()),
        fields: &mut fields,
    };
    let mut deserializer = serde_json::Deserializer::from_str(record);
    let value = reader
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| broken(record, &error))?;
    match value {
        Some(value) if !is_object => Err(format!(
            "{} where an object was expected",
            value.type_name()
        )),
        Some(_) | None => draft(fields)?.finish(),
    }
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

/// Reads a JSON value in one pass and adds the known fields inside it to `fields`. Returns the value
/// itself; `None` if fields inside it were added. Unknown fields are not copied.
struct ValueReader<'x, 'm, 'de> {
    /// The names that are known inside the value; `None` if its content is not needed.
    names: Option<&'m Node>,
    fields: &'x mut Fields<'m, 'de>,
}

impl<'de> DeserializeSeed<'de> for ValueReader<'_, '_, 'de> {
    type Value = Option<Value<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Writes the methods of a [`Visitor`] that turn a scalar into a value.
macro_rules! scalars {
    ($($visit:ident($scalar:tt: $type:ty) => $value:expr,)+) => {
        $(fn $visit<E: Error>(self, $scalar: $type) -> Result<Self::Value, E> {
            Ok(Some($value))
        })+
    };
}

impl<'de> Visitor<'de> for ValueReader<'_, '_, 'de> {
    type Value = Option<Value<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let Some(names) = self.names else {
            IgnoredAny.visit_map(entries)?;
            return Ok(Some(Value::Object));
        };
        let before = self.fields.len();
        while let Some(key) = entries.next_key::<Key<'de>>()? {
            let Some(node) = names.at(&key.0) else {
                entries.next_value::<IgnoredAny>()?;
                continue;
            };
            if let Some(meaning) = &node.meaning
                && *key.0 == *meaning.name
                && self.fields[before..]
                    .iter()
                    .any(|(found, _)| std::ptr::eq(*found, meaning))
            {
                return Err(A::Error::custom(format_args!(
                    "duplicate field `{}`",
                    key.0
                )));
            }
            let value = entries.next_value_seed(ValueReader {
                names: (!node.inner.is_empty()).then_some(node),
                fields: &mut *self.fields,
            })?;
            if let (Some(meaning), Some(value)) = (&node.meaning, value) {
                self.fields.push((meaning, value));
            }
        }
        Ok((self.fields.len() == before).then_some(Value::Object))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Self::Value, A::Error> {
        let before = self.fields.len();
        let mut list = Vec::new();
        while let Some(value) = values.next_element_seed(ValueReader {
            names: self.names,
            fields: &mut *self.fields,
        })? {
            list.extend(value);
        }
        let has_given = list.is_empty() && self.fields.len() > before;
        Ok((!has_given).then_some(Value::List(list)))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Some(Value::Null))
    }

    scalars! {
        visit_bool(_: bool) => Value::Bool,
        visit_i64(number: i64) => Value::Number(number.to_string()),
        visit_u64(number: u64) => Value::Number(number.to_string()),
        visit_f64(number: f64) => Value::Number(number.to_string()),
        visit_borrowed_str(text: &'de str) => Value::Text(Cow::Borrowed(text)),
        visit_str(text: &str) => Value::Text(Cow::Owned(text.to_owned())),
    }
}

/// A key, borrowed if it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

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
