//! The types of an explanation: why a query finds an article, or why it does not.

use crate::document::Field;
use crate::learning::graph::Relation;
use crate::query::{Occur, Query};
use crate::ranking::WordScore;
use crate::search::Relaxed;
use fihrist_arabic::Span;

/// A query as it was run, and the explanation of one article for it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedQuery {
    /// The query as typed.
    pub input: String,
    /// The query that was run: the corrected one if there is a correction.
    pub query: Query,
    /// How the query was relaxed; `None` if it was not.
    pub relaxed: Option<Relaxed>,
    /// The query with its unknown words replaced by words of the index; `None` if no word is
    /// replaced.
    pub did_you_mean: Option<String>,
    /// The explanation of the article.
    pub explanation: Explanation,
}

/// Why a query finds an article, or why it does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Whether the query finds the article.
    pub is_match: bool,
    /// The score: the sum of the scores of the words, `passage` and `together`. For an article far
    /// below the first page, a list of hits may show a less exact score.
    pub score: f32,
    /// What the best passage adds to the score.
    pub passage: f32,
    /// What words close together add to the score, if the query has only a few words.
    pub together: f32,
    /// The clauses, in the order of the query.
    pub clauses: Vec<ExplainedClause>,
    /// The words of the query's words and phrases in the order of the input, then its patterns.
    pub words: Vec<ExplainedWord>,
}

/// A clause of the query, and whether the article matches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedClause {
    /// The clause as typed.
    pub text: String,
    /// The span of the clause in the query that was run.
    pub span: Span,
    /// Whether an article must, should or must not match the clause.
    pub occur: Occur,
    /// Whether the clause is a stop word that was ignored.
    pub is_ignored: bool,
    /// Whether the article matches the clause.
    pub is_held: bool,
    /// Why the article does not match the clause; `None` if it does, and for an excluded clause.
    pub lack: Option<MissReason>,
}

named! {
    /// Why an article does not match a clause.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum MissReason {
        /// The article lacks a word of the clause in every form that may match.
        Word = "no_word": "the article lacks one of its words in every form that counts",
        /// The words of the clause occur in other forms only, and the clause requires the exact form.
        Form = "other_form": "the article has its words in other forms only",
        /// The words of the clause occur only outside the fields that were searched.
        Field = "other_field": "the article has it in a field that was not searched",
        /// The words of the clause occur, but not one after the other.
        Order = "not_in_order": "the article has its words, but not one after the other",
        /// The words of the clause occur, but not near one another.
        Distance = "not_near": "the article has its words, but not near one another",
        /// No word of the article matches the pattern.
        Pattern = "no_such_letters": "no word of the article matches the pattern",
        /// The article matches none of the group's alternatives, or not all of its parts.
        Group = "group_not_held":
            "the article has none of the alternatives, or lacks a part of the group",
        /// The filter requires another source, section or author than the article has, or the article
        /// has none.
        Value = "other_value": "the article has another value or none",
        /// The article was published outside the period of the filter.
        Time = "other_time": "the article was published at another time",
        /// The filter requires a period, and the article has no date.
        NoTime = "no_time": "the article has no date",
    }
}

/// A word of the query, and the words of the article that match it or nearly match it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedWord {
    /// The word as typed.
    pub text: String,
    /// The stem of the word; for a pattern, the folded pattern.
    pub stem: String,
    /// What the word adds to the score.
    pub score: WordScore,
    /// The words of the article that match or nearly match: ordered by field, then the closest
    /// first.
    pub forms: Vec<FoundForm>,
}

/// A word of the article that matches or nearly matches a word of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundForm {
    /// The word as its first occurrence is written.
    pub text: String,
    /// The stem of the word.
    pub stem: String,
    /// What the word has in common with the word of the query.
    pub by: FoundBy,
    /// The field in which the word occurs.
    pub field: Field,
    /// Whether the word satisfies the query. It must be in a searched field, and an exact word must
    /// also have the typed form.
    pub counts: bool,
    /// The number of occurrences in the field.
    pub occurrences: u64,
    /// The span of the first occurrence in the stored text.
    pub first: Span,
}

/// What a word of the query and a word of the article have in common, the closest kind first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundBy {
    /// Both words have the same form.
    Form,
    /// Both words have the same surface: their forms differ only in hamza, `ة`, `ى` or marks.
    Spelling,
    /// The word of the article fits the pattern of the query.
    Pattern,
    /// Both words have the same stem.
    Stem,
    /// The stems of the two words are a pair of the graph.
    Related(Relation),
    /// The stems share their consonants. Such a word adds to the score but never matches.
    RootGroups,
}

impl FoundBy {
    /// Returns the name in the API. It never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Spelling => "folded",
            Self::Pattern => "pattern",
            Self::Stem => "stem",
            Self::Related(relation) => relation.name(),
            Self::RootGroups => "same_consonants",
        }
    }
}
