//! The examples in the description of the API are answers of a service over the sample articles.
//!
//! After an intended change, run `FIHRIST_UPDATE_EXAMPLES=1 cargo test --test it -- api::examples`
//! and read the difference.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::server::Server;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/http/examples.json");

/// Members that depend on the machine, the version or the time.
const FIGURES: [&str; 8] = [
    "took_ms",
    "score",
    "size_bytes",
    "segments",
    "model_hash",
    "graph_hash",
    "version",
    "next_cursor",
];

#[test]
fn every_example_is_an_answer_of_the_service() {
    let server = Server::over_samples();
    let mut examples: Vec<Value> =
        serde_json::from_str(&fs::read_to_string(FILE).expect("examples")).expect("JSON");
    if std::env::var_os("FIHRIST_UPDATE_EXAMPLES").is_some() {
        for example in &mut examples {
            example["answer"] = server
                .get(example["request"].as_str().expect("a request"))
                .json();
        }
        fs::write(Path::new(FILE), format!("{:#}\n", json!(examples))).expect("a file of ours");
    }
    for example in &examples {
        let request = example["request"].as_str().expect("a request");
        let answer = server.get(request);
        assert_eq!(answer.status, 200, "{request}: {}", answer.body);
        assert_eq!(
            without_figures(answer.json()),
            without_figures(example["answer"].clone()),
            "{request}"
        );
    }
    let document = server.get("/openapi.json").json();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        let answers = &operations["get"]["responses"]["200"]["content"]["application/json"];
        assert!(
            answers.is_null() || answers["example"].is_object(),
            "{path} has no example"
        );
    }
}

/// Replaces members that vary by whether they are null, and fractions by zero.
fn without_figures(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| {
                let is_figure =
                    FIGURES.contains(&name.as_str()) && !value.is_object() && !value.is_array();
                let value = if is_figure {
                    json!(value.is_null())
                } else {
                    without_figures(value)
                };
                (name, value)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(without_figures).collect(),
        Value::Number(number) if number.is_f64() => json!(0),
        value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => value,
    }
}
