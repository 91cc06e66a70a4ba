//! The answer to a search as JSON: ranges are UTF-8 bytes of the stored text, and marks are fragments, never HTML.

use std::collections::BTreeMap;
use std::time::Duration;

use fihrist_index::Span;
use fihrist_index::document::Published;
use fihrist_index::query::{Notice, Query, QueryTerm, RelatedStem};
use fihrist_index::search::{Hit, Hits, Relaxed};
use fihrist_index::snippet::{Fragment, Snippet};
use serde::Serialize;
use utoipa::ToSchema;

use super::explain::ExplanationView;
use super::facets::{FacetValueView, values};
use super::histogram::HistogramView;

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchResponse {
    pub query: QueryView,
    pub total: Total,
    /// How long the search took, in milliseconds.
    pub took_ms: u64,
    /// The articles, best first.
    pub hits: Vec<HitView>,
    /// For each field that `facets` asks for, its commonest values in all articles that match, the commonest first.
    #[schema(example = json!({"source": [{"value": "صحيفة الساحل", "count": 12}]}))]
    pub facets: BTreeMap<&'static str, Vec<FacetValueView>>,
    /// When all articles that match were published; null unless `histogram` asks for it.
    #[schema(required = true)]
    pub histogram: Option<HistogramView>,
    /// The `cursor` of the next page; null on the last.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// The query as it was understood.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueryView {
    /// The query as it was given.
    pub input: String,
    /// The words that were searched for.
    pub terms: Vec<TermView>,
    /// How the query was relaxed because too few articles match it as it stands; null where it was not.
    #[schema(required = true)]
    pub relaxed: Option<RelaxedView>,
    /// What was odd about the query.
    pub notices: Vec<NoticeView>,
    /// The query with words of the index in place of those that no article holds; null where there is nothing to correct.
    #[schema(required = true)]
    pub did_you_mean: Option<String>,
}

/// How a query was relaxed.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelaxedView {
    /// To what: `any_word`, articles with some of the words are among the hits; `any_part`, the phrases count as their words,
    /// too; `corrected`, the hits are those of `did_you_mean`. Where nothing is found otherwise, in this order and each with
    /// those before it: `any_form`, `=word` holds to no form; `any_field`, what was asked for in a field may
    /// stand in any; `any_part`.
    #[schema(example = "any_word")]
    pub to: &'static str,
    /// How many articles hold all the words.
    #[schema(example = 3)]
    pub with_all_words: u64,
}

/// A word of the query.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermView {
    /// The word as it was written.
    #[schema(example = "إطلاق")]
    pub text: String,
    /// Its stem, which the forms of one word share.
    #[schema(example = "اطلاق")]
    pub stem: String,
    /// Other stems that are taken for it.
    pub related: Vec<RelatedView>,
}

/// A stem that is taken for that of a word: its broken plural, another spelling of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelatedView {
    #[schema(example = "وزراء")]
    pub stem: String,
    /// `plural`, `inflection`, `spelling`, `nisba` or `verbal_noun`.
    #[schema(example = "plural")]
    pub relation: &'static str,
}

/// Something odd about the query; it was run all the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeView {
    /// What is odd, for programs.
    pub code: &'static str,
    /// What is odd, for people.
    pub message: &'static str,
    /// Where in the query, as a range of UTF-8 bytes.
    pub range: Range,
}

/// A half-open range of UTF-8 bytes: start, end.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(value_type = Vec<usize>, min_items = 2, max_items = 2, example = json!([455, 532]))]
pub struct Range([usize; 2]);

/// How many articles match; with `collapse=duplicates`, copies of one another count as one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Total {
    pub value: u64,
    /// Always `eq`: the value is exact.
    #[schema(example = "eq")]
    pub relation: &'static str,
}

/// An article that matches.
#[derive(Debug, Serialize, ToSchema)]
pub struct HitView {
    pub id: String,
    /// Comparable within one answer only.
    pub score: f32,
    /// The title with the matches marked; empty where the article has none.
    pub title: Vec<FragmentView>,
    /// The outlet it appeared in.
    #[schema(required = true)]
    pub source: Option<String>,
    #[schema(required = true)]
    pub published: Option<PublishedView>,
    /// Passages of the text with the matches marked, in the order of the text.
    pub snippets: Vec<SnippetView>,
    /// How many other articles are copies of it, or it of them; `/api/v1/articles/{id}/duplicates` lists them.
    pub duplicates: u64,
    #[schema(required = true)]
    pub url: Option<String>,
    /// Why it matches; absent unless that was asked with `explain=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub explanation: Option<ExplanationView>,
}

/// A piece of text that is marked or not.
#[derive(Debug, Serialize, ToSchema)]
pub struct FragmentView {
    pub text: String,
    /// Whether the query matches here.
    #[serde(rename = "match")]
    pub is_match: bool,
}

/// A passage of the stored text.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnippetView {
    /// The field it was found in.
    #[schema(example = "body")]
    pub field: &'static str,
    /// Where it stands in the stored text, in UTF-8 bytes.
    pub range: Range,
    /// Joined, they are exactly the text of the range.
    pub fragments: Vec<FragmentView>,
}

/// When an article was published, as far as it is known.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedView {
    /// ISO 8601, cut off at the precision.
    #[schema(example = "2020-03")]
    pub date: String,
    /// `year`, `month`, `day` or `second`.
    #[schema(example = "month")]
    pub precision: &'static str,
    /// Where the date was found: `metadata` or `text`.
    #[schema(example = "text")]
    pub from: &'static str,
    /// How sure it is that this is when it was published: `certain` by metadata, `likely` by what the text says of itself,
    /// `guess` by a date near its beginning.
    #[schema(example = "likely")]
    pub confidence: &'static str,
}

impl From<Span> for Range {
    fn from(span: Span) -> Self {
        Self([span.start, span.end])
    }
}

impl SearchResponse {
    /// The answer to a search that took so long.
    pub fn new(hits: Hits, took: Duration) -> Self {
        Self {
            query: QueryView::new(hits.input, hits.query, hits.relaxed, hits.did_you_mean),
            total: Total {
                value: hits.total,
                relation: "eq",
            },
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            hits: hits.hits.into_iter().map(HitView::from).collect(),
            facets: hits
                .facets
                .into_iter()
                .map(|facet| (facet.field.name(), values(facet.values)))
                .collect(),
            histogram: hits.histogram.map(HistogramView::from),
            next_cursor: hits.next_cursor,
        }
    }
}

impl QueryView {
    /// What was typed, and what became of it.
    pub fn new(
        input: String,
        query: Query,
        relaxed: Option<Relaxed>,
        did_you_mean: Option<String>,
    ) -> Self {
        Self {
            terms: query.terms().map(TermView::from).collect(),
            input,
            did_you_mean,
            relaxed: relaxed.map(RelaxedView::from),
            notices: query.notices.into_iter().map(NoticeView::from).collect(),
        }
    }
}

impl From<Relaxed> for RelaxedView {
    fn from(relaxed: Relaxed) -> Self {
        Self {
            to: relaxed.name(),
            with_all_words: relaxed.with_all_words(),
        }
    }
}

impl From<&QueryTerm> for TermView {
    fn from(term: &QueryTerm) -> Self {
        let related = |related: &RelatedStem| RelatedView {
            stem: related.stem.clone(),
            relation: related.relation.name(),
        };
        Self {
            text: term.text.clone(),
            stem: term.stem.clone(),
            related: term.related.iter().map(related).collect(),
        }
    }
}

impl From<Notice> for NoticeView {
    fn from(notice: Notice) -> Self {
        Self {
            code: notice.code.name(),
            message: notice.code.message(),
            range: notice.span.into(),
        }
    }
}

impl From<Hit> for HitView {
    fn from(hit: Hit) -> Self {
        Self {
            id: hit.article.id.as_str().to_owned(),
            score: hit.score,
            title: hit.title.into_iter().map(FragmentView::from).collect(),
            source: hit.article.source,
            published: hit.article.published.map(PublishedView::from),
            snippets: hit.snippets.into_iter().map(SnippetView::from).collect(),
            duplicates: hit.duplicates,
            url: hit.article.url,
            explanation: hit.explanation.map(ExplanationView::from),
        }
    }
}

impl From<Fragment> for FragmentView {
    fn from(fragment: Fragment) -> Self {
        Self {
            text: fragment.text,
            is_match: fragment.is_match,
        }
    }
}

impl From<Snippet> for SnippetView {
    fn from(snippet: Snippet) -> Self {
        Self {
            field: snippet.field.name(),
            range: snippet.span.into(),
            fragments: snippet
                .fragments
                .into_iter()
                .map(FragmentView::from)
                .collect(),
        }
    }
}

impl From<Published> for PublishedView {
    fn from(published: Published) -> Self {
        Self {
            date: published.date,
            precision: published.precision.name(),
            from: published.origin.name(),
            confidence: published.confidence.name(),
        }
    }
}
