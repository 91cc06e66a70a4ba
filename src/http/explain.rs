//! `/api/v1/explain`: why a query finds an article, or why not. Answers to searches can contain the
//! same explanation.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fihrist_index::search::ExplainedQuery;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Problem, Problems};
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::params::request::matching;
use crate::service::params::search::{IN, MATCH, OPERATOR, QUERY, RELAX};
use crate::service::params::{Kind, Param, Params};
use crate::service::state::AppState;
use crate::service::views::explanation::ExplanationView;
use crate::service::views::query::QueryView;

/// The query parameters of the route.
pub const PARAMS: &[Param] = &[QUERY, ID, MATCH, OPERATOR, IN.without("pattern"), RELAX];

const ID: Param = Param::new("id", Kind::Text, "The id of the article.")
    .required()
    .example("0298d090f25e48f7");

/// The explanation of one article.
#[derive(Debug, Serialize, ToSchema)]
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
        (status = 404, description = "No article has this id.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub async fn get(
    State(state): State<AppState>,
    uri: Uri,
) -> Result<Json<ExplainResponse>, ApiError> {
    let mut params = Params::from_query(&uri, PARAMS);
    let id = params.required_text("id");
    let mut request = matching(&mut params);
    request.query = params.required_text("q");
    params.finish()?;
    let ExplainedQuery {
        input,
        query,
        relaxed,
        did_you_mean,
        explanation,
    } = calls::explain(&state, request, id.clone()).await?;
    let query = QueryView::new(input, query, relaxed, did_you_mean);
    Ok(Json(ExplainResponse {
        query,
        id,
        explanation: explanation.into(),
    }))
}
