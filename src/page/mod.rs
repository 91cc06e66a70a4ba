//! The page: HTML made on the server from the same calls as the API, complete without JavaScript. Templates escape
//! everything; marks are fragments until the template writes them.

mod article;
mod assets;
mod docs;
mod error;
mod frame;
mod help;
mod home;
mod language;
mod marks;
mod opensearch;
mod pager;
mod results;
mod template;
pub mod words;

use axum::Router;
use axum::routing::get;

pub use docs::page_of as docs_of;
pub use error::error_page;

use crate::service::state::AppState;

/// The routes of the page.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(home::get))
        .route("/search", get(results::get))
        .route("/a/{id}", get(article::get))
        .route("/help", get(help::get))
        .route("/opensearch.xml", get(opensearch::description))
        .route("/suggest.json", get(opensearch::suggestions))
        .route("/style.css", get(assets::style))
        .route("/page.js", get(assets::script))
        .route("/favicon.svg", get(assets::icon))
        // Asked for by browsers and feed readers that look for no link.
        .route("/favicon.ico", get(assets::icon))
}

/// Whether a browser that asks for `path` should see a page where something went wrong: everywhere but on the routes
/// that are made for programs.
pub fn is_page_path(path: &str) -> bool {
    !path.starts_with("/api/")
        && ![
            "/feed.atom",
            "/healthz",
            "/mcp",
            "/metrics",
            "/openapi.json",
            "/opensearch.xml",
            "/readyz",
            "/suggest.json",
            "/version",
        ]
        .contains(&path)
}
