//! `/help`: how to write a query, with examples that lead to their results, and the keys. What is said, `text` knows.

mod text;

use askama::Template;
use axum::http::Uri;
use axum::response::Response;

use self::text::{ARABIC, ENGLISH, Help};
use super::template::page;
use crate::http::error::ApiError;
use crate::http::params::Params;

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    help: &'static Help,
    /// The address of the same in the other language.
    other: &'static str,
}

pub async fn get(uri: Uri) -> Result<Response, ApiError> {
    let mut params = Params::from_page_query(&uri);
    let is_english = params.text("lang").is_some_and(|language| language == "en");
    params.finish()?;
    page(&if is_english {
        HelpPage { help: &ENGLISH, other: "/help" }
    } else {
        HelpPage { help: &ARABIC, other: "/help?lang=en" }
    })
}
