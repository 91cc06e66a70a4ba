//! `/api/v1/articles/{id}/duplicates`: the other copies of an article. The engine decides what a
//! copy is.

use fihrist_index::Article;
use fihrist_index::search::Copies;

use super::problem::NoSuchArticle;
use super::{
    Answer, AppState, Json, Kind, Param, Params, PathId, Problems, Serialize, State, ToSchema, Uri,
    calls, id_of,
};
use crate::service::limits::limits;
use crate::service::views::{PublishedView, views_of};

/// The query parameters of the route.
pub const PARAMS: &[Param] = &[Param::new(
    "limit",
    Kind::Integer(1, || limits().limit, 20),
    "Number of copies to return; 20 by default.",
)
.without("default")];

/// The other copies of an article.
#[derive(Serialize, ToSchema)]
pub struct DuplicatesResponse {
    /// The id of the article.
    pub id: String,
    /// Number of other copies.
    pub total: u64,
    /// The newest copies first; copies without a date come last.
    pub duplicates: Vec<DuplicateView>,
}

/// A copy of an article.
#[derive(Serialize, ToSchema)]
pub struct DuplicateView {
    pub id: String,
    /// The title; empty if there is none.
    pub title: String,
    /// The source (outlet) of the article.
    #[schema(required = true)]
    pub source: Option<String>,
    #[schema(required = true)]
    pub published: Option<PublishedView>,
    #[schema(required = true)]
    pub url: Option<String>,
}

/// List the other copies of an article
///
/// Copies have the same text or most of it: for example an agency story in another outlet,
/// shortened or with another headline.
#[utoipa::path(
    get, path = "/api/v1/articles/{id}/duplicates", operation_id = "duplicates", tag = "articles",
    responses(
        (status = 200, description = "The other copies, newest first. Copies of the same time are ordered by id.", body = DuplicatesResponse),
        NoSuchArticle, Problems,
    )
)]
pub async fn get(
    State(state): State<AppState>,
    id: PathId,
    uri: Uri,
) -> Answer<DuplicatesResponse> {
    let mut params = Params::from_query(&uri, PARAMS);
    let limit = params.integer("limit");
    params.finish()?;
    let id = id_of(id)?;
    let Copies { total, articles } = calls::duplicates(&state, id.clone(), limit).await?;
    Ok(Json(DuplicatesResponse {
        id: id.trim().to_owned(),
        total,
        duplicates: views_of(articles),
    }))
}

impl From<Article> for DuplicateView {
    fn from(article: Article) -> Self {
        Self {
            id: article.id.as_str().to_owned(),
            title: article.title(),
            source: article.source,
            published: article.published.map(PublishedView::from),
            url: article.url,
        }
    }
}
