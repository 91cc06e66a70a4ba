//! The text of a JSON object → its known values, and its unmapped fields. What they mean for an article is left to
//! `json_record`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Field, Fields, Mapping, Node, Target, Unmapped, Value};

/// Names of objects around a record, as databases and services write it.
pub const ENVELOPES: [&str; 8] = [
    "_source",
    "row",
    "doc",
    "document",
    "node",
    "attributes",
    "article",
    "fields",
];
/// Names of the text in an object that stands for a text, best first. Programs that turn XML into
/// JSON write it beside the attributes. JSON-LD, Firestore and DynamoDB write it below its type.
#[rustfmt::skip]
const TEXT_NAMES: [&str; 20] = [
    "$t", "#text", "_", "$", "__text", "__cdata", "*", "@value", "stringValue", "timestampValue", "integerValue", "S", "N",
    "L", "SS", "M", "arrayValue", "mapValue", "values", "fields",
];
/// Languages in an object that holds a text in several of them, best first.
const LANGUAGES: [&str; 12] = [
    "ar", "und", "fa", "ur", "ku", "en", "fr", "de", "es", "tr", "ru", "he",
];
/// The maximum number of envelopes around a field.
const MAX_ENVELOPES: u8 = 2;

/// The values of a record.
pub struct Parsed<'m, 'a> {
    /// The known values.
    pub fields: Fields<'m, 'a>,
    /// The other values.
    pub unmapped: Unmapped,
    /// The names of the objects around the place that is read, each with a dot.
    path: String,
    /// A name that occurs twice.
    pub duplicate: Option<String>,
}

/// Reads the values of a record. Fails with the reason if it is no JSON object.
pub fn parse<'m, 'a>(record: &'a str, mapping: &'m Mapping) -> Result<Parsed<'m, 'a>, String> {
    let is_object = record.starts_with('{');
    let mut parsed = Parsed {
        fields: Fields::new(),
        unmapped: Unmapped::default(),
        path: String::new(),
        duplicate: None,
    };
    let reader = ValueReader {
        names: is_object.then(|| mapping.root()),
        envelope: Envelope { mapping, depth: 0 },
        is_envelope: false,
        keeps_members: false,
        parsed: &mut parsed,
    };
    let mut deserializer = serde_json::Deserializer::from_str(record);
    let value = reader
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| broken(record, &error))?;
    match value {
        Some(value) if !is_object => Err(format!(
            "{} where an object was expected",
            value.type_name()
        )),
        Some(_) | None => Ok(parsed),
    }
}

impl<'m, 'a> Parsed<'m, 'a> {
    /// Adds a field that is not known in this place.
    fn push_unmapped(&mut self, key: &str, value: &RawValue) {
        let length = self.path.len();
        self.path.push_str(key);
        self.unmapped.add_raw(&self.path, value);
        self.path.truncate(length);
    }

    /// Adds a value that is not used in this place, such as a text in another language.
    fn push_unused(&mut self, name: &str, value: &Value<'_>) {
        let name = format!("{}{name}", self.path);
        self.unmapped.add(&name, value.to_json());
    }

    /// Adds a known field. `object_start` is the number of fields before its object, if the field can be a
    /// duplicate: then it takes the place of the earlier one, unless it is empty.
    fn push(&mut self, field: Field<'m, 'a>, object_start: Option<usize>) {
        let is_same = |found: &Field<'_, '_>| std::ptr::eq(found.meaning, field.meaning);
        let found = object_start
            .and_then(|start| Some(start + self.fields[start..].iter().position(is_same)?));
        let Some(found) = found else {
            self.fields.push(field);
            return;
        };
        self.duplicate = Some(field.meaning.name.to_string());
        if !field.value.is_empty() {
            self.fields[found] = field;
        }
    }
}

/// Returns the message of `error` with the column counted in characters, as editors count. For an
/// object of several lines, the message also names the line.
fn broken(record: &str, error: &serde_json::Error) -> String {
    let line_index = error.line().saturating_sub(1);
    let line = record.split('\n').nth(line_index).unwrap_or_default();
    let before = line.as_bytes().get(..error.column()).unwrap_or_default();
    let column = String::from_utf8_lossy(before).chars().count();
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    match error.line() {
        0 | 1 => format!("broken JSON at column {column}: {message}"),
        line => format!("broken JSON at column {column} of line {line} of the object: {message}"),
    }
}

/// Returns the rank of a name that may be that of the text of an object; a lower one is better.
fn text_rank(key: &str) -> Option<usize> {
    let language = key.split(['-', '_']).next().unwrap_or_default();
    let position = |names: &[&str], wanted: &str| {
        let mut names = names.iter();
        names.position(|name| name.eq_ignore_ascii_case(wanted))
    };
    position(&TEXT_NAMES, key).or_else(|| Some(TEXT_NAMES.len() + position(&LANGUAGES, language)?))
}

/// The text of an object that stands for a text: its rank, name and value.
type OwnText<'de> = Option<(usize, Cow<'de, str>, Value<'de>)>;

/// The names that an envelope in this place contains.
#[derive(Clone, Copy)]
struct Envelope<'m> {
    mapping: &'m Mapping,
    /// The number of envelopes around this place.
    depth: u8,
}

/// Reads a JSON value in one pass and adds the fields inside it to `parsed`. Returns the value
/// itself; `None` if known fields inside it were added.
struct ValueReader<'x, 'm, 'de> {
    /// The names that are known inside the value; `None` if there are none.
    names: Option<&'m Node>,
    envelope: Envelope<'m>,
    /// True for the value of an envelope. Only an object is one.
    is_envelope: bool,
    /// True if the value may be a text, so that the members of an object are kept.
    keeps_members: bool,
    parsed: &'x mut Parsed<'m, 'de>,
}

impl<'de> DeserializeSeed<'de> for ValueReader<'_, '_, 'de> {
    type Value = Option<Value<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Writes the methods of a [`Visitor`] that turn a scalar into a value.
macro_rules! scalars {
    ($($visit:ident($scalar:tt: $type:ty) => $value:expr,)+) => {
        $(fn $visit<E: Error>(self, $scalar: $type) -> Result<Self::Value, E> {
            Ok(Some($value))
        })+
    };
}

impl<'de> Visitor<'de> for ValueReader<'_, '_, 'de> {
    type Value = Option<Value<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let Envelope { mapping, depth } = self.envelope;
        let is_record = self
            .names
            .is_some_and(|names| std::ptr::eq(names, mapping.root()));
        let before = self.parsed.fields.len();
        let mut members = Vec::new();
        let mut own_text: OwnText<'de> = None;
        while let Some(Key(key)) = entries.next_key()? {
            let node = self.names.and_then(|names| names.at(&key));
            let is_envelope =
                node.is_none() && is_record && depth < MAX_ENVELOPES && ENVELOPES.contains(&&*key);
            let rank = match node {
                None if !is_record => text_rank(&key),
                _ => None,
            };
            if node.is_none() && !is_envelope && rank.is_none() && !self.keeps_members {
                self.parsed.push_unmapped(&key, entries.next_value()?);
                continue;
            }
            let meaning = node.and_then(|node| node.meaning.as_ref());
            let names = node.filter(|node| !node.inner.is_empty());
            let path_length = self.parsed.path.len();
            if !is_envelope {
                self.parsed.path.extend([&*key, "."]);
            }
            let value = entries.next_value_seed(ValueReader {
                names: match rank {
                    _ if is_envelope => Some(mapping.root()),
                    Some(_) => self.names,
                    None => names,
                },
                envelope: Envelope {
                    mapping,
                    depth: depth + u8::from(is_envelope),
                },
                is_envelope,
                keeps_members: self.keeps_members
                    || meaning.is_some_and(|meaning| meaning.target == Target::Body),
                parsed: &mut *self.parsed,
            })?;
            self.parsed.path.truncate(path_length);
            match (meaning, value) {
                (Some(meaning), Some(value)) => {
                    let field = Field {
                        meaning,
                        value,
                        depth,
                    };
                    let is_exact = *key == *meaning.name;
                    self.parsed.push(field, is_exact.then_some(before));
                }
                (None, Some(value)) => match (rank, &value) {
                    (Some(rank), Value::Text(_) | Value::List(_)) if !value.is_empty() => {
                        let (mut own, mut other) = (Some((rank, key, value)), own_text.take());
                        if other.as_ref().is_some_and(|(other, ..)| *other < rank) {
                            std::mem::swap(&mut own, &mut other);
                        }
                        if let Some((_, name, value)) = other {
                            self.parsed.push_unused(&name, &value);
                        }
                        own_text = own;
                    }
                    _ if self.keeps_members => members.push((key, value)),
                    (_, value) => self.parsed.push_unused(&key, value),
                },
                (_, None) => {}
            }
        }
        let own_value = own_text.map_or(Value::Object(members), |(_, _, value)| value);
        Ok((self.parsed.fields.len() == before).then_some(own_value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Self::Value, A::Error> {
        let before = self.parsed.fields.len();
        let mut list = Vec::new();
        while let Some(value) = values.next_element_seed(ValueReader {
            names: self.names.filter(|_| !self.is_envelope),
            envelope: self.envelope,
            is_envelope: false,
            keeps_members: self.keeps_members,
            parsed: &mut *self.parsed,
        })? {
            list.extend(value);
        }
        let has_given = list.is_empty() && self.parsed.fields.len() > before;
        Ok((!has_given).then_some(Value::List(list)))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Some(Value::Null))
    }

    scalars! {
        visit_bool(value: bool) => Value::Bool(value),
        visit_i64(number: i64) => Value::Number(number.to_string()),
        visit_u64(number: u64) => Value::Number(number.to_string()),
        visit_f64(number: f64) => Value::Number(number.to_string()),
        visit_borrowed_str(text: &'de str) => Value::Text(Cow::Borrowed(text)),
        visit_str(text: &str) => Value::Text(Cow::Owned(text.to_owned())),
    }
}

/// A key, borrowed if it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
