//! The page: HTML made on the server from the same calls as the API, complete without JavaScript. Templates escape
//! everything; marks are fragments until the template writes them.

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
