//! Reads the queries of a judged set: JSON Lines with `id` and `text`, or lines of `id<TAB>text`.
//! The qrels contain the relevant documents.

use std::collections::HashSet;

use serde::Deserialize;

use super::{LineError, parse_lines};

/// A query of the judged set.
#[derive(Debug, PartialEq)]
pub struct Query {
    pub id: String,
    pub text: String,
}

#[derive(Deserialize)]
struct Record {
    id: Id,
    text: String,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "the id is neither a string nor an integer")]
enum Id {
    Text(String),
    Number(i64),
}

/// Reads all queries. The file is JSON Lines if its first line starts with a brace.
pub fn parse(text: &str) -> Result<Vec<Query>, LineError> {
    let is_json = text.trim_start().starts_with('{');
    let mut ids = HashSet::new();
    parse_lines(text, |line| {
        let query = if is_json {
            from_json(line)?
        } else {
            from_columns(line)?
        };
        if query.id.is_empty() {
            return Err("the query has no id".to_owned());
        }
        if !ids.insert(query.id.clone()) {
            return Err(format!("two queries have the id `{}`", query.id));
        }
        Ok(query)
    })
}

fn from_json(line: &str) -> Result<Query, String> {
    let Record { id, text } = serde_json::from_str(line).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        format!("not a JSON object with `id` and `text`: {message}")
    })?;
    let id = match id {
        Id::Text(id) => id,
        Id::Number(id) => id.to_string(),
    };
    Ok(Query {
        id: id.trim().to_owned(),
        text,
    })
}

fn from_columns(line: &str) -> Result<Query, String> {
    let (id, text) = line
        .split_once('\t')
        .ok_or("no tab between the id and the text")?;
    Ok(Query {
        id: id.trim().to_owned(),
        text: text.trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(id, text)| Query {
                id: (*id).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        assert_eq!(parse(text), Ok(expected), "{text}");
    }

    fn check_error(text: &str, line: usize, said: &str) {
        let error = parse(text).expect_err(text);
        assert!(
            error.line == line && error.reason.contains(said),
            "{text}: {error:?}"
        );
    }

    #[test]
    fn reads_json_lines() {
        check(
            "{\"id\": \"a\", \"text\": \"قمر\"}\n\n{\"text\": \"x\", \"id\": 7}\r\n",
            &[("a", "قمر"), ("7", "x")],
        );
        check_error(
            "{\"id\": \"a\", \"text\": \"x\"}\n\n{\"id\": \"b\"}\n",
            3,
            "missing field `text`",
        );
        check_error(
            "{\"id\": [], \"text\": \"x\"}\n",
            1,
            "neither a string nor an integer",
        );
        check_error(
            "{\"id\": \"a\", \"text\": \"x\"}\na\tx\n",
            2,
            "not a JSON object",
        );
    }

    #[test]
    fn reads_columns() {
        check(
            "a\tقمر و نجم\nb\t=x\ty\n",
            &[("a", "قمر و نجم"), ("b", "=x\ty")],
        );
        check("", &[]);
        check_error("a\tx\nb y\n", 2, "no tab");
        check_error(" \tx\n", 1, "no id");
    }

    #[test]
    fn an_id_is_given_once() {
        check_error("a\tx\nb\ty\na\tz\n", 3, "two queries have the id `a`");
    }
}
