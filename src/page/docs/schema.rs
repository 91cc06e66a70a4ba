//! Describes the types, limits and texts of an OpenAPI document in words.

use serde_json::Value;

/// A part of the name of a type. A part that is the name of a schema links to that schema.
pub struct TypePart {
    pub text: String,
    pub is_schema: bool,
}

/// A paragraph as pieces of text; the flag is true for a piece of code.
pub struct Paragraph(pub Vec<(bool, String)>);

pub fn example(of: &Value) -> Option<String> {
    let example = of.get("example")?;
    if let Some(text) = example.as_str() {
        return Some(text.to_owned());
    }
    serde_json::to_string_pretty(example).ok()
}

/// Returns the name of a type in words.
pub fn kind(schema: &Value) -> Vec<TypePart> {
    let plain = |text: &str| {
        vec![TypePart {
            text: text.to_owned(),
            is_schema: false,
        }]
    };
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        return vec![TypePart {
            text: name.to_owned(),
            is_schema: true,
        }];
    }
    for (several, joint) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " with ")] {
        let mut parts = Vec::new();
        for one in list(&schema[several]) {
            if !parts.is_empty() {
                parts.extend(plain(joint));
            }
            parts.extend(kind(one));
        }
        if !parts.is_empty() {
            return parts;
        }
    }
    if schema["enum"].is_array() {
        let words: Vec<_> = list(&schema["enum"])
            .map(|word| {
                word.as_str()
                    .map_or_else(|| word.to_string(), str::to_owned)
            })
            .collect();
        return plain(&words.join(" | "));
    }
    let names: Vec<&str> = match &schema["type"] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        name => name.as_str().into_iter().collect(),
    };
    let mut parts = Vec::new();
    for name in names {
        if !parts.is_empty() {
            parts.extend(plain(" or "));
        }
        match name {
            "array" => {
                parts.extend(plain("array of "));
                parts.extend(kind(&schema["items"]));
            }
            "object" if schema["additionalProperties"].is_object() => {
                parts.extend(plain("object of "));
                parts.extend(kind(&schema["additionalProperties"]));
            }
            name => parts.extend(plain(name)),
        }
    }
    if parts.is_empty() {
        plain("any")
    } else {
        parts
    }
}

/// Returns the bounds, the default and the example of a value in words.
pub fn limits(schema: &Value, example_of: &Value) -> Vec<String> {
    let mut limits = Vec::new();
    let mut add = |name: &str, words: &str| {
        if let Some(value) = schema.get(name) {
            limits.push(format!(
                "{words} {}",
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            ));
        }
    };
    add("minimum", "at least");
    add("maximum", "at most");
    add("minLength", "characters: at least");
    add("maxLength", "characters: at most");
    add("minItems", "items: at least");
    add("maxItems", "items: at most");
    add("default", "default:");
    if let Some(example) = example_of
        .get("example")
        .or_else(|| schema.get("example"))
        .filter(|value| !value.is_object())
    {
        limits.push(format!(
            "example: {}",
            example
                .as_str()
                .map_or_else(|| example.to_string(), str::to_owned)
        ));
    }
    limits
}

/// Splits Markdown into paragraphs, and their text into code and other pieces.
pub fn paragraphs(markdown: &Value) -> Vec<Paragraph> {
    let markdown = markdown.as_str().unwrap_or_default();
    let paragraphs = markdown
        .split("\n\n")
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    let pieces = |text: String| {
        Paragraph(
            text.split('`')
                .enumerate()
                .map(|(at, piece)| (at % 2 == 1, piece.to_owned()))
                .collect(),
        )
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

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
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
