//! Named values → a [`Draft`]. If several values can give the same part of an article, the best
//! name wins. The only file format that it knows is JSON.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::html;
use super::record::{Body, Draft};
use super::value::{Value, ValueVisitor};
use crate::ingest::mapping::{Mapping, Meaning, Node, Target};

/// The values found in a record, each with the meaning of its name.
#[derive(Debug, Default)]
pub struct Fields<'m, 'a> {
    found: Vec<(&'m Meaning, Value<'a>)>,
}

impl<'m, 'a> Fields<'m, 'a> {
    /// Adds a value.
    pub fn add(&mut self, meaning: &'m Meaning, value: Value<'a>) {
        self.found.push((meaning, value));
    }

    /// Chooses the value with the best name for each part of the article. Fails with the reason if
    /// a value under a strict name has the wrong type.
    pub fn into_draft(mut self) -> Result<Draft<'a>, String> {
        self.found.sort_by_key(|(meaning, _)| meaning.rank);
        let mut draft = Draft::default();
        let mut authors = Vec::new();
        for (meaning, value) in self.found {
            let name = &*meaning.name;
            let (slot, text) = match meaning.target {
                Target::Author => {
                    if let Some(names) = accept(value.into_texts(name), meaning)? {
                        authors.extend(names);
                    }
                    continue;
                }
                Target::Body => {
                    if let Some(text) = accept(value.into_text(name), meaning)?
                        && matches!(&draft.body, Body::Plain(body) if body.trim().is_empty())
                    {
                        draft.body = html::body(text);
                    }
                    continue;
                }
                Target::Id => (&mut draft.id, value.into_text_or_number(name)),
                Target::Title => (&mut draft.title, value.into_text(name).map(html::line)),
                Target::Source => (&mut draft.source, value.into_text(name)),
                Target::Section => (&mut draft.section, value.into_text(name)),
                Target::Date => (&mut draft.date, value.into_text_or_number(name)),
                Target::Url => (&mut draft.url, value.into_text(name)),
            };
            if let Some(text) = accept(text, meaning)?
                && slot.trim().is_empty()
            {
                *slot = text;
            }
        }
        draft.authors = authors;
        Ok(draft)
    }
}

/// Handles a value of the wrong type: an error under a strict name, otherwise the value is ignored.
fn accept<T>(value: Result<T, String>, meaning: &Meaning) -> Result<Option<T>, String> {
    match value {
        Ok(value) => Ok(Some(value)),
        Err(reason) if meaning.is_strict() => Err(reason),
        Err(_) => Ok(None),
    }
}

/// Reads one JSON object into [`Fields`] in one pass. Unknown fields are not copied.
pub struct Object<'m>(pub &'m Mapping);

impl<'de, 'm> DeserializeSeed<'de> for Object<'m> {
    type Value = Fields<'m, 'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let mut fields = Fields::default();
        At {
            node: self.0.root(),
            fields: &mut fields,
        }
        .deserialize(deserializer)?;
        Ok(fields)
    }
}

/// Reads the JSON value at a node of the mapping, and adds the known fields inside it to `fields`.
/// Returns the value itself; `None` if fields inside it were added.
struct At<'x, 'm, 'de> {
    node: &'m Node,
    fields: &'x mut Fields<'m, 'de>,
}

impl<'de> DeserializeSeed<'de> for At<'_, '_, 'de> {
    type Value = Option<Value<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, 'm> Visitor<'de> for At<'_, 'm, 'de> {
    type Value = Option<Value<'de>>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let before = self.fields.found.len();
        while let Some(key) = entries.next_key::<Key<'de>>()? {
            let Some(node) = self.node.at(&key.0) else {
                entries.next_value::<IgnoredAny>()?;
                continue;
            };
            if let Some(meaning) = &node.meaning
                && *key.0 == *meaning.name
                && self.fields.found[before..]
                    .iter()
                    .any(|(found, _)| std::ptr::eq(*found, meaning))
            {
                return Err(A::Error::custom(format_args!(
                    "duplicate field `{}`",
                    key.0
                )));
            }
            let value = if node.inner.is_empty() {
                Some(entries.next_value::<Value<'de>>()?)
            } else {
                entries.next_value_seed(At {
                    node,
                    fields: &mut *self.fields,
                })?
            };
            if let (Some(meaning), Some(value)) = (&node.meaning, value) {
                self.fields.add(meaning, value);
            }
        }
        Ok((self.fields.found.len() == before).then_some(Value::Object))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Self::Value, A::Error> {
        let before = self.fields.found.len();
        let mut list = Vec::new();
        while let Some(value) = values.next_element_seed(At {
            node: self.node,
            fields: &mut *self.fields,
        })? {
            list.extend(value);
        }
        let has_given = list.is_empty() && self.fields.found.len() > before;
        Ok((!has_given).then_some(Value::List(list)))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        ValueVisitor.visit_unit().map(Some)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        ValueVisitor.visit_bool(value).map(Some)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        ValueVisitor.visit_i64(number).map(Some)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        ValueVisitor.visit_u64(number).map(Some)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        ValueVisitor.visit_f64(number).map(Some)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        ValueVisitor.visit_borrowed_str(text).map(Some)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        ValueVisitor.visit_str(text).map(Some)
    }
}

/// A key, borrowed if it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
