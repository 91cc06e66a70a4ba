//! Iterates over the clauses of a query, and over the texts, patterns and terms in them.

use std::iter::once;
use std::slice;

use super::{Clause, ClauseKind, IndexForm, Level, Occur, Pattern, Query, QueryTerm, Scope, Text};
use crate::document::Field;
use fihrist_arabic::{Span, Token};

/// A pattern, a `NEAR` and a phrase with gaps are as much work as this many words.
pub const WORDS_OF_COSTLY_CLAUSE: usize = 80;

impl Query {
    /// Returns the clauses that are searched for: neither exclusions nor ignored stop words.
    pub fn wanted(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.iter().filter(|clause| clause.is_wanted())
    }

    /// Returns the excluded clauses.
    pub fn excluded(&self) -> impl Iterator<Item = &Clause> {
        self.clauses
            .iter()
            .filter(|clause| clause.occur == Occur::MustNot)
    }

    /// Returns the words and phrases that are searched for, in the order of the input. Those in
    /// groups and in a `NEAR` are included.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        self.all_wanted().into_iter().flat_map(Clause::texts)
    }

    /// Returns the patterns that are searched for, including those in groups.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.all_wanted().into_iter().filter_map(|clause| {
            let ClauseKind::Pattern(pattern) = &clause.kind else {
                return None;
            };
            Some(pattern)
        })
    }

    /// Returns the terms of the words and phrases that are searched for.
    pub fn terms(&self) -> impl Iterator<Item = &QueryTerm> {
        self.texts().flat_map(|text| &text.terms)
    }

    /// Returns the stop words that are ignored, in the order of the input.
    pub fn ignored(&self) -> impl Iterator<Item = &Text> {
        let wanted = self.all_wanted().into_iter().flat_map(Clause::parts);
        let mut ignored: Vec<&Text> = self
            .clauses
            .iter()
            .chain(wanted)
            .filter(|clause| clause.is_ignored)
            .flat_map(Clause::texts)
            .collect();
        ignored.sort_by_key(|text| text.span);
        ignored.into_iter()
    }

    /// Calls `change` for every clause, including those in groups.
    pub fn for_each_clause_mut(&mut self, change: &mut dyn FnMut(&mut Clause)) {
        Clause::for_each_mut(&mut self.clauses, |_| true, change);
    }

    /// Calls `change` for every word and phrase, including those in groups and in a `NEAR`.
    pub fn for_each_text_mut(&mut self, mut change: impl FnMut(&mut Text)) {
        self.for_each_clause_mut(&mut |clause| clause.texts_mut().iter_mut().for_each(&mut change));
    }

    /// Returns how much work the query is, counted in words, excluded ones included. A pattern, a
    /// `NEAR` and a phrase with gaps may be slow even if they find little, so each counts as
    /// [`WORDS_OF_COSTLY_CLAUSE`] words more.
    pub fn work_words(&self) -> usize {
        self.clauses.iter().map(Clause::work_words).sum()
    }

    /// Returns the wanted clauses and the wanted clauses in them, in the order of the input.
    fn all_wanted(&self) -> Vec<&Clause> {
        fn collect<'a>(clauses: &'a [Clause], all: &mut Vec<&'a Clause>) {
            for clause in clauses.iter().filter(|clause| clause.is_wanted()) {
                all.push(clause);
                collect(clause.parts(), all);
            }
        }
        let mut all = Vec::new();
        collect(&self.clauses, &mut all);
        all
    }
}

impl QueryTerm {
    /// Returns the word of a token of `input`, without related stems.
    pub fn new(token: &Token, input: &str) -> Self {
        Self {
            text: token.span.slice(input).to_owned(),
            surface: token.surface.clone(),
            form: token.form(input),
            stem: token.stem.clone(),
            related: Vec::new(),
            forms: Vec::new(),
            typed_first: 0.0,
            others: Vec::new(),
            joined: None,
            parts: None,
        }
    }

    /// Returns the word's own term at this level.
    pub fn at(&self, level: Level) -> &str {
        match level {
            Level::Exact => &self.form,
            Level::Stem => &self.stem,
        }
    }

    /// Returns the terms that stand for the word at this level: its own, then the related stems if
    /// it is the level of stems.
    pub fn all_at(&self, level: Level) -> impl Iterator<Item = &str> {
        let related = self.related.iter().filter(move |_| level == Level::Stem);
        once(self.at(level)).chain(related.map(|related| related.stem.as_str()))
    }

    /// Returns the terms that match in place of the word in a text of `words` words. In a phrase,
    /// it is the word's own term only: related stems of these words only add to the score.
    pub fn all_in(&self, level: Level, words: usize) -> impl Iterator<Item = &str> {
        let most = if words == 1 { usize::MAX } else { 1 };
        self.all_at(level).take(most)
    }
}

impl IndexForm {
    /// Returns the document frequency in the field of the scope in which it is highest.
    pub fn frequency(&self, scope: Scope) -> u64 {
        let fields = Field::ALL.into_iter().zip(self.frequencies);
        let in_scope = fields.filter(|(field, _)| scope.contains(*field));
        let frequencies = in_scope.map(|(_, frequency)| frequency);
        frequencies.max().unwrap_or_default()
    }
}

impl Clause {
    /// Returns a clause that is not ignored.
    pub const fn new(occur: Occur, span: Span, kind: ClauseKind) -> Self {
        Self {
            occur,
            span,
            kind,
            is_ignored: false,
        }
    }

    /// Returns the words and phrases of the clause itself: one for a word or a phrase, several for a
    /// `NEAR`, none for any other clause.
    pub fn texts(&self) -> &[Text] {
        match &self.kind {
            ClauseKind::Text(text) => slice::from_ref(text),
            ClauseKind::Near { texts, .. } => texts,
            ClauseKind::Pattern(_)
            | ClauseKind::Any(_)
            | ClauseKind::All(_)
            | ClauseKind::Filter(_) => &[],
        }
    }

    /// Returns the same as [`texts`](Self::texts), to be changed.
    pub fn texts_mut(&mut self) -> &mut [Text] {
        match &mut self.kind {
            ClauseKind::Text(text) => slice::from_mut(text),
            ClauseKind::Near { texts, .. } => texts,
            ClauseKind::Pattern(_)
            | ClauseKind::Any(_)
            | ClauseKind::All(_)
            | ClauseKind::Filter(_) => &mut [],
        }
    }

    /// Returns the clauses of a group; none for any other clause.
    pub fn parts(&self) -> &[Self] {
        match &self.kind {
            ClauseKind::Any(clauses) | ClauseKind::All(clauses) => clauses,
            ClauseKind::Text(_)
            | ClauseKind::Near { .. }
            | ClauseKind::Pattern(_)
            | ClauseKind::Filter(_) => &[],
        }
    }

    /// Calls `change` for the clauses that `enters` accepts, and for the clauses in them.
    pub fn for_each_mut(
        clauses: &mut [Self],
        enters: fn(&Self) -> bool,
        change: &mut dyn FnMut(&mut Self),
    ) {
        for clause in clauses.iter_mut().filter(|clause| enters(clause)) {
            change(clause);
            if let ClauseKind::Any(parts) | ClauseKind::All(parts) = &mut clause.kind {
                Self::for_each_mut(parts, enters, change);
            }
        }
    }

    /// Returns each word of a phrase or of a `NEAR` as a text of its own; `None` for any other
    /// clause. Several terms that are typed as one word stay together.
    pub fn single_words(&self) -> Option<Vec<Text>> {
        let is_near = matches!(self.kind, ClauseKind::Near { .. });
        let is_word = |text: &Text| text.terms.len() == 1 || text.is_one_word;
        if !is_near && self.texts().iter().all(is_word) {
            return None;
        }
        let mut words = Vec::new();
        for text in self.texts() {
            if text.is_one_word {
                words.push(text.clone());
                continue;
            }
            for term in &text.terms {
                words.push(Text {
                    terms: vec![term.clone()],
                    gaps: 0,
                    ..text.clone()
                });
            }
        }
        Some(words)
    }

    fn work_words(&self) -> usize {
        let is_costly = matches!(self.kind, ClauseKind::Near { .. } | ClauseKind::Pattern(_))
            || self.texts().iter().any(|text| text.gaps > 0);
        let words = self.texts().iter().map(|text| text.terms.len());
        words.sum::<usize>()
            + usize::from(is_costly) * WORDS_OF_COSTLY_CLAUSE
            + self.parts().iter().map(Self::work_words).sum::<usize>()
    }

    fn is_wanted(&self) -> bool {
        self.occur != Occur::MustNot && !self.is_ignored
    }
}
