//! An analyzed query as JSON.

use fihrist_index::learning::graph::Relation;
use fihrist_index::query::{Notice, Query, QueryTerm, RelatedStem};
use fihrist_index::search::Relaxed;

use super::{Range, Serialize, ToSchema, views_of};

/// The query as it was analyzed.
#[derive(Serialize, ToSchema)]
pub struct QueryView {
    /// The query as given.
    pub input: String,
    /// The words that were searched.
    pub terms: Vec<TermView>,
    /// How the query was relaxed because too few articles match it; null if it was not relaxed.
    #[schema(required = true)]
    pub relaxed: Option<RelaxedView>,
    /// Problems of the query. It was run nevertheless.
    pub notices: Vec<NoticeView>,
    /// The query that was probably meant, if no article contains the words as given; null if there
    /// is none. It was searched only if `relaxed` is `corrected`.
    #[schema(required = true)]
    pub did_you_mean: Option<String>,
}

/// How a query was relaxed.
#[derive(Serialize, ToSchema)]
pub struct RelaxedView {
    /// The kind of relaxation. `any_word`: the hits include articles with only some of the words.
    /// `any_part`: phrases match as single words as well. `corrected`: the hits are those of
    /// `did_you_mean`, which has the same words in another spelling, alphabet or keyboard layout. If
    /// there are no hits otherwise, these are tried in order, each including the previous ones:
    /// `any_form` lets `=word` match other forms; `any_field` ignores field restrictions; `any_part`.
    #[schema(example = "any_word")]
    pub to: &'static str,
    /// Number of articles that contain all the words.
    #[schema(example = 3)]
    pub with_all_words: u64,
}

/// A word of the query.
#[derive(Serialize, ToSchema)]
pub struct TermView {
    /// The word as written.
    #[schema(example = "إطلاق")]
    pub text: String,
    /// The stem of the word. All forms of a word share a stem.
    #[schema(example = "اطلاق")]
    pub stem: String,
    /// Related words of the index that match as well.
    pub related: Vec<RelatedView>,
}

/// A word that is related to a word of the query, such as its broken plural or another spelling.
#[derive(Serialize, ToSchema)]
pub struct RelatedView {
    /// The commonest written form of the stem in the index.
    #[schema(example = "إعلان")]
    pub word: String,
    /// The stem. All forms of a word share a stem, and all of them match.
    #[schema(example = "اعلان")]
    pub stem: String,
    /// `plural`, `inflection`, `spelling`, `nisba` or `verbal_noun`.
    #[schema(example = "verbal_noun")]
    pub relation: &'static str,
}

/// A problem of the query. The query was run nevertheless.
#[derive(Serialize, ToSchema)]
pub struct NoticeView {
    /// The stable code of the problem.
    pub code: &'static str,
    /// The problem as text.
    pub message: String,
    /// The range of the problem in the query, in UTF-8 bytes.
    pub range: Range,
}

impl QueryView {
    /// Converts an analyzed query. `relaxed` and `did_you_mean` state how the search changed it.
    pub fn new(
        input: String,
        query: Query,
        relaxed: Option<Relaxed>,
        did_you_mean: Option<String>,
    ) -> Self {
        Self {
            terms: views_of(query.terms()),
            input,
            did_you_mean,
            relaxed: relaxed.map(RelaxedView::from),
            notices: query
                .notices
                .iter()
                .map(|notice| NoticeView::new(notice, &query.input))
                .collect(),
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
        let related = |related: &RelatedStem| {
            Some(RelatedView {
                word: related.word.clone()?,
                stem: related.stem.clone(),
                relation: related.relation.name(),
            })
        };
        let in_two_words = term.parts.as_ref().map(|parts| RelatedView {
            word: parts.text(),
            stem: parts.stem(),
            relation: Relation::Spelling.name(),
        });
        let related = term.related.iter().filter_map(related);
        Self {
            text: term.text.clone(),
            stem: term.stem.clone(),
            related: in_two_words.into_iter().chain(related).collect(),
        }
    }
}

impl NoticeView {
    /// Converts a notice about a query that was typed as `input`.
    fn new(notice: &Notice, input: &str) -> Self {
        Self {
            code: notice.code.name(),
            message: notice.message(input),
            range: notice.span.into(),
        }
    }
}
