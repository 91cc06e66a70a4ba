//! A JSON value of any type, so that an error can name a wrong type. Objects are skipped.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A value in a record.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value<'a> {
    /// `null`, or a missing value.
    #[default]
    Null,
    /// `true` or `false`.
    Bool,
    /// A number, as text.
    Number(String),
    /// A string.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Value<'a>>),
    /// An object. Its content is not kept.
    Object,
}

impl<'a> Value<'a> {
    /// Returns the name of the type for messages.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object => "an object",
        }
    }

    /// Returns the string of the field `name`; empty for `null`. Fails for another type.
    pub fn into_text(self, name: &str) -> Result<Cow<'a, str>, String> {
        match self {
            Self::Null => Ok(Cow::Borrowed("")),
            Self::Text(text) => Ok(text),
            Self::Bool | Self::Number(_) | Self::List(_) | Self::Object => {
                Err(wrong_type(name, "a string", &self))
            }
        }
    }

    /// Returns the string or number of the field `name`; empty for `null`. Fails for another type.
    pub fn into_text_or_number(self, name: &str) -> Result<Cow<'a, str>, String> {
        match self {
            Self::Number(number) => Ok(Cow::Owned(number)),
            Self::Null | Self::Text(_) => self.into_text(name),
            Self::Bool | Self::List(_) | Self::Object => {
                Err(wrong_type(name, "a string or a number", &self))
            }
        }
    }

    /// Returns the strings of the field `name`: a string, or a list of strings. Fails for another
    /// type.
    pub fn into_texts(self, name: &str) -> Result<Vec<Cow<'a, str>>, String> {
        match self {
            Self::Null => Ok(Vec::new()),
            Self::Text(text) => Ok(vec![text]),
            Self::List(values) => values
                .into_iter()
                .map(|value| value.into_text(name))
                .collect(),
            Self::Bool | Self::Number(_) | Self::Object => {
                Err(wrong_type(name, "a string or a list of strings", &self))
            }
        }
    }
}

fn wrong_type(name: &str, wanted: &str, found: &Value<'_>) -> String {
    format!("`{name}` must be {wanted}, not {}", found.type_name())
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

pub(super) struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Value::Bool)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element()? {
            list.push(value);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Object)
    }
}
