//! `/docs`: the reference of the API. It is rendered once from the OpenAPI document, which it reads
//! as any client would.

mod schema;

use std::collections::BTreeMap;

use askama::Template;
use serde_json::Value;

use self::schema::{Paragraph, TypePart, example, kind, limits, list, members, paragraphs, text};

#[derive(Template)]
#[template(path = "docs.html")]
struct Docs {
    title: String,
    version: String,
    intro: Vec<Paragraph>,
    groups: Vec<Group>,
    schemas: Vec<Schema>,
}

/// The operations that have one tag in the document.
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
    description: Vec<Paragraph>,
    needs_key: bool,
    parameters: Vec<Member>,
    bodies: Vec<Body>,
    answers: Vec<Answer>,
}

/// A parameter of an operation, or a property of a schema.
struct Member {
    name: String,
    /// Where a parameter is sent, such as `query`; empty for a property.
    place: String,
    kind: Vec<TypePart>,
    is_required: bool,
    /// Its bounds, default and example in words.
    limits: Vec<String>,
    description: Vec<Paragraph>,
}

struct Body {
    media_type: String,
    kind: Vec<TypePart>,
    example: Option<String>,
}

struct Answer {
    status: String,
    description: Vec<Paragraph>,
    bodies: Vec<Body>,
}

struct Schema {
    name: String,
    description: Vec<Paragraph>,
    kind: Vec<TypePart>,
    members: Vec<Member>,
    example: Option<String>,
}

/// The order in which the operations of a path are listed.
const METHODS: [&str; 5] = ["get", "post", "put", "delete", "patch"];

/// Returns the page for an OpenAPI document.
pub fn page_of(document: &Value) -> String {
    Docs::of(document)
        .render()
        .expect("rendering text into a string cannot fail")
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
