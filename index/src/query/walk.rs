//! Walks over the clauses of a query.

use super::{Clause, ClauseKind, Level, Occur, Pattern, Query, QueryTerm, Text};

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
    pub fn terms(&self) -> impl Iterator<Item = &QueryTerm> {
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
    pub fn require_exact_forms(&mut self) {
        self.for_each_text_mut(|text| text.level = Level::Exact);
    }
}

impl Clause {
    /// The words of a phrase or of texts near one another, each as a text of its own; `None` of any other clause.
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
