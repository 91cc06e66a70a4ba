//! OpenSearch for the address bar of browsers: a description of the search, and suggestions in the
//! format of browsers. Programs should use the API.

use axum::Json;
use axum::http::header::CONTENT_TYPE;

use super::{
    ApiError, AppState, Frame, HeaderMap, IntoResponse, Params, State, Template, Uri, calls,
};

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
) -> Result<impl IntoResponse, ApiError> {
    let description = Description {
        frame: Frame::of(&uri),
        base: state.addresses.required_base(&headers)?,
    };
    let xml = description
        .render()
        .map_err(|error| ApiError::internal("describe the search", error))?;
    let content_type = "application/opensearchdescription+xml; charset=utf-8";
    Ok(([(CONTENT_TYPE, content_type)], xml))
}

/// Answers `/suggest.json` with the query and its suggestions, in the format of the OpenSearch
/// suggestions extension.
pub async fn suggestions(
    State(state): State<AppState>,
    uri: Uri,
) -> Result<impl IntoResponse, ApiError> {
    let mut params = Params::from_page_query(&uri, &[]);
    let query = params.text("q").unwrap_or_default();
    params.finish()?;
    let suggestions = if query.trim().is_empty() {
        Vec::new()
    } else {
        calls::suggest(&state, query.clone(), SUGGESTIONS).await?
    };
    let texts = suggestions.into_iter().map(|suggestion| suggestion.text);
    let texts: Vec<String> = texts.collect();
    let content_type = "application/x-suggestions+json; charset=utf-8";
    Ok(([(CONTENT_TYPE, content_type)], Json((query, texts))))
}
