//! `/docs`: the reference of the API. It is rendered once from the OpenAPI document, which it reads
//! as any client would.

mod schema;

use serde_json::Value;

use self::schema::{example, kind, limits, list, members, paragraphs, text};
use super::Template;

#[derive(Template)]
#[template(path = "docs.html")]
struct Docs<'a> {
    document: &'a Value,
    groups: Vec<Group<'a>>,
}

/// The operations that have one tag in the document.
struct Group<'a> {
    tag: &'a Value,
    operations: Vec<Operation<'a>>,
}

struct Operation<'a> {
    path: &'a str,
    method: &'static str,
    value: &'a Value,
}

/// A parameter of an operation, or a property of a schema.
struct Member<'a> {
    name: &'a str,
    /// Where a parameter is sent, such as `query`; empty for a property.
    place: &'a str,
    is_required: bool,
    schema: &'a Value,
    value: &'a Value,
}

/// The order in which the operations of a path are listed.
const METHODS: [&str; 5] = ["get", "post", "put", "delete", "patch"];

/// Returns the page for an OpenAPI document.
pub fn page_of(document: &Value) -> String {
    Docs::of(document)
        .render()
        .expect("rendering text into a string cannot fail")
}

impl<'a> Docs<'a> {
    fn of(document: &'a Value) -> Self {
        let groups = list(&document["tags"]).map(|tag| Group {
            tag,
            operations: operations(document, &tag["name"]),
        });
        Self {
            document,
            groups: groups
                .filter(|group| !group.operations.is_empty())
                .collect(),
        }
    }
}

/// Returns the operations whose first tag is `tag`.
fn operations<'a>(document: &'a Value, tag: &Value) -> Vec<Operation<'a>> {
    let mut operations = Vec::new();
    for (path, methods) in members(&document["paths"]) {
        for method in METHODS {
            if let Some(value) = methods.get(method)
                && value["tags"][0] == *tag
            {
                operations.push(Operation {
                    path,
                    method,
                    value,
                });
            }
        }
    }
    operations
}

fn parameters(operation: &Value) -> Vec<Member<'_>> {
    let parameters = list(&operation["parameters"]).map(|parameter| Member {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        is_required: parameter["required"] == true,
        schema: &parameter["schema"],
        value: parameter,
    });
    parameters.collect()
}

fn properties(schema: &Value) -> Vec<Member<'_>> {
    let properties = members(&schema["properties"]).map(|(name, property)| Member {
        name,
        place: "",
        is_required: list(&schema["required"]).any(|required| required == name),
        schema: property,
        value: property,
    });
    properties.collect()
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
