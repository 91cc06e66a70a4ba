//! The OpenAPI 3.1 document: everything except the routes, which describe themselves.

mod parameters;

use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use self::parameters::operations;
use super::ApiError;

/// Returns the document without routes.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// Returns the complete document as JSON.
pub fn render(document: &utoipa::openapi::OpenApi) -> Value {
    let document = serde_json::to_value(document);
    let mut document =
        document.expect("the document consists of text and numbers, which always serialize");
    document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] =
        json!(ApiError::CODES);
    // The ways to send a key.
    document["components"]["securitySchemes"] = json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "A key created by `fihrist key create`, with the scope `ingest` for writing or `search` for \
                reading. The header `x-api-key` is accepted as well. If there are no keys, the routes that write do \
                not exist.",
        },
        "basic": {
            "type": "http",
            "scheme": "basic",
            "description": "For browsers, if reading needs a key: any name, and the key as the password. It does not \
                permit writing.",
        },
    });
    parameters::add(&mut document);
    add_bodies(&mut document);
    add_examples(&mut document);
    document
}

/// Adds the schemas of request bodies, which `bodies.json` describes. The routes read these bodies
/// member by member, so that every mistake can be explained.
fn add_bodies(document: &mut Value) {
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

/// Adds examples of answers. They are real answers of a server with the sample articles; a test
/// compares them with such a server.
fn add_examples(document: &mut Value) {
    let examples: Vec<Value> = serde_json::from_str(include_str!("../examples.json"))
        .expect("the file is part of the program, and a test reads it");
    for mut example in examples {
        // A JSON pointer escapes the slashes of a path.
        let route = example["route"]
            .as_str()
            .unwrap_or_default()
            .replace('/', "~1");
        let answer = format!("/paths/{route}/get/responses/200/content/application~1json");
        if let Some(content) = document.pointer_mut(&answer) {
            content["example"] = example["answer"].take();
        }
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Fihrist",
        description = "Full-text search of Arabic articles. Ranges are half-open ranges of UTF-8 bytes of the \
            stored text. Errors are problem documents (RFC 9457) with a stable `code`. Unknown \
            parameters are errors. Writing always needs a key with the scope `ingest`. If the \
            server is started with --require-key, reading needs a key with the scope `search`. The \
            headers `ratelimit-limit`, `ratelimit-remaining` and `ratelimit-reset` report the \
            quota of the client.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "search", description = "Find articles"),
        (name = "articles", description = "Read and write articles"),
        (name = "operations", description = "Monitor the server"),
    ),
    // A request has no key, or one key in one of these forms. The settings of the server decide
    // whether it needs one.
    security((), ("bearer" = []), ("basic" = [])),
)]
struct Document;
