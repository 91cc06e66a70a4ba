//! `/api/v1/articles/{id}/similar`: other articles on the same subject. The engine decides what is
//! similar.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use fihrist_index::search::SimilarArticle;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Problem, Problems};
use crate::service::article_id::id_of;
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::params::{Kind, Param, Params};
use crate::service::state::AppState;
use crate::service::views::published::PublishedView;

/// The query parameters of the route.
pub const PARAMS: &[Param] = &[Param::new(
    "limit",
    Kind::integer(1, || 50, 10),
    "Number of articles to return; 10 by default.",
)
.without("default")];

/// Other articles on the subject of an article.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarResponse {
    /// The id of the article.
    pub id: String,
    /// The articles with the most similar subject first.
    pub similar: Vec<SimilarView>,
}

/// An article on the same subject.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarView {
    pub id: String,
    /// How much of the characteristic vocabulary of the article it shares, from 0 to 1. A copy
    /// would have 1. Scores of different calls are only roughly comparable.
    #[schema(minimum = 0, maximum = 1, example = 0.42)]
    pub score: f32,
    /// The title; empty if there is none.
    pub title: String,
    /// The source (outlet) of the article.
    #[schema(required = true)]
    pub source: Option<String>,
    #[schema(required = true)]
    pub published: Option<PublishedView>,
    #[schema(required = true)]
    pub url: Option<String>,
    /// Number of other articles that are copies of it. They are not listed.
    pub duplicates: u64,
    /// The most characteristic words of both articles, as written in the requested one; at most
    /// eight.
    #[schema(example = json!(["الهدنة", "الوسطاء"]))]
    pub shared: Vec<String>,
}

/// List articles on the same subject
///
/// Similar articles share characteristic words. Copies of the article are omitted, and only the
/// best of several copies of another article is listed.
#[utoipa::path(
    get, path = "/api/v1/articles/{id}/similar", operation_id = "similar", tag = "articles",
    params(
        ("id" = String, Path, description = "The id of the article, percent-encoded."),
    ),
    responses(
        (status = 200, description = "The articles, most similar first.", body = SimilarResponse),
        (status = 404, description = "No article has this id.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub async fn get(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Json<SimilarResponse>, ApiError> {
    let mut params = Params::from_query(&uri, PARAMS);
    let limit = params.integer("limit");
    params.finish()?;
    let id = id_of(id)?;
    let similar = calls::similar(&state, id.clone(), limit).await?;
    let id = id.trim().to_owned();
    Ok(Json(SimilarResponse {
        id,
        similar: similar.into_iter().map(SimilarView::from).collect(),
    }))
}

impl From<SimilarArticle> for SimilarView {
    fn from(
        SimilarArticle {
            article,
            score,
            duplicates,
            shared,
        }: SimilarArticle,
    ) -> Self {
        Self {
            id: article.id.as_str().to_owned(),
            score,
            title: article.title(),
            source: article.source,
            published: article.published.map(PublishedView::from),
            url: article.url,
            duplicates,
            shared,
        }
    }
}
