//! The first page: what this is, a search box, and how much can be found.

use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;

use super::frame::Frame;
use super::template::page;
use super::words::{ARTICLES, counted};
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::state::AppState;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    /// How much can be found, in words; `None` where nothing has been indexed yet.
    holds: Option<String>,
}

pub async fn get(State(state): State<AppState>, uri: Uri) -> Result<Response, ApiError> {
    let frame = Frame::of(&uri);
    let holds = match calls::stats(&state).await {
        Ok(stats) if stats.articles == 0 => Some(
            frame
                .say("الفهرس فارغ", "The catalogue is empty")
                .to_owned(),
        ),
        Ok(stats) => {
            let articles = counted(frame.language(), stats.articles, &ARTICLES);
            Some(format!(
                "{} {articles}",
                frame.say("في الفهرس", "The catalogue holds")
            ))
        }
        // The state of a service before its first indexing job: said on the page, not an error.
        Err(ApiError::NoIndex) => None,
        Err(error) => return Err(error),
    };
    page(&Home { frame, holds })
}
