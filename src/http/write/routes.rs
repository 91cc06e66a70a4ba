//! The routes that write: many articles at once, one, and the removal of one.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use fihrist_index::ingest::{Refusal, read_record};
use fihrist_index::{Article, ArticleId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::task::spawn_blocking;
use utoipa::{IntoResponses, ToSchema};

use super::body::{Received, receive};
use super::lines::{Lines, NoteView, WriteResponse, notes};
use crate::http::auth::MayIngest;
use crate::http::content_type;
use crate::http::problem::Problem;
use crate::service::article_id::id_of;
use crate::service::error::{ApiError, ParameterError};
use crate::service::metrics::Ingested;
use crate::service::params::{Choice, Kind, Param, Params};
use crate::service::state::AppState;
use crate::service::writing::{Change, Outcome, Share};

/// The query parameters.
pub const PARAMS: &[Param] = &[Param::new(
    "refresh",
    Kind::choice(None, || REFRESH.words()),
    "With `wait`, the answer is sent when searches see what was written. Without it, the answer means that the changes \
     are durable; searches see them within a second.",
)];

const REFRESH: Choice<bool> = Choice {
    words: &[("wait", true)],
    default: false,
};

/// What became of an article.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleWritten {
    pub id: String,
    /// `created`, `updated` or `unchanged`; `deleted` of one that was removed.
    #[schema(example = "created")]
    pub status: &'static str,
    /// What was odd about it.
    pub notes: Vec<NoteView>,
}

/// The answers that any route that writes may give besides its own.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers, is never made")]
pub enum WriteProblems {
    /// A parameter or the body is wrong.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(Problem),
    /// There is no key in the request (`key_missing`), or one that is not known (`key_unknown`).
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// The key lacks the scope `ingest`.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// The service has no keys, and so no such route (`unknown_route`); or no article has the id (`no_such_article`).
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// Too many requests of one client (`rate_limited`): `retry-after` says when to come back. Nothing was written.
    #[response(status = 429, content_type = "application/problem+json")]
    RateLimited(Problem),
    /// The server failed; its log has the reason. To send the request again does no harm.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// An indexing job is writing (`index_busy`), or too many requests are worked on (`busy`). Nothing was written.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
    /// The request took too long. It may have been written all the same; to send it again does no harm.
    #[response(status = 504, content_type = "application/problem+json")]
    TimedOut(Problem),
}

/// The answers about a body.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers, is never made")]
pub enum BodyProblems {
    /// The body is too large, decompressed. Nothing of it was written.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is of another type, or compressed in another way than gzip.
    #[response(status = 415, content_type = "application/problem+json")]
    Unsupported(Problem),
}

/// Write many articles
///
/// A JSON object a line. Lines that give an article are written, all of them or none; of the others the answer says what
/// is wrong with them. The same article again is `unchanged`, so to send a body again does no harm.
#[utoipa::path(
    post, path = "/api/v1/articles", operation_id = "write_articles", tag = "articles",
    request_body(content = ref("#/components/schemas/ArticleBody"), content_type = "application/x-ndjson",
        description = "A JSON object a line; with `content-encoding: gzip` where it is compressed."),
    responses(
        (status = 200, description = "What became of each line, even if all were rejected.", body = WriteResponse),
        WriteProblems, BodyProblems,
    ),
    security(("bearer" = [])),
)]
pub async fn post(
    _: MayIngest,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<WriteResponse>, ApiError> {
    let refreshes = refreshes(&uri)?;
    content_type::ndjson(&headers)?;
    let received = receive(state.writing(), &headers, body).await?;
    let (mut lines, share) = on_a_thread(move || {
        let (lines, share) = received.read(Lines::read)?;
        Ok((lines?, share))
    })
    .await?;
    let changes = std::mem::take(&mut lines.changes);
    let outcomes = state.writing().write(changes, refreshes, share).await?;
    state
        .metrics()
        .ingested(Ingested::Rejected, lines.rejected());
    Ok(Json(lines.answer(outcomes)))
}

/// Write an article
///
/// It takes the place of the one with the same id.
#[utoipa::path(
    put, path = "/api/v1/articles/{id}", operation_id = "write_article", tag = "articles",
    params(("id" = String, Path, description = "The id of the article, percent-encoded.")),
    request_body(content = ref("#/components/schemas/ArticleBody"), content_type = "application/json"),
    responses(
        (status = 200, description = "It was there and is now like this: `updated` or `unchanged`.", body = ArticleWritten),
        (status = 201, description = "It is new: `created`.", body = ArticleWritten),
        WriteProblems, BodyProblems,
    ),
    security(("bearer" = [])),
)]
pub async fn put(
    _: MayIngest,
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<ArticleWritten>), ApiError> {
    let refreshes = refreshes(&uri)?;
    let id = ArticleId::new(&id_of(id)?).map_err(|error| wrong_id(error.to_string()))?;
    content_type::json(&headers)?;
    let received = receive(state.writing(), &headers, body).await?;
    let (article, notes, share) = on_a_thread(move || read_article(received, id)).await?;
    let id = article.id.as_str().to_owned();
    let outcomes = state
        .writing()
        .write(vec![Change::Upsert(Box::new(article))], refreshes, share)
        .await?;
    let (code, status) = match outcomes.into_iter().next() {
        Some(Outcome::Created) => (StatusCode::CREATED, "created"),
        Some(Outcome::Updated) => (StatusCode::OK, "updated"),
        Some(Outcome::Unchanged) => (StatusCode::OK, "unchanged"),
        Some(Outcome::Rejected(reason)) => return Err(ApiError::InvalidArticle(reason)),
        Some(Outcome::Deleted | Outcome::Absent) | None => {
            return Err(ApiError::internal(
                "write an article",
                "the outcome is of something else",
            ));
        }
    };
    Ok((code, Json(ArticleWritten { id, status, notes })))
}

/// Delete an article
///
/// Of one that is not there, or no longer, the answer is 404 with the code `no_such_article`.
#[utoipa::path(
    delete, path = "/api/v1/articles/{id}", operation_id = "delete_article", tag = "articles",
    params(("id" = String, Path, description = "The id of the article, percent-encoded.")),
    responses((status = 200, description = "It was there and is gone: `deleted`.", body = ArticleWritten), WriteProblems),
    security(("bearer" = [])),
)]
pub async fn delete(
    _: MayIngest,
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Json<ArticleWritten>, ApiError> {
    let refreshes = refreshes(&uri)?;
    let given = id_of(id)?;
    let Ok(known) = ArticleId::new(&given) else {
        return Err(ApiError::no_such_article(given));
    };
    let share = state.writing().share();
    let outcomes = state
        .writing()
        .write(vec![Change::Delete(known)], refreshes, share)
        .await?;
    if outcomes.first() != Some(&Outcome::Deleted) {
        return Err(ApiError::no_such_article(given));
    }
    Ok(Json(ArticleWritten {
        id: given,
        status: "deleted",
        notes: Vec::new(),
    }))
}

/// Whether the answer is to wait for searches.
fn refreshes(uri: &Uri) -> Result<bool, ApiError> {
    let mut params = Params::from_query(uri, PARAMS);
    let waits = params.choice("refresh", &REFRESH);
    params.finish()?;
    Ok(waits)
}

/// The article of a body, under the id of the path.
fn read_article(
    received: Received,
    id: ArticleId,
) -> Result<(Article, Vec<NoteView>, Share), ApiError> {
    #[derive(Deserialize)]
    struct Named {
        id: Option<Value>,
    }

    let read = |input: &mut dyn std::io::BufRead| {
        let mut json = Vec::new();
        input.read_to_end(&mut json).map(|_| json)
    };
    let (json, share) = received.read(read)?;
    let json =
        json.map_err(|error| ApiError::InvalidJson(format!("it is cut off or damaged: {error}")))?;
    let record = read_record(&json).map_err(
        |Refusal {
             reason, is_object, ..
         }| {
            if is_object {
                ApiError::InvalidArticle(reason)
            } else {
                ApiError::InvalidJson(reason)
            }
        },
    )?;
    let (notes, mut article) = (notes(None, &record), record.article);
    // Whether the body names the article itself: without a name, its id follows from something else.
    let named = serde_json::from_slice::<Named>(&json)
        .ok()
        .and_then(|named| named.id);
    let is_named = named.is_some_and(|id| id.as_str().is_none_or(|id| !id.trim().is_empty()));
    if is_named && article.id != id {
        return Err(wrong_id(format!("expected `{id}` as in the path, or none")));
    }
    article.id = id;
    Ok((article, notes, share))
}

fn wrong_id(hint: String) -> ApiError {
    ApiError::InvalidParameters(vec![ParameterError {
        item: None,
        name: "id".to_owned(),
        hint,
    }])
}

/// Reads on a thread that may compute. A panic goes on to the middleware that catches those of handlers.
async fn on_a_thread<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    spawn_blocking(read)
        .await
        .map_err(|error| match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(cancelled) => ApiError::internal("read a body", cancelled),
        })?
}
