//! The routes that write: many articles, one article, and the deletion of one. The writer thread is
//! in `service::writing`.

mod body;
mod lines;

use std::io::BufRead;

use axum::body::Body;
use fihrist_index::ingest::read_record;
use fihrist_index::{Article, ArticleId};
use serde::Deserialize;
use serde_json::Value;

use self::body::{Intake, Received, receive};
use self::lines::{Lines, NoteView, WriteResponse, notes};
use super::auth::MayIngest;
use super::problem::problems;
use super::{
    Answer, ApiError, AppState, HeaderMap, Json, Kind, Param, Params, PathText, Result, Serialize,
    State, StatusCode, ToSchema, Uri, content_type, id_of,
};
use crate::service::params::Choice;
use crate::service::{Change, Outcome, Share, limits};

/// The query parameters of the routes.
pub const PARAMS: &[Param] = &[Param::new(
    "refresh",
    Kind::Choice(None, || REFRESH.words()),
    "With `wait`, the answer is sent when searches see what was written. Without it, the answer means that the changes \
     are durable; searches see them within a second.",
)];

const REFRESH: Choice<bool> = Choice {
    words: &[("wait", true)],
    default: false,
};

/// The outcome for an article.
#[derive(Serialize, ToSchema)]
pub struct ArticleWritten {
    pub id: String,
    /// What was done: `created`, `updated`, `unchanged` or `deleted`.
    #[schema(example = "created")]
    pub status: &'static str,
    /// Problems of the article.
    pub notes: Vec<NoteView>,
}

problems! {
    /// The errors that every route that writes may return.
    WriteProblems {
        400 "A parameter or the body is invalid, or the body did not arrive completely (`body_not_received`).",
        401 "The request has no key (`key_missing`) or an unknown one (`key_unknown`).",
        403 "The key lacks the scope `ingest`.",
        404 "The server has no keys, so the route does not exist (`unknown_route`), or no article has the id \
             (`no_such_article`).",
        429 "The client sent too many requests (`rate_limited`). The header `retry-after` states when to retry. \
             Nothing was written.",
        500 "The server failed, and its log states the reason (`internal`), or a part of the index is damaged \
             (`index_damaged`). The request can safely be repeated.",
        503 "An indexing job is writing (`index_busy`), the index is read-only (`index_read_only`), or the server is at \
             capacity (`busy`). Nothing was written.",
        504 "The request exceeded its time limit. The articles may have been written. The request can safely be \
             repeated.",
        507 "The disk of the index is full (`disk_full`). Nothing was written. Searches go on.",
    }
}

problems! {
    /// The errors of request bodies.
    BodyProblems {
        413 "The decompressed body is too large, or its articles are too many for one request. Nothing was written.",
        415 "The body has another content type, or an encoding other than gzip.",
    }
}

/// Write many articles
///
/// The body contains one JSON object per line. All lines with valid articles are written, or none
/// of them. The answer explains why other lines are rejected; it lists the first thousand of these, by
/// default, and counts the others. An article that is sent again is
/// `unchanged`, so a body can safely be sent again.
#[utoipa::path(
    post, path = "/api/v1/articles", tag = "articles",
    request_body(content = ref("#/components/schemas/ArticleBody"), content_type = "application/x-ndjson",
        description = "One JSON object per line. A compressed body needs `content-encoding: gzip`."),
    responses(
        (status = 200, description = "The outcome of each line, even if all lines were rejected.", body = WriteResponse),
        WriteProblems, BodyProblems,
    ),
    security(("bearer" = [])),
)]
pub async fn write_articles(
    _: MayIngest,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Answer<WriteResponse> {
    let refreshes = refreshes(&uri)?;
    content_type::ndjson(&headers)?;
    let received = receive(&state.write_queue, &headers, body).await?;
    let read = |input: &mut dyn BufRead, intake: &Intake| Lines::read(input, intake, &limits());
    let (lines, share) = state
        .write_queue
        .read_body(move || received.read(read))
        .await??;
    let mut lines = lines?;
    let changes = std::mem::take(&mut lines.changes);
    let outcomes = state.write_queue.write(changes, refreshes, share).await?;
    state.metrics.ingested("rejected", lines.rejected);
    Ok(Json(lines.answer(outcomes)))
}

/// Write an article
///
/// The article replaces the one with the same id.
#[utoipa::path(
    put, path = "/api/v1/articles/{id}", tag = "articles",
    request_body(content = ref("#/components/schemas/ArticleBody"), content_type = "application/json"),
    responses(
        (status = 200, description = "The article already existed; `status` is `updated` or `unchanged`.", body = ArticleWritten),
        (status = 201, description = "The article is new; `status` is `created`.", body = ArticleWritten),
        WriteProblems, BodyProblems,
    ),
    security(("bearer" = [])),
)]
pub async fn write_article(
    _: MayIngest,
    State(state): State<AppState>,
    id: PathText,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<ArticleWritten>)> {
    let refreshes = refreshes(&uri)?;
    let id = ArticleId::new(&id_of(id)?)
        .map_err(|error| ApiError::wrong_parameter("id", error.to_string()))?;
    content_type::json(&headers)?;
    let received = receive(&state.write_queue, &headers, body).await?;
    let (article, notes, share) = state
        .write_queue
        .read_body(move || read_article(received, id))
        .await??;
    let id = article.id.as_str().to_owned();
    let change = Change::Upsert(Box::new(article));
    let outcome = write_one(&state, change, refreshes, share).await?;
    let (code, status) = match outcome {
        Outcome::Created => (StatusCode::CREATED, "created"),
        Outcome::Updated => (StatusCode::OK, "updated"),
        Outcome::Unchanged => (StatusCode::OK, "unchanged"),
        Outcome::Rejected(reason) => return Err(ApiError::InvalidArticle(reason)),
        Outcome::Deleted | Outcome::Absent => {
            let cause = "the outcome belongs to another kind of change";
            return Err(ApiError::internal("write an article", cause));
        }
    };
    Ok((code, Json(ArticleWritten { id, status, notes })))
}

/// Delete an article
///
/// If there is no such article, the answer is 404 with the code `no_such_article`.
#[utoipa::path(
    delete, path = "/api/v1/articles/{id}", tag = "articles",
    responses((status = 200, description = "The article was deleted; `status` is `deleted`.", body = ArticleWritten), WriteProblems),
    security(("bearer" = [])),
)]
pub async fn delete_article(
    _: MayIngest,
    State(state): State<AppState>,
    id: PathText,
    uri: Uri,
) -> Answer<ArticleWritten> {
    let refreshes = refreshes(&uri)?;
    let given = id_of(id)?;
    let Ok(known) = ArticleId::new(&given) else {
        return Err(ApiError::no_such_article(given));
    };
    let share = state.write_queue.share();
    let outcome = write_one(&state, Change::Delete(known), refreshes, share).await?;
    if outcome != Outcome::Deleted {
        return Err(ApiError::no_such_article(given));
    }
    Ok(Json(ArticleWritten {
        id: given,
        status: "deleted",
        notes: Vec::new(),
    }))
}

/// Makes one change durable, and returns its outcome.
async fn write_one(
    state: &AppState,
    change: Change,
    refreshes: bool,
    share: Share,
) -> Result<Outcome> {
    let outcomes = state
        .write_queue
        .write(vec![change], refreshes, share)
        .await?;
    let outcome = outcomes.into_iter().next();
    outcome.ok_or_else(|| ApiError::internal("write an article", "the change has no outcome"))
}

/// Returns whether the answer waits until searches see the changes, from the parameter `refresh`.
fn refreshes(uri: &Uri) -> Result<bool> {
    let mut params = Params::from_query(uri, PARAMS);
    let waits = params.choice("refresh", &REFRESH);
    params.finish()?;
    Ok(waits)
}

/// Reads the article of a body and gives it `id`, the id in the path. Fails if the body contains
/// another id.
fn read_article(received: Received, id: ArticleId) -> Result<(Article, Vec<NoteView>, Share)> {
    #[derive(Deserialize)]
    struct Named {
        id: Option<Value>,
    }

    let read = |input: &mut dyn BufRead, _: &Intake| {
        let mut json = Vec::new();
        input.read_to_end(&mut json).map(|_| json)
    };
    let (json, share) = received.read(read)?;
    let json = json.map_err(|error| {
        ApiError::InvalidJson(format!("the body is cut off or damaged: {error}"))
    })?;
    let record = read_record(&json).map_err(|refusal| {
        if refusal.is_object {
            ApiError::InvalidArticle(refusal.reason)
        } else {
            ApiError::InvalidJson(refusal.reason)
        }
    })?;
    let notes = notes(None, &record);
    let mut article = record.article;
    share.grow(article.memory_bytes())?;
    // The id in the body, if there is one. `article.id` cannot tell: the engine derives a missing
    // id from the URL or the text.
    let named = serde_json::from_slice::<Named>(&json).ok();
    let named = named.and_then(|named| named.id);
    let is_named = named.is_some_and(|id| id.as_str().is_none_or(|id| !id.trim().is_empty()));
    if is_named && article.id != id {
        let hint = format!("expected `{id}` as in the path, or no id");
        return Err(ApiError::wrong_parameter("id", hint));
    }
    article.id = id;
    Ok((article, notes, share))
}
