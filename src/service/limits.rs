//! How much a request may ask for. One process has one set of limits, said once at the start: parameters are checked in
//! too many places to hand it to each.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::config::Limits;

static LIMITS: OnceLock<Limits> = OnceLock::new();

/// Sets the limits of this process, before it serves.
pub fn set(limits: Limits) {
    // A second service in one process would have to keep to the first one's.
    let _already_set = LIMITS.set(limits);
}

/// The limits of this process.
pub fn limits() -> Limits {
    LIMITS.get().copied().unwrap_or(Limits::DEFAULT)
}

/// Writes the limits into the description of the API, whose routes state those that hold by default.
pub fn describe(mut document: Value) -> Value {
    if limits() != Limits::DEFAULT {
        adapt(&mut document, limits());
    }
    document
}

fn adapt(
    document: &mut Value,
    Limits {
        query_chars,
        limit,
        offset,
    }: Limits,
) {
    let new = |name: &str, bound: &str, default: usize, now: usize| {
        (name.to_owned(), bound.to_owned(), default, now)
    };
    let changes = [
        new("q", "maxLength", Limits::DEFAULT.query_chars, query_chars),
        new("limit", "maximum", Limits::DEFAULT.limit, limit),
        new("offset", "maximum", Limits::DEFAULT.offset, offset),
    ];
    let mut change = |name: &str, schema: &mut Value| {
        for (_, bound, default, now) in changes.iter().filter(|(changed, ..)| changed == name) {
            if schema[bound] == json!(default) {
                schema[bound] = json!(now);
            }
        }
    };
    walk(document, &mut change);
}

/// Calls `change` with each parameter and each member of a schema.
fn walk(value: &mut Value, change: &mut impl FnMut(&str, &mut Value)) {
    match value {
        Value::Object(members) => {
            if let (Some(name), true) = (
                members
                    .get("name")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
                members.contains_key("in"),
            ) && let Some(schema) = members.get_mut("schema")
            {
                change(&name, schema);
            }
            if let Some(properties) = members.get_mut("properties").and_then(Value::as_object_mut) {
                properties
                    .iter_mut()
                    .for_each(|(name, schema)| change(name, schema));
            }
            members.values_mut().for_each(|member| walk(member, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_follows_the_limits() {
        let parameter =
            |name: &str, schema: Value| json!({"name": name, "in": "query", "schema": schema});
        let mut document = json!({
            "parameters": [parameter("limit", json!({"maximum": 100})), parameter("limit", json!({"maximum": 20}))],
            "schemas": {"Search": {"properties": {"q": {"maxLength": 2000}, "offset": {"maximum": 10000}, "name": {}}}},
        });
        adapt(
            &mut document,
            Limits {
                query_chars: 5,
                limit: 6,
                offset: 7,
            },
        );
        assert_eq!(document["parameters"][0]["schema"]["maximum"], 6);
        assert_eq!(
            document["parameters"][1]["schema"]["maximum"], 20,
            "another limit"
        );
        let search = &document["schemas"]["Search"]["properties"];
        assert_eq!(
            (&search["q"]["maxLength"], &search["offset"]["maximum"]),
            (&json!(5), &json!(7))
        );
    }
}
