//! A query as it was understood, as JSON.

use fihrist_index::query::{Notice, Query, QueryTerm, RelatedStem};
use fihrist_index::search::Relaxed;
use serde::Serialize;
use utoipa::ToSchema;

use super::range::Range;

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
