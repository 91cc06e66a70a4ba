//! The description of the API as OpenAPI 3.1: what stands above the routes. The routes describe themselves.

use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// The document before the routes are added.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// The finished document as JSON.
pub fn render(document: &utoipa::openapi::OpenApi) -> Value {
    serde_json::to_value(document).expect("the document is text and numbers, which always serialize")
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Fihrist",
        description = "Full-text search of Arabic articles. Ranges are UTF-8 bytes, half open, of the stored text. \
                       Errors are problem documents (RFC 9457) with a stable `code`; unknown parameters are errors.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "search", description = "Find articles"),
        (name = "articles", description = "Read and write articles"),
        (name = "operations", description = "Watch the service"),
    ),
    modifiers(&Keys),
)]
struct Document;

/// How a request shows its key.
struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
            "A key of `fihrist key create --scope ingest`. The header `x-api-key` is taken, too. Where there are no keys, \
             there are no routes that need one.",
        ));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
    }
}
