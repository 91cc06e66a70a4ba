//! From raw parameters to checked ones: every unknown name, repetition and value out of bounds is collected and
//! explained. It does not know what the parameters mean.

use std::ops::RangeInclusive;

use axum::extract::Query;
use axum::http::Uri;
use serde_json::{Map, Value};

use super::error::{ApiError, ParameterError};
use super::limits::limits;

/// Parameters on their way to being checked; [`Params::finish`] tells what was wrong.
pub struct Params {
    fields: Vec<(String, Value)>,
    errors: Vec<ParameterError>,
    is_json: bool,
}

impl Params {
    /// The query string of an API route: names outside `known` are errors.
    pub fn from_query(uri: &Uri, known: &[&str]) -> Self {
        Self::new(pairs(uri), false).checked(known)
    }

    /// The query string of a page: other sites append parameters to links, and a reader need not care.
    pub fn from_page_query(uri: &Uri) -> Self {
        Self::new(pairs(uri), false)
    }

    /// The members of a JSON object; null is as good as absent.
    pub fn from_json(object: Map<String, Value>, known: &[&str]) -> Self {
        let mut params = Self::new(object.into_iter().collect(), true).checked(known);
        params.fields.retain(|(_, value)| !value.is_null());
        params
    }

    fn new(fields: Vec<(String, Value)>, is_json: bool) -> Self {
        Self {
            fields,
            errors: Vec::new(),
            is_json,
        }
    }

    fn checked(mut self, known: &[&str]) -> Self {
        for (name, _) in &self.fields {
            if !known.contains(&name.as_str()) {
                self.errors.push(ParameterError {
                    item: None,
                    name: name.clone(),
                    hint: unknown(name, known),
                });
            }
        }
        self
    }

    /// A text of no more characters than a query may have.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) if text.chars().count() <= limits().query_chars => Some(text),
            Value::String(_) => self.none(
                name,
                format!("expected at most {} characters", limits().query_chars),
            ),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => self.none(name, "expected a string"),
        }
    }

    /// Texts that are given one by one, or in JSON in an array: at most `max` of them, none of them blank.
    pub fn texts(&mut self, name: &str, max: usize) -> Vec<String> {
        let (given, others) = std::mem::take(&mut self.fields)
            .into_iter()
            .partition(|(given, _)| given == name);
        self.fields = others;
        let values = given
            .into_iter()
            .flat_map(|(_, value): (String, Value)| match value {
                Value::Array(values) => values,
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::String(_)
                | Value::Object(_) => vec![value],
            });
        let mut texts = Vec::new();
        for value in values {
            match value {
                Value::String(_) if texts.len() == max => {
                    self.wrong(name, format!("expected at most {max} values"))
                }
                Value::String(text) if text.trim().is_empty() => {
                    self.wrong(name, "expected a value, not a blank")
                }
                Value::String(text) if text.chars().count() <= limits().query_chars => {
                    texts.push(text)
                }
                Value::String(_) => self.wrong(
                    name,
                    format!("expected at most {} characters", limits().query_chars),
                ),
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::Array(_)
                | Value::Object(_) => {
                    self.wrong(name, "expected a string, or an array of strings");
                }
            }
        }
        texts
    }

    /// Whether the parameter is given and not read yet.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(given, _)| given == name)
    }

    /// A text that must be there.
    pub fn required_text(&mut self, name: &str) -> String {
        if !self.has(name) {
            self.errors.push(ParameterError {
                item: None,
                name: name.to_owned(),
                hint: "it is required".to_owned(),
            });
        }
        self.text(name).unwrap_or_default()
    }

    /// An integer within `bounds`.
    pub fn integer(&mut self, name: &str, bounds: RangeInclusive<usize>, default: usize) -> usize {
        let Some(value) = self.take(name) else {
            return default;
        };
        let number = match &value {
            Value::String(digits) if !self.is_json => digits.parse().ok(),
            Value::Number(number) => number
                .as_u64()
                .and_then(|number| usize::try_from(number).ok()),
            Value::String(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        };
        match number.filter(|number| bounds.contains(number)) {
            Some(number) => number,
            None => {
                let hint = format!(
                    "expected an integer from {} to {}",
                    bounds.start(),
                    bounds.end()
                );
                self.none(name, hint).unwrap_or(default)
            }
        }
    }

    /// `true` or `false`; false if nothing is given.
    pub fn flag(&mut self, name: &str) -> bool {
        match self.take(name) {
            None => false,
            Some(Value::Bool(flag)) => flag,
            Some(Value::String(word)) if !self.is_json && word == "true" => true,
            Some(Value::String(word)) if !self.is_json && word == "false" => false,
            Some(_) => self
                .none(name, "expected true or false")
                .unwrap_or_default(),
        }
    }

    /// One of some words, each with what it stands for; the default if none is given.
    pub fn choice<T: Copy + Default>(&mut self, name: &str, choices: &[(&str, T)]) -> T {
        let Some(value) = self.take(name) else {
            return T::default();
        };
        match choices
            .iter()
            .find(|(word, _)| value.as_str() == Some(word))
        {
            Some((_, choice)) => *choice,
            None => {
                let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
                self.none(name, format!("expected one of {}", words.join(", ")))
                    .unwrap_or_default()
            }
        }
    }

    /// Some of several words with commas between, or in JSON in an array, each with what it stands for; none if nothing is
    /// given.
    pub fn choices<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Vec<T> {
        let Some(value) = self.take(name) else {
            return Vec::new();
        };
        let find = |word: &str| {
            choices
                .iter()
                .find(|(known, _)| *known == word.trim())
                .map(|(_, choice)| *choice)
        };
        let chosen = match &value {
            Value::String(words) => words.split(',').map(find).collect::<Option<Vec<T>>>(),
            Value::Array(words) => words.iter().map(|word| find(word.as_str()?)).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
        };
        chosen.unwrap_or_else(|| {
            let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
            self.none(
                name,
                format!("expected some of {}, with commas between", words.join(", ")),
            )
            .unwrap_or_default()
        })
    }

    /// The end of checking: fails with all that was wrong.
    pub fn finish(self) -> Result<(), ApiError> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(ApiError::InvalidParameters(self.errors))
        }
    }

    /// Adds a mistake; one hint for a parameter is enough.
    pub fn wrong(&mut self, name: &str, hint: impl Into<String>) {
        let (name, hint) = (name.to_owned(), hint.into());
        if !self
            .errors
            .iter()
            .any(|error| error.name == name && error.hint == hint)
        {
            self.errors.push(ParameterError {
                item: None,
                name,
                hint,
            });
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        let place = self.fields.iter().position(|(given, _)| given == name)?;
        let value = self.fields.remove(place).1;
        if self.has(name) {
            self.fields.retain(|(given, _)| given != name);
            return self.none(name, "give it once");
        }
        Some(value)
    }

    fn none<T>(&mut self, name: &str, hint: impl Into<String>) -> Option<T> {
        self.wrong(name, hint);
        None
    }
}

/// The decoded pairs of a query string; bytes that are no UTF-8 become U+FFFD, which no search finds.
fn pairs(uri: &Uri) -> Vec<(String, Value)> {
    // Pairs of strings cannot fail to deserialize: any query string is a list of them.
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).unwrap_or_default();
    pairs
        .into_iter()
        .map(|(name, value)| (name, Value::String(value)))
        .collect()
}

fn unknown(name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(meant) => format!("unknown parameter; did you mean `{meant}`?"),
        None => format!("unknown parameter; expected one of {}", known.join(", ")),
    }
}

/// The known name that was probably meant: at most a third of its letters differ, or the one starts with the other.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = name.to_lowercase();
    let close = |candidate: &&str| distance(&name, candidate) <= candidate.len() / 3;
    let begins = |candidate: &&str| {
        !name.is_empty() && (name.starts_with(*candidate) || candidate.starts_with(&name))
    };
    let by_distance = known
        .iter()
        .copied()
        .filter(close)
        .min_by_key(|candidate| distance(&name, candidate));
    by_distance.or_else(|| {
        known
            .iter()
            .copied()
            .filter(begins)
            .max_by_key(|candidate| candidate.len())
    })
}

/// The number of letters to insert, delete or replace to get from one word to the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    // Only names of parameters are compared, which are short; a longer one is as far away as it gets.
    for (i, a) in one.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] = ["q", "limit", "offset", "fragments", "fragment_chars"];

    #[test]
    fn guesses_what_was_meant() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(nearest(name, &KNOWN), expected, "{name}")
        };
        check("limits", Some("limit"));
        check("Limit", Some("limit"));
        check("lmit", Some("limit"));
        check("fragment", Some("fragments"));
        check("fragmentChars", Some("fragment_chars"));
        check("query", Some("q"));
        check("page", None);
        check("", None);
        check("\u{1F600}", None);
    }

    #[test]
    fn collects_every_mistake() {
        let uri: Uri = "/?limit=0&offset=x&limits=3&q=a&q=b".parse().unwrap();
        let mut params = Params::from_query(&uri, &KNOWN);
        params.required_text("q");
        params.integer("limit", 1..=100, 10);
        params.integer("offset", 0..=10_000, 0);
        let Err(ApiError::InvalidParameters(errors)) = params.finish() else {
            panic!("expected mistakes")
        };
        let names: Vec<_> = errors.iter().map(|error| error.name.as_str()).collect();
        assert_eq!(names, ["limits", "q", "limit", "offset"]);
    }
}
