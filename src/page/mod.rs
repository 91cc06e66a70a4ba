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
mod words;

// Most pages use these.
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{MethodRouter, get};

pub use docs::page_of as docs_of;
pub use words::with_thousands;

use self::frame::Frame;
use self::language::{Display, Language, Text};
use self::words::{ARTICLES, COPIES, Date, PLACES, counted, date, day, month};
use crate::service::{ApiError, AppState, BoundedBuffer, Params, Result, calls};

/// Returns the routes of the page.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(home::get))
        .route("/search", get(results::get))
        .route("/a/{id}", get(article::get))
        .route("/help", get(help::get))
        .route("/opensearch.xml", get(opensearch::description))
        .route("/suggest.json", get(opensearch::suggestions))
        .route("/style.css", asset(&assets::STYLE))
        .route("/page.js", asset(&assets::SCRIPT))
        .route("/favicon.svg", asset(&assets::ICON))
        // Browsers and feed readers request this path without a link.
        .route("/favicon.ico", asset(&assets::ICON))
}

fn asset(asset: &'static assets::Asset) -> MethodRouter<AppState> {
    get(move |uri, headers| asset.answer(uri, headers))
}

/// Renders a template into an HTML answer.
fn html(template: &impl Template) -> Result<Response> {
    let html = BoundedBuffer::fill("render a page", |buffer| template.render_into(buffer))?;
    Ok(Html(html).into_response())
}
