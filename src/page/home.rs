//! The first page: what this is, a search box, and how much can be found.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::arabic::{ARTICLES, counted};
use super::template::page;
use crate::http::calls;
use crate::http::error::ApiError;
use crate::http::state::AppState;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    /// How much can be found, in words; `None` where nothing has been indexed yet.
    holds: Option<String>,
}

pub async fn get(State(state): State<AppState>) -> Result<Response, ApiError> {
    let holds = match calls::stats(&state).await {
        Ok(stats) if stats.articles == 0 => Some("الفهرس فارغ".to_owned()),
        Ok(stats) => Some(format!("في الفهرس {}", counted(stats.articles, &ARTICLES))),
        // The state of a service before its first indexing job: said on the page, not an error.
        Err(ApiError::NoIndex) => None,
        Err(error) => return Err(error),
    };
    page(&Home { holds })
}
