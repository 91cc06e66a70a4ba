//! Reads raw parameters by their declarations. It collects and explains every unknown name,
//! repetition and value out of bounds. It does not decide what a parameter means.

use axum::extract::Query;
use axum::http::Uri;
use serde_json::{Map, Value};

use super::nearest::unknown;
use super::table::{Choice, MAX_VALUES, Param};
use crate::service::{ApiError, ParameterError, limits};

/// The parameters of a request while they are read. [`Params::finish`] returns the mistakes.
pub struct Params {
    table: &'static [Param],
    fields: Vec<(String, Value)>,
    errors: Vec<ParameterError>,
    is_json: bool,
}

impl Params {
    /// Reads the query string of an API route. A name that is not in `table` is an error.
    pub fn from_query(uri: &Uri, table: &'static [Param]) -> Self {
        Self::from_pairs(pairs(uri), table).without_unknown()
    }

    /// Reads the query string of a page. Unknown names are ignored, because other sites append
    /// parameters to links.
    pub fn from_page_query(uri: &Uri, table: &'static [Param]) -> Self {
        Self::from_pairs(pairs(uri), table)
    }

    /// Takes names and values. A name that is not in `table` is not reported as a mistake.
    pub fn from_pairs(pairs: Vec<(String, String)>, table: &'static [Param]) -> Self {
        Self {
            table,
            fields: pairs
                .into_iter()
                .map(|(name, text)| (name, text.into()))
                .collect(),
            errors: Vec::new(),
            is_json: false,
        }
    }

    /// Reads the members of a JSON object. A name that is not in `table` is an error; a null counts
    /// as absent.
    pub fn from_json(object: Map<String, Value>, table: &'static [Param]) -> Self {
        let params = Self {
            table,
            fields: object.into_iter().collect(),
            errors: Vec::new(),
            is_json: true,
        };
        let mut params = params.without_unknown();
        params.fields.retain(|(_, value)| !value.is_null());
        params
    }

    fn without_unknown(mut self) -> Self {
        let known: Vec<&str> = self.table.iter().map(|param| param.name).collect();
        for (name, _) in &self.fields {
            if !known.contains(&name.as_str()) {
                self.errors
                    .push(ParameterError::new(name, unknown(name, &known)));
            }
        }
        self
    }

    /// Returns a text, or `None` if it is missing. A text longer than a query may be is a mistake.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) if !is_too_long(&text) => Some(text),
            Value::String(_) => self.none(name, too_long()),
            _ => self.none(name, "expected a string"),
        }
    }

    /// Returns at most [`MAX_VALUES`] texts, none of them blank. A query string repeats the
    /// parameter for each text; JSON has an array.
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        let given = self.fields.extract_if(.., |(given, _)| *given == *name);
        let values = given.flat_map(|(_, value)| match value {
            Value::Array(values) => values,
            value => vec![value],
        });
        let mut texts = Vec::new();
        for value in values.collect::<Vec<_>>() {
            match value {
                Value::String(_) if texts.len() == MAX_VALUES => {
                    self.wrong(name, format!("expected at most {MAX_VALUES} values"));
                }
                Value::String(text) if text.trim().is_empty() => {
                    self.wrong(name, "expected a value, not a blank");
                }
                Value::String(text) if !is_too_long(&text) => texts.push(text),
                Value::String(_) => self.wrong(name, too_long()),
                _ => self.wrong(name, "expected a string, or an array of strings"),
            }
        }
        texts
    }

    /// Whether the parameter is given and has not been read.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(given, _)| given == name)
    }

    /// Returns a text. If it is missing, a mistake is added and the text is empty.
    pub fn required_text(&mut self, name: &str) -> String {
        if !self.has(name) {
            self.wrong(name, "this parameter is required");
        }
        self.text(name).unwrap_or_default()
    }

    /// Returns an integer within the declared bounds, or the declared default. Returns 0 if the
    /// table does not declare the parameter.
    pub fn integer(&mut self, name: &str) -> usize {
        let declared = self.table.iter().find(|param| param.name == name);
        let (min, max, default) = declared.and_then(Param::bounds).unwrap_or_default();
        let is_text = !self.is_json;
        let parse = |value: &Value| {
            let number = match value {
                Value::String(digits) if is_text => digits.parse().ok(),
                value => value.as_u64()?.try_into().ok(),
            };
            number.filter(|number| (min..=max).contains(number))
        };
        let expected = || format!("an integer from {min} to {max}");
        self.read(name, default, parse, expected)
    }

    /// Returns whether the value is `true`; `false` if the parameter is missing.
    pub fn flag(&mut self, name: &str) -> bool {
        let is_text = !self.is_json;
        let parse = |value: &Value| match value {
            Value::String(word) if is_text => word.parse().ok(),
            value => value.as_bool(),
        };
        self.read(name, false, parse, || "true or false".to_owned())
    }

    /// Returns the meaning of the word that is given, or the default if the parameter is missing.
    pub fn choice<T: Copy>(&mut self, name: &str, choice: &Choice<T>) -> T {
        let parse = |value: &Value| meaning(choice.words, value.as_str()?);
        let expected = || format!("one of {}", joined(choice.words));
        self.read(name, choice.default, parse, expected)
    }

    /// Returns the meanings of several words, which are separated by commas or form a JSON array.
    /// Returns none if the parameter is missing.
    pub fn list<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Vec<T> {
        let find = |word: &str| meaning(choices, word.trim());
        let parse = |value: &Value| match value {
            Value::String(words) => words.split(',').map(find).collect(),
            Value::Array(words) => words.iter().map(|word| find(word.as_str()?)).collect(),
            _ => None,
        };
        let expected = || format!("some of {}, separated by commas", joined(choices));
        self.read(name, Vec::new(), parse, expected)
    }

    /// Returns what `parse` makes of the value. If that is nothing, a mistake is added that names
    /// what is expected, and the result is the default, as for a missing parameter.
    fn read<T>(
        &mut self,
        name: &str,
        default: T,
        parse: impl FnOnce(&Value) -> Option<T>,
        expected: impl FnOnce() -> String,
    ) -> T {
        let Some(value) = self.take(name) else {
            return default;
        };
        parse(&value).unwrap_or_else(|| {
            self.wrong(name, format!("expected {}", expected()));
            default
        })
    }

    /// Fails with all mistakes, if there are any.
    pub fn finish(self) -> Result<(), ApiError> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(ApiError::InvalidParameters(self.errors))
        }
    }

    /// Adds a mistake. A repeated hint for the same parameter is added only once.
    pub fn wrong(&mut self, name: &str, hint: impl Into<String>) {
        let error = ParameterError::new(name, hint);
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        let index = self.fields.iter().position(|(given, _)| given == name)?;
        let value = self.fields.remove(index).1;
        if self.has(name) {
            self.fields.retain(|(given, _)| given != name);
            return self.none(name, "give this parameter only once");
        }
        Some(value)
    }

    fn none<T>(&mut self, name: &str, hint: impl Into<String>) -> Option<T> {
        self.wrong(name, hint);
        None
    }
}

/// Returns what the word stands for, if it is one of `choices`.
fn meaning<T: Copy>(choices: &[(&str, T)], word: &str) -> Option<T> {
    let found = choices.iter().find(|(known, _)| *known == word);
    found.map(|(_, meaning)| *meaning)
}

fn joined<T>(choices: &[(&str, T)]) -> String {
    let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
    words.join(", ")
}

fn is_too_long(text: &str) -> bool {
    text.chars().count() > limits().query_chars
}

fn too_long() -> String {
    format!("expected at most {} characters", limits().query_chars)
}

/// Returns the decoded pairs of a query string. Bytes that are not UTF-8 become U+FFFD, which no
/// search finds.
fn pairs(uri: &Uri) -> Vec<(String, String)> {
    // Pairs of strings cannot fail to deserialize: any query string is a list of them.
    let Query(pairs) = Query::try_from_uri(uri).unwrap_or_default();
    pairs
}

#[cfg(test)]
mod tests {
    use super::super::table::Kind;
    use super::*;

    const fn integer(name: &'static str, min: usize) -> Param {
        let max = || 100;
        let default = 10;
        Param::new(name, Kind::Integer(min, max, default), "")
    }

    const TABLE: &[Param] = &[
        Param::new("q", Kind::Query, ""),
        integer("limit", 1),
        integer("offset", 0),
    ];

    #[test]
    fn collects_every_mistake() {
        let uri: Uri = "/?limit=0&offset=x&limits=3&q=a&q=b".parse().unwrap();
        let mut params = Params::from_query(&uri, TABLE);
        params.required_text("q");
        params.integer("limit");
        params.integer("offset");
        let Err(ApiError::InvalidParameters(errors)) = params.finish() else {
            panic!("expected mistakes")
        };
        let names: Vec<_> = errors.iter().map(|error| error.name.as_str()).collect();
        assert_eq!(names, ["limits", "q", "limit", "offset"]);
    }
}
