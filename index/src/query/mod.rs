//! The query language: parses what a person typed into words, phrases, exact forms, patterns,
//! groups, fields, times and exclusions. It knows no index; a backend lowers the query.
//!
//! Every string is a query. A [`Notice`] reports anything unusual. A sign that belongs to no
//! operator is text.
//!
//! A query is a list of clauses. The query `"وقف إطلاق النار" (طرابلس OR بنغازي) -مؤتمر` has three:
//!
//! | clause | occur | kind |
//! |---|---|---|
//! | `"وقف إطلاق النار"` | must | a text of three terms: a phrase |
//! | `طرابلس OR بنغازي` | should | any of two clauses, each a text of one term |
//! | `-مؤتمر` | must not | a text of one term |
//!
//! ```
//! use fihrist_index::arabic::{Analyzer, Model};
//! use fihrist_index::query::parse;
//!
//! let query = parse("\"وقف إطلاق النار\" (طرابلس OR بنغازي) -مؤتمر", &Analyzer::new(Model::base()));
//! assert_eq!(query.to_string(), "\"وقف إطلاق النار\" (طرابلس OR بنغازي) -مؤتمر");
//! assert_eq!((query.wanted().count(), query.texts().count()), (2, 3));
//! ```

mod compound;
mod exact_form;
mod expand;
mod fields;
pub mod intervals;
mod lex;
mod notice;
mod parse;
mod print;
mod syntax;
mod walk;

pub use compound::{Parts, writings_of};
pub use exact_form::with_exact_form;
pub use expand::expand;
pub use fields::{Keyword, Scope};
pub use lex::typed_words;
pub use notice::{Notice, NoticeCode};
pub use parse::{PASTED_WORDS, parse};
pub use walk::WORDS_OF_COSTLY_CLAUSE;

use crate::document::Field;
use crate::learning::graph::Relation;
use fihrist_arabic::Span;
use fihrist_arabic::calendar::Period;

/// A parsed query.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The query as typed.
    pub input: String,
    /// The clauses, in the order of the input.
    pub clauses: Vec<Clause>,
    /// The filters from outside the typed query. Every match fulfils all of them.
    pub filters: Vec<Filter>,
    /// The notices about the query.
    pub notices: Vec<Notice>,
}

/// A part of a query: a word, phrase, `NEAR`, pattern, group or filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Whether an article must, should or must not match the clause.
    pub occur: Occur,
    /// The span of the clause in the input.
    pub span: Span,
    /// What an article must contain to match the clause.
    pub kind: ClauseKind,
    /// Whether the clause is a stop word that is ignored because the query has other words. It is
    /// neither searched nor marked.
    pub is_ignored: bool,
}

/// What an article must contain to match a clause.
#[derive(Debug, Clone, PartialEq)]
pub enum ClauseKind {
    /// A word or a phrase.
    Text(Text),
    /// Words or phrases near each other, in any order.
    Near {
        /// The words or phrases: at least two, with the same scope.
        texts: Vec<Text>,
        /// The greatest number of words within a match that belong to none of the texts.
        distance: u32,
    },
    /// Words that match a pattern.
    Pattern(Pattern),
    /// Alternatives, one of which must match: at least two clauses, none of them excluded.
    Any(Vec<Clause>),
    /// Clauses that must all match, as one operand of an operator: at least two, or one exclusion.
    All(Vec<Clause>),
    /// A condition on the article's metadata.
    Filter(Filter),
}

/// A word or a phrase.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// The span in the input, from the first word to the last.
    pub span: Span,
    /// The terms: one for a word, several in this order for a phrase. Never empty.
    pub terms: Vec<QueryTerm>,
    /// The greatest number of other words between the words of a phrase, in total.
    pub gaps: u32,
    /// The level at which the words of the text match.
    pub level: Level,
    /// The fields in which the text may match.
    pub scope: Scope,
    /// Whether several terms are typed without white space, as in `COVID-19`. None of them is
    /// searched alone.
    pub is_one_word: bool,
}

/// A word with wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The pattern as typed.
    pub text: String,
    /// The folded pattern. `*` stands for any number of letters, `?` for one letter.
    pub pattern: String,
    /// The fields in which the pattern may match.
    pub scope: Scope,
    /// The folded words of the index that match the pattern; empty until they are looked up.
    pub words: Vec<String>,
}

/// A condition on an article's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// A value of a keyword field contains these words, in this order.
    Keyword {
        /// The keyword field.
        field: Keyword,
        /// The value as typed.
        text: String,
        /// The folded words of the value.
        words: Vec<String>,
        /// The values in the index that contain the words; empty until they are looked up.
        values: Vec<String>,
    },
    /// The article was published in this period.
    Published {
        /// The period as typed.
        text: String,
        /// The parsed period.
        period: Period,
    },
}

/// Which term of a query's word and of an article's word must be equal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Level {
    /// The stem: any form of the word matches.
    #[default]
    Stem,
    /// The form: only the word as it is spelled matches, typed `=word`.
    Exact,
}

/// Whether an article has to match a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occur {
    /// The article must match, as for a quoted phrase or a filter.
    Must,
    /// The article must match, as for a word, unless the query is relaxed or needs any one word.
    Should,
    /// The article must not match, as for `-word`.
    MustNot,
}

/// A word of a query with its analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryTerm {
    /// The word as typed.
    pub text: String,
    /// The folded word.
    pub surface: String,
    /// The form of the word: the word as it is spelled.
    pub form: String,
    /// The stem of the word.
    pub stem: String,
    /// The related stems. Words with these stems match, too.
    pub related: Vec<RelatedStem>,
    /// The forms of the index that fold to the word; empty until they are looked up.
    pub forms: Vec<IndexForm>,
    /// How strongly articles with the typed spelling of the word come first, from 0 to 1. It is 0
    /// until the forms are looked up, and if no other spelling competes with the typed one.
    pub typed_first: f32,
    /// Other words that the typed word may be. Each has another stem. A phrase matches with each of
    /// them; they are empty outside phrases.
    pub others: Vec<Self>,
    /// The word that the index also has for this word and the next word of the phrase together.
    pub joined: Option<Box<Self>>,
    /// The two words that the index also has for this word.
    pub parts: Option<Box<Parts>>,
}

/// A form of the index: one spelling of a folded word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexForm {
    /// The form as it is in the index.
    pub text: String,
    /// The document frequency of the form in each field, in the order of [`Field::ALL`].
    pub frequencies: [u64; Field::ALL.len()],
}

/// A stem of the graph that matches in place of a query term's own stem.
#[derive(Debug, Clone, PartialEq)]
pub struct RelatedStem {
    /// The related stem.
    pub stem: String,
    /// The commonest written form of the stem in the index; `None` until it is looked up, and if no
    /// article has the stem.
    pub word: Option<String>,
    /// How the stem is related to the term's own stem.
    pub relation: Relation,
    /// The weight of an occurrence in ranking. The term's own stem has weight 1.
    pub weight: f32,
}
