//! Objects that are not articles but hold a list of them, and the lines between articles in the bulk
//! format of Elasticsearch. It reads no articles.

use super::Draft;
use super::objects::Scan;

/// Names of lists of articles, or of objects that hold such a list.
#[rustfmt::skip]
const LIST_NAMES: [&str; 32] = [
    "articles", "items", "data", "rows", "hits", "messages", "results", "docs", "documents", "records", "entries", "posts",
    "news", "stories", "response", "result", "value", "values", "edges", "list", "feed", "payload", "channel", "item", "entry",
    "query", "@graph", "objects", "db", "chats", "props", "pageProps",
];
const MAX_DEPTH: u64 = 4;

/// A list of articles inside an object.
#[derive(Debug, PartialEq, Eq)]
pub struct List {
    /// The offset of its bracket in the object.
    pub start: usize,
    /// The number of objects around it.
    pub depth: u64,
    /// What the object says about the articles.
    pub about: About,
}

/// What an object says about the articles in its list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// The kind of the list, if its articles follow rules of their own.
    kind: Kind,
    /// The name of the feed or the channel; empty if there is none.
    name: String,
    /// The id of the channel; empty if there is none.
    id: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    #[default]
    Other,
    /// `items` of a JSON Feed.
    JsonFeed,
    /// `messages` of a Telegram channel.
    Telegram,
}

/// Returns the list of articles in an object, which may be cut off at its end; `None` if there is
/// none. The first value of the list is an object or a list.
pub fn list_in(object: &[u8]) -> Option<List> {
    let mut about = About::default();
    let (name, start, depth) = find(object, 1)?;
    for (key, value) in members(object) {
        let text = || -> String {
            let text = serde_json::from_slice(value).unwrap_or_default();
            match text {
                serde_json::Value::String(text) => text,
                serde_json::Value::Number(number) => number.to_string(),
                _ => String::new(),
            }
        };
        match key {
            b"title" | b"name" if about.name.is_empty() => about.name = text(),
            b"id" => about.id = text(),
            b"version" if text().contains("jsonfeed.org") => about.kind = Kind::JsonFeed,
            _ => {}
        }
    }
    match name {
        b"messages" => about.kind = Kind::Telegram,
        _ if about.kind == Kind::JsonFeed => {}
        _ => about = About::default(),
    }
    Some(List {
        start,
        depth,
        about,
    })
}

/// Returns the name of the list, its offset in `object`, and the number of objects around it.
fn find(object: &[u8], depth: u64) -> Option<(&[u8], usize, u64)> {
    members(object).find_map(|(key, value)| {
        let is_known = LIST_NAMES.iter().any(|name| name.as_bytes() == key);
        let offset = || value.as_ptr() as usize - object.as_ptr() as usize;
        let inner = value.get(1..).unwrap_or_default().trim_ascii_start();
        match (value.first(), inner.first()) {
            (Some(b'['), Some(b'{' | b'[')) if is_known => Some((key, offset(), depth)),
            (Some(b'{'), _) if is_known && depth < MAX_DEPTH => {
                let (name, start, depth) = find(value, depth + 1)?;
                Some((name, offset() + start, depth))
            }
            (_, _) => None,
        }
    })
}

/// Returns the list itself, up to its bracket; up to the end of the object if it has none.
pub fn list_value<'o>(object: &'o [u8], list: &List) -> &'o [u8] {
    value_at(&object[list.start..]).map_or(&[], |(value, _)| value)
}

/// Returns the members of an object, as far as it goes.
pub fn members(object: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = object.get(1..).unwrap_or_default();
    std::iter::from_fn(move || {
        rest = trimmed(rest, b',');
        let (key, after) = value_at(rest)?;
        let key = key.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        let (value, after) = value_at(trimmed(after, b':'))?;
        rest = after;
        Some((key, value))
    })
}

fn trimmed(bytes: &[u8], sign: u8) -> &[u8] {
    let bytes = bytes.trim_ascii_start();
    bytes
        .strip_prefix(&[sign])
        .unwrap_or(bytes)
        .trim_ascii_start()
}

/// Splits off the value at the beginning. A value that is cut off goes to the end.
fn value_at(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut scan = Scan::default();
    let mut numbered = (0..).zip(bytes);
    // A string as a key ends before the colon, as other values before a comma.
    let end = numbered.find_map(|(i, byte)| Some(i + scan.ends(*byte)?));
    let (value, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
    (!value.is_empty()).then_some((value, rest))
}

impl About {
    /// Completes the draft of an article in the list.
    pub fn complete(&self, draft: &mut Draft<'_>) {
        match self.kind {
            Kind::Other => return,
            // A number is unique only within its feed.
            Kind::JsonFeed if !draft.id.contains([':', '/']) && !draft.url.is_empty() => {
                draft.id = Default::default();
            }
            Kind::JsonFeed => {}
            Kind::Telegram if !self.id.is_empty() && !draft.id.is_empty() => {
                draft.id = format!("{}/{}", self.id, draft.id).into();
            }
            Kind::Telegram => {}
        }
        if draft.source.is_empty() {
            draft.source = self.name.clone().into();
        }
    }

    /// Returns whether a value of the list is no article: a Telegram message about the channel, or a
    /// picture without text.
    pub fn leaves_out(&self, record: &[u8]) -> bool {
        let mut texts = members(record).filter(|(key, _)| *key == b"text");
        self.kind == Kind::Telegram && texts.any(|(_, text)| matches!(text, b"\"\"" | b"[]"))
    }
}

/// Returns whether an object is one of those that phpMyAdmin writes before a table: they name the
/// program and the database.
pub fn is_table_header(object: &[u8]) -> bool {
    let mut members = members(object);
    let is_kind = |value: &[u8]| matches!(value, b"\"header\"" | b"\"database\"");
    let first = members
        .next()
        .is_some_and(|(key, value)| key == b"type" && is_kind(value));
    first && members.all(|(key, _)| matches!(key, b"version" | b"comment" | b"name"))
}

/// The action that precedes an article in the bulk format of Elasticsearch.
#[derive(Debug, PartialEq, Eq)]
pub struct BulkAction {
    /// The id of the article; empty if Elasticsearch makes one.
    pub id: String,
}

/// Returns the action if the line is one: `{"index": {"_id": "1"}}`.
pub fn bulk_action(line: &[u8]) -> Option<BulkAction> {
    let first = line.strip_prefix(b"{")?.trim_ascii_start();
    let names: [&[u8]; 4] = [b"\"index\"", b"\"create\"", b"\"update\"", b"\"delete\""];
    if !names.iter().any(|name| first.starts_with(name)) {
        return None;
    }
    let value: serde_json::Value = serde_json::from_slice(line).ok()?;
    let mut actions = value.as_object()?.values();
    let (action, None) = (actions.next()?.as_object()?, actions.next()) else {
        return None;
    };
    let is_option = |name: &String| {
        name.starts_with('_')
            || matches!(
                &**name,
                "routing" | "pipeline" | "retry_on_conflict" | "version"
            )
    };
    if !action.keys().all(is_option) {
        return None;
    }
    let id = match action.get("_id") {
        Some(serde_json::Value::String(id)) => id.clone(),
        Some(serde_json::Value::Number(id)) => id.to_string(),
        _ => String::new(),
    };
    Some(BulkAction { id })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(object: &str, expected: Option<&str>) {
        let list = list_in(object.as_bytes());
        let seen = list.map(|list| format!("{} {}", list.depth, &object[list.start..]));
        assert_eq!(seen.as_deref(), expected, "{object}");
    }

    #[test]
    fn lists_in_objects() {
        check(
            r#"{"status": "ok", "articles": [{"a": "]"}]}"#,
            Some(r#"1 [{"a": "]"}]}"#),
        );
        check(
            r#"{"took": 3, "hits": {"total": {"value": 2}, "hits": [{}]}}"#,
            Some("2 [{}]}}"),
        );
        check(
            r#"{"data":{"posts":[[{}]]}, "x": 1}"#,
            Some(r#"2 [[{}]]}, "x": 1}"#),
        );
        check(
            r#"{"a": "\"articles\": [{", "items": [{"x": "#,
            Some(r#"1 [{"x": "#),
        );
        for other in [
            r#"{"title": "x", "tags": [{"name": "y"}]}"#,
            r#"{"items": ["x"], "data": {}}"#,
            r#"{"articles": []}"#,
            "{",
            "{}",
            r#"{"articles"#,
        ] {
            check(other, None);
        }
    }

    #[test]
    fn objects_before_a_table() {
        assert!(is_table_header(
            br#"{"type":"header","version":"5.2.1","comment":"Export to JSON"}"#
        ));
        assert!(is_table_header(br#"{"type": "database", "name": "news"}"#));
        assert!(!is_table_header(br#"{"type": "header", "text": "x"}"#));
        assert!(!is_table_header(br#"{"type": "post", "name": "x"}"#));
    }

    #[test]
    fn actions_of_the_bulk_format() {
        let id = |line: &str| bulk_action(line.as_bytes()).map(|action| action.id);
        assert_eq!(
            id(r#"{"index": {"_index": "n", "_id": "a1"}}"#),
            Some("a1".to_owned())
        );
        assert_eq!(id(r#"{ "create":{"_id":7}}"#), Some("7".to_owned()));
        assert_eq!(id(r#"{"index":{}}"#), Some(String::new()));
        assert_eq!(id(r#"{"index": {"title": "x"}}"#), None);
        assert_eq!(id(r#"{"index": {"_id": "1"}, "title": "x"}"#), None);
        assert_eq!(id(r#"{"title": "x"}"#), None);
    }
}
