//! `/api/v1/articles/{id}/duplicates` and `/api/v1/articles/{id}/similar`: the other copies of an
//! article, and other articles on the same subject. The engine decides what a copy is and what is
//! similar.

use fihrist_index::Article;
use fihrist_index::search::{Copies, SimilarArticle};

use super::problem::NoSuchArticle;
use super::{
    Answer, AppState, Json, Kind, Param, Params, PathText, Problems, Result, Serialize, State,
    ToSchema, Uri, calls, id_of,
};
use crate::service::limits;
use crate::service::views::{PublishedView, views_of};

/// The query parameters of `duplicates`.
pub const DUPLICATES: &[Param] = &[Param::new(
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
    get, path = "/api/v1/articles/{id}/duplicates", tag = "articles",
    responses(
        (status = 200, description = "The other copies, newest first. Copies of the same time are ordered by id.", body = DuplicatesResponse),
        NoSuchArticle, Problems,
    )
)]
pub async fn duplicates(
    State(state): State<AppState>,
    id: PathText,
    uri: Uri,
) -> Answer<DuplicatesResponse> {
    let limit = limit(&uri, DUPLICATES)?;
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

/// The query parameters of `similar`.
pub const SIMILAR: &[Param] = &[Param::new(
    "limit",
    Kind::Integer(1, || 50, 10),
    "Number of articles to return; 10 by default.",
)
.without("default")];

/// Other articles on the subject of an article.
#[derive(Serialize, ToSchema)]
pub struct SimilarResponse {
    /// The id of the article.
    pub id: String,
    /// The articles with the most similar subject first.
    pub similar: Vec<SimilarView>,
}

/// An article on the same subject.
#[derive(Serialize, ToSchema)]
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
    get, path = "/api/v1/articles/{id}/similar", tag = "articles",
    responses(
        (status = 200, description = "The articles, most similar first.", body = SimilarResponse),
        NoSuchArticle, Problems,
    )
)]
pub async fn similar(
    State(state): State<AppState>,
    id: PathText,
    uri: Uri,
) -> Answer<SimilarResponse> {
    let limit = limit(&uri, SIMILAR)?;
    let id = id_of(id)?;
    let similar = calls::similar(&state, id.clone(), limit).await?;
    Ok(Json(SimilarResponse {
        id: id.trim().to_owned(),
        similar: views_of(similar),
    }))
}

impl From<SimilarArticle> for SimilarView {
    fn from(similar: SimilarArticle) -> Self {
        let article = similar.article;
        Self {
            id: article.id.as_str().to_owned(),
            score: similar.score,
            title: article.title(),
            source: article.source,
            published: article.published.map(PublishedView::from),
            url: article.url,
            duplicates: similar.duplicates,
            shared: similar.shared,
        }
    }
}

/// Returns the number of articles that a request asks for. Fails if the
/// number is out of bounds or another parameter is given.
fn limit(uri: &Uri, table: &'static [Param]) -> Result<usize> {
    let mut params = Params::from_query(uri, table);
    let limit = params.integer("limit");
    params.finish()?;
    Ok(limit)
}
