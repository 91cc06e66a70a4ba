//! The parameters of all operations in the OpenAPI document. They are derived from the declarations
//! in `service::params`.

use serde_json::{Map, Value, json};

use super::super::article::{self, ID};
use super::super::{Kind, Param, counts, explain, feed, related, suggest, write};
use crate::service::params::{SEARCH, required_names};

/// Adds the parameters of each operation to the document.
pub fn add(document: &mut Value) {
    let tables: [(&str, Option<Param>, &[Param]); 12] = [
        ("search", None, SEARCH),
        ("article", Some(ID), article::PARAMS),
        ("write_article", Some(ID), write::PARAMS),
        ("delete_article", Some(ID), write::PARAMS),
        ("write_articles", None, write::PARAMS),
        ("duplicates", Some(ID), related::DUPLICATES),
        ("similar", Some(ID), related::SIMILAR),
        ("suggest", None, suggest::PARAMS),
        ("facets", Some(counts::FIELD), &counts::FACETS),
        ("histogram", None, &counts::HISTOGRAM),
        ("explain", None, explain::PARAMS),
        ("feed", None, feed::PARAMS),
    ];
    for (operation_id, in_path, table) in tables {
        let in_path = in_path.iter().map(|param| parameter(param, "path"));
        let parameters = in_path.chain(table.iter().map(|param| parameter(param, "query")));
        operation(document, operation_id)["parameters"] = parameters.collect();
        let schemas = &mut document["components"]["schemas"];
        for param in table {
            if let Some(name) = schema_name(param) {
                schemas[name] = json!({
                    "type": "string",
                    "enum": param.schema()["enum"],
                    "description": param.description,
                });
            }
        }
    }
    document["components"]["schemas"]["SearchParams"] = object(SEARCH);
}

fn operation<'a>(document: &'a mut Value, id: &str) -> &'a mut Value {
    operations(document)
        .find(|operation| operation["operationId"] == id)
        .expect("the routes describe every operation that has parameters")
}

/// Returns all operations of all paths.
pub fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document["paths"].as_object_mut();
    let methods = paths.into_iter().flat_map(Map::values_mut);
    methods
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut)
}

fn schema_name(param: &Param) -> Option<&'static str> {
    match param.kind {
        Kind::Choice(schema, _) => schema,
        _ => None,
    }
}

fn reference(name: &str) -> Value {
    format!("#/components/schemas/{name}").into()
}

fn parameter(param: &Param, place: &str) -> Value {
    let mut schema = param.schema();
    if let Some(members) = schema.as_object_mut() {
        // A query string repeats the parameter for each value of a list, so the schema states no
        // maximum.
        members.remove("maxItems");
        // A choice with a name refers to the shared schema of its words.
        if let Some(name) = schema_name(param) {
            members.retain(|key, _| key == "default");
            members.insert("$ref".to_owned(), reference(name));
        }
    }
    let mut parameter = json!({
        "name": param.name,
        "in": place,
        "required": param.is_required,
        "description": param.description,
        "schema": schema,
    });
    if let Some(example) = param.typed_example() {
        parameter["example"] = example;
    }
    parameter
}

/// Returns the schema of a JSON object with these members.
fn object(table: &[Param]) -> Value {
    let properties = table
        .iter()
        .map(|param| (param.name.to_owned(), property(param)));
    json!({
        "type": "object",
        "description": "The parameters of a search.",
        "properties": properties.collect::<Map<_, _>>(),
        "required": required_names(table),
    })
}

/// Returns the schema of a member, which may be null if it is optional.
fn property(param: &Param) -> Value {
    let mut schema = param.schema();
    if let Some(name) = schema_name(param) {
        let reference = json!({"$ref": reference(name), "description": param.description});
        let mut property = json!({"oneOf": [reference, {"type": "null"}]});
        if let Some(default) = schema.get("default") {
            property["default"] = default.clone();
        }
        return property;
    }
    if !param.is_required {
        schema["type"] = json!([schema["type"], "null"]);
    }
    schema["description"] = param.description.into();
    if let Some(example) = param.typed_example() {
        schema["example"] = example;
    }
    schema
}
