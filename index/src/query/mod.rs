//! What a person typed, understood: words, phrases, exact forms and exclusions. It knows no index; a backend lowers it.
//!
//! Every string is a query. What was odd about it comes back as [`Notice`]s; a sign that belongs to no operator is text.

mod expand;
mod parse;

pub use expand::expand;
pub use parse::parse;

use crate::graph::Relation;
use crate::span::Span;

/// A query as it was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What was typed.
    pub input: String,
    /// Its parts, in the order of the input.
    pub clauses: Vec<Clause>,
    /// What was odd about it.
    pub notices: Vec<Notice>,
}

impl Query {
    /// The clauses that say what to find: neither exclusions nor ignored function words.
    pub fn wanted(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.iter().filter(|clause| clause.occur != Occur::MustNot && !clause.is_ignored)
    }

    /// The clauses that say what must be absent.
    pub fn excluded(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.iter().filter(|clause| clause.occur == Occur::MustNot)
    }

    /// Holds every word to its form, as `=` before each would.
    pub fn hold_to_form(&mut self) {
        for clause in &mut self.clauses {
            clause.level = Level::Exact;
        }
    }

    /// The terms of the wanted clauses.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.wanted().flat_map(|clause| &clause.terms)
    }
}

/// A word or a phrase of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Whether articles must, should or must not hold it.
    pub occur: Occur,
    /// Where it stands in the input.
    pub span: Span,
    /// One term is a word; more are a phrase: the terms in this order, next to each other. Never empty.
    pub terms: Vec<Term>,
    /// What of its words has to agree.
    pub level: Level,
    /// A function word beside words that say more: understood, but neither searched nor marked.
    pub is_ignored: bool,
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
    /// It holds the clause: a quoted phrase.
    Must,
    /// It holds the clause if any article holds all of them: a word.
    Should,
    /// It does not hold the clause: `-word`.
    MustNot,
}

/// A word of a query with its analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// As typed.
    pub text: String,
    /// The folded word.
    pub surface: String,
    /// The word as it is spelled.
    pub form: String,
    /// Its stem.
    pub stem: String,
    /// Other stems that are taken for it.
    pub related: Vec<Related>,
}

/// A stem that stands in for another.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// The stem.
    pub stem: String,
    /// How the two belong together.
    pub relation: Relation,
    /// What it counts beside 1 for the word's own stem.
    pub weight: f32,
}

/// Something odd about a query, which was searched nevertheless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is, for programs.
    pub code: NoticeCode,
    /// Where in the input.
    pub span: Span,
}

/// The kinds of [`Notice`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeCode {
    /// A quote opens and no quote closes it: its words are searched as words.
    UnclosedQuote,
    /// Quotes with no word between them.
    EmptyPhrase,
    /// Nothing that could be searched for.
    NoWords,
}

impl NoticeCode {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnclosedQuote => "unclosed_quote",
            Self::EmptyPhrase => "empty_phrase",
            Self::NoWords => "no_words",
        }
    }

    /// One sentence for people.
    pub const fn message(self) -> &'static str {
        match self {
            Self::UnclosedQuote => "a quote is opened and not closed; its words are searched one by one",
            Self::EmptyPhrase => "there is no word between the quotes",
            Self::NoWords => "there is no word to search for",
        }
    }
}
