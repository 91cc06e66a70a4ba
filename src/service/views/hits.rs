//! The answer to a search as JSON. Ranges are UTF-8 bytes of the stored text. Matches are marked by
//! fragments, never by HTML.

use std::collections::BTreeMap;
use std::time::Duration;

use fihrist_index::search::{Hit, Hits};
use fihrist_index::snippet::{Fragment, Snippet};

use super::{
    ExplanationView, FacetValueView, HistogramView, PublishedView, QueryView, Range, Serialize,
    ToSchema, views_of,
};

/// The result of a search.
#[derive(Serialize, ToSchema)]
pub struct SearchResponse {
    pub query: QueryView,
    pub total: Total,
    /// Duration of the search in milliseconds.
    pub took_ms: u64,
    /// The articles, best first.
    pub hits: Vec<HitView>,
    /// For each field of `facets`, its most frequent values in all matching articles, the most
    /// frequent first.
    #[schema(example = json!({"source": [{"value": "صحيفة الساحل", "count": 12}]}))]
    pub facets: BTreeMap<&'static str, Vec<FacetValueView>>,
    /// The numbers of matching articles by date; null unless `histogram` is given.
    #[schema(required = true)]
    pub histogram: Option<HistogramView>,
    /// The `cursor` of the next page; null on the last page.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// Number of matching articles. With `collapse=duplicates`, copies of an article count as one.
#[derive(Serialize, ToSchema)]
pub struct Total {
    pub value: u64,
    /// Always `eq`: the value is exact.
    #[schema(example = "eq")]
    pub relation: &'static str,
}

/// A matching article.
#[derive(Serialize, ToSchema)]
pub struct HitView {
    pub id: String,
    /// The score. Scores are comparable only within one answer.
    pub score: f32,
    /// The title with its matches marked; empty if there is no title.
    pub title: Vec<FragmentView>,
    /// The source (outlet) of the article.
    #[schema(required = true)]
    pub source: Option<String>,
    #[schema(required = true)]
    pub published: Option<PublishedView>,
    /// Passages of the text with their matches marked, in the order of the text.
    pub snippets: Vec<SnippetView>,
    /// Number of other articles that are copies of it. `/api/v1/articles/{id}/duplicates` lists
    /// them.
    pub duplicates: u64,
    #[schema(required = true)]
    pub url: Option<String>,
    /// Why it matches; absent unless `explain=true` is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub explanation: Option<ExplanationView>,
}

/// A piece of text, marked or not.
#[derive(Serialize, ToSchema)]
pub struct FragmentView {
    pub text: String,
    /// Whether this piece matches the query.
    #[serde(rename = "match")]
    pub is_match: bool,
}

/// A passage of the stored text.
#[derive(Serialize, ToSchema)]
pub struct SnippetView {
    /// The field that contains the passage.
    #[schema(example = "body")]
    pub field: &'static str,
    /// The range of the passage in the stored text, in UTF-8 bytes.
    pub range: Range,
    /// The pieces. Joined, they are exactly the text of the range.
    pub fragments: Vec<FragmentView>,
}

impl SearchResponse {
    /// Converts the hits of a search; `took` is its duration.
    pub fn new(hits: Hits, took: Duration) -> Self {
        Self {
            query: QueryView::new(hits.input, hits.query, hits.relaxed, hits.did_you_mean),
            total: Total {
                value: hits.total,
                relation: "eq",
            },
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            hits: views_of(hits.hits),
            facets: hits
                .facets
                .into_iter()
                .map(|facet| (facet.field.name(), views_of(facet.values)))
                .collect(),
            histogram: hits.histogram.map(HistogramView::from),
            next_cursor: hits.next_cursor,
        }
    }
}

impl From<Hit> for HitView {
    fn from(hit: Hit) -> Self {
        Self {
            id: hit.article.id.as_str().to_owned(),
            score: hit.score,
            title: views_of(hit.title),
            source: hit.article.source,
            published: hit.article.published.map(PublishedView::from),
            snippets: views_of(hit.snippets),
            duplicates: hit.duplicates,
            url: hit.article.url,
            explanation: hit.explanation.map(ExplanationView::from),
        }
    }
}

impl From<Fragment> for FragmentView {
    fn from(Fragment { text, is_match }: Fragment) -> Self {
        Self { text, is_match }
    }
}

impl From<Snippet> for SnippetView {
    fn from(snippet: Snippet) -> Self {
        Self {
            field: snippet.field.name(),
            range: snippet.span.into(),
            fragments: views_of(snippet.fragments),
        }
    }
}

/// Returns the text of a snippet, without marks.
pub fn text_of(snippet: &Snippet) -> String {
    let texts = snippet
        .fragments
        .iter()
        .map(|fragment| fragment.text.as_str());
    texts.collect()
}
