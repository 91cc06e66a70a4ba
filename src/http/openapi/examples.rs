//! Examples of answers in the OpenAPI document. They are real answers of a server with the sample
//! articles; a test compares them with such a server.

use serde::Deserialize;
use serde_json::Value;

/// The example of one route in `examples.json`.
#[derive(Deserialize)]
struct Example {
    /// The path of the route, as the document writes it.
    route: String,
    answer: Value,
}

/// Adds the examples to the document.
pub fn add(document: &mut Value) {
    let examples: Vec<Example> = serde_json::from_str(include_str!("../examples.json"))
        .expect("the file is part of the program, and a test reads it");
    for Example { route, answer } in examples {
        // A JSON pointer escapes the slashes of a path.
        let place = format!(
            "/paths/{}/get/responses/200/content/application~1json",
            route.replace('/', "~1")
        );
        if let Some(content) = document.pointer_mut(&place) {
            content["example"] = answer;
        }
    }
}
