//! OpenSearch for the address bar of browsers: a description of the search, and suggestions in the
//! format of browsers. Programs should use the API.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};

use super::frame::Frame;
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::params::Params;
use crate::service::state::AppState;

/// Number of suggestions that an address bar shows.
const SUGGESTIONS: usize = 8;

#[derive(Template)]
#[template(path = "opensearch.xml")]
struct Description {
    frame: Frame,
    /// The start of absolute links.
    base: String,
}

/// Answers `/opensearch.xml` with the description of the search.
pub async fn description(
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let description = Description {
        frame: Frame::of(&uri),
        base: state.addresses.required_base(&headers)?,
    };
    let xml = description
        .render()
        .map_err(|error| ApiError::internal("describe the search", error))?;
    Ok((
        [(
            header::CONTENT_TYPE,
            "application/opensearchdescription+xml; charset=utf-8",
        )],
        xml,
    )
        .into_response())
}

/// Answers `/suggest.json` with the query and its suggestions, in the format of the OpenSearch
/// suggestions extension.
pub async fn suggestions(State(state): State<AppState>, uri: Uri) -> Result<Response, ApiError> {
    let mut params = Params::from_page_query(&uri, &[]);
    let query = params.text("q").unwrap_or_default();
    params.finish()?;
    let texts: Vec<String> = if query.trim().is_empty() {
        Vec::new()
    } else {
        let suggestions = calls::suggest(&state, query.clone(), SUGGESTIONS).await?;
        suggestions
            .into_iter()
            .map(|suggestion| suggestion.text)
            .collect()
    };
    Ok((
        [(
            header::CONTENT_TYPE,
            "application/x-suggestions+json; charset=utf-8",
        )],
        Json((query, texts)),
    )
        .into_response())
}
