//! Finds the words of an article that match a query. A phrase gives one match, from its first to
//! its last word. In a phrase with gaps, each word is a match. The words of a `NEAR` match only if
//! they are near one another.

use super::plan::{LeafKind, Phrase};
use super::{Highlight, Highlighter, Matched};
use crate::deadline::DeadlineChecker;
use crate::document::{Article, Field};
use crate::parallel::warm_in_background;
use crate::query::intervals::{self, Interval};
use fihrist_arabic::{Analyzer, Pretokenized, Span, TokenKind, TokenRef};

/// The cost of analysing an article segment, in steps of the deadline checker.
const STEPS_A_SEGMENT: u32 = 256;

/// The cost of analysing a word, in steps of the deadline checker.
const STEPS_A_WORD: u32 = 8;

/// A range of an article's text that matches a leaf of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    /// The range to mark, in the stored text.
    pub span: Span,
    /// The index of the leaf in the query's plan.
    pub leaf: usize,
    /// The numbers of the sentences in which the match begins and ends.
    pub sentences: (u32, u32),
}

/// A word of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FieldWord {
    pub span: Span,
    /// The number of its sentence, counted from the beginning of the field.
    pub sentence: u32,
}

/// The words of a field and the matches among them.
#[derive(Debug, Default)]
pub(super) struct FieldMatches {
    /// The words of the field; the index of a word is its position. Words and sentences continue
    /// from segment to segment. Wholes such as hashtags are left out, since their parts follow.
    pub words: Vec<FieldWord>,
    /// The matches, in the order of their beginnings.
    pub matches: Vec<Match>,
}

/// Finds the matches of a query in all fields of an article, analysing each field once.
pub(super) fn find(
    article: &Article,
    pretokenized: &Pretokenized,
    highlighter: &Highlighter<'_>,
) -> Matched {
    let plan = &highlighter.plan;
    let mut fields = Field::ALL.map(|field| find_in(article, pretokenized, field, highlighter));
    warm_in_background(highlighter.analyzer);
    let mut found = vec![false; plan.leaves.len()];
    for found_at in fields.iter().flat_map(|field| &field.matches) {
        found[found_at.leaf] = true;
    }
    let marked = plan.marked(&found);
    for FieldMatches { matches, .. } in &mut fields {
        matches.retain(|found_at| marked[found_at.leaf]);
        matches.sort_by_key(|found_at| (found_at.span, found_at.leaf));
    }
    Matched { fields }
}

fn find_in(
    article: &Article,
    pretokenized: &Pretokenized,
    field: Field,
    highlighter: &Highlighter<'_>,
) -> FieldMatches {
    let plan = &highlighter.plan;
    let mut checker = DeadlineChecker::new(&highlighter.deadline);
    let (words, positions) = find_words(article, pretokenized, field, highlighter, &mut checker);
    let mut marks = Marks {
        text: &article.text,
        words: &words,
        analyzer: highlighter.analyzer,
        highlight: highlighter.highlight,
        matches: Vec::new(),
    };
    for (number, leaf) in plan.leaves.iter().enumerate() {
        if !leaf.scope.contains(field) {
            continue;
        }
        match &leaf.kind {
            LeafKind::Phrase(phrase) => {
                let found = intervals_of(phrase, &positions);
                marks.add(number, phrase, &positions, &found);
            }
            LeafKind::Near { phrases, distance } => {
                let found: Vec<Vec<Interval>> = phrases
                    .iter()
                    .map(|phrase| intervals_of(phrase, &positions))
                    .collect();
                let parts: Vec<&[Interval]> = found.iter().map(Vec::as_slice).collect();
                let near = intervals::near(&parts, *distance, |steps| checker.steps(steps));
                // The `NEAR` intervals ascend by start and by end. So the last interval that begins no
                // later than this phrase also ends last.
                let is_near = |(start, end): &Interval| {
                    let begin_in_time = near.partition_point(|(from, _)| from <= start);
                    begin_in_time
                        .checked_sub(1)
                        .is_some_and(|last| *end <= near[last].1)
                };
                for (phrase, found) in phrases.iter().zip(&found) {
                    let found: Vec<Interval> = found.iter().copied().filter(is_near).collect();
                    marks.add(number, phrase, &positions, &found);
                }
            }
        }
    }
    FieldMatches {
        matches: marks.matches,
        words,
    }
}

/// Analyses a field. Returns its words, and the positions of each word of the query. If the
/// deadline passes, words at the end are missing.
fn find_words(
    article: &Article,
    pretokenized: &Pretokenized,
    field: Field,
    highlighter: &Highlighter<'_>,
    checker: &mut DeadlineChecker,
) -> (Vec<FieldWord>, Vec<Vec<u32>>) {
    let plan = &highlighter.plan;
    let size_bytes = article.size_bytes_in(field);
    // In the news, a word takes eleven bytes on average.
    let mut words: Vec<FieldWord> = Vec::with_capacity(size_bytes / 10);
    let mut positions: Vec<Vec<u32>> = vec![Vec::new(); plan.word_count];
    let mut spelled = String::new();
    for segment in article.segments_in(field) {
        if checker.steps(STEPS_A_SEGMENT) {
            break;
        }
        let text = segment.slice(&article.text);
        let first_sentence = words.last().map_or(0, |last| last.sentence + 1);
        let on_token = |token: TokenRef<'_>| {
            if token.kind == TokenKind::Whole || checker.steps(STEPS_A_WORD) {
                return;
            }
            let position = u32::try_from(words.len()).unwrap_or(u32::MAX);
            if token.may_be_in(&plan.filter) {
                let form = || token.form(text, &mut spelled).to_owned();
                plan.for_each_word(token, form, |word| {
                    let positions = &mut positions[word];
                    if positions.last() != Some(&position) {
                        positions.push(position);
                    }
                });
            }
            words.push(FieldWord {
                span: token.span.shifted(segment.start),
                sentence: first_sentence + token.sentence,
            });
        };
        let analyzer = highlighter.analyzer;
        analyzer.for_each_in(&article.text, segment, pretokenized, on_token);
    }
    (words, positions)
}

fn intervals_of(phrase: &Phrase, positions: &[Vec<u32>]) -> Vec<Interval> {
    let words = phrase.words.iter();
    let positions: Vec<&[u32]> = words.map(|word| positions[*word].as_slice()).collect();
    intervals::in_order(&positions, phrase.gaps)
}

/// Collects the matches of one field.
struct Marks<'a> {
    text: &'a str,
    words: &'a [FieldWord],
    analyzer: &'a Analyzer,
    highlight: Highlight,
    matches: Vec<Match>,
}

impl Marks<'_> {
    fn add(&mut self, leaf: usize, phrase: &Phrase, positions: &[Vec<u32>], found: &[Interval]) {
        for (start, end) in found {
            if phrase.gaps == 0 || phrase.words.len() == 1 {
                self.mark(leaf, *start, *end);
                continue;
            }
            for word in &phrase.words {
                let positions = &positions[*word];
                let from = positions.partition_point(|position| position < start);
                let inside = positions[from..].iter().copied();
                for position in inside.take_while(|position| position <= end) {
                    self.mark(leaf, position, position);
                }
            }
        }
    }

    fn mark(&mut self, leaf: usize, start: u32, end: u32) {
        let (Some(first), Some(last)) =
            (self.words.get(start as usize), self.words.get(end as usize))
        else {
            return;
        };
        let span = match self.highlight {
            Highlight::Word => Span::new(first.span.start, last.span.end),
            Highlight::Stem => Span::new(self.core(first.span).start, self.core(last.span).end),
        };
        self.matches.push(Match {
            span,
            leaf,
            sentences: (first.sentence, last.sentence),
        });
    }

    fn core(&self, word: Span) -> Span {
        self.analyzer
            .core(word.slice(self.text))
            .shifted(word.start)
    }
}

/// Sorts ranges, and joins those that overlap.
pub(super) fn merge(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}
