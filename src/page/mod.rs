//! The search page: HTML from the same calls as the API, usable without JavaScript. Templates
//! escape all text; matches stay fragments until a template writes them.

mod article;
mod assets;
mod docs;
pub mod error;
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

use crate::service::state::AppState;

/// Returns the routes of the page.
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
        // Browsers and feed readers request this path without a link.
        .route("/favicon.ico", get(assets::icon))
}
