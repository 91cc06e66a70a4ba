//! `/api/v1/suggest`: completions and corrections of a query.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fihrist_index::search::SuggestedQuery;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Problems;
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::params::search::QUERY;
use crate::service::params::{Kind, Param, Params};
use crate::service::state::AppState;

/// The query parameters of the route.
pub const PARAMS: &[Param] = &[
    QUERY
        .described("The text typed so far. Its last word may be incomplete.")
        .example("وقف إطل"),
    Param::new(
        "limit",
        Kind::integer(1, || 20, 8),
        "Number of suggestions to return.",
    ),
];

/// Suggested queries.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestResponse {
    /// The suggestions, most likely first.
    pub suggestions: Vec<SuggestionView>,
}

/// A suggested query.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionView {
    /// The complete query.
    #[schema(example = "وقف إطلاق")]
    pub text: String,
    /// `completion`, `title`, `spelling`, `keyboard_layout` or `transliteration`.
    #[schema(example = "completion")]
    pub kind: &'static str,
    /// Number of articles that contain the suggested word; 1 for a title.
    #[schema(example = 12)]
    pub articles: u64,
}

/// Suggest queries
#[utoipa::path(
    get, path = "/api/v1/suggest", operation_id = "suggest", tag = "search",
    responses((status = 200, description = "The suggested queries.", body = SuggestResponse), Problems)
)]
pub async fn get(
    State(state): State<AppState>,
    uri: Uri,
) -> Result<Json<SuggestResponse>, ApiError> {
    let mut params = Params::from_query(&uri, PARAMS);
    let text = params.required_text("q");
    let limit = params.integer("limit");
    params.finish()?;
    let suggestions = calls::suggest(&state, text, limit).await?;
    Ok(Json(SuggestResponse {
        suggestions: suggestions.into_iter().map(SuggestionView::from).collect(),
    }))
}

impl From<SuggestedQuery> for SuggestionView {
    fn from(suggestion: SuggestedQuery) -> Self {
        Self {
            text: suggestion.text,
            kind: suggestion.kind.name(),
            articles: suggestion.articles,
        }
    }
}
