//! `/api/v1/explain`: why a query finds an article, or why not. Answers to searches can contain the
//! same explanation.

use super::problem::NoSuchArticle;
use super::{
    Answer, AppState, Json, Kind, Param, Params, Problems, Serialize, State, ToSchema, Uri, calls,
};
use crate::service::params::{IN, MATCH, OPERATOR, QUERY, RELAX, matching};
use crate::service::views::{ExplanationView, QueryView};

/// The query parameters of the route.
pub const PARAMS: &[Param] = &[QUERY, ID, MATCH, OPERATOR, IN.without("pattern"), RELAX];

const ID: Param = Param::new("id", Kind::Text, "The id of the article.")
    .required()
    .example("0298d090f25e48f7");

/// The explanation of one article.
#[derive(Serialize, ToSchema)]
pub struct ExplainResponse {
    pub query: QueryView,
    /// The id of the article.
    pub id: String,
    pub explanation: ExplanationView,
}

/// Explain why a query finds an article, or why not
#[utoipa::path(
    get, path = "/api/v1/explain", operation_id = "explain", tag = "search",
    responses(
        (status = 200, description = "How the query matches the article.", body = ExplainResponse),
        NoSuchArticle, Problems,
    )
)]
pub async fn get(State(state): State<AppState>, uri: Uri) -> Answer<ExplainResponse> {
    let mut params = Params::from_query(&uri, PARAMS);
    let id = params.required_text("id");
    let mut request = matching(&mut params);
    request.query = params.required_text("q");
    params.finish()?;
    let found = calls::explain(&state, request, id.clone()).await?;
    Ok(Json(ExplainResponse {
        query: QueryView::new(found.input, found.query, found.relaxed, found.did_you_mean),
        id,
        explanation: found.explanation.into(),
    }))
}
