//! `/api/v1/facets/{field}`: the values of a field in all articles that match, to choose from.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use fihrist_index::query::Keyword;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::problem::{Problem, Problems};
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::params::Params;
use crate::service::search_params::{COUNTED, MatchParam, OperatorParam, RelaxParam, narrowed};
use crate::service::state::AppState;
use crate::service::views::facet::{FacetValueView, values};

/// The parameters of a facet, besides those that narrow a search.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "describes the parameters; `get` reads them one by one to explain every mistake"
)]
pub struct FacetParams {
    /// Only values of which a word begins so, however it is spelled.
    #[param(max_length = 2000, example = "الس")]
    prefix: Option<String>,
    /// How many values to answer with.
    #[param(minimum = 1, maximum = 1000, default = 20)]
    limit: Option<usize>,
}

/// The parameters that say which articles are counted; as in a search.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "describes the parameters; `narrowed` reads them one by one to explain every mistake"
)]
pub struct CountedParams {
    /// Only articles that match; all of them if it is absent or blank.
    #[param(max_length = 2000, example = "وقف إطلاق النار")]
    q: Option<String>,
    /// Only articles of these outlets; one or several.
    source: Option<Vec<String>>,
    /// Only articles of these sections; one or several.
    section: Option<Vec<String>>,
    /// Only articles by one of these authors; one or several.
    author: Option<Vec<String>>,
    /// Only articles published from this on.
    #[param(example = "2020-01")]
    from: Option<String>,
    /// Only articles published until the end of this.
    #[param(example = "2020-03-15")]
    to: Option<String>,
    /// As in a search.
    #[param(default = "auto", example = "auto")]
    r#match: Option<MatchParam>,
    /// As in a search.
    #[param(default = "auto", example = "auto")]
    operator: Option<OperatorParam>,
    /// As in a search.
    #[param(
        default = "title,body,caption",
        pattern = "^(title|body|caption)(,(title|body|caption))*$",
        example = "title,body"
    )]
    r#in: Option<String>,
    /// As in a search.
    #[param(default = "on", example = "on")]
    relax: Option<RelaxParam>,
}

/// The values of a field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacetResponse {
    /// `source`, `section` or `author`.
    #[schema(example = "source")]
    pub field: &'static str,
    /// How many different values there are, of those that begin so.
    pub total: usize,
    /// The commonest of them first, those of as many articles in the order of the alphabet.
    pub values: Vec<FacetValueView>,
}

/// The fields with values, for a path.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the values of a parameter")]
pub enum FacetField {
    Source,
    Section,
    Author,
}

/// List the values of a field
///
/// Of all articles, or of those that match a query: what to offer as filters.
#[utoipa::path(
    get, path = "/api/v1/facets/{field}", operation_id = "facets", tag = "search",
    params(("field" = inline(FacetField), Path, description = "The field.", example = "source"), FacetParams, CountedParams),
    responses(
        (status = 200, description = "Values and how many articles have each.", body = FacetResponse),
        (status = 404, description = "There is no such field.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub async fn get(
    State(state): State<AppState>,
    field: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Json<FacetResponse>, ApiError> {
    let name = field.map_or_else(|_| String::new(), |Path(name)| name);
    let Some(field) = Keyword::ALL.into_iter().find(|field| field.name() == name) else {
        return Err(ApiError::NoSuchField(name));
    };
    let mut params = Params::from_query(&uri, &[&["prefix", "limit"], &COUNTED[..]].concat());
    let prefix = params.text("prefix").unwrap_or_default();
    let limit = params.integer("limit", 1..=1_000, 20);
    let request = narrowed(params)?;
    let facet = calls::facet(&state, request, field, prefix, limit).await?;
    Ok(Json(FacetResponse {
        field: field.name(),
        total: facet.value_count,
        values: values(facet.values),
    }))
}
