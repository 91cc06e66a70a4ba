//! `/help`: how to write a query, with examples that link to their results, and the keyboard
//! shortcuts. `text` contains the words.

mod text;

use askama::Template;
use axum::http::Uri;
use axum::response::Response;

use self::text::{ARABIC, ENGLISH, Help};
use super::frame::Frame;
use super::language::Language;
use super::template::page;
use crate::service::error::ApiError;

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    frame: Frame,
    help: &'static Help,
}

pub async fn get(uri: Uri) -> Result<Response, ApiError> {
    let frame = Frame::of(&uri);
    let help = match frame.language() {
        Language::Arabic => &ARABIC,
        Language::English => &ENGLISH,
    };
    page(&HelpPage { frame, help })
}
