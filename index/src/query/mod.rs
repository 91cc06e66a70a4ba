//! What a person typed, understood: words, phrases, exact forms, patterns, groups, fields, times and exclusions. It knows no
//! index; a backend lowers it.
//!
//! Every string is a query. What was odd about it comes back as [`Notice`]s; a sign that belongs to no operator is text.
//!
//! ```
//! use fihrist_index::arabic::{Analyzer, Model};
//! use fihrist_index::query::parse;
//!
//! let query = parse("\"وقف إطلاق النار\" (طرابلس OR بنغازي) -مؤتمر", &Analyzer::new(Model::base()));
//! assert_eq!(query.to_string(), "\"وقف إطلاق النار\" (طرابلس OR بنغازي) -مؤتمر");
//! assert_eq!((query.wanted().count(), query.texts().count()), (2, 3));
//! ```

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

pub use exact_form::with_exact_form;
pub use expand::expand;
pub use fields::{Keyword, Scope};
pub use notice::{Notice, NoticeCode};
pub use parse::{PASTED_WORDS, parse};

use crate::learning::graph::Relation;
use fihrist_arabic::Span;
use fihrist_arabic::calendar::Period;

/// A query as it was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What was typed.
    pub input: String,
    /// Its parts, in the order of the input.
    pub clauses: Vec<Clause>,
    /// Conditions that were set beside what was typed; every article fulfils all of them.
    pub filters: Vec<Filter>,
    /// What was odd about it.
    pub notices: Vec<Notice>,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Whether articles must, should or must not hold it.
    pub occur: Occur,
    /// Where it stands in the input.
    pub span: Span,
    /// What it asks for.
    pub kind: ClauseKind,
    /// A function word beside words that say more: understood, but neither searched nor marked.
    pub is_ignored: bool,
}

/// What a part of a query asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum ClauseKind {
    /// A word or a phrase.
    Text(Text),
    /// Words or phrases that stand near one another, in any order. Two at least, of one scope.
    Near {
        /// What has to be near.
        texts: Vec<Text>,
        /// So many other words may stand between the first of them and the last.
        distance: u32,
    },
    /// Words of which only some letters are known.
    Pattern(Pattern),
    /// One of several. Two at least, none of them excluded.
    Any(Vec<Clause>),
    /// All of several, in brackets within an [`Any`](Self::Any). Two at least, or one excluded.
    All(Vec<Clause>),
    /// What is known about the article, rather than what it says.
    Filter(Filter),
}

/// A word or a phrase.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Where it stands in the input, from its first word to its last.
    pub span: Span,
    /// One term is a word; more are a phrase: the terms in this order. Never empty.
    pub terms: Vec<QueryTerm>,
    /// So many other words may stand between the words of a phrase, in all.
    pub gaps: u32,
    /// What of its words has to agree.
    pub level: Level,
    /// Where it may stand.
    pub scope: Scope,
}

/// A word of which only some letters are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// As typed.
    pub text: String,
    /// Folded; `*` stands for any letters, `?` for one.
    pub pattern: String,
    /// Where it may stand.
    pub scope: Scope,
    /// The folded words that it stands for in an index; nothing until they are looked up.
    pub words: Vec<String>,
}

/// What is known about an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// One of its keywords holds these words, one after the other.
    Keyword {
        /// Which of them.
        field: Keyword,
        /// As typed.
        text: String,
        /// Folded.
        words: Vec<String>,
        /// The values of an index that hold them; nothing until they are looked up.
        values: Vec<String>,
    },
    /// It was published in this time.
    Published {
        /// As typed.
        text: String,
        /// When.
        period: Period,
    },
}

/// What of a word has to agree with a word of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The stem: any form of the word.
    Stem,
    /// The word itself, as it is spelled: `=word`.
    Exact,
}

/// What a clause asks of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occur {
    /// It holds the clause: a quoted phrase, a filter.
    Must,
    /// It holds the clause if any article holds all of them: a word.
    Should,
    /// It does not hold the clause: `-word`.
    MustNot,
}

/// A word of a query with its analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryTerm {
    /// As typed.
    pub text: String,
    /// The folded word.
    pub surface: String,
    /// The word as it is spelled.
    pub form: String,
    /// Its stem.
    pub stem: String,
    /// Other stems that are taken for it.
    pub related: Vec<RelatedStem>,
}

/// A stem that stands in for another.
#[derive(Debug, Clone, PartialEq)]
pub struct RelatedStem {
    /// The stem.
    pub stem: String,
    /// How the two belong together.
    pub relation: Relation,
    /// What it counts beside 1 for the word's own stem.
    pub weight: f32,
}
