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
pub mod intervals;
mod lex;
mod notice;
mod parse;
mod print;
mod syntax;

pub use exact_form::held;
pub use expand::expand;
pub use notice::{Notice, NoticeCode};
pub use parse::{PASTED_WORDS, parse};

use crate::document::Field;
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
    pub terms: Vec<Term>,
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

/// Fields that hold values rather than text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keyword {
    /// The outlet.
    Source,
    /// The section of the outlet.
    Section,
    /// One of the authors.
    Author,
}

impl Keyword {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Source, Self::Section, Self::Author];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Section => "section",
            Self::Author => "author",
        }
    }
}

/// The searched fields in which a text may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope([bool; Field::ALL.len()]);

impl Scope {
    /// Every field.
    pub const ALL: Self = Self([true; Field::ALL.len()]);

    /// One field.
    pub fn of(field: Field) -> Self {
        Self(Field::ALL.map(|each| each == field))
    }

    /// The fields of both.
    pub fn or(self, other: Self) -> Self {
        let mut fields = self.0;
        fields
            .iter_mut()
            .zip(other.0)
            .for_each(|(own, other)| *own |= other);
        Self(fields)
    }

    /// The fields of each that the other has, too; those of `self` where there is none.
    pub fn within(self, other: Self) -> Self {
        let mut fields = self.0;
        fields
            .iter_mut()
            .zip(other.0)
            .for_each(|(own, other)| *own &= other);
        if fields.contains(&true) {
            Self(fields)
        } else {
            self
        }
    }

    /// Whether it holds the field.
    pub fn contains(self, field: Field) -> bool {
        Field::ALL
            .iter()
            .zip(self.0)
            .any(|(each, is_in)| *each == field && is_in)
    }
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

impl Query {
    /// The clauses that say what to find: neither exclusions nor ignored function words.
    pub fn wanted(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.iter().filter(|clause| clause.is_wanted())
    }

    /// The clauses that say what must be absent.
    pub fn excluded(&self) -> impl Iterator<Item = &Clause> {
        self.clauses
            .iter()
            .filter(|clause| clause.occur == Occur::MustNot)
    }

    /// The words and phrases that are wanted, those in groups and near others among them, in the order of the input.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        let mut texts = Vec::new();
        self.wanted()
            .for_each(|clause| clause.collect_texts(&mut texts));
        texts.into_iter()
    }

    /// The patterns that are wanted, those in groups among them.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        let mut patterns = Vec::new();
        self.wanted()
            .for_each(|clause| clause.collect_patterns(&mut patterns));
        patterns.into_iter()
    }

    /// The terms of the texts that are wanted.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.texts().flat_map(|text| &text.terms)
    }

    /// Calls `change` for every clause, those in groups among them.
    pub fn for_each_clause_mut(&mut self, change: &mut dyn FnMut(&mut Clause)) {
        self.clauses
            .iter_mut()
            .for_each(|clause| clause.for_each_mut(change));
    }

    /// Calls `change` for every word and phrase.
    pub fn for_each_text_mut(&mut self, mut change: impl FnMut(&mut Text)) {
        self.for_each_clause_mut(&mut |clause| match &mut clause.kind {
            ClauseKind::Text(text) => change(text),
            ClauseKind::Near { texts, .. } => texts.iter_mut().for_each(&mut change),
            ClauseKind::Pattern(_)
            | ClauseKind::Any(_)
            | ClauseKind::All(_)
            | ClauseKind::Filter(_) => {}
        });
    }

    /// Whether it is of a kind that may take long whatever it finds: it holds a pattern, words near one another, or a phrase
    /// with gaps, excluded or not.
    pub fn is_costly(&self) -> bool {
        self.clauses.iter().any(Clause::is_costly)
    }

    /// Holds every word to its form, as `=` before each would.
    pub fn hold_to_form(&mut self) {
        self.for_each_text_mut(|text| text.level = Level::Exact);
    }
}

impl Clause {
    /// The words of a phrase or of texts near one another, each as a text of its own; `None` of any other clause.
    pub fn loose_words(&self) -> Option<Vec<Text>> {
        let texts = match &self.kind {
            ClauseKind::Text(text) if text.terms.len() > 1 => std::slice::from_ref(text),
            ClauseKind::Near { texts, .. } => texts.as_slice(),
            ClauseKind::Text(_)
            | ClauseKind::Pattern(_)
            | ClauseKind::Any(_)
            | ClauseKind::All(_)
            | ClauseKind::Filter(_) => return None,
        };
        let words = texts
            .iter()
            .flat_map(|text| text.terms.iter().map(move |term| (text, term)));
        Some(
            words
                .map(|(text, term)| Text {
                    terms: vec![term.clone()],
                    gaps: 0,
                    ..text.clone()
                })
                .collect(),
        )
    }

    fn is_costly(&self) -> bool {
        match &self.kind {
            ClauseKind::Text(text) => text.gaps > 0,
            ClauseKind::Near { .. } | ClauseKind::Pattern(_) => true,
            ClauseKind::Any(clauses) | ClauseKind::All(clauses) => {
                clauses.iter().any(Self::is_costly)
            }
            ClauseKind::Filter(_) => false,
        }
    }

    fn is_wanted(&self) -> bool {
        self.occur != Occur::MustNot && !self.is_ignored
    }

    fn collect_texts<'a>(&'a self, texts: &mut Vec<&'a Text>) {
        match &self.kind {
            ClauseKind::Text(text) => texts.push(text),
            ClauseKind::Near { texts: near, .. } => texts.extend(near),
            ClauseKind::Any(clauses) | ClauseKind::All(clauses) => {
                clauses
                    .iter()
                    .filter(|clause| clause.is_wanted())
                    .for_each(|clause| clause.collect_texts(texts));
            }
            ClauseKind::Pattern(_) | ClauseKind::Filter(_) => {}
        }
    }

    fn collect_patterns<'a>(&'a self, patterns: &mut Vec<&'a Pattern>) {
        match &self.kind {
            ClauseKind::Pattern(pattern) => patterns.push(pattern),
            ClauseKind::Any(clauses) | ClauseKind::All(clauses) => {
                clauses
                    .iter()
                    .filter(|clause| clause.is_wanted())
                    .for_each(|clause| clause.collect_patterns(patterns));
            }
            ClauseKind::Text(_) | ClauseKind::Near { .. } | ClauseKind::Filter(_) => {}
        }
    }

    fn for_each_mut(&mut self, change: &mut dyn FnMut(&mut Self)) {
        change(self);
        if let ClauseKind::Any(clauses) | ClauseKind::All(clauses) = &mut self.kind {
            clauses
                .iter_mut()
                .for_each(|clause| clause.for_each_mut(change));
        }
    }
}
