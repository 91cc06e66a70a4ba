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
    /// behind the first page, a list of hits may show a less exact score.
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

/// Why an article does not match a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissReason {
    /// The article lacks a word of the clause in every form that may match.
    Word,
    /// The words of the clause occur in other forms only, and the clause requires the exact form.
    Form,
    /// The words of the clause occur only outside the fields that were searched.
    Field,
    /// The words of the clause occur, but not one after the other.
    Order,
    /// The words of the clause occur, but not near one another.
    Distance,
    /// No word of the article matches the pattern.
    Pattern,
    /// The article matches none of the group's alternatives, or not all of its parts.
    Group,
    /// The filter requires another source, section or author than the article has, or the article
    /// has none.
    Value,
    /// The article was published outside the period of the filter.
    Time,
    /// The filter requires a period, and the article has no date.
    NoTime,
}

impl MissReason {
    /// Returns the name of the reason in the API. It never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Word => "no_word",
            Self::Form => "other_form",
            Self::Field => "other_field",
            Self::Order => "not_in_order",
            Self::Distance => "not_near",
            Self::Pattern => "no_such_letters",
            Self::Group => "group_not_held",
            Self::Value => "other_value",
            Self::Time => "other_time",
            Self::NoTime => "no_time",
        }
    }

    /// Returns an English sentence that describes the reason.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Word => "the article lacks one of its words in every form that counts",
            Self::Form => "the article has its words in other forms only",
            Self::Field => "the article has it in a field that was not searched",
            Self::Order => "the article has its words, but not one after the other",
            Self::Distance => "the article has its words, but not near one another",
            Self::Pattern => "no word of the article matches the pattern",
            Self::Group => "the article has none of the alternatives, or lacks a part of the group",
            Self::Value => "the article has another value or none",
            Self::Time => "the article was published at another time",
            Self::NoTime => "the article has no date",
        }
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
