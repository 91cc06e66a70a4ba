//! `/api/v1/articles/{id}`: one stored article, and where a query matches it.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use fihrist_index::{Article, Span};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Problem, Problems};
use crate::service::article_id::id_of;
use crate::service::calls;
use crate::service::error::ApiError;
use crate::service::params::{Kind, Param, Params};
use crate::service::state::AppState;
use crate::service::views::published::PublishedView;
use crate::service::views::range::Range;

/// The query parameters of the route.
pub const PARAMS: &[Param] = &[Param::new(
    "q",
    Kind::Query,
    "A query. The answer then states where the article matches it.",
)];

/// An article.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArticleView {
    pub id: String,
    /// The title; empty if there is none.
    pub title: String,
    /// The source (outlet) of the article.
    #[schema(required = true)]
    pub source: Option<String>,
    /// The section of the source.
    #[schema(required = true)]
    pub section: Option<String>,
    pub authors: Vec<String>,
    #[schema(required = true)]
    pub url: Option<String>,
    #[schema(required = true)]
    pub published: Option<PublishedView>,
    /// The stored text. All ranges are UTF-8 bytes of it.
    pub text: String,
    /// The segments of the text, in order. Text between them is blank.
    pub segments: Vec<SegmentView>,
    /// Where the query `q` matches, in order; absent without a query.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub matches: Option<Vec<Range>>,
}

/// A segment of the text.
#[derive(Debug, Serialize, ToSchema)]
pub struct SegmentView {
    /// `title`, `dek`, `caption`, `credit`, `byline`, `dateline`, `subhead`, `body` or `furniture`.
    #[schema(example = "body")]
    pub kind: &'static str,
    pub range: Range,
    pub text: String,
}

/// Read an article
#[utoipa::path(
    get, path = "/api/v1/articles/{id}", operation_id = "article", tag = "articles",
    params(
        ("id" = String, Path, description = "The id of the article, percent-encoded."),
    ),
    responses(
        (status = 200, description = "The article.", body = ArticleView),
        (status = 404, description = "No article has this id.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub async fn get(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Json<ArticleView>, ApiError> {
    let mut params = Params::from_query(&uri, PARAMS);
    let query = params.text("q");
    params.finish()?;
    let has_query = query.is_some();
    let (article, matches) = calls::article(&state, id_of(id)?, query).await?;
    Ok(Json(ArticleView::new(
        article,
        has_query.then_some(matches),
    )))
}

impl ArticleView {
    fn new(article: Article, matches: Option<Vec<Span>>) -> Self {
        let segments = article
            .segments
            .iter()
            .map(|segment| SegmentView {
                kind: segment.kind.name(),
                range: segment.span.into(),
                text: segment.span.slice(&article.text).to_owned(),
            })
            .collect();
        Self {
            id: article.id.as_str().to_owned(),
            title: article.title(),
            source: article.source,
            section: article.section,
            authors: article.authors,
            url: article.url,
            published: article.published.map(PublishedView::from),
            text: article.text,
            segments,
            matches: matches.map(|spans| spans.into_iter().map(Range::from).collect()),
        }
    }
}
