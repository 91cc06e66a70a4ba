//! Iterates over the clauses of a query, and over the texts, patterns and terms in them.

use super::{Clause, ClauseKind, Level, Occur, Pattern, Query, QueryTerm, Text};
use fihrist_arabic::Span;

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
        let mut texts = Vec::new();
        for clause in self.wanted() {
            clause.collect_texts(&mut texts);
        }
        texts.into_iter()
    }

    /// Returns the patterns that are searched for, including those in groups.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        let mut patterns = Vec::new();
        for clause in self.wanted() {
            clause.collect_patterns(&mut patterns);
        }
        patterns.into_iter()
    }

    /// Returns the terms of the words and phrases that are searched for.
    pub fn terms(&self) -> impl Iterator<Item = &QueryTerm> {
        self.texts().flat_map(|text| &text.terms)
    }

    /// Calls `change` for every clause, including those in groups.
    pub fn for_each_clause_mut(&mut self, change: &mut dyn FnMut(&mut Clause)) {
        for clause in &mut self.clauses {
            clause.for_each_mut(change);
        }
    }

    /// Calls `change` for every word and phrase, including those in groups and in a `NEAR`.
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

    /// Returns whether the query may be slow even if it finds little. It is if it has a pattern, a
    /// `NEAR`, or a phrase with gaps, excluded or not.
    pub fn is_costly(&self) -> bool {
        self.clauses.iter().any(Clause::is_costly)
    }

    /// Makes every word match by its form only, as if `=` were typed before each word.
    pub fn require_exact_forms(&mut self) {
        self.for_each_text_mut(|text| text.level = Level::Exact);
    }
}

impl Clause {
    pub(super) const fn new(occur: Occur, span: Span, kind: ClauseKind) -> Self {
        Self {
            occur,
            span,
            kind,
            is_ignored: false,
        }
    }

    /// Returns each word of a phrase or of a `NEAR` as a text of its own; `None` for any other
    /// clause.
    pub fn single_words(&self) -> Option<Vec<Text>> {
        let texts = match &self.kind {
            ClauseKind::Text(text) if text.terms.len() > 1 => std::slice::from_ref(text),
            ClauseKind::Near { texts, .. } => texts.as_slice(),
            ClauseKind::Text(_)
            | ClauseKind::Pattern(_)
            | ClauseKind::Any(_)
            | ClauseKind::All(_)
            | ClauseKind::Filter(_) => return None,
        };
        let mut words = Vec::new();
        for text in texts {
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
                for clause in clauses.iter().filter(|clause| clause.is_wanted()) {
                    clause.collect_texts(texts);
                }
            }
            ClauseKind::Pattern(_) | ClauseKind::Filter(_) => {}
        }
    }

    fn collect_patterns<'a>(&'a self, patterns: &mut Vec<&'a Pattern>) {
        match &self.kind {
            ClauseKind::Pattern(pattern) => patterns.push(pattern),
            ClauseKind::Any(clauses) | ClauseKind::All(clauses) => {
                for clause in clauses.iter().filter(|clause| clause.is_wanted()) {
                    clause.collect_patterns(patterns);
                }
            }
            ClauseKind::Text(_) | ClauseKind::Near { .. } | ClauseKind::Filter(_) => {}
        }
    }

    fn for_each_mut(&mut self, change: &mut dyn FnMut(&mut Self)) {
        change(self);
        if let ClauseKind::Any(clauses) | ClauseKind::All(clauses) = &mut self.kind {
            for clause in clauses {
                clause.for_each_mut(change);
            }
        }
    }
}
