//! Damaged JSON → the place where the next record begins. It knows a record by the name of its first
//! field, because quotes and brackets cannot be trusted behind damage.

use serde::de::IgnoredAny;

/// The maximum number of bytes between the brace of a record and the end of its first name.
const MAX_BEGINNING_BYTES: usize = 256;

/// Returns the first name in an object, with its quotes.
pub fn first_name(object: &[u8]) -> Option<&[u8]> {
    let first = object.strip_prefix(b"{")?.trim_ascii_start();
    let text = first.strip_prefix(b"\"")?;
    Some(&first[..memchr::memchr(b'"', text)? + 2])
}

/// Returns where another record begins in a broken object: an object with this first name that is not
/// the value of a member.
pub fn next_record(object: &[u8], name: &[u8]) -> Option<usize> {
    let mut starts = objects_with(object, name);
    starts.find(|start| *start > 0 && !object[..*start].trim_ascii_end().ends_with(b":"))
}

/// Returns where another member begins in a broken object that is itself a member: its value is an
/// object with this first name.
pub fn next_member(object: &[u8], name: &[u8]) -> Option<usize> {
    objects_with(object, name).find_map(|start| {
        let before = object[..start].trim_ascii_end().strip_suffix(b":")?;
        let key = before.trim_ascii_end().strip_suffix(b"\"")?;
        let key_start = memchr::memrchr(b'"', key)?;
        let is_next = object[..key_start].trim_ascii_end().ends_with(b",");
        is_next.then_some(key_start)
    })
}

/// Returns whether no member follows in an object.
pub fn is_end(members: &[u8]) -> bool {
    members
        .iter()
        .all(|byte| byte.is_ascii_whitespace() || b",}".contains(byte))
}

/// Returns the members of an object from the next one on whose value has this first name; nothing if
/// there is none.
pub fn behind_damage<'o>(members: &'o [u8], name: &[u8]) -> &'o [u8] {
    let after = members.get(1..).unwrap_or_default();
    let next = next_member(after, name).filter(|_| !name.is_empty());
    next.map_or(&[], |next| &after[next..])
}

/// Returns where another record begins in the first one, which is broken: an object behind another
/// one. A comma is between them in a list, a line break elsewhere.
pub fn next_object(object: &[u8], is_in_list: bool) -> Option<usize> {
    let braces = memchr::memchr_iter(b'{', object);
    let mut starts = braces.filter(|start| {
        let before = &object[..*start];
        let between = before.len() - before.trim_ascii_end().len();
        let has_line_break = before[before.len() - between..].contains(&b'\n');
        let before = before.trim_ascii_end();
        let previous = match is_in_list {
            true => before.strip_suffix(b",").map(<[u8]>::trim_ascii_end),
            false => Some(before).filter(|_| has_line_break),
        };
        let is_behind = previous.is_some_and(|previous| previous.ends_with(b"}"));
        is_behind && object[start + 1..].trim_ascii_start().starts_with(b"\"")
    });
    starts.next()
}

/// Returns where the objects with this first name begin.
fn objects_with(object: &[u8], name: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memmem::find_iter(object, name).filter_map(move |at| {
        let after = object[at + name.len()..].trim_ascii_start();
        let before = object[..at].trim_ascii_end();
        let start = before.len().checked_sub(1)?;
        (after.starts_with(b":") && before.ends_with(b"{")).then_some(start)
    })
}

/// The search for the next record in a stream, one byte after the other.
pub struct RecordSearch<'n> {
    /// The first name of the records; empty if none is known. Then an object behind another one is
    /// the next record.
    first_name: &'n [u8],
    /// What may be the beginning of a record.
    begun: Vec<u8>,
    /// The last sign before it.
    before: u8,
}

impl<'n> RecordSearch<'n> {
    /// Creates the search for a record with this first name.
    pub const fn new(first_name: &'n [u8]) -> Self {
        Self {
            first_name,
            begun: Vec::new(),
            before: 0,
        }
    }

    /// Returns the beginning of the record that was found.
    pub fn begun(&self) -> &[u8] {
        &self.begun
    }

    /// Takes the next byte. Returns whether it ends the beginning of a record.
    pub fn ends_with(&mut self, byte: u8) -> bool {
        if !self.begun.is_empty() {
            self.begun.push(byte);
            let is_record = self.is_record();
            if is_record != Some(false) {
                return is_record == Some(true);
            }
            self.begun.clear();
            self.before = b'{';
        }
        let may_begin = match self.first_name.is_empty() {
            true => self.before == b'}',
            false => self.before != b':',
        };
        if byte == b'{' && may_begin {
            self.begun.push(byte);
        } else if !byte.is_ascii_whitespace() && byte != b',' {
            self.before = byte;
        }
        false
    }

    /// Returns whether a record begins with the bytes in `begun`; `None` if that is still open.
    fn is_record(&self) -> Option<bool> {
        let first = self.begun[1..].trim_ascii_start();
        if self.begun.len() > MAX_BEGINNING_BYTES {
            return Some(false);
        }
        if first.is_empty() {
            return None;
        }
        if self.first_name.is_empty() {
            return Some(first.starts_with(b"\""));
        }
        match first.strip_prefix(self.first_name) {
            Some(after) => {
                let after = after.trim_ascii_start();
                (!after.is_empty()).then(|| after.starts_with(b":"))
            }
            None if self.first_name.starts_with(first) => None,
            None => Some(false),
        }
    }
}

/// Returns whether a value is neither an object or a list nor any other JSON: it is what damage has
/// left of a record.
pub fn is_no_json(value: &[u8]) -> bool {
    !value.starts_with(b"{")
        && !value.starts_with(b"[")
        && serde_json::from_slice::<IgnoredAny>(value).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_record_has_the_same_first_name() {
        for (broken, expected) in [
            (r#"{"a": 1, {"a": 2}]"#, Some(9)),
            ("{ \"a\": \"x,\n  {\n \"a\" : 2}]", Some(13)),
            (r#"{"a": {"a": 1}, "b": "\"a\"", "c": {"b": 1}"#, None),
            (r#"{"a": 1, {"b": 2}]"#, None),
            (r#"{"#, None),
            (r#"{"a"#, None),
        ] {
            let name = first_name(broken.as_bytes());
            let next = name.and_then(|name| next_record(broken.as_bytes(), name));
            assert_eq!(next, expected, "{broken}");
        }
    }

    #[test]
    fn the_next_record_without_a_known_name() {
        for (broken, expected) in [
            (r#"{"a: 1}, {"a": 2}]"#, (Some(9), None)),
            ("{\"a: 1}\n{\"a\": 2}", (None, Some(8))),
            (r#"{"a: 1, "b": {"a": 2}}"#, (None, None)),
        ] {
            let next = [true, false].map(|is_in_list| next_object(broken.as_bytes(), is_in_list));
            assert_eq!((next[0], next[1]), expected, "{broken}");
        }
    }

    #[test]
    fn the_next_member() {
        let broken = br#"{"a": "x, "in": {"b": 1}}, "k2": {"a": "y"}}"#;
        let at = next_member(broken, b"\"a\"").unwrap();
        assert!(broken[at..].starts_with(b"\"k2\""));
        assert_eq!(next_member(broken, b"\"c\""), None);
    }

    #[test]
    fn a_search_in_a_stream() {
        let found = |first_name: &str, text: &str| {
            let mut search = RecordSearch::new(first_name.as_bytes());
            let last = text.bytes().position(|byte| search.ends_with(byte))?;
            Some(last + 1 - search.begun().len())
        };
        assert_eq!(
            found("\"a\"", r#"x": {"a": 1}, {"b": 1}, { "a" : 2}"#),
            Some(24)
        );
        assert_eq!(found("", r#"x": {"a": 1}, {"b": 1}"#), Some(14));
        assert_eq!(found("", r#"{{ "a""#), None);
        let spaces = " ".repeat(MAX_BEGINNING_BYTES);
        assert_eq!(found("\"a\"", &format!("{{{spaces}\"a\": 1")), None);
    }
}
