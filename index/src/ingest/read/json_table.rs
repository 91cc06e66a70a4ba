//! JSON values that hold several records in another form than a list of objects → the records.
//!
//! | form | example |
//! |---|---|
//! | columns as lists | `{"title": ["a", "b"], "body": ["c", "d"]}` |
//! | columns by row, as pandas writes them | `{"title": {"0": "a", "1": "b"}, "body": {"0": "c", "1": "d"}}` |
//! | rows below their names | `{"columns": ["title", "body"], "data": [["a", "c"], ["b", "d"]]}` |

use serde_json::{Map, Value};

use super::fields::is_url;
use super::json_list::members;
use super::{Mapping, Target};

/// The names of the names of the columns, and of the rows.
const COLUMNS: [&str; 3] = ["columns", "fields", "meta"];
const ROWS: [&str; 3] = ["data", "rows", "values"];

/// Returns the records in a value, as JSON objects; `None` if it has none of the forms. Only a value that
/// is not in a list can have columns: in a list, it is one record.
pub fn records(value: &[u8], mapping: &Mapping, is_in_list: bool) -> Option<Vec<Value>> {
    let may_have = |name: &[u8]| match std::str::from_utf8(name) {
        Ok(name) => ROWS.contains(&name) || is_text(name, mapping),
        Err(_) => false,
    };
    if !members(value).any(|(name, _)| may_have(name)) {
        return None;
    }
    let Value::Object(members) = serde_json::from_slice(value).ok()? else {
        return None;
    };
    let columns = || columns(&members, mapping).filter(|_| !is_in_list);
    rows(&members, mapping).or_else(columns)
}

fn target(name: &str, mapping: &Mapping) -> Option<Target> {
    mapping.column(name).map(|meaning| meaning.target)
}

fn is_text(name: &str, mapping: &Mapping) -> bool {
    matches!(target(name, mapping), Some(Target::Title | Target::Body))
}

/// Returns the records whose columns are lists or objects with the same keys.
fn columns(members: &Map<String, Value>, mapping: &Mapping) -> Option<Vec<Value>> {
    let is_list = |value: &Value| value.as_array().is_some_and(|list| list.len() > 1);
    let mut texts = members.iter().filter(|(name, _)| is_text(name, mapping));
    let (_, first) = texts.next()?;
    let is_alike = |value: &Value| match (first, value) {
        (Value::Array(one), Value::Array(other)) => is_list(first) && one.len() == other.len(),
        (Value::Object(one), Value::Object(other)) => one.keys().eq(other.keys()),
        (_, _) => false,
    };
    if !texts.all(|(_, value)| is_alike(value)) || !is_alike(first) {
        return None;
    }
    let columns: Vec<_> = members
        .iter()
        .filter(|(_, value)| is_alike(value))
        .collect();
    if columns.len() < 2 {
        return None;
    }
    let count = match first {
        Value::Array(list) => list.len(),
        Value::Object(cells) => cells.len(),
        _ => return None,
    };
    let cell = |column: &Value, row: usize| match column {
        Value::Array(list) => list.get(row).cloned(),
        Value::Object(cells) => cells.values().nth(row).cloned(),
        _ => None,
    };
    let record = |row| {
        let cells = columns
            .iter()
            .filter_map(|(name, column)| Some(((*name).clone(), cell(column, row)?)));
        let mut cells: Map<_, _> = cells.collect();
        // The names of the rows may be the addresses of the articles.
        let name = first.as_object().and_then(|rows| rows.keys().nth(row));
        if let Some(url) = name.filter(|name| is_url(name)) {
            cells
                .entry("url")
                .or_insert_with(|| Value::String(url.clone()));
        }
        Value::Object(cells)
    };
    Some((0..count).map(record).collect())
}

/// Returns the records of a list of rows. Their names are a list beside it, or the first row.
fn rows(members: &Map<String, Value>, mapping: &Mapping) -> Option<Vec<Value>> {
    let list = |name: &&str| members.get(*name)?.as_array();
    let mut rows = ROWS.iter().find_map(list)?.as_slice();
    let names = match COLUMNS.iter().find_map(list) {
        Some(names) => names,
        None => {
            let (first, rest) = rows.split_first()?;
            rows = rest;
            first.as_array()?
        }
    };
    let names: Vec<&str> = names.iter().map(column_name).collect::<Option<_>>()?;
    if rows.is_empty() || !names.iter().any(|name| is_text(name, mapping)) {
        return None;
    }
    rows.iter().map(|row| record(&names, row)).collect()
}

/// Returns the name of a column, which may be in an object beside its type.
fn column_name(column: &Value) -> Option<&str> {
    column.as_str().or_else(|| column.get("name")?.as_str())
}

/// Returns the record of a row.
fn record(names: &[impl AsRef<str>], row: &Value) -> Option<Value> {
    let names = names.iter().map(|name| name.as_ref().to_owned());
    let cells = names.zip(row.as_array()?.iter().cloned());
    Some(Value::Object(cells.collect()))
}

/// Reads a list that is a row of a table. The first row has the names, and ClickHouse writes types
/// below them: both give no record. Returns `None` for a list that is no row.
pub fn row(list: &[u8], columns: &mut Vec<String>, mapping: &Mapping) -> Option<Option<Value>> {
    let may_be_names = list[1..].trim_ascii_start().starts_with(b"\"");
    if columns.is_empty() && !may_be_names {
        return None;
    }
    let row: Value = serde_json::from_slice(list).ok()?;
    let texts = row.as_array()?.iter().map(Value::as_str);
    let texts: Option<Vec<&str>> = texts.collect();
    match texts {
        Some(names) if names.iter().any(|name| is_text(name, mapping)) => {
            *columns = names.into_iter().map(str::to_owned).collect();
            Some(None)
        }
        Some(types) if types.iter().all(|name| is_type(name)) => Some(None),
        _ if row.as_array()?.len() == columns.len() => Some(record(columns, &row)),
        _ => None,
    }
}

/// Returns whether a text is the name of a type of ClickHouse, such as `Array(String)`.
fn is_type(text: &str) -> bool {
    #[rustfmt::skip]
    const TYPES: [&str; 15] = [
        "String", "FixedString", "UInt", "Int", "Float", "Decimal", "Bool", "UUID", "Date", "DateTime", "Enum", "Array", "Map",
        "Nullable", "LowCardinality",
    ];
    let name = text.split('(').next().unwrap_or_default();
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    TYPES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_in_other_forms() {
        let check = |value: &str, expected: Option<&str>| {
            let records = records(value.as_bytes(), &Mapping::default(), false);
            let records = records.map(|records| Value::Array(records).to_string());
            assert_eq!(records.as_deref(), expected, "{value}");
        };
        let two = Some(r#"[{"body":"c","title":"a"},{"body":"d","title":"b"}]"#);
        check(r#"{"title": ["a", "b"], "body": ["c", "d"], "n": 2}"#, two);
        check(
            r#"{"title": {"0": "a", "1": "b"}, "body": {"0": "c", "1": "d"}}"#,
            two,
        );
        check(
            r#"{"columns": ["title", "body"], "index": [0, 1], "data": [["a", "c"], ["b", "d"]]}"#,
            two,
        );
        check(
            r#"{"meta": [{"name": "title", "type": "String"}, {"name": "body"}], "data": [["a", "c"], ["b", "d"]]}"#,
            two,
        );
        let mut columns = Vec::new();
        for (list, expected) in [
            (r#"["a", "b"]"#, None),
            (r#"["title", "body", "n"]"#, Some("")),
            (r#"["String", "Array(String)", "UInt8"]"#, Some("")),
            (
                r#"["a", ["b", "c"], 1]"#,
                Some(r#"{"body":["b","c"],"n":1,"title":"a"}"#),
            ),
            (r#"["a", "b"]"#, None),
        ] {
            let row = row(list.as_bytes(), &mut columns, &Mapping::default());
            let record = row.map(|row| row.map_or(String::new(), |record| record.to_string()));
            assert_eq!(record.as_deref(), expected, "{list}");
        }
        check(
            r#"{"range": "A1:B3", "values": [["title", "body"], ["a", "c"], ["b", "d"]]}"#,
            two,
        );
        check(
            r#"{"title": {"https://e.example/1": "a"}, "body": {"https://e.example/1": "c"}}"#,
            Some(r#"[{"body":"c","title":"a","url":"https://e.example/1"}]"#),
        );
        for other in [
            r#"{"title": ["a"], "body": ["c"]}"#,
            r#"{"title": "a", "body": ["c", "d"]}"#,
            r#"{"title": ["a", "b"], "body": ["c", "d", "e"]}"#,
            r#"{"title": {"rendered": "a"}, "content": {"rendered": "b", "protected": false}}"#,
            r#"{"data": [[1, 2], [3, 4]]}"#,
            r#"[["title"], ["a"]]"#,
            "{",
        ] {
            check(other, None);
        }
    }
}
