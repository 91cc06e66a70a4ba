//! Describes the types, limits and texts of an OpenAPI document in words.

use serde_json::Value;

/// A part of the name of a type. A part that is the name of a schema links to that schema.
pub struct TypePart {
    pub text: String,
    pub is_schema: bool,
}

/// Returns the example of a value as text, if it has one.
pub fn example(of: &Value) -> Option<String> {
    let example = of.get("example")?;
    match example.as_str() {
        Some(text) => Some(text.to_owned()),
        None => serde_json::to_string_pretty(example).ok(),
    }
}

/// Returns the name of a type in words.
pub fn kind(schema: &Value) -> Vec<TypePart> {
    if let Some(reference) = schema["$ref"].as_str() {
        return vec![TypePart {
            text: reference.rsplit('/').next().unwrap_or(reference).to_owned(),
            is_schema: true,
        }];
    }
    for (several, joint) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " with ")] {
        let parts = joined(list(&schema[several]).map(kind), joint);
        if !parts.is_empty() {
            return parts;
        }
    }
    if schema["enum"].is_array() {
        let words: Vec<_> = list(&schema["enum"]).map(in_words).collect();
        return vec![plain(words.join(" | "))];
    }
    let names = match &schema["type"] {
        Value::Array(names) => names.as_slice(),
        name => std::slice::from_ref(name),
    };
    let with_items = |name: &str, items: &str| {
        let mut parts = vec![plain(format!("{name} of "))];
        parts.extend(kind(&schema[items]));
        parts
    };
    let kinds = names
        .iter()
        .filter_map(Value::as_str)
        .map(|name| match name {
            "array" => with_items(name, "items"),
            "object" if schema["additionalProperties"].is_object() => {
                with_items(name, "additionalProperties")
            }
            name => vec![plain(name)],
        });
    let parts = joined(kinds, " or ");
    if parts.is_empty() {
        vec![plain("any")]
    } else {
        parts
    }
}

fn plain(text: impl Into<String>) -> TypePart {
    TypePart {
        text: text.into(),
        is_schema: false,
    }
}

fn joined(kinds: impl Iterator<Item = Vec<TypePart>>, joint: &str) -> Vec<TypePart> {
    let mut parts = Vec::new();
    for kind in kinds {
        if !parts.is_empty() {
            parts.push(plain(joint));
        }
        parts.extend(kind);
    }
    parts
}

/// Returns a text without quotes, and any other value as JSON.
fn in_words(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The bounds and the default of a value, with their names in words.
const LIMITS: [(&str, &str); 7] = [
    ("minimum", "at least"),
    ("maximum", "at most"),
    ("minLength", "characters: at least"),
    ("maxLength", "characters: at most"),
    ("minItems", "items: at least"),
    ("maxItems", "items: at most"),
    ("default", "default:"),
];

/// Returns the bounds, the default and the example of a value in words.
pub fn limits(schema: &Value, example_of: &Value) -> Vec<String> {
    let example = example_of
        .get("example")
        .or_else(|| schema.get("example"))
        .filter(|value| !value.is_object());
    let limits = LIMITS.map(|(name, words)| (words, schema.get(name)));
    limits
        .into_iter()
        .chain([("example:", example)])
        .filter_map(|(words, value)| Some(format!("{words} {}", in_words(value?))))
        .collect()
}

/// Splits Markdown into paragraphs, and their text into pieces. The flag is true for a piece of
/// code.
pub fn paragraphs(markdown: &Value) -> Vec<Vec<(bool, String)>> {
    let paragraphs = text(markdown)
        .split("\n\n")
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    let pieces = |text: String| {
        let pieces = text.split('`').enumerate();
        let pieces = pieces.map(|(at, piece)| (at % 2 == 1, piece.to_owned()));
        pieces.collect()
    };
    paragraphs
        .filter(|text| !text.is_empty())
        .map(pieces)
        .collect()
}

pub fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

pub fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words(schema: &Value) -> String {
        kind(schema)
            .into_iter()
            .map(|part| {
                if part.is_schema {
                    format!("[{}]", part.text)
                } else {
                    part.text
                }
            })
            .collect()
    }

    #[test]
    fn types_are_named_in_words() {
        let check =
            |schema: Value, expected: &str| assert_eq!(words(&schema), expected, "{schema}");
        check(json!({"type": "string"}), "string");
        check(json!({"type": ["string", "null"]}), "string or null");
        check(
            json!({"type": "array", "items": {"$ref": "#/components/schemas/Hit"}}),
            "array of [Hit]",
        );
        check(
            json!({"oneOf": [{"$ref": "#/a/One"}, {"type": "null"}]}),
            "[One] or null",
        );
        check(
            json!({"type": "object", "additionalProperties": {"type": "integer"}}),
            "object of integer",
        );
        check(json!({"type": "string", "enum": ["on", "off"]}), "on | off");
        check(json!({}), "any");
    }
}
