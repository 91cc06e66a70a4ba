//! Adds the schemas of request bodies, which `bodies.json` describes. The routes read these bodies
//! member by member, so that every mistake can be explained.

use serde_json::{Map, Value};

use super::parameters::operations;

/// Adds the schemas of request bodies to the OpenAPI document.
pub fn add(document: &mut Value) {
    let bodies: Map<String, Value> = serde_json::from_str(include_str!("bodies.json"))
        .expect("the file is part of the program, and a test reads it");
    for (name, schema) in bodies {
        document["components"]["schemas"][name] = schema;
    }
    for operation in operations(document) {
        if let Some(body) = operation.get_mut("requestBody") {
            body["required"] = true.into();
        }
    }
}
