//! For a JSON object without a known text: the names of its fields, and which of them may hold the
//! text. It makes no article.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use serde_json::Value;

use super::{Mapping, has_word};

/// The maximum number of names in a message.
const MAX_NAMES: usize = 12;
/// The maximum number of characters of a name in a message.
const MAX_NAME_CHARS: usize = 40;
/// A text with fewer characters is no article.
const MIN_TEXT_CHARS: usize = 80;
const MAX_DEPTH: usize = 4;
/// The maximum number of fields that are looked at.
const MAX_FIELDS: usize = 200;

/// What is known about a record without a known text.
#[derive(Debug)]
pub struct Unread {
    /// A hash of the names of the fields. Records of the same kind have the same one.
    pub shape: u64,
    /// Names the fields, and the ones that may hold the text.
    pub reason: String,
}

/// Names the fields of a record that has no text under a known name.
pub fn unread(record: &str) -> Unread {
    let fields = fields(record);
    let mut hasher = FxHasher::default();
    let names = fields.iter().map(|field| &field.name);
    names.for_each(|name| name.hash(&mut hasher));
    let lengths = fields.iter().map(|field| (&*field.name, field.text_chars));
    Unread {
        shape: hasher.finish(),
        reason: no_text(lengths),
    }
}

/// Returns the message that no field is known as the text. `fields` are the names, with the length of
/// their text.
pub fn no_text<'a>(fields: impl Iterator<Item = (&'a str, usize)>) -> String {
    let fields: Vec<_> = fields.collect();
    let shown = fields.iter().take(MAX_NAMES);
    let shown: Vec<_> = shown
        .map(|(name, _)| format!("`{}`", shortened(name)))
        .collect();
    let more = match fields.len().saturating_sub(MAX_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let names = match shown.is_empty() {
        true => return "empty article: it has no fields".to_owned(),
        false => shown.join(", ") + &more,
    };
    let mut texts: Vec<_> = fields.iter().filter(|(_, chars)| *chars > 0).collect();
    texts.sort_by_key(|(_, chars)| std::cmp::Reverse(*chars));
    let advice = match texts.split_first() {
        None => "none of them holds a text".to_owned(),
        Some(((body, _), others)) => {
            match others.iter().find(|(title, _)| may_be_of_one(body, title)) {
                None => format!("if `{body}` is the text, say --map body={body}"),
                Some((title, _)) => format!(
                    "if they are the text and the title, say --map body={body} --map title={title}"
                ),
            }
        }
    };
    format!("no field is known as title or body; the fields are {names}; {advice}")
}

/// Returns whether two fields can belong to one article: the object around one of them is also around
/// the other. Fields of two objects side by side may belong to two articles.
fn may_be_of_one(one: &str, other: &str) -> bool {
    let around = |name: &str| {
        name.rsplit_once('.')
            .map_or("", |(around, _)| around)
            .to_owned()
            + "."
    };
    let (one, other) = (around(one), around(other));
    one == "." || other == "." || one.starts_with(&other) || other.starts_with(&one)
}

/// Returns the message that a field may hold the text of an article which has only a title, or a part
/// of its text with `body_chars` characters. Returns `None` if no field is long enough.
pub fn likely_text(record: &str, mapping: &Mapping, body_chars: usize) -> Option<String> {
    let fields = fields(record);
    let is_unknown = |field: &&FieldSize| {
        let outer = field.name.split('.').next().unwrap_or_default();
        mapping.root().at(outer).is_none()
    };
    let unknown = fields.iter().filter(is_unknown);
    let longest = unknown.max_by_key(|field| field.text_chars)?;
    let name = &longest.name;
    (longest.text_chars >= MIN_TEXT_CHARS.max(body_chars + 1))
        .then(|| format!("`{name}` may be its text: --map body={name}"))
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(MAX_NAME_CHARS) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

struct FieldSize {
    /// The path of the field, such as `data.text`.
    name: String,
    /// The number of characters of its text; 0 for other values, and for a single word.
    text_chars: usize,
}

/// Returns the fields of a record, in the order of their names.
fn fields(record: &str) -> Vec<FieldSize> {
    let mut fields = Vec::new();
    if let Ok(Value::Object(members)) = serde_json::from_str(record) {
        for (name, value) in &members {
            collect(name, value, 1, &mut fields);
        }
    }
    fields
}

fn collect(name: &str, value: &Value, depth: usize, fields: &mut Vec<FieldSize>) {
    if fields.len() >= MAX_FIELDS {
        return;
    }
    match value {
        Value::Object(members) if depth < MAX_DEPTH && !members.is_empty() => {
            for (inner, value) in members {
                collect(&format!("{name}.{inner}"), value, depth + 1, fields);
            }
        }
        Value::Array(values) if depth < MAX_DEPTH => {
            let before = fields.len();
            for value in values {
                collect(name, value, depth + 1, fields);
                merge(fields, before);
            }
        }
        _ => fields.push(FieldSize {
            name: name.to_owned(),
            text_chars: value.as_str().map_or(0, text_chars),
        }),
    }
}

/// Makes one field of those with the same name.
fn merge(fields: &mut Vec<FieldSize>, from: usize) {
    let new = fields.split_off(from);
    for field in new {
        match fields[from..]
            .iter_mut()
            .find(|found| found.name == field.name)
        {
            Some(found) => found.text_chars += field.text_chars,
            None => fields.push(field),
        }
    }
}

/// Returns the number of characters of a text; 0 for a single word such as a URL.
pub fn text_chars(text: &str) -> usize {
    match text.trim().contains(char::is_whitespace) && has_word(text) {
        true => text.chars().count(),
        false => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_without_a_known_text_says_what_it_has() {
        let record = r#"{"nid": 7, "h1": "وصول السفينة", "data": {"txt": ["رست السفينة في الميناء.", "ثم أبحرت."], "img": "http://e.example/a.png"}}"#;
        assert_eq!(
            unread(record).reason,
            "no field is known as title or body; the fields are `data.img`, `data.txt`, `h1`, `nid`; \
             if they are the text and the title, say --map body=data.txt --map title=h1"
        );
        assert_eq!(
            unread(r#"{"nid": 7}"#).reason,
            "no field is known as title or body; the fields are `nid`; none of them holds a text"
        );
        let records = r#"{"a": {"txt": "رست السفينة في الميناء."}, "b": {"txt": "عادت القوارب."}}"#;
        assert!(unread(records).reason.ends_with("say --map body=a.txt"));
        assert_eq!(unread("{}").reason, "empty article: it has no fields");
        assert_eq!(unread(r#"{"a": 1}"#).shape, unread(r#"{"a": "x"}"#).shape);
        assert_ne!(unread(r#"{"a": 1}"#).shape, unread(r#"{"b": 1}"#).shape);
    }

    #[test]
    fn a_long_text_is_found() {
        let text = "كلام ".repeat(30);
        let record = format!(r#"{{"title": "عنوان", "txt": "{text}"}}"#);
        assert_eq!(
            likely_text(&record, &Mapping::default(), 0).unwrap(),
            "`txt` may be its text: --map body=txt"
        );
        let record = format!(r#"{{"title": "{text}", "txt": "قصير جدا"}}"#);
        assert_eq!(likely_text(&record, &Mapping::default(), 0), None);
    }
}
