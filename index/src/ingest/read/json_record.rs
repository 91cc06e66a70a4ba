//! One JSON object → an article. How objects follow each other in a file is left to `json_file`.

use super::fields::check_types;
use super::json_fields::{Unread, likely_text, unread};
use super::json_mend::mended;
use super::json_values::{Parsed, parse};
use super::{Draft, Field, Mapping, NoteKind, Record, Target, Value, draft, replace_invalid};

/// Why a record gives no article.
#[derive(Debug)]
pub enum Failure {
    /// The record is broken, or a value has the wrong type, for this reason.
    Broken(String),
    /// None of its names is known as that of a title or a body.
    NoText(Unread),
}

impl Failure {
    /// Returns the reason in plain words.
    pub fn into_reason(self) -> String {
        match self {
            Self::Broken(reason) => reason,
            Self::NoText(unread) => unread.reason,
        }
    }
}

/// Reads one record by the description of the API. Fails with the reason in plain words.
pub fn read(record: &[u8], mapping: &Mapping) -> Result<Record, String> {
    let record = std::str::from_utf8(record).map_err(|error| {
        format!(
            "not UTF-8: byte {} of the line is invalid",
            error.valid_up_to()
        )
    })?;
    let parsed = parse(record, mapping)?;
    if let Some(name) = parsed.duplicate {
        return Err(format!("duplicate field `{name}`"));
    }
    check_types(&parsed.fields)?;
    let read = parsed.finish(record, mapping, |_| {});
    read.map(|read| read.record).map_err(Failure::into_reason)
}

/// An article, and whether it can be one.
pub struct Read {
    /// The article.
    pub record: Record,
    /// Whether it has a body of its own, and not only a part of one such as a summary.
    pub has_whole_body: bool,
    /// Whether the title is a list of several texts.
    pub has_title_list: bool,
    /// Whether a description is its only text, and nothing says that it is one of an article: such
    /// are the files that describe a program or a data set.
    pub is_only_described: bool,
}

/// Reads one record of a file. What can be mended is mended and noted. `adjust` changes the draft
/// before the article is made from it.
pub fn read_leniently(
    record: &[u8],
    mapping: &Mapping,
    adjust: impl Fn(&mut Draft<'_>),
) -> Result<Read, Failure> {
    let Ok(text) = std::str::from_utf8(record) else {
        let (text, replaced) = replace_invalid(record);
        let mut read = read_text(&text, mapping, adjust)?;
        read.record.note_replaced(replaced);
        return Ok(read);
    };
    read_text(text, mapping, adjust)
}

fn read_text(
    record: &str,
    mapping: &Mapping,
    adjust: impl Fn(&mut Draft<'_>),
) -> Result<Read, Failure> {
    let broken = match parse(record, mapping) {
        Ok(parsed) => return parsed.finish(record, mapping, adjust),
        Err(reason) => Failure::Broken(reason),
    };
    let Some(mended) = mended(record) else {
        return Err(broken);
    };
    let Ok(parsed) = parse(&mended.json, mapping) else {
        return Err(broken);
    };
    let mut read = parsed.finish(&mended.json, mapping, adjust)?;
    if mended.lone_surrogates > 0 {
        let note = format!("{} surrogates without their pair", mended.lone_surrogates);
        read.record.notes.push((NoteKind::Replaced, note));
    }
    Ok(read)
}

impl Parsed<'_, '_> {
    /// Makes the article of the values.
    fn finish(
        mut self,
        record: &str,
        mapping: &Mapping,
        adjust: impl Fn(&mut Draft<'_>),
    ) -> Result<Read, Failure> {
        let is = |target: Target| {
            move |field: &Field<'_, '_>| field.meaning.target == target && !field.value.is_empty()
        };
        if self
            .fields
            .iter()
            .any(|field| field.depth == 0 && is(Target::Body)(field))
        {
            for field in self.fields.extract_if(.., |field| field.depth > 0) {
                if !field.meaning.is_whole_body() {
                    self.unmapped
                        .add(&field.meaning.name, field.value.to_json());
                }
            }
        }
        let text_chars = |field: &Field<'_, '_>| match (field.meaning.target, &field.value) {
            (Target::Body, Value::Text(text)) => text.chars().count(),
            (_, _) => 0,
        };
        let body_chars = self.fields.iter().map(text_chars).max().unwrap_or(0);
        let mut is_named = self.fields.iter().map(|field| field.meaning.target);
        if !is_named.any(|target| matches!(target, Target::Title | Target::Body)) {
            return Err(Failure::NoText(unread(record)));
        }
        let has_whole_body = self
            .fields
            .iter()
            .any(|field| field.meaning.is_whole_body() && !field.value.is_empty());
        let has_title_or_date = self
            .fields
            .iter()
            .any(|field| is(Target::Title)(field) || is(Target::Date)(field));
        let has_title_list = self.fields.iter().any(|field| {
            let is_list = matches!(&field.value, Value::List(titles) if titles.len() > 1);
            field.meaning.target == Target::Title && is_list
        });
        let mut draft = draft(self.fields, self.unmapped).map_err(Failure::Broken)?;
        if let Some(name) = self.duplicate {
            let note = format!("`{name}` occurs twice; the last value is used");
            draft.notes.push((NoteKind::DuplicateField, note));
        }
        adjust(&mut draft);
        let mut read = Read {
            record: draft.finish().map_err(Failure::Broken)?,
            has_whole_body,
            has_title_list,
            is_only_described: !has_whole_body && !has_title_or_date,
        };
        if !has_whole_body && let Some(note) = likely_text(record, mapping, body_chars) {
            read.record.notes.push((NoteKind::TitleOnly, note));
            read.is_only_described = false;
        }
        Ok(read)
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
        check("{}", "empty article: it has no fields");
        check(
            r#"{"title": {"a": "أ"}, "body": "ب"}"#,
            "`title` must be a string, not an object",
        );
        check(
            r#"{"body": "ب", "id": {"a": 1}}"#,
            "`id` must be a string or a number, not an object",
        );
        check("\"نص\"", "a string where an object was expected");
        check(
            r#"{"title": "عنوان" "body": ""}"#,
            "broken JSON at column 19: expected `,` or `}`",
        );
        check(
            r#"{"id": "a", "id": "b", "title": "ت"}"#,
            "duplicate field `id`",
        );
        assert_eq!(
            read(b"{\"a\": \"\xFF\"}", &Mapping::default()).unwrap_err(),
            "not UTF-8: byte 7 of the line is invalid"
        );
    }
}
