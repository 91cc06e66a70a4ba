//! What an explanation says.

use crate::document::Field;
use crate::learning::graph::Relation;
use crate::query::{Occur, Query};
use crate::ranking::WordScore;
use crate::search::Relaxed;
use fihrist_arabic::Span;

/// A query, and the explanation of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedQuery {
    /// What was typed.
    pub input: String,
    /// The query that was run; the corrected one, if it was corrected.
    pub query: Query,
    /// How it was relaxed, if it found too little.
    pub relaxed: Option<Relaxed>,
    /// The query with unknown words replaced by words of the index.
    pub did_you_mean: Option<String>,
    /// The explanation.
    pub explanation: Explanation,
}

/// Why a query finds an article, or why it does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Whether it is found.
    pub is_match: bool,
    /// The score: the sum for the words, the best passage and words close together. An article far behind the first
    /// page may be listed with a less exact score.
    pub score: f32,
    /// The part of the score for the best passage.
    pub passage: f32,
    /// The part of the score for a few words close together.
    pub together: f32,
    /// The clauses of the query, in its order.
    pub clauses: Vec<ExplainedClause>,
    /// The words of the texts in the order of the input, then the patterns.
    pub words: Vec<ExplainedWord>,
}

/// A clause of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedClause {
    /// As typed.
    pub text: String,
    /// Its span in the query that was run.
    pub span: Span,
    /// Whether an article must, should or must not hold it.
    pub occur: Occur,
    /// Whether it is a stop word that was ignored.
    pub is_ignored: bool,
    /// Whether the article holds it.
    pub is_held: bool,
    /// Why the article does not hold it; `None` for an excluded clause.
    pub lack: Option<MissReason>,
}

/// Why an article does not hold a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissReason {
    /// The article lacks a word of it in every form that counts.
    Word,
    /// Its words occur in other forms only, and the clause asks for the exact form.
    Form,
    /// It occurs outside the fields that were searched.
    Field,
    /// Its words occur, but not one after the other.
    Order,
    /// Its words occur, but not near one another.
    Distance,
    /// No word of the article matches the pattern.
    Pattern,
    /// The article lacks all of its alternatives, or some of its parts.
    Group,
    /// The article has another source, section or author, or none.
    Value,
    /// It was published at another time.
    Time,
    /// The article has no date.
    NoTime,
}

impl MissReason {
    /// Returns the stable name.
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

    /// Returns what it means, in words.
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

/// A word of the query, and the words of the article that count for it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedWord {
    /// As typed.
    pub text: String,
    /// Its stem; for a pattern, the folded pattern.
    pub stem: String,
    /// Its part of the score.
    pub score: WordScore,
    /// The words of the article that match it, or nearly: by field, then the closest first.
    pub forms: Vec<FoundForm>,
}

/// A word of the article that matches a word of the query, or nearly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundForm {
    /// As its first occurrence is written.
    pub text: String,
    /// Its stem.
    pub stem: String,
    /// What it has in common with the word of the query.
    pub by: FoundBy,
    /// The field.
    pub field: Field,
    /// Whether it satisfies the query: an exact word needs its form, and every word needs its field.
    pub counts: bool,
    /// The number of occurrences.
    pub occurrences: u64,
    /// The span of the first occurrence, in the stored text.
    pub first: Span,
}

/// What two words have in common, the closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundBy {
    /// The form.
    Form,
    /// The surface: the forms differ in hamza, `ة`, `ى` or marks only.
    Spelling,
    /// The letters of a pattern.
    Pattern,
    /// The stem.
    Stem,
    /// Their stems are a pair of the graph.
    Related(Relation),
    /// The consonants of their stems. Such a word counts in the score and never matches.
    RootGroups,
}

impl FoundBy {
    /// Returns the stable name.
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
