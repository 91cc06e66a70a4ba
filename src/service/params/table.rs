//! The declaration of a parameter: its name, type, bounds, default and description. Parsing, the
//! OpenAPI document, the schemas of the MCP tools and the options of the command line are derived
//! from it.
//!
//! ```ignore
//! const LIMIT: Param = Param::new("limit", Kind::Integer(1, || 100, 10), "Number of articles to return.");
//! let limit = Params::from_query(&uri, &[LIMIT]).integer("limit");
//! ```

use serde_json::{Value, json};

use crate::service::limits;

/// Maximum number of values that a request may list for one parameter.
pub const MAX_VALUES: usize = 100;

/// A parameter of a request.
#[derive(Clone, Copy)]
pub struct Param {
    pub name: &'static str,
    pub kind: Kind,
    pub is_required: bool,
    pub description: &'static str,
    pub example: Option<&'static str>,
    /// A key of the parameter's JSON schema that the published description omits.
    pub unstated: Option<&'static str>,
}

/// The type of a parameter.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Any text that is not longer than a query may be.
    Text,
    /// A text whose schema states that it is not longer than a query may be.
    Query,
    /// A text that matches a regular expression.
    Pattern(&'static str),
    /// One or several texts, at most [`MAX_VALUES`].
    Texts,
    /// An integer with its minimum, its maximum and its default.
    Integer(usize, fn() -> usize, usize),
    Flag,
    /// One of several words. If there is a name, the OpenAPI document describes the words once,
    /// under that name.
    Choice(Option<&'static str>, fn() -> Words),
    /// Some of several words, separated by commas; all of them by default, if so stated.
    List(fn() -> Vec<&'static str>, bool),
}

/// The words that a parameter accepts.
pub struct Words {
    pub all: Vec<&'static str>,
    /// The word that is assumed if none is given.
    pub default: Option<&'static str>,
}

/// The words that a parameter accepts, each with the value that it stands for.
pub struct Choice<T: 'static> {
    pub words: &'static [(&'static str, T)],
    pub default: T,
}

impl<T: Copy + PartialEq> Choice<T> {
    pub fn words(&self) -> Words {
        Words {
            all: self.words.iter().map(|(word, _)| *word).collect(),
            default: self.word_of(self.default),
        }
    }

    /// Returns the word that stands for `meaning`, if there is one.
    pub fn word_of(&self, meaning: T) -> Option<&'static str> {
        let found = self.words.iter().find(|(_, known)| *known == meaning);
        found.map(|(word, _)| *word)
    }
}

impl Param {
    /// Declares an optional parameter without an example.
    pub const fn new(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self {
            name,
            kind,
            is_required: false,
            description,
            example: None,
            unstated: None,
        }
    }

    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    pub const fn example(mut self, example: &'static str) -> Self {
        self.example = Some(example);
        self
    }

    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    pub const fn described(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// Omits one key of the JSON schema from the published description.
    pub const fn without(mut self, key: &'static str) -> Self {
        self.unstated = Some(key);
        self
    }

    /// Returns the minimum, the maximum and the default of an integer; `None` for another type.
    pub fn bounds(&self) -> Option<(usize, usize, usize)> {
        let Kind::Integer(min, max, default) = self.kind else {
            return None;
        };
        let max = max();
        Some((min, max, default.min(max)))
    }

    /// Returns the JSON Schema of the parameter, without its description.
    pub fn schema(&self) -> Value {
        let mut schema = match self.kind {
            Kind::Text => json!({"type": "string"}),
            Kind::Query => json!({"type": "string", "maxLength": limits().query_chars}),
            Kind::Pattern(pattern) => json!({"type": "string", "pattern": pattern}),
            Kind::Texts => {
                json!({"type": "array", "items": {"type": "string"}, "maxItems": MAX_VALUES})
            }
            Kind::Integer(..) => {
                let (min, max, default) = self.bounds().unwrap_or_default();
                json!({"type": "integer", "minimum": min, "maximum": max, "default": default})
            }
            Kind::Flag => json!({"type": "boolean", "default": false}),
            Kind::Choice(_, words) => {
                let Words { all, default } = words();
                match default {
                    Some(default) => json!({"type": "string", "enum": all, "default": default}),
                    None => json!({"type": "string", "enum": all}),
                }
            }
            Kind::List(words, defaults_to_all) => {
                let words = words();
                let one = words.join("|");
                let mut schema =
                    json!({"type": "string", "pattern": format!("^({one})(,({one}))*$")});
                if defaults_to_all {
                    schema["default"] = words.join(",").into();
                }
                schema
            }
        };
        if let (Some(key), Some(members)) = (self.unstated, schema.as_object_mut()) {
            members.remove(key);
        }
        schema
    }

    /// Returns the example as a JSON value of the parameter's type.
    pub fn typed_example(&self) -> Option<Value> {
        self.example.map(|example| match self.kind {
            Kind::Texts => json!([example]),
            _ => json!(example),
        })
    }
}

/// Returns the names of the required parameters.
pub fn required_names(table: &[Param]) -> Vec<&'static str> {
    let required = table.iter().filter(|param| param.is_required);
    required.map(|param| param.name).collect()
}
