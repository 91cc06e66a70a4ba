//! `/api/v1/explain`: why an article is found for a query, or why not; the same as a part of a search's answer.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use fihrist_index::search::{ExplainedQuery, SearchRequest};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::problem::{Problem, Problems};
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::params::Params;
use crate::service::search_params::{
    MATCHING, MatchParam, OPERATORS, OperatorParam, RELAX, RelaxParam, scope,
};
use crate::service::state::AppState;
use crate::service::views::explanation::ExplanationView;
use crate::service::views::query::QueryView;

/// The parameters of an explanation.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "describes the parameters; `get` reads them one by one to explain every mistake"
)]
pub struct ExplainParams {
    /// The query.
    #[param(max_length = 2000, example = "\"وقف إطلاق النار\" ليبيا")]
    q: String,
    /// The id of the article.
    #[param(example = "0298d090f25e48f7")]
    id: String,
    /// As in a search.
    #[param(default = "auto", example = "auto")]
    r#match: Option<MatchParam>,
    /// As in a search.
    #[param(default = "auto", example = "auto")]
    operator: Option<OperatorParam>,
    /// As in a search.
    #[param(default = "title,body,caption", example = "title,body")]
    r#in: Option<String>,
    /// As in a search.
    #[param(default = "on", example = "on")]
    relax: Option<RelaxParam>,
}

/// What a query makes of one article.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainResponse {
    pub query: QueryView,
    /// The id of the article.
    pub id: String,
    pub explanation: ExplanationView,
}

/// Explain why a query finds an article, or why not
#[utoipa::path(
    get, path = "/api/v1/explain", operation_id = "explain", tag = "search", params(ExplainParams),
    responses(
        (status = 200, description = "What the query makes of the article.", body = ExplainResponse),
        (status = 404, description = "No article has this id.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub async fn get(
    State(state): State<AppState>,
    uri: Uri,
) -> Result<Json<ExplainResponse>, ApiError> {
    let mut params = Params::from_query(&uri, &["q", "id", "match", "operator", "in", "relax"]);
    let id = params.required_text("id");
    let request = SearchRequest {
        matching: params.choice("match", &MATCHING),
        operator: params.choice("operator", &OPERATORS),
        scope: scope(&mut params),
        relaxes: params.choice("relax", &RELAX).0,
        ..SearchRequest::new(&params.required_text("q"))
    };
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
