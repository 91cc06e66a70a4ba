//! Chooses the passages to show: the sentences that match the most leaves of the query. Long
//! sentences are cut between words.

use super::matches::{FieldMatches, FieldWord, Match, merge};
use super::{Matched, Options, Snippet, fragments};
use crate::document::{Article, Field, SegmentKind};
use fihrist_arabic::Span;

/// The length from which a sentence is cut, in percent of the requested length.
const TOLERATED_PERCENT: usize = 150;

impl Matched {
    /// Returns the best passages of the article in reading order. If only the title matches,
    /// returns the beginning of the article.
    pub fn snippets(&self, article: &Article, options: Options) -> Vec<Snippet> {
        if options.max_snippets == 0 {
            return Vec::new();
        }
        let mut candidates = Vec::new();
        for (field, found) in Field::ALL.into_iter().zip(&self.fields) {
            if field != Field::Title && !found.matches.is_empty() {
                candidates.extend(candidates_in(article, field, found, options));
            }
        }
        let mut chosen = choose(candidates, options.max_snippets);
        chosen.sort_by_key(|candidate| candidate.span.start);
        if chosen.is_empty() {
            return lead(article, self, options).into_iter().collect();
        }
        let snippet = |candidate: PassageCandidate| Snippet {
            field: candidate.field,
            span: candidate.span,
            fragments: fragments(&article.text, candidate.span, &candidate.marks),
        };
        chosen.into_iter().map(snippet).collect()
    }
}

struct PassageCandidate {
    field: Field,
    span: Span,
    marks: Vec<Span>,
    /// The indices of the query's leaves that match in the passage, each once.
    leaves: Vec<usize>,
}

/// Returns the ranges of a field's sentences.
fn sentences_of(article: &Article, field: Field, words: &[FieldWord]) -> Vec<Span> {
    let segments: Vec<Span> = article.segments_in(field).collect();
    let mut spans = Vec::new();
    for sentence in words.chunk_by(|a, b| a.sentence == b.sentence) {
        let (Some(first), Some(last)) = (sentence.first(), sentence.last()) else {
            continue;
        };
        let words = Span::new(first.span.start, last.span.end);
        let before = segments.partition_point(|segment| segment.start <= words.start);
        let around = segments[..before].last().filter(|s| words.end <= s.end);
        let segment = around.copied().unwrap_or(words);
        spans.push(Span::new(
            sentence_start(&article.text, segment.start, words.start),
            sentence_end(&article.text, words.end, segment.end),
        ));
    }
    spans
}

/// Returns the passage around each group of matches that are in the same or in neighbouring
/// sentences.
fn candidates_in(
    article: &Article,
    field: Field,
    FieldMatches { words, matches }: &FieldMatches,
    options: Options,
) -> Vec<PassageCandidate> {
    let (text, max_chars) = (&article.text, options.max_snippet_chars);
    let sentences = sentences_of(article, field, words);
    let mut candidates: Vec<PassageCandidate> = Vec::new();
    let mut from = 0;
    while let Some(first) = matches.get(from) {
        // Matches in the same or in neighbouring sentences form one passage, even if a phrase spans
        // several sentences.
        let mut last_sentence = first.sentences.1;
        let mut to = from + 1;
        while let Some(next) = matches
            .get(to)
            .filter(|next| next.sentences.0 <= last_sentence)
        {
            last_sentence = last_sentence.max(next.sentences.1);
            to += 1;
        }
        let group = &matches[from..to];
        from = to;
        let last = last_sentence as usize;
        let start = sentences.get(first.sentences.0 as usize);
        let (Some(start), Some(end)) = (start, sentences.get(last)) else {
            continue;
        };
        let whole = Span::new(start.start, end.end);
        let spans = if chars(text, whole) * 100 > max_chars * TOLERATED_PERCENT {
            windows(text, whole, words, group, max_chars)
        } else {
            vec![extended(text, whole, &sentences[last + 1..], max_chars)]
        };
        for span in spans {
            // The matches are sorted, and a long article may have hundreds of thousands. So a
            // binary search finds the first one.
            let begin = matches.partition_point(|m| m.span.start < span.start);
            let inside = matches[begin..]
                .iter()
                .take_while(|m| m.span.start < span.end)
                .filter(|m| m.span.end <= span.end);
            let mut leaves: Vec<usize> = inside.clone().map(|m| m.leaf).collect();
            leaves.sort_unstable();
            leaves.dedup();
            let marks = merge(inside.map(|m| m.span).collect());
            candidates.push(PassageCandidate {
                field,
                span,
                marks,
                leaves,
            });
        }
    }
    candidates
}

/// Extends a short passage by the following sentences of its paragraph while they fit into
/// `max_chars`.
fn extended(text: &str, whole: Span, following: &[Span], max_chars: usize) -> Span {
    let mut span = whole;
    for next in following {
        let longer = Span::new(span.start, next.end);
        let same_paragraph = text
            .get(span.end..next.start)
            .is_some_and(|gap| !gap.contains('\n'));
        if !same_paragraph || chars(text, longer) > max_chars {
            break;
        }
        span = longer;
    }
    span
}

/// Returns the parts of a long passage that surround its matches. They begin and end between words.
fn windows(
    text: &str,
    whole: Span,
    words: &[FieldWord],
    group: &[Match],
    max_chars: usize,
) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for found in group {
        if spans.last().is_some_and(|last| found.span.end <= last.end) {
            continue;
        }
        let room = max_chars.saturating_sub(chars(text, found.span));
        let floor = spans.last().map_or(whole.start, |last| last.end);
        let start_from = |at: usize| {
            let start = words.get(words.partition_point(|word| word.span.start < at));
            start.map_or(found.span.start, |word| {
                word.span.start.min(found.span.start)
            })
        };
        // A third of the free length goes before the match: the text after a match explains it
        // better than the text before it.
        let mut start = back_by(text, found.span.start, room / 3);
        start = if start <= whole.start {
            whole.start
        } else {
            start_from(start)
        };
        if start < floor {
            start = start_from(floor);
        }
        let left = max_chars.saturating_sub(chars(text, Span::new(start, found.span.end)));
        let mut end = forward_by(text, found.span.end, left);
        end = if end >= whole.end {
            whole.end
        } else {
            let end = word_end_until(words, end).unwrap_or(found.span.end);
            end.max(found.span.end)
        };
        if start >= floor {
            spans.push(Span::new(start, end));
        }
    }
    spans
}

/// Chooses at most `max` passages that together match the most leaves of the query. Of equal
/// passages it prefers the one with more marks, then the earlier one. The chosen passages do not
/// overlap.
fn choose(mut candidates: Vec<PassageCandidate>, max: usize) -> Vec<PassageCandidate> {
    let mut chosen: Vec<PassageCandidate> = Vec::new();
    let mut covered: Vec<usize> = Vec::new();
    while chosen.len() < max {
        let worth = |candidate: &PassageCandidate| {
            let new = candidate
                .leaves
                .iter()
                .filter(|leaf| !covered.contains(leaf))
                .count();
            (
                new,
                candidate.leaves.len(),
                candidate.marks.len(),
                std::cmp::Reverse(candidate.span.start),
            )
        };
        let best = (0..candidates.len()).max_by_key(|i| candidates.get(*i).map(worth));
        let Some(best) = best.map(|i| candidates.remove(i)) else {
            break;
        };
        candidates.retain(|other| !other.span.overlaps(best.span));
        covered.extend(&best.leaves);
        chosen.push(best);
    }
    chosen
}

/// Returns the beginning of the article; used if only the title matches.
fn lead(article: &Article, matched: &Matched, options: Options) -> Option<Snippet> {
    let body = article.segments_of(SegmentKind::Body).next();
    let mut span = body
        .map(|segment| segment.span)
        .or_else(|| article.segments_in(Field::Body).next())?;
    if chars(&article.text, span) > options.max_snippet_chars {
        let end = forward_by(&article.text, span.start, options.max_snippet_chars);
        let [_, body, _] = &matched.fields;
        span.end = word_end_until(&body.words, end)
            .filter(|end| *end > span.start)
            .unwrap_or(end);
    }
    Some(Snippet {
        field: Field::Body,
        span,
        fragments: fragments(&article.text, span, &[]),
    })
}

fn chars(text: &str, span: Span) -> usize {
    span.slice(text).chars().count()
}

fn back_by(text: &str, from: usize, chars: usize) -> usize {
    text[..from]
        .char_indices()
        .rev()
        .take(chars)
        .last()
        .map_or(from, |(offset, _)| offset)
}

fn forward_by(text: &str, from: usize, chars: usize) -> usize {
    text[from..]
        .char_indices()
        .nth(chars)
        .map_or(text.len(), |(offset, _)| from + offset)
}

fn word_end_until(words: &[FieldWord], position: usize) -> Option<usize> {
    let after = words.partition_point(|word| word.span.end <= position);
    words.get(after.checked_sub(1)?).map(|word| word.span.end)
}

/// Returns the start of the sentence whose first word starts at `first_word`. The sentence starts
/// after the end of the previous one, and includes an opening quote or bracket.
fn sentence_start(text: &str, floor: usize, first_word: usize) -> usize {
    let gap = text.get(floor..first_word).unwrap_or("");
    let opening = |c: char| {
        !c.is_whitespace() && !ends_sentence(c) && !closes(c) && !matches!(c, ',' | '،' | ';' | '؛')
    };
    let tail = gap
        .char_indices()
        .rev()
        .take_while(|(_, c)| opening(*c))
        .last();
    tail.map_or(first_word, |(offset, _)| floor + offset)
}

/// Returns the end of the sentence whose last word ends at `last_word`, with its punctuation and
/// closing quotes.
fn sentence_end(text: &str, last_word: usize, ceiling: usize) -> usize {
    let rest = text.get(last_word..ceiling).unwrap_or("");
    let tail = rest
        .char_indices()
        .take_while(|(_, c)| !c.is_whitespace() && (!c.is_alphanumeric()) && !opens(*c))
        .last();
    tail.map_or(last_word, |(offset, c)| last_word + offset + c.len_utf8())
}

fn ends_sentence(character: char) -> bool {
    matches!(
        character,
        '.' | '!' | '?' | '؟' | '…' | '۔' | '。' | '\n' | '\r'
    )
}

fn closes(character: char) -> bool {
    matches!(character, '»' | '”' | ')' | ']' | '}' | '’')
}

fn opens(character: char) -> bool {
    matches!(character, '«' | '“' | '(' | '[' | '{' | '‘')
}
