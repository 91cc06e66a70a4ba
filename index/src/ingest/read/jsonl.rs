//! A line of JSON → an article. It reads records of one shape; mapping other shapes to it is not done here.

use std::borrow::Cow;

use serde::Deserialize;

use super::text::lines;
use super::value::Value;
use super::{content_id, has_word};
use crate::Span;
use crate::article::{Article, ArticleId, Segment, SegmentKind};
use crate::ingest::{date, furniture, repair};

/// An article, and what its date said if that is no date: it then has the one that its text tells, if any.
#[derive(Debug)]
pub struct Record {
    /// The article.
    pub article: Article,
    /// How the text had been garbled, if it was.
    pub repaired: Option<&'static str>,
    /// What stands where the date should be.
    pub unreadable_date: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Fields<'a> {
    #[serde(borrow)]
    id: Value<'a>,
    #[serde(borrow)]
    title: Value<'a>,
    #[serde(borrow)]
    body: Value<'a>,
    #[serde(borrow)]
    source: Value<'a>,
    #[serde(borrow)]
    section: Value<'a>,
    #[serde(borrow)]
    category: Value<'a>,
    #[serde(borrow)]
    author: Value<'a>,
    #[serde(borrow)]
    authors: Value<'a>,
    #[serde(borrow)]
    date: Value<'a>,
    #[serde(borrow)]
    published: Value<'a>,
    #[serde(borrow)]
    url: Value<'a>,
}

/// Reads one record, or says in words what is wrong with it.
pub fn read(line: &[u8]) -> Result<Record, String> {
    let line = std::str::from_utf8(line)
        .map_err(|error| format!("not UTF-8: byte {} of the line does not belong there", error.valid_up_to()))?;
    let fields = parse(line)?;
    let (title, body) = (fields.title.into_text("title")?, fields.body.into_text("body")?);
    if !has_word(&title) && !has_word(&body) {
        return Err("empty article: neither title nor body holds a word".to_owned());
    }
    let mut texts = [title, body];
    let repaired = repair(&mut texts);
    let [title, body] = texts;
    let (text, segments) = compose(&title, &body);
    let url = given(fields.url.into_text("url")?);
    let written_date = given(fields.date.into_text_or_number("date")?);
    let written_date = written_date.or(given(fields.published.into_text_or_number("published")?));
    let readable_date = written_date.as_deref().and_then(date::parse);
    let unreadable_date = if readable_date.is_none() { written_date } else { None };
    let published = readable_date.or_else(|| date::in_text(&text, &segments));
    let mut authors = fields.authors.into_texts("authors")?;
    authors.splice(0..0, fields.author.into_texts("author")?);
    let section = given(fields.section.into_text("section")?);
    let article = Article {
        id: identify(fields.id.into_text_or_number("id")?, url.as_deref(), &text)?,
        text,
        segments,
        source: given(fields.source.into_text("source")?),
        section: section.or(given(fields.category.into_text("category")?)),
        authors: authors.into_iter().filter_map(given).collect(),
        url,
        published,
    };
    Ok(Record { article, repaired, unreadable_date })
}

fn parse(line: &str) -> Result<Fields<'_>, String> {
    // serde would take a list for the fields in order.
    if !line.starts_with('{') {
        return match serde_json::from_str::<Value<'_>>(line) {
            Ok(value) => Err(format!("{} where an object was expected", value.type_name())),
            Err(error) => Err(broken(line, &error)),
        };
    }
    serde_json::from_str(line).map_err(|error| broken(line, &error))
}

/// The message of `error` with its column in characters, as an editor counts them, and without the line, which is always 1.
fn broken(line: &str, error: &serde_json::Error) -> String {
    let column =
        line.as_bytes().get(..error.column()).map_or(0, |before| String::from_utf8_lossy(before).chars().count());
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    format!("broken JSON at column {column}: {message}")
}

/// The stored text and its segments: title, blank line, body.
fn compose(title: &str, body: &str) -> (String, Vec<Segment>) {
    if !has_word(title) {
        return (body.to_owned(), body_segments(body, 0));
    }
    let mut segments = Vec::new();
    let start = title.len() - title.trim_start().len();
    segments.push(Segment { kind: SegmentKind::Title, span: Span::new(start, start + title.trim().len()) });
    if body.trim().is_empty() {
        return (title.to_owned(), segments);
    }
    let text = format!("{title}\n\n{body}");
    segments.extend(body_segments(body, title.len() + 2));
    (text, segments)
}

fn body_segments(body: &str, offset: usize) -> Vec<Segment> {
    let paragraphs = lines(body);
    let is_furniture = furniture::mark(body, &paragraphs);
    paragraphs
        .iter()
        .zip(is_furniture)
        .map(|(span, is_furniture)| Segment {
            kind: if is_furniture { SegmentKind::Furniture } else { SegmentKind::Body },
            span: span.shifted(offset),
        })
        .collect()
}

/// The given id, else the URL, else a hash of the text.
fn identify(id: Cow<'_, str>, url: Option<&str>, text: &str) -> Result<ArticleId, String> {
    match given(id) {
        Some(id) => ArticleId::new(&id).map_err(|error| error.to_string()),
        None => Ok(url.and_then(|url| ArticleId::new(url).ok()).unwrap_or_else(|| content_id(text))),
    }
}

/// A field that says something.
fn given(text: Cow<'_, str>) -> Option<String> {
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(line: &str) -> String {
        match read(line.as_bytes()) {
            Err(reason) => reason,
            Ok(Record { article, unreadable_date, .. }) => {
                let segments =
                    article.segments.iter().map(|s| format!("{}:{}", s.kind.name(), s.span.slice(&article.text)));
                let date = article.published.map(|at| at.date);
                let facts = [
                    article.source,
                    article.section,
                    article.url,
                    date,
                    unreadable_date.map(|date| format!("?{date}")),
                ];
                let facts = facts.into_iter().flatten().chain(article.authors).collect::<Vec<_>>().join(", ");
                format!("{} | {} | {facts}", article.id, segments.collect::<Vec<_>>().join(" / "))
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
        check(r#"{"id": 17, "body": "متن.", "date": 1518975343}"#, "17 | body:متن. | 2018-02-18T17:35:43Z");
        check(
            r#"{"title": "عنوان", "url": "u", "category": "c", "published": "2020"}"#,
            "u | title:عنوان | c, u, 2020",
        );
        check(r#"{"title": "", "body": "متن.", "id": null}"#, "871b7d57a387ed8f | body:متن. | ");
    }

    #[test]
    fn a_date_that_is_none_does_not_cost_the_article() {
        check(r#"{"id": "a", "body": "متن.", "date": "أمس"}"#, "a | body:متن. | ?أمس");
    }

    #[test]
    fn the_text_tells_a_date_only_where_metadata_has_none() {
        let body = r#""body": "افتتحت السوق اليوم الأحد 15 مارس 2020.""#;
        let text = "body:افتتحت السوق اليوم الأحد 15 مارس 2020.";
        check(&format!(r#"{{"id": "a", {body}}}"#), &format!("a | {text} | 2020-03-15"));
        check(&format!(r#"{{"id": "a", {body}, "date": "2019"}}"#), &format!("a | {text} | 2019"));
        check(&format!(r#"{{"id": "a", {body}, "date": "قريبا"}}"#), &format!("a | {text} | 2020-03-15, ?قريبا"));
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
        check(r#"{"title": " ", "body": "…"}"#, "empty article: neither title nor body holds a word");
        check("{}", "empty article: neither title nor body holds a word");
        check(r#"{"title": ["أ"], "body": "ب"}"#, "`title` must be a string, not a list");
        check(r#"{"body": "ب", "id": {"a": 1}}"#, "`id` must be a string or a number, not an object");
        check(r#"{"body": "ب", "authors": [1]}"#, "`authors` must be a string, not a number");
        check("\"نص\"", "a string where an object was expected");
        check(r#"{"title": "عنوان" "body": ""}"#, "broken JSON at column 19: expected `,` or `}`");
        check(r#"{"id": "a", "id": "b", "title": "ت"}"#, "broken JSON at column 16: duplicate field `id`");
        assert_eq!(read(b"{\"a\": \"\xFF\"}").unwrap_err(), "not UTF-8: byte 7 of the line does not belong there");
    }
}
