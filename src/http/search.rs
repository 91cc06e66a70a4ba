//! `/api/v1/search`: its parameters, and the two ways to give them. The answer's shape is in `hits`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, Uri};
use fihrist_index::article::Field;
use fihrist_index::query::Scope;
use fihrist_index::search::{Matching, Operator, SearchRequest};
use fihrist_index::snippet::{Highlight, Options};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::calls;
use super::content_type;
use super::error::ApiError;
use super::hits::SearchResponse;
use super::limits::limits;
use super::params::Params;
use super::problem::{Problem, Problems};
use super::state::AppState;

/// The parameters of a search.
#[derive(Debug, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters; `checked` reads them one by one to explain every mistake")]
pub struct SearchParams {
    /// What to search for: words, phrases in quotation marks, `-word` for what must not be there, and all else of the query
    /// language. Any text is a query.
    #[param(max_length = 2000, example = "\"وقف إطلاق النار\" ليبيا")]
    #[schema(max_length = 2000, example = "\"وقف إطلاق النار\" ليبيا")]
    q: String,
    /// How many articles to answer with.
    #[param(minimum = 1, maximum = 100, default = 10)]
    #[schema(minimum = 1, maximum = 100, default = 10)]
    limit: Option<usize>,
    /// How many articles to leave out at the start.
    #[param(minimum = 0, maximum = 10000, default = 0)]
    #[schema(minimum = 0, maximum = 10000, default = 0)]
    offset: Option<usize>,
    /// What of a word has to agree: `stem`, `exact` for the word itself, or `auto` for the stem and what is taken for it.
    #[param(default = "auto", example = "auto")]
    #[schema(default = "auto", example = "auto")]
    r#match: Option<MatchParam>,
    /// How words combine: `and` for all, `or` for any, `auto` for all of them, or fewer where too few articles have all.
    #[param(default = "auto", example = "auto")]
    #[schema(default = "auto", example = "auto")]
    operator: Option<OperatorParam>,
    /// Where words and phrases may stand that name no field: some of `title`, `body`, `caption`, with commas between.
    #[param(default = "title,body,caption", example = "title,body")]
    #[schema(default = "title,body,caption", example = "title,body")]
    r#in: Option<String>,
    /// What of a word is marked: all of it with its clitics, `word`, or the part inside them, `stem`.
    #[param(default = "word", example = "word")]
    #[schema(default = "word", example = "word")]
    highlight: Option<HighlightParam>,
    /// Whether a query that finds too little is loosened: fewer words, phrases as words, words corrected.
    #[param(default = "on", example = "on")]
    #[schema(default = "on", example = "on")]
    relax: Option<RelaxParam>,
    /// Whether of articles that are copies of one another only the best is shown and counted: `duplicates`, or `none` to show
    /// all.
    #[param(default = "none", example = "duplicates")]
    #[schema(default = "none", example = "duplicates")]
    collapse: Option<CollapseParam>,
    /// Whether each article says why it matches.
    #[param(default = false)]
    #[schema(default = false)]
    explain: Option<bool>,
    /// How many snippets of an article to show.
    #[param(minimum = 0, maximum = 20, default = 3)]
    #[schema(minimum = 0, maximum = 20, default = 3)]
    fragments: Option<usize>,
    /// About how long a snippet may be, in characters.
    #[param(minimum = 40, maximum = 1000, default = 200)]
    #[schema(minimum = 40, maximum = 1000, default = 200)]
    fragment_chars: Option<usize>,
}

/// What of a word has to agree.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the values of a parameter")]
pub enum MatchParam {
    Auto,
    Exact,
    Stem,
}

/// What of a word is marked.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the values of a parameter")]
enum HighlightParam {
    Word,
    Stem,
}

/// Whether a query is loosened.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the values of a parameter")]
pub enum RelaxParam {
    On,
    Off,
}

/// What is shown as one.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the values of a parameter")]
enum CollapseParam {
    Duplicates,
    None,
}

/// How words combine.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the values of a parameter")]
pub enum OperatorParam {
    Auto,
    And,
    Or,
}

const KNOWN: [&str; 12] = [
    "q",
    "limit",
    "offset",
    "match",
    "operator",
    "in",
    "highlight",
    "relax",
    "collapse",
    "explain",
    "fragments",
    "fragment_chars",
];
pub const MATCHING: [(&str, Matching); 3] =
    [("auto", Matching::Auto), ("exact", Matching::Exact), ("stem", Matching::Stem)];
pub const OPERATORS: [(&str, Operator); 3] = [("auto", Operator::Auto), ("and", Operator::And), ("or", Operator::Or)];

/// On unless it is switched off.
#[derive(Debug, Clone, Copy)]
pub struct Relaxes(pub bool);

impl Default for Relaxes {
    fn default() -> Self {
        Self(true)
    }
}

/// Off unless it is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Collapses(pub bool);

pub const COLLAPSE: [(&str, Collapses); 2] = [("duplicates", Collapses(true)), ("none", Collapses(false))];
pub const RELAX: [(&str, Relaxes); 2] = [("on", Relaxes(true)), ("off", Relaxes(false))];
const HIGHLIGHTS: [(&str, Highlight); 2] = [("word", Highlight::Word), ("stem", Highlight::Stem)];

/// Search the articles
#[utoipa::path(
    get, path = "/api/v1/search", operation_id = "search", tag = "search", params(SearchParams),
    responses((status = 200, description = "The best articles, best first.", body = SearchResponse), Problems)
)]
pub async fn get(State(state): State<AppState>, uri: Uri) -> Result<Json<SearchResponse>, ApiError> {
    answer(&state, Params::from_query(&uri, &KNOWN)).await
}

/// Search the articles, with the parameters as a JSON object
#[utoipa::path(
    post, path = "/api/v1/search", operation_id = "search_json", tag = "search", request_body = SearchParams,
    responses(
        (status = 200, description = "The best articles, best first.", body = SearchResponse),
        (status = 413, description = "The body is too large.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub async fn post(
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<SearchResponse>, ApiError> {
    // Parameters belong in the body here; some in the address would be ignored.
    Params::from_query(&uri, &[]).finish()?;
    answer(&state, Params::from_json(json_object(&headers, body)?, &KNOWN)).await
}

async fn answer(state: &AppState, params: Params) -> Result<Json<SearchResponse>, ApiError> {
    let (hits, took) = calls::search(state, checked(params)?).await?;
    Ok(Json(SearchResponse::new(hits, took)))
}

/// The searched fields by name.
pub fn scope(params: &mut Params) -> Scope {
    let fields = Field::ALL.map(|field| (field.name(), Scope::of(field)));
    params.choices("in", &fields).into_iter().reduce(Scope::or).unwrap_or(Scope::ALL)
}

fn checked(mut params: Params) -> Result<SearchRequest, ApiError> {
    let request = SearchRequest {
        query: params.required_text("q"),
        limit: params.integer("limit", 1..=limits().limit, limits().limit.min(10)),
        offset: params.integer("offset", 0..=limits().offset, 0),
        matching: params.choice("match", &MATCHING),
        operator: params.choice("operator", &OPERATORS),
        scope: scope(&mut params),
        highlight: params.choice("highlight", &HIGHLIGHTS),
        relaxes: params.choice("relax", &RELAX).0,
        collapses: params.choice("collapse", &COLLAPSE).0,
        explains: params.flag("explain"),
        snippets: Options {
            max_snippets: params.integer("fragments", 0..=20, 3),
            max_snippet_chars: params.integer("fragment_chars", 40..=1_000, 200),
        },
    };
    params.finish()?;
    Ok(request)
}

fn json_object(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<serde_json::Map<String, Value>, ApiError> {
    content_type::json(headers)?;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::BodyTooLarge(ApiError::MAX_BODY_BYTES),
        _ => ApiError::InvalidJson("it could not be read".to_owned()),
    })?;
    serde_json::from_slice(&body).map_err(|error| ApiError::InvalidJson(error.to_string()))
}
