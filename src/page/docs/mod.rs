//! `/docs`: the reference of the API, made once from its OpenAPI document. It reads the document as any client would, so what
//! it shows is what the document says.

use std::collections::BTreeMap;

use askama::Template;
use serde_json::Value;

#[derive(Template)]
#[template(path = "docs.html")]
struct Docs {
    title: String,
    version: String,
    intro: Vec<Text>,
    groups: Vec<Group>,
    schemas: Vec<Schema>,
}

/// Operations that belong together.
struct Group {
    name: String,
    description: String,
    operations: Vec<Operation>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: Vec<Text>,
    needs_key: bool,
    parameters: Vec<Member>,
    bodies: Vec<Body>,
    answers: Vec<Answer>,
}

/// A parameter or a property.
struct Member {
    name: String,
    /// Where a parameter stands; empty of a property.
    place: String,
    kind: Vec<Part>,
    is_required: bool,
    /// What it must be besides its type, and what it is if nothing is given.
    limits: Vec<String>,
    description: Vec<Text>,
}

struct Body {
    media_type: String,
    kind: Vec<Part>,
    example: Option<String>,
}

struct Answer {
    status: String,
    description: Vec<Text>,
    bodies: Vec<Body>,
}

struct Schema {
    name: String,
    description: Vec<Text>,
    kind: Vec<Part>,
    members: Vec<Member>,
    example: Option<String>,
}

/// A piece of a type's name; one that names a schema leads there.
struct Part {
    text: String,
    is_schema: bool,
}

/// A paragraph, in pieces that are code or not.
struct Text(Vec<(bool, String)>);

/// In the order in which the operations of a path are told.
const METHODS: [&str; 5] = ["get", "post", "put", "delete", "patch"];

/// The page for a document.
pub fn page_of(document: &Value) -> String {
    Docs::of(document)
        .render()
        .expect("the template writes text into text, which cannot fail")
}

impl Docs {
    fn of(document: &Value) -> Self {
        let mut operations: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
        for (path, methods) in members(&document["paths"]) {
            for method in METHODS {
                let Some(operation) = methods.get(method) else {
                    continue;
                };
                let tag = text(&operation["tags"][0]);
                operations
                    .entry(tag)
                    .or_default()
                    .push(Operation::of(path, method, operation));
            }
        }
        let groups = list(&document["tags"]).filter_map(|tag| {
            let name = text(&tag["name"]);
            Some(Group {
                description: text(&tag["description"]),
                operations: operations.remove(&name)?,
                name,
            })
        });
        let groups = groups.collect();
        let schemas = members(&document["components"]["schemas"])
            .map(|(name, schema)| Schema::of(name, schema));
        Self {
            title: text(&document["info"]["title"]),
            version: text(&document["info"]["version"]),
            intro: paragraphs(&document["info"]["description"]),
            groups,
            schemas: schemas.collect(),
        }
    }
}

impl Operation {
    fn of(path: &str, method: &str, operation: &Value) -> Self {
        let answers = members(&operation["responses"]).map(|(status, answer)| Answer {
            status: status.clone(),
            description: paragraphs(&answer["description"]),
            bodies: bodies(&answer["content"]),
        });
        Self {
            id: text(&operation["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(&operation["summary"]),
            description: paragraphs(&operation["description"]),
            needs_key: list(&operation["security"]).next().is_some(),
            parameters: list(&operation["parameters"])
                .map(Member::of_parameter)
                .collect(),
            bodies: bodies(&operation["requestBody"]["content"]),
            answers: answers.collect(),
        }
    }
}

impl Member {
    fn of_parameter(parameter: &Value) -> Self {
        Self {
            name: text(&parameter["name"]),
            place: text(&parameter["in"]),
            kind: kind(&parameter["schema"]),
            is_required: parameter["required"] == true,
            limits: limits(&parameter["schema"], parameter),
            description: paragraphs(&parameter["description"]),
        }
    }

    fn of_property(name: &str, property: &Value, schema: &Value) -> Self {
        Self {
            name: name.to_owned(),
            place: String::new(),
            kind: kind(property),
            is_required: list(&schema["required"]).any(|required| required == name),
            limits: limits(property, property),
            description: paragraphs(&property["description"]),
        }
    }
}

impl Schema {
    fn of(name: &str, schema: &Value) -> Self {
        let properties = members(&schema["properties"]);
        Self {
            name: name.to_owned(),
            description: paragraphs(&schema["description"]),
            kind: if schema["properties"].is_object() {
                Vec::new()
            } else {
                kind(schema)
            },
            members: properties
                .map(|(name, property)| Member::of_property(name, property, schema))
                .collect(),
            example: example(schema),
        }
    }
}

fn bodies(content: &Value) -> Vec<Body> {
    let body = |(media_type, body): (&String, &Value)| Body {
        media_type: media_type.clone(),
        kind: kind(&body["schema"]),
        example: example(body),
    };
    members(content).map(body).collect()
}

fn example(of: &Value) -> Option<String> {
    let example = of.get("example")?;
    if let Some(text) = example.as_str() {
        return Some(text.to_owned());
    }
    serde_json::to_string_pretty(example).ok()
}

/// The name of a type, in words.
fn kind(schema: &Value) -> Vec<Part> {
    let plain = |text: &str| {
        vec![Part {
            text: text.to_owned(),
            is_schema: false,
        }]
    };
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        return vec![Part {
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

fn limits(schema: &Value, example_of: &Value) -> Vec<String> {
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

/// Paragraphs with their `code`.
fn paragraphs(markdown: &Value) -> Vec<Text> {
    let markdown = markdown.as_str().unwrap_or_default();
    let paragraphs = markdown
        .split("\n\n")
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    let pieces = |text: String| {
        Text(
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

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
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
    fn types_are_told_in_words() {
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

    fn any_json() -> impl Strategy<Value = Value> {
        let names = proptest::sample::select(vec![
            "paths", "get", "tags", "schema", "type", "oneOf", "items", "a",
        ]);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            "\\PC{0,9}".prop_map(Value::from)
        ];
        leaf.prop_recursive(5, 40, 4, move |inner| {
            let object =
                proptest::collection::vec((names.clone(), inner.clone()), 0..4).prop_map(|pairs| {
                    Value::Object(
                        pairs
                            .into_iter()
                            .map(|(name, value)| (name.to_owned(), value))
                            .collect(),
                    )
                });
            prop_oneof![
                object,
                proptest::collection::vec(inner, 0..4).prop_map(Value::Array)
            ]
        })
    }

    proptest! {
        #[test]
        fn any_document_makes_a_page(document in any_json()) {
            prop_assert!(Docs::of(&document).render().is_ok());
        }
    }
}
