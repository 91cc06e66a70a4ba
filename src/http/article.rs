//! `/api/v1/articles/{id}`: one stored article, and where a query matches it.

use super::problem::NoSuchArticle;
use super::{
    Answer, AppState, Json, Kind, Param, Params, PathText, Problems, Serialize, State, ToSchema,
    Uri, calls, id_of,
};
use crate::service::views::{PublishedView, Range, views_of};

/// The path parameter of routes that concern one article.
pub const ID: Param =
    Param::new("id", Kind::Text, "The id of the article, percent-encoded.").required();

/// The query parameters of the route.
pub const PARAMS: &[Param] = &[Param::new(
    "q",
    Kind::Query,
    "A query. The answer then states where the article matches it.",
)];

/// An article.
#[derive(Serialize, ToSchema)]
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
#[derive(Serialize, ToSchema)]
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
    responses(
        (status = 200, description = "The article.", body = ArticleView),
        NoSuchArticle, Problems,
    )
)]
pub async fn get(State(state): State<AppState>, id: PathText, uri: Uri) -> Answer<ArticleView> {
    let mut params = Params::from_query(&uri, PARAMS);
    let query = params.text("q");
    params.finish()?;
    let has_query = query.is_some();
    let (article, matches) = calls::article(&state, id_of(id)?, query).await?;
    let segments = article.segments.iter().map(|segment| SegmentView {
        kind: segment.kind.name(),
        range: segment.span.into(),
        text: segment.span.slice(&article.text).to_owned(),
    });
    Ok(Json(ArticleView {
        id: article.id.as_str().to_owned(),
        title: article.title(),
        segments: segments.collect(),
        source: article.source,
        section: article.section,
        authors: article.authors,
        url: article.url,
        published: article.published.map(PublishedView::from),
        text: article.text,
        matches: has_query.then(|| views_of(matches)),
    }))
}
