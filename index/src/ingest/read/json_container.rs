//! Objects whose names are data: records by key, lists by name, and an answer with one article → where
//! the articles are. It parses no values, so that damage in one record does not matter.

use super::json_list::{first_inside, is_list_name, members, value_at};
use super::json_values::ENVELOPES;
use super::{Mapping, Target};

/// The maximum number of known names around an article.
const MAX_NAMES: u8 = 4;

/// Which texts an object has under known names.
#[derive(Clone, Copy, Default)]
pub struct Texts {
    has_title: bool,
    has_body: bool,
    has_whole_body: bool,
}

impl Texts {
    /// Looks for the texts of a record. It may be in an envelope.
    pub fn of(record: &[u8], mapping: &Mapping) -> Self {
        let mut texts = Self::default();
        if record.starts_with(b"{") {
            texts.add(record, mapping, true);
        }
        texts
    }

    fn add(&mut self, record: &[u8], mapping: &Mapping, may_be_envelope: bool) {
        for (name, value) in members(record) {
            let Ok(name) = std::str::from_utf8(name) else {
                continue;
            };
            let is_text = match value.first() {
                Some(b'"' | b'[' | b'{') => !matches!(first_inside(value), b"\"" | b"]" | b"}"),
                _ => false,
            };
            let node = mapping.root().at(name);
            match node.and_then(|node| node.meaning.as_ref()) {
                Some(meaning) if is_text => {
                    self.has_title |= meaning.target == Target::Title;
                    self.has_body |= meaning.target == Target::Body;
                    self.has_whole_body |= meaning.is_whole_body();
                }
                None if may_be_envelope && value.starts_with(b"{") && ENVELOPES.contains(&name) => {
                    self.add(value, mapping, false);
                }
                _ => {}
            }
        }
    }

    /// Returns whether there is a title or a body.
    pub const fn has_any(self) -> bool {
        self.has_title || self.has_body
    }

    /// Returns whether the object can be an article without others beside it.
    const fn is_article(self) -> bool {
        self.has_whole_body || (self.has_title && self.has_body)
    }
}

/// Returns whether a value is a list of objects or lists.
pub fn is_list_of_records(value: &[u8]) -> bool {
    let inner = value.strip_prefix(b"[").unwrap_or_default();
    matches!(inner.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Returns whether all members of an object are records, lists of records, or such objects. At most
/// `levels` lists and objects are around a record. An undamaged object that holds a single record must
/// be sure to hold an article.
pub fn holds_records(object: &[u8], mapping: &Mapping, levels: u8, is_broken: bool) -> bool {
    let mut is_single = None;
    for (_, value) in members(object) {
        let inside = first_inside(value);
        let is_article = match value.first() {
            Some(b'[' | b'{') if matches!(inside.first(), Some(b']' | b'}')) => continue,
            Some(b'[') if levels > 1 => {
                let first = value_at(inside).map_or(&[][..], |(first, _)| first);
                match Texts::of(first, mapping).has_any() {
                    true => true,
                    false => return false,
                }
            }
            Some(b'{') if levels > 0 => {
                let texts = Texts::of(value, mapping);
                if !texts.has_any() && !holds_records(value, mapping, levels - 1, is_broken) {
                    return false;
                }
                !texts.has_any() || texts.is_article()
            }
            _ => return false,
        };
        is_single = Some(is_single.is_some() || is_article);
    }
    is_single.is_some_and(|is_sure| is_sure || is_broken)
}

/// Returns the object at known names in another one that is an article, or holds records by key.
pub fn inner_record<'o>(object: &'o [u8], mapping: &Mapping, levels: u8) -> Option<&'o [u8]> {
    inner(object, mapping, levels, MAX_NAMES)
}

fn inner<'o>(object: &'o [u8], mapping: &Mapping, levels: u8, names: u8) -> Option<&'o [u8]> {
    let names = names.checked_sub(1)?;
    // An answer of GraphQL has one name, which can be any.
    let is_only = members(object).nth(1).is_none();
    let mut objects = members(object)
        .filter(|(name, value)| value.starts_with(b"{") && (is_only || is_list_name(name)));
    objects.find_map(|(name, value)| {
        // A channel is no article, although it has a title and a description.
        let is_around = matches!(name, b"channel" | b"feed" | b"rss");
        let is_article = !is_around && Texts::of(value, mapping).is_article();
        if is_article || holds_records(value, mapping, levels, false) {
            return Some(value);
        }
        inner(value, mapping, levels, names)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(object: &str, levels: u8) -> bool {
        holds_records(object.as_bytes(), &Mapping::default(), levels, false)
    }

    #[test]
    fn names_that_are_data() {
        for object in [
            r#"{"-N1": {"title": "a"}, "-N2": {"title": "b"}}"#,
            r#"{"أوراق": [{"title": "a"}], "المرفأ": [], "x": [{"_source": {"text": "b"}}]}"#,
            r#"{"a": {"b": {"c": {"title": "a", "body": "b"}}}}"#,
            r#"{"articles": {"-N1": {"title": "a", "body": "b"}}}"#,
        ] {
            assert!(holds(object, 4), "{object}");
        }
        assert!(!holds(
            r#"{"a": {"b": {"c": {"title": "a", "body": "b"}}}}"#,
            2
        ));
        for object in [
            r#"{"a": {"title": "a"}}"#,
            r#"{"a": {"title": "a"}, "b": 1}"#,
            r#"{"a": {"title": "a"}, "b": {"x": 1}}"#,
            r#"{"a": {"title": ""}, "b": {"title": null}}"#,
            r#"{"a": ["b"]}"#,
            r#"{"a": []}"#,
            "{}",
        ] {
            assert!(!holds(object, 4), "{object}");
        }
    }

    #[test]
    fn an_article_at_known_names() {
        for (object, expected) in [
            (
                r#"{"status": "ok", "data": {"title": "a", "body": "b"}}"#,
                Some(r#"{"title": "a", "body": "b"}"#),
            ),
            (
                r#"{"v": 1, "query": {"pages": {"1": {"title": "a"}, "2": {"title": "b"}}}}"#,
                Some(r#"{"pages": {"1": {"title": "a"}, "2": {"title": "b"}}}"#),
            ),
            (
                r#"{"rss": {"v": "2", "channel": {"title": "a", "description": "b", "item": {"title": "c", "text": "d"}}}}"#,
                Some(r#"{"title": "c", "text": "d"}"#),
            ),
            (r#"{"status": "ok", "data": {"title": "a"}}"#, None),
            (
                r#"{"status": "ok", "other": {"title": "a", "body": "b"}}"#,
                None,
            ),
            (
                r#"{"data": {"other": {"node": {"title": "a", "body": "b"}, "n": 1}}}"#,
                Some(r#"{"other": {"node": {"title": "a", "body": "b"}, "n": 1}}"#),
            ),
        ] {
            let inner = inner_record(object.as_bytes(), &Mapping::default(), 4);
            assert_eq!(inner, expected.map(str::as_bytes), "{object}");
        }
    }
}
