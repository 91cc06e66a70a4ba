//! `/help`: how to write a query, with examples that link to their results, and the keyboard
//! shortcuts. `text` contains the words.

mod text;

use askama::Template;
use axum::http::Uri;
use axum::response::Response;

use super::{ApiError, Frame, html};

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    frame: Frame,
}

pub async fn get(uri: Uri) -> Result<Response, ApiError> {
    let frame = Frame::of(&uri);
    html(&Help { frame })
}
