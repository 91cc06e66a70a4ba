//! Examples of requests and answers in the description of the API. They are answers of a service over the sample articles; a
//! test asks for each again.

use serde::Deserialize;
use serde_json::Value;

/// One a route, as `examples.json` holds them.
#[derive(Deserialize)]
struct Example {
    /// The path as the document writes it.
    route: String,
    answer: Value,
}

/// Puts the examples where they belong.
pub fn add(document: &mut Value) {
    let examples: Vec<Example> = serde_json::from_str(include_str!("../examples.json"))
        .expect("a file of ours, which a test reads");
    for Example { route, answer } in examples {
        // A pointer escapes the slashes of a path.
        let place = format!(
            "/paths/{}/get/responses/200/content/application~1json",
            route.replace('/', "~1")
        );
        if let Some(content) = document.pointer_mut(&place) {
            content["example"] = answer;
        }
    }
}
