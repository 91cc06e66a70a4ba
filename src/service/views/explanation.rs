//! Why a query finds an article or not, as JSON.

use fihrist_index::query::Occur;
use fihrist_index::search::{ExplainedClause, ExplainedWord, Explanation, FoundForm};

use super::{Range, Serialize, ToSchema, views_of};

/// Why a query finds an article, or why not.
#[derive(Serialize, ToSchema)]
pub struct ExplanationView {
    /// Whether a search finds the article.
    #[serde(rename = "match")]
    pub is_match: bool,
    pub score: ScoreView,
    /// The clauses of the query, in the order of the query.
    pub clauses: Vec<ClauseView>,
    /// The words of the query in its order, followed by its patterns.
    pub words: Vec<WordView>,
}

/// The parts of the score. Results far below the first page may have an approximate score.
#[derive(Serialize, ToSchema)]
pub struct ScoreView {
    /// The sum of the parts.
    pub total: f32,
    /// The scores of the single words.
    pub words: f32,
    /// How much of the query the best passage contains.
    pub passage: f32,
    /// Whether all words of a short query occur close together.
    pub together: f32,
}

/// A clause of the query.
#[derive(Serialize, ToSchema)]
pub struct ClauseView {
    /// The clause as typed.
    #[schema(example = "\"وقف إطلاق النار\"")]
    pub text: String,
    /// The range of the clause in the executed query, in UTF-8 bytes.
    pub range: Range,
    /// `must`, `should`, `must_not` or `ignored`. A function word is ignored.
    #[schema(example = "must")]
    pub occur: &'static str,
    /// Whether the article matches the clause.
    pub held: bool,
    /// Why the article does not match the clause. Null if it matches, or if the clause is excluded.
    #[schema(required = true)]
    pub lack: Option<LackView>,
}

/// Why an article does not match a clause.
#[derive(Serialize, ToSchema)]
pub struct LackView {
    /// Stable code: `no_word`, `other_form`, `other_field`, `not_in_order`, `not_near`,
    /// `no_such_letters`, `group_not_held`, `other_value`, `other_time` or `no_time`.
    #[schema(example = "not_in_order")]
    pub code: &'static str,
    /// The reason as text.
    pub message: &'static str,
}

/// A word of the query, and how the article matches it.
#[derive(Serialize, ToSchema)]
pub struct WordView {
    /// The word as typed.
    #[schema(example = "إطلاق")]
    pub text: String,
    /// The stem of the word. For a pattern, the folded pattern.
    #[schema(example = "اطلاق")]
    pub stem: String,
    pub score: WordScoreView,
    /// The words of the article that match it, fully or partly.
    pub forms: Vec<FormView>,
}

/// The score of one word.
#[derive(Serialize, ToSchema)]
pub struct WordScoreView {
    pub total: f32,
    /// For the same form as in the query.
    pub form: f32,
    /// For the stem, and for related stems.
    pub stem: f32,
    /// For occurring early in the article.
    pub lead: f32,
}

/// A word of the article that matches a word of the query.
#[derive(Serialize, ToSchema)]
pub struct FormView {
    /// The word as first written in the article.
    #[schema(example = "بإطلاق")]
    pub text: String,
    #[schema(example = "اطلاق")]
    pub stem: String,
    /// What the two words share: the `form`; the `folded` form, which ignores hamza, ة, ى and
    /// marks; the letters of a `pattern`; the `stem`; related stems (`plural`, `inflection`,
    /// `spelling`, `nisba`, `verbal_noun`); or the `same_consonants`, which affect only the score.
    #[schema(example = "stem")]
    pub level: &'static str,
    /// The field that contains it.
    #[schema(example = "body")]
    pub field: &'static str,
    /// Whether this word of the article is enough to match the word of the query.
    pub counts: bool,
    /// Number of occurrences.
    pub occurrences: u64,
    /// The range of the first occurrence in the stored text, in UTF-8 bytes.
    pub first: Range,
}

impl From<Explanation> for ExplanationView {
    fn from(explanation: Explanation) -> Self {
        let words = explanation.words;
        Self {
            is_match: explanation.is_match,
            score: ScoreView {
                total: explanation.score,
                words: words.iter().map(|word| word.score.total()).sum(),
                passage: explanation.passage,
                together: explanation.together,
            },
            clauses: views_of(explanation.clauses),
            words: views_of(words),
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
            forms: views_of(word.forms),
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
