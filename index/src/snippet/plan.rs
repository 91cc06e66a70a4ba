//! A query prepared for finding its terms in articles. It is made once for each query and used for
//! every hit.
//!
//! The query `وزير "وقف إطلاق"` has two leaves: the phrase of word 0, and the phrase of the words 1
//! and 2. The tokens of an article are looked up by stem and by folded word, which gives the
//! numbers of the query's words. `matches` then finds the phrases of these numbers.

use rustc_hash::FxHashMap;

use crate::query::{Clause, ClauseKind, Level, Occur, Query, QueryTerm, Scope, Text, writings_of};
use fihrist_arabic::{TermFilter, TokenRef};

/// A query, prepared for finding its matches in articles.
pub(super) struct QueryPlan<'q> {
    /// The numbers of the query's words that match by this stem.
    by_stem: FxHashMap<&'q str, Vec<usize>>,
    /// The numbers of the query's words that match by this folded word. If a form is given, the
    /// token must also have this form.
    by_surface: FxHashMap<&'q str, Vec<(usize, Option<&'q str>)>>,
    /// A filter that accepts tokens with a stem or a folded word of the two maps. A token that it
    /// rejects matches no word of the query.
    pub filter: TermFilter,
    /// The number of words in the query.
    pub word_count: usize,
    pub leaves: Vec<Leaf>,
    nodes: Vec<PlanNode>,
}

/// A word, phrase, pattern or `NEAR` of the query: a part that matches at positions.
pub(super) struct Leaf {
    pub scope: Scope,
    pub kind: LeafKind,
}

pub(super) enum LeafKind {
    Phrase(Phrase),
    Near { phrases: Vec<Phrase>, distance: u32 },
}

/// The numbers of the query's words that must follow one another, and the number of words allowed
/// between them.
pub(super) struct Phrase {
    pub words: Vec<usize>,
    pub gaps: u32,
}

/// How the leaves combine to the query, as a tree.
enum PlanNode {
    Leaf(usize),
    Any(Vec<Self>),
    /// All of the nodes must match, except those whose flag says that they are excluded.
    All(Vec<(bool, Self)>),
    /// A clause without text, such as a filter.
    Other,
}

impl<'q> QueryPlan<'q> {
    pub fn new(query: &'q Query) -> Self {
        let mut plan = Self {
            by_stem: FxHashMap::default(),
            by_surface: FxHashMap::default(),
            filter: TermFilter::default(),
            word_count: 0,
            leaves: Vec::new(),
            nodes: Vec::new(),
        };
        let nodes = query.wanted().map(|clause| plan.node(clause)).collect();
        for stem in plan.by_stem.keys() {
            plan.filter.add_stem(stem);
        }
        for surface in plan.by_surface.keys() {
            plan.filter.add_surface(surface);
        }
        Self { nodes, ..plan }
    }

    /// Calls `found` with the number of each word of the query that the token matches. `form`
    /// returns the form of the token; it is called only when needed.
    pub fn for_each_word(
        &self,
        token: TokenRef<'_>,
        form: impl FnOnce() -> String,
        mut found: impl FnMut(usize),
    ) {
        if let Some(words) = self.by_stem.get(token.stem()) {
            words.iter().for_each(|word| found(*word));
        }
        if let Some(words) = self.by_surface.get(token.surface()) {
            let form = form();
            words
                .iter()
                .filter(|(_, spelled)| spelled.is_none_or(|spelled| spelled == form))
                .for_each(|(word, _)| found(*word));
        }
    }

    /// Returns for each leaf whether its matches are marked. `found` says which leaves match in an
    /// article. A leaf is not marked if it belongs to an alternative that does not match.
    pub fn marked(&self, found: &[bool]) -> Vec<bool> {
        let mut marked = vec![false; self.leaves.len()];
        self.nodes
            .iter()
            .filter(|node| node.holds(found))
            .for_each(|node| node.mark(found, &mut marked));
        marked
    }

    fn node(&mut self, clause: &'q Clause) -> PlanNode {
        match &clause.kind {
            ClauseKind::Text(text) => {
                let mut leaves = Vec::new();
                for words in text.writings() {
                    let kind = LeafKind::Phrase(self.phrase(text, &words));
                    leaves.push(self.leaf(text.scope, kind));
                }
                PlanNode::Any(leaves)
            }
            ClauseKind::Near { texts, distance } => {
                let scope = texts.first().map_or(Scope::ALL, |text| text.scope);
                let distance = *distance;
                let mut leaves = Vec::new();
                for writings in writings_of(texts) {
                    let texts = texts.iter().zip(&writings);
                    let phrases = texts
                        .map(|(text, words)| self.phrase(text, words))
                        .collect();
                    leaves.push(self.leaf(scope, LeafKind::Near { phrases, distance }));
                }
                PlanNode::Any(leaves)
            }
            ClauseKind::Pattern(pattern) => {
                let number = self.word();
                for word in &pattern.words {
                    self.by_surface
                        .entry(word)
                        .or_default()
                        .push((number, None));
                }
                let words = vec![number];
                self.leaf(pattern.scope, LeafKind::Phrase(Phrase { words, gaps: 0 }))
            }
            ClauseKind::Any(clauses) => {
                PlanNode::Any(clauses.iter().map(|clause| self.node(clause)).collect())
            }
            ClauseKind::All(clauses) => {
                let wanted = clauses.iter().filter(|clause| !clause.is_ignored);
                let node = |clause: &'q Clause| (clause.occur == Occur::MustNot, self.node(clause));
                PlanNode::All(wanted.map(node).collect())
            }
            ClauseKind::Filter(_) => PlanNode::Other,
        }
    }

    fn leaf(&mut self, scope: Scope, kind: LeafKind) -> PlanNode {
        self.leaves.push(Leaf { scope, kind });
        PlanNode::Leaf(self.leaves.len() - 1)
    }

    fn word(&mut self) -> usize {
        self.word_count += 1;
        self.word_count - 1
    }

    /// Adds the words of one writing of a text, and returns their phrase.
    fn phrase(&mut self, text: &Text, writing: &[&'q QueryTerm]) -> Phrase {
        let mut words = Vec::with_capacity(writing.len());
        for term in writing {
            let number = self.word();
            match text.level {
                Level::Exact => self
                    .by_surface
                    .entry(&term.surface)
                    .or_default()
                    .push((number, Some(&term.form))),
                Level::Stem => {
                    for stem in term.all_in(Level::Stem, writing.len()) {
                        self.by_stem.entry(stem).or_default().push(number);
                    }
                }
            }
            words.push(number);
        }
        Phrase {
            words,
            gaps: text.gaps,
        }
    }
}

impl PlanNode {
    fn holds(&self, found: &[bool]) -> bool {
        match self {
            Self::Leaf(leaf) => found[*leaf],
            Self::Any(nodes) => nodes.iter().any(|node| node.holds(found)),
            Self::All(nodes) => nodes
                .iter()
                .all(|(is_excluded, node)| node.holds(found) != *is_excluded),
            // The article is a hit, so it passes the filter.
            Self::Other => true,
        }
    }

    fn mark(&self, found: &[bool], marked: &mut [bool]) {
        match self {
            Self::Leaf(leaf) => marked[*leaf] = true,
            Self::Any(nodes) => nodes
                .iter()
                .filter(|node| node.holds(found))
                .for_each(|node| node.mark(found, marked)),
            Self::All(nodes) => {
                nodes
                    .iter()
                    .filter(|(is_excluded, _)| !is_excluded)
                    .for_each(|(_, node)| node.mark(found, marked));
            }
            Self::Other => {}
        }
    }
}
