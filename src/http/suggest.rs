//! `/api/v1/suggest`: completions and corrections of a query.

use fihrist_index::search::SuggestedQuery;

use super::{
    Answer, AppState, Json, Kind, Param, Params, Problems, Serialize, State, ToSchema, Uri, calls,
};
use crate::service::params::QUERY;
use crate::service::views::views_of;

/// The query parameters of the route.
pub const PARAMS: &[Param] = &[
    QUERY
        .described("The text typed so far. Its last word may be incomplete.")
        .example("وقف إطل"),
    Param::new(
        "limit",
        Kind::Integer(1, || 20, 8),
        "Number of suggestions to return.",
    ),
];

/// Suggested queries.
#[derive(Serialize, ToSchema)]
pub struct SuggestResponse {
    /// The suggestions, most likely first.
    pub suggestions: Vec<SuggestionView>,
}

/// A suggested query.
#[derive(Serialize, ToSchema)]
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
pub async fn get(State(state): State<AppState>, uri: Uri) -> Answer<SuggestResponse> {
    let mut params = Params::from_query(&uri, PARAMS);
    let text = params.required_text("q");
    let limit = params.integer("limit");
    params.finish()?;
    let suggestions = views_of(calls::suggest(&state, text, limit).await?);
    Ok(Json(SuggestResponse { suggestions }))
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
