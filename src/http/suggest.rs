//! `/api/v1/suggest`: what a person may be about to type, or may have meant.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fihrist_index::search::SuggestedQuery;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::problem::Problems;
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::params::Params;
use crate::service::state::AppState;

/// The parameters of a suggestion.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "describes the parameters; `get` reads them one by one to explain every mistake"
)]
pub struct SuggestParams {
    /// What was typed so far; its last word may be half a word.
    #[param(max_length = 2000, example = "وقف إطل")]
    q: String,
    /// How many suggestions to answer with.
    #[param(minimum = 1, maximum = 20, default = 8)]
    limit: Option<usize>,
}

/// What may be meant.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestResponse {
    /// The likeliest first.
    pub suggestions: Vec<SuggestionView>,
}

/// A query that may be meant.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionView {
    /// All of the query.
    #[schema(example = "وقف إطلاق")]
    pub text: String,
    /// `completion`, `title`, `spelling`, `keyboard_layout` or `transliteration`.
    #[schema(example = "completion")]
    pub kind: &'static str,
    /// How many articles hold the word that was put in; of a title, 1.
    #[schema(example = 12)]
    pub articles: u64,
}

/// Suggest queries
#[utoipa::path(
    get, path = "/api/v1/suggest", operation_id = "suggest", tag = "search", params(SuggestParams),
    responses((status = 200, description = "Queries that may be meant.", body = SuggestResponse), Problems)
)]
pub async fn get(
    State(state): State<AppState>,
    uri: Uri,
) -> Result<Json<SuggestResponse>, ApiError> {
    let mut params = Params::from_query(&uri, &["q", "limit"]);
    let (text, limit) = (
        params.required_text("q"),
        params.integer("limit", 1..=20, 8),
    );
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
