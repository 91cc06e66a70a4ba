//! `/api/v1/search`: one search by GET, or one or several by POST.

use fihrist_index::search::SearchRequest;
use serde_json::{Map, Value};

use super::json_body::Body;
use super::problem::JsonProblems;
use super::{
    Answer, ApiError, AppState, Json, Params, Problems, Result, Serialize, State, ToSchema, Uri,
    calls,
};
use crate::service::params::{SEARCH, http_search};
use crate::service::views::SearchResponse;
use crate::service::{ParameterError, RequestScope};

/// Search the articles
#[utoipa::path(
    get, path = "/api/v1/search", tag = "search",
    responses((status = 200, description = "The best articles, best first.", body = SearchResponse), Problems)
)]
pub async fn search(State(state): State<AppState>, uri: Uri) -> Answer<SearchResponse> {
    let request = http_search(Params::from_query(&uri, SEARCH))?;
    Ok(Json(answer(&state, request).await?))
}

/// The answer to one search, or the answers to several in the same order.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum Answers {
    One(Box<SearchResponse>),
    Several(Vec<SearchResponse>),
}

/// Maximum number of searches in one body.
const MAX_SEARCHES: usize = 50;

/// Search the articles, with the parameters as a JSON object
///
/// An array of objects is answered by an array of all results, or by the first error. A mistake in
/// a search is reported as in `#/2/limit`, and no search is run.
#[utoipa::path(
    post, path = "/api/v1/search", tag = "search", request_body(content = ref("#/components/schemas/SearchBody"), content_type = "application/json"),
    responses(
        (status = 200, description = "The best articles, best first. Several searches are answered by an array.", body = Answers),
        JsonProblems, Problems,
    )
)]
pub async fn search_json(State(state): State<AppState>, body: Body) -> Answer<Answers> {
    let searches = match body {
        Body::One(object) => {
            let request = http_search(Params::from_json(object, SEARCH))?;
            let answer = Box::new(answer(&state, request).await?);
            return Ok(Json(Answers::One(answer)));
        }
        Body::Several(objects) if objects.len() > MAX_SEARCHES => {
            let many = objects.len();
            return Err(ApiError::InvalidRequest(format!(
                "{many} searches in one body; send at most {MAX_SEARCHES}"
            )));
        }
        Body::Several(objects) => all_checked(objects)?,
    };
    // Each search counts as a request. They run one after the other, each with a permit of its own.
    RequestScope::current().count_more(searches.len().saturating_sub(1))?;
    let mut answers = Vec::with_capacity(searches.len());
    for search in searches {
        answers.push(answer(&state, search).await?);
    }
    Ok(Json(Answers::Several(answers)))
}

async fn answer(state: &AppState, request: SearchRequest) -> Result<SearchResponse> {
    let (hits, took) = calls::search(state, request).await?;
    Ok(SearchResponse::new(hits, took))
}

/// Reads the parameters of several searches. Fails with the mistakes of all searches together.
fn all_checked(objects: Vec<Map<String, Value>>) -> Result<Vec<SearchRequest>> {
    let mut requests = Vec::with_capacity(objects.len());
    let mut errors = Vec::new();
    for (item, object) in objects.into_iter().enumerate() {
        match http_search(Params::from_json(object, SEARCH)) {
            Ok(request) => requests.push(request),
            Err(ApiError::InvalidParameters(mistakes)) => {
                errors.extend(mistakes.into_iter().map(|mistake| ParameterError {
                    item: Some(item),
                    ..mistake
                }));
            }
            Err(other) => return Err(other),
        }
    }
    if errors.is_empty() {
        Ok(requests)
    } else {
        Err(ApiError::InvalidParameters(errors))
    }
}
