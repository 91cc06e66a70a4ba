//! Numbers of articles: `/api/v1/facets/{field}` counts matching articles by value,
//! `/api/v1/histogram` counts them by date, and `/api/v1/stats` describes the whole index.

use std::sync::LazyLock;

use axum::extract::Path;
use fihrist_index::query::Keyword;

use super::{
    Answer, ApiError, AppState, Json, Kind, Param, Params, PathText, Problem, Problems, Serialize,
    State, ToSchema, Uri, calls,
};
use crate::service::params::{COUNTED, INTERVAL, INTERVALS, Words, counted};
use crate::service::views::{FacetValueView, HistogramView, StatsView, views_of};

/// The path parameter that names the field.
pub const FIELD: Param = Param::new(
    "field",
    Kind::Choice(None, || Words {
        all: Keyword::ALL.map(Keyword::name).to_vec(),
        default: None,
    }),
    "The field.",
)
.required()
.example("source");

/// The query parameters of `facets`.
pub static FACETS: LazyLock<Vec<Param>> =
    LazyLock::new(|| [&[PREFIX, LIMIT], &COUNTED[..]].concat());

const PREFIX: Param = Param::new(
    "prefix",
    Kind::Query,
    "Returns only values in which a word starts with this text, in any spelling.",
)
.example("الس");

const LIMIT: Param = Param::new(
    "limit",
    Kind::Integer(1, || 1_000, 20),
    "Number of values to return.",
);

/// The values of a field.
#[derive(Serialize, ToSchema)]
pub struct FacetResponse {
    /// `source`, `section` or `author`.
    #[schema(example = "source")]
    pub field: &'static str,
    /// Number of different values that match the prefix.
    pub total: usize,
    /// The most frequent values first. Values with the same count are in alphabetical order.
    pub values: Vec<FacetValueView>,
}

/// List the values of a field
///
/// Without a query, all articles count. The values can be used as filters.
#[utoipa::path(
    get, path = "/api/v1/facets/{field}", tag = "search",
    responses(
        (status = 200, description = "The values and their numbers of articles.", body = FacetResponse),
        (status = 404, description = "The field does not exist.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub async fn facets(
    State(state): State<AppState>,
    field: PathText,
    uri: Uri,
) -> Answer<FacetResponse> {
    let name = field.map_or_else(|_| String::new(), |Path(name)| name);
    let field = Keyword::ALL.into_iter().find(|field| field.name() == name);
    let field = field.ok_or_else(|| ApiError::NoSuchField(name.chars().take(100).collect()))?;
    let mut params = Params::from_query(&uri, &FACETS);
    let prefix = params.text("prefix").unwrap_or_default();
    let limit = params.integer("limit");
    let request = counted(params)?;
    let facet = calls::facet(&state, request, field, prefix, limit).await?;
    Ok(Json(FacetResponse {
        field: field.name(),
        total: facet.value_count,
        values: views_of(facet.values),
    }))
}

/// The query parameters of `histogram`.
pub static HISTOGRAM: LazyLock<Vec<Param>> = LazyLock::new(|| [&[INTERVAL], &COUNTED[..]].concat());

/// Count articles over time
///
/// Without a query, all articles count.
#[utoipa::path(
    get, path = "/api/v1/histogram", tag = "search",
    responses((status = 200, description = "The numbers of articles by date.", body = HistogramView), Problems)
)]
pub async fn histogram(State(state): State<AppState>, uri: Uri) -> Answer<HistogramView> {
    let mut params = Params::from_query(&uri, &HISTOGRAM);
    let interval = params.choice("interval", &INTERVALS);
    let request = counted(params)?;
    let histogram = calls::histogram(&state, request, interval).await?;
    Ok(Json(histogram.into()))
}

/// What the index holds
#[utoipa::path(
    get, path = "/api/v1/stats", tag = "articles",
    responses((status = 200, description = "The figures of the open index.", body = StatsView), Problems)
)]
pub async fn stats(State(state): State<AppState>, uri: Uri) -> Answer<StatsView> {
    Params::from_query(&uri, &[]).finish()?;
    Ok(Json(calls::stats(&state).await?.into()))
}
