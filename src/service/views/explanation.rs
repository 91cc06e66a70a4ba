//! Why an article is found for a query, or why not, as JSON.

use fihrist_index::query::Occur;
use fihrist_index::search::{ExplainedClause, ExplainedWord, Explanation, FoundForm};
use serde::Serialize;
use utoipa::ToSchema;

use super::range::Range;

/// Why an article is found for a query, or why not.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplanationView {
    /// Whether a search finds it.
    #[serde(rename = "match")]
    pub is_match: bool,
    pub score: ScoreView,
    /// The clauses of the query, in its order.
    pub clauses: Vec<ClauseView>,
    /// The words of the query in its order, then its patterns.
    pub words: Vec<WordView>,
}

/// What the score of an article adds up from. One far behind the first page may be listed with a rougher score.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreView {
    /// The sum.
    pub total: f32,
    /// What the words add, each for itself.
    pub words: f32,
    /// How much of the query the best passage holds.
    pub passage: f32,
    /// All words of a short query close together.
    pub together: f32,
}

/// A clause of the query.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClauseView {
    /// As it was typed.
    #[schema(example = "\"وقف إطلاق النار\"")]
    pub text: String,
    /// Where it stands in the query that was run, in UTF-8 bytes.
    pub range: Range,
    /// `must`, `should`, `must_not`, or `ignored`: a function word that is not searched.
    #[schema(example = "must")]
    pub occur: &'static str,
    /// Whether the article holds it.
    pub held: bool,
    /// Why the article does not hold it; null where it does, or must not.
    #[schema(required = true)]
    pub lack: Option<LackView>,
}

/// Why an article does not hold a clause.
#[derive(Debug, Serialize, ToSchema)]
pub struct LackView {
    /// For programs: `no_word`, `other_form`, `other_field`, `not_in_order`, `not_near`, `no_such_letters`,
    /// `group_not_held`, `other_value`, `other_time` or `no_time`.
    #[schema(example = "not_in_order")]
    pub code: &'static str,
    /// For people.
    pub message: &'static str,
}

/// A word of the query, and what the article has of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WordView {
    /// As it was typed.
    #[schema(example = "إطلاق")]
    pub text: String,
    /// Its stem; of a pattern the folded pattern.
    #[schema(example = "اطلاق")]
    pub stem: String,
    pub score: WordScoreView,
    /// The words of the article that stand for it, or nearly.
    pub forms: Vec<FormView>,
}

/// What a word adds to the score.
#[derive(Debug, Serialize, ToSchema)]
pub struct WordScoreView {
    pub total: f32,
    /// For the form of the query.
    pub form: f32,
    /// For its stem, and what stands in for it.
    pub stem: f32,
    /// For standing early.
    pub lead: f32,
}

/// A word of the article that stands for one of the query.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormView {
    /// As it is written there first.
    #[schema(example = "بإطلاق")]
    pub text: String,
    #[schema(example = "اطلاق")]
    pub stem: String,
    /// What the two have in common: the `form`; the form `folded`, but for hamza, ة, ى and marks; the letters of a `pattern`;
    /// the `stem`; stems that belong together: `plural`, `inflection`, `spelling`, `nisba`, `verbal_noun`; or the
    /// `same_consonants`, which count in the score only.
    #[schema(example = "stem")]
    pub level: &'static str,
    /// The field it stands in.
    #[schema(example = "body")]
    pub field: &'static str,
    /// Whether it can satisfy the query.
    pub counts: bool,
    /// How often it stands there.
    pub occurrences: u64,
    /// Where first, in the stored text, in UTF-8 bytes.
    pub first: Range,
}

impl From<Explanation> for ExplanationView {
    fn from(explanation: Explanation) -> Self {
        let Explanation {
            is_match,
            score,
            passage,
            together,
            clauses,
            words,
        } = explanation;
        let of_words = words.iter().map(|word| word.score.total()).sum();
        Self {
            is_match,
            score: ScoreView {
                total: score,
                words: of_words,
                passage,
                together,
            },
            clauses: clauses.into_iter().map(ClauseView::from).collect(),
            words: words.into_iter().map(WordView::from).collect(),
        }
    }
}

impl From<ExplainedClause> for ClauseView {
    fn from(clause: ExplainedClause) -> Self {
        let occur = match clause.occur {
            _ if clause.is_ignored => "ignored",
            Occur::Must => "must",
            Occur::Should => "should",
            Occur::MustNot => "must_not",
        };
        Self {
            text: clause.text,
            range: clause.span.into(),
            occur,
            held: clause.is_held,
            lack: clause.lack.map(|lack| LackView {
                code: lack.name(),
                message: lack.message(),
            }),
        }
    }
}

impl From<ExplainedWord> for WordView {
    fn from(word: ExplainedWord) -> Self {
        let score = word.score;
        Self {
            text: word.text,
            stem: word.stem,
            score: WordScoreView {
                total: score.total(),
                form: score.form,
                stem: score.stem,
                lead: score.lead,
            },
            forms: word.forms.into_iter().map(FormView::from).collect(),
        }
    }
}

impl From<FoundForm> for FormView {
    fn from(form: FoundForm) -> Self {
        Self {
            text: form.text,
            stem: form.stem,
            level: form.by.name(),
            field: form.field.name(),
            counts: form.counts,
            occurrences: form.occurrences,
            first: form.first.into(),
        }
    }
}
