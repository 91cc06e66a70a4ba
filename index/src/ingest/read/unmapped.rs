//! The fields of a record that are no part of the article. They are stored with it, up to a limit.

use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

/// The maximum size of an article's unmapped fields, in bytes of JSON.
pub const MAX_UNMAPPED_BYTES: usize = 4 << 10;
/// The maximum number of names in a note.
const MAX_NAMES: usize = 4;

/// The unmapped fields of a record. A field inside another one has a dotted name: `source.id`.
#[derive(Debug, Default)]
pub struct Unmapped {
    fields: Map<String, Json>,
    size_bytes: usize,
    /// The names of the fields for which there was no room.
    left_out: Vec<String>,
}

impl Unmapped {
    /// Adds a field, unless its value is empty. Several values of a name become a list.
    pub fn add(&mut self, name: &str, value: impl Into<Json>) {
        let value = value.into();
        if is_empty(&value) {
            return;
        }
        // Quotes, a colon and a comma.
        let size_bytes = name.len() + value.to_string().len() + 4;
        if self.size_bytes + size_bytes > MAX_UNMAPPED_BYTES {
            self.leave_out(name);
            return;
        }
        self.size_bytes += size_bytes;
        match self.fields.get_mut(name) {
            Some(Json::Array(values)) => values.push(value),
            Some(first) => *first = Json::Array(vec![first.take(), value]),
            None => {
                self.fields.insert(name.to_owned(), value);
            }
        }
    }

    /// Adds a field of a JSON object.
    pub fn add_raw(&mut self, name: &str, value: &RawValue) {
        if value.get().len() > MAX_UNMAPPED_BYTES {
            self.leave_out(name);
        } else {
            match serde_json::from_str::<Json>(value.get()) {
                Ok(value) => self.add(name, value),
                Err(_nested_too_deep) => self.leave_out(name),
            }
        }
    }

    fn leave_out(&mut self, name: &str) {
        if !self.left_out.iter().any(|known| known == name) {
            self.left_out.push(name.to_owned());
        }
    }

    /// Returns the fields as the text of a JSON object; `None` if there are none.
    pub fn to_json(&self) -> Option<Box<str>> {
        let json = || serde_json::to_string(&self.fields).expect("JSON of a JSON object");
        (!self.fields.is_empty()).then(|| json().into())
    }

    /// Returns a note that names the fields for which there was no room; `None` if there are none.
    pub fn note(&self) -> Option<String> {
        let shown = self.left_out.iter().take(MAX_NAMES);
        let shown: Vec<_> = shown.map(|name| format!("`{name}`")).collect();
        let more = match self.left_out.len().saturating_sub(MAX_NAMES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let names = shown.join(", ") + &more;
        let limit = MAX_UNMAPPED_BYTES >> 10;
        let note =
            || format!("{names}: not stored, beyond the limit of {limit} KiB of unmapped fields");
        (!self.left_out.is_empty()).then(note)
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(values) => values.iter().all(is_empty),
        Json::Object(members) => members.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_one_name_become_a_list_and_empty_ones_are_dropped() {
        let mut unmapped = Unmapped::default();
        assert_eq!(unmapped.to_json(), None);
        for tag in ["ميناء", " ", "تجارة"] {
            unmapped.add("tags", tag);
        }
        unmapped.add("views", 7);
        unmapped.add("empty", Json::Null);
        let json = unmapped.to_json();
        assert_eq!(
            json.as_deref(),
            Some(r#"{"tags":["ميناء","تجارة"],"views":7}"#)
        );
        assert_eq!(unmapped.note(), None);
    }

    #[test]
    fn fields_beyond_the_limit_are_named() {
        let mut unmapped = Unmapped::default();
        let long = format!("\"{}\"", "x".repeat(MAX_UNMAPPED_BYTES));
        let nested = "[".repeat(200) + &"]".repeat(200);
        for (name, json) in [
            ("page", &*long),
            ("tree", &*nested),
            ("page", &*long),
            ("views", "7"),
        ] {
            unmapped.add_raw(name, serde_json::from_str(json).expect("JSON"));
        }
        assert_eq!(unmapped.to_json().as_deref(), Some(r#"{"views":7}"#));
        let note = "`page`, `tree`: not stored, beyond the limit of 4 KiB of unmapped fields";
        assert_eq!(unmapped.note().as_deref(), Some(note));
        (0..9)
            .for_each(|number| unmapped.add(&format!("n{number}"), "x".repeat(MAX_UNMAPPED_BYTES)));
        assert!(
            unmapped
                .note()
                .is_some_and(|note| note.contains(" and 7 more"))
        );
    }
}
