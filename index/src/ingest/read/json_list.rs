//! Objects that are not articles but hold a list of them, and the lines between articles in the bulk
//! format of Elasticsearch. It reads no articles.

use super::Draft;
use super::fields::is_url;
use super::objects::Scan;
use fihrist_arabic::chars::{Class, class};
use serde_json::Value as Json;

/// Names of lists of articles, or of objects that hold such a list.
#[rustfmt::skip]
const LIST_NAMES: [&str; 39] = [
    "articles", "items", "data", "rows", "hits", "messages", "results", "docs", "documents", "records", "entries", "posts",
    "news", "stories", "response", "result", "value", "values", "edges", "list", "feed", "payload", "channel", "item", "entry",
    "query", "@graph", "objects", "db", "chats", "props", "pageProps",
    "nodes", "pages", "responses", "rss", "post", "story", "channels",
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
    /// The name of the article in the object around it, if the object holds several by their names.
    key: String,
    /// Whether the article is a member of an object, not a value of a list.
    pub is_member: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    #[default]
    Other,
    /// `items` of a JSON Feed.
    JsonFeed,
    /// `messages` of a Telegram channel.
    Telegram,
    /// A list whose name, or the name of the feed around it, is the source of its articles.
    Source,
}

/// Returns the list of articles in an object, which may be cut off at its end; `None` if there is
/// none. The first value of the list is an object or a list.
pub fn list_in(object: &[u8]) -> Option<List> {
    let found = find(object, 1)?;
    let mut about = About::default();
    for (key, value) in members(found.holder) {
        match key {
            b"title" | b"name" if about.name.is_empty() => about.name = text(value),
            b"id" => about.id = text(value),
            b"version" if text(value).contains("jsonfeed.org") => about.kind = Kind::JsonFeed,
            b"feed" if about.kind == Kind::Other => {
                let mut titles = members(value).filter(|(key, _)| *key == b"title");
                if let Some((_, title)) = titles.next() {
                    about.name = text(title);
                    about.kind = Kind::Source;
                }
            }
            _ => {}
        }
    }
    match found.name {
        b"messages" => about.kind = Kind::Telegram,
        b"item" | b"entry" => about.kind = Kind::Source,
        _ if about.kind == Kind::Other => about = About::default(),
        _ => {}
    }
    Some(List {
        start: found.start,
        depth: found.depth,
        about,
    })
}

/// Returns the text of a value: a string or a number, the first one of a list, or the text that a
/// program which turns XML into JSON has written beside the attributes.
fn text(value: &[u8]) -> String {
    let mut value: Json = serde_json::from_slice(value).unwrap_or_default();
    let inner = |value: &mut Json| match value {
        Json::Array(values) => values.first_mut().map(Json::take),
        Json::Object(members) => ["$t", "#text", "_"]
            .iter()
            .find_map(|name| members.remove(*name)),
        _ => None,
    };
    while let Some(text) = inner(&mut value) {
        value = text;
    }
    match value {
        Json::String(text) => text,
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// A list at a known name.
struct Found<'o> {
    name: &'o [u8],
    /// The offset of the list in the outermost object.
    start: usize,
    /// The number of objects around it.
    depth: u64,
    /// The object directly around it.
    holder: &'o [u8],
}

/// Finds the list in an object that has `depth - 1` objects around it.
fn find(object: &[u8], depth: u64) -> Option<Found<'_>> {
    // An answer of GraphQL has one name, which can be any.
    let is_only = || members(object).nth(1).is_none();
    members(object).find_map(|(name, value)| {
        let is_known = is_list_name(name);
        let start = value.as_ptr() as usize - object.as_ptr() as usize;
        match (value.first(), first_inside(value).first()) {
            (Some(b'['), Some(b'{' | b'[')) if is_known => Some(Found {
                name,
                start,
                depth,
                holder: object,
            }),
            (Some(b'{'), _) if depth < MAX_DEPTH && (is_known || is_only()) => {
                let found = find(value, depth + 1)?;
                let start = start + found.start;
                Some(Found { start, ..found })
            }
            (_, _) => None,
        }
    })
}

/// Returns whether a name is usual for a list of articles, or for an object around one.
pub fn is_list_name(name: &[u8]) -> bool {
    let mut known = LIST_NAMES.iter();
    known.any(|known| known.as_bytes().eq_ignore_ascii_case(name))
}

/// Returns a list or an object from its first value or name on.
pub fn first_inside(value: &[u8]) -> &[u8] {
    value.get(1..).unwrap_or_default().trim_ascii_start()
}

/// Returns the list itself, up to its bracket; up to the end of the object if it has none.
pub fn list_value<'o>(object: &'o [u8], list: &List) -> &'o [u8] {
    value_at(&object[list.start..]).map_or(&[], |(value, _)| value)
}

/// Returns the members of an object, as far as it goes.
pub fn members(object: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = object.get(1..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (key, value, after) = next_member(rest)?;
        rest = after;
        Some((key, value))
    })
}

/// Splits off the next member of an object: its name, its value and what comes after it.
pub fn next_member(rest: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (key, after) = value_at(trimmed(rest, b','))?;
    let key = key.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let (value, after) = value_at(trimmed(after, b':'))?;
    Some((key, value, after))
}

fn trimmed(bytes: &[u8], sign: u8) -> &[u8] {
    let bytes = bytes.trim_ascii_start();
    bytes
        .strip_prefix(&[sign])
        .unwrap_or(bytes)
        .trim_ascii_start()
}

/// Splits off the value at the beginning. A value that is cut off goes to the end.
pub fn value_at(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut scan = Scan::default();
    let mut numbered = (0..).zip(bytes);
    // A string as a key ends before the colon, as other values before a comma.
    let end = numbered.find_map(|(i, byte)| Some(i + scan.ends(*byte)?));
    let (value, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
    (!value.is_empty()).then_some((value, rest))
}

impl About {
    /// Describes a member of an object that holds records or lists. `has_several` is false if it is
    /// the only one.
    pub fn of_member(key: &[u8], is_list: bool, has_several: bool) -> Self {
        let quoted = [b"\"", key, b"\""].concat();
        let key: String = serde_json::from_slice(&quoted).unwrap_or_default();
        let mut about = Self {
            is_member: true,
            ..Self::default()
        };
        let is_name = |c: char| c.is_whitespace() || class(c) == Class::Arabic;
        if is_list && key.contains(is_name) {
            (about.kind, about.name) = (Kind::Source, key);
        } else if !is_list && (has_several || is_url(&key)) && key.parse::<u64>().is_err() {
            about.key = key;
        }
        about
    }

    /// Completes the draft of an article in the list.
    pub fn complete(&self, draft: &mut Draft<'_>) {
        if is_url(&self.key) && draft.url.trim().is_empty() {
            draft.url = self.key.clone().into();
        }
        if draft.id.trim().is_empty() && !self.key.is_empty() {
            draft.id = self.key.clone().into();
        }
        match self.kind {
            Kind::Other => return,
            // A number is unique only within its feed.
            Kind::JsonFeed if !draft.id.contains([':', '/']) && !draft.url.is_empty() => {
                draft.id = Default::default();
            }
            Kind::JsonFeed | Kind::Source => {}
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

/// Returns whether the object names a program or a database. phpMyAdmin writes such objects before a
/// table.
pub fn is_table_header(object: &[u8]) -> bool {
    let mut members = members(object);
    let is_kind = |value: &[u8]| matches!(value, b"\"header\"" | b"\"database\"");
    let first = members
        .next()
        .is_some_and(|(key, value)| key == b"type" && is_kind(value));
    first && members.all(|(key, _)| matches!(key, b"version" | b"comment" | b"name"))
}

/// Returns whether the object begins the list of pages in an archive of the format WACZ. The pages
/// themselves are in a WARC file beside it.
pub fn begins_page_list(object: &[u8]) -> bool {
    // Each record comes by, and few are searched for the name.
    memchr::memmem::find(object, b"\"json-pages").is_some()
        && members(object)
            .any(|(key, value)| key == b"format" && value.starts_with(b"\"json-pages"))
}

/// Returns whether an object of the bulk format changes a part of an article: it holds some fields or a
/// script.
pub fn is_partial_update(object: &[u8]) -> bool {
    let is_option = |name: &[u8]| {
        #[rustfmt::skip]
        let options: [&[u8]; 7] = [
            b"doc", b"script", b"upsert", b"doc_as_upsert", b"scripted_upsert", b"detect_noop", b"_source",
        ];
        options.contains(&name)
    };
    let mut changes = members(object).filter(|(name, _)| matches!(*name, b"doc" | b"script"));
    changes.next().is_some() && members(object).all(|(name, _)| is_option(name))
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
