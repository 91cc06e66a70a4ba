//! The description of the API as OpenAPI 3.1: what stands above the routes. The routes describe themselves.

mod bodies;
mod examples;
mod parameters;

use serde_json::{Value, json};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::service::error::ApiError;

/// The document before the routes are added.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// The finished document as JSON.
pub fn render(document: &utoipa::openapi::OpenApi) -> Value {
    let document = serde_json::to_value(document);
    let mut document = document.expect("the document is text and numbers, which always serialize");
    document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] =
        json!(ApiError::CODES);
    parameters::add(&mut document);
    bodies::add(&mut document);
    examples::add(&mut document);
    document
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Fihrist",
        description = "Full-text search of Arabic articles. Ranges are UTF-8 bytes, half open, of the stored text. \
                       Errors are problem documents (RFC 9457) with a stable `code`; unknown parameters are errors. \
                       Where the service is started with --require-key, reading needs a key with the scope `search`; \
                       writing always needs one with the scope `ingest`. The headers `ratelimit-limit`, \
                       `ratelimit-remaining` and `ratelimit-reset` tell a client where it stands.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "search", description = "Find articles"),
        (name = "articles", description = "Read and write articles"),
        (name = "operations", description = "Watch the service"),
    ),
    modifiers(&Keys),
    // Nothing, or either of them: which of it holds, the service is told when it is started.
    security((), ("bearer" = []), ("basic" = [])),
)]
struct Document;

/// How a request shows its key.
struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
            "A key of `fihrist key create`, with the scope `ingest` to write and `search` to read. The header `x-api-key` \
             is taken, too. Where there are no keys, there are no routes that write.",
        ));
        let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).description(Some(
            "For browsers, where reading needs a key: any name, and the key as the password. It does not let anyone write.",
        ));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
        components.add_security_scheme("basic", SecurityScheme::Http(basic.build()));
    }
}
