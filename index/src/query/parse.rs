//! The parser: total, one pass over the input for the signs, one analysis of it for the words.
//!
//! The input is analysed whole, as an article would be, and every token then goes to the quoted or unquoted stretch it
//! stands in: so a proclitic before a quote (`لـ«مجلس`) is treated alike in queries and in articles.

use super::{Clause, Level, Notice, NoticeCode, Occur, Query, Term};
use crate::analysis::{Analyzer, Kind, Token, is_stop_word};
use crate::span::Span;

/// Understands what a person typed. Never fails, for any string.
pub fn parse(input: &str, analyzer: &Analyzer) -> Query {
    let mut notices = Vec::new();
    let stretches = stretches(input, &mut notices);
    // A whole is searched by its parts: `#وسم_عربي` also finds the words written apart.
    let mut tokens = analyzer.analyze(input).into_iter().filter(|token| token.kind != Kind::Whole).peekable();
    let mut clauses = Vec::new();
    for stretch in &stretches {
        let mut inside = Vec::new();
        while let Some(token) = tokens.next_if(|token| token.span.start < stretch.span.end) {
            inside.push(token);
        }
        if inside.is_empty() {
            if stretch.is_quoted {
                notices.push(Notice { code: NoticeCode::EmptyPhrase, span: stretch.span });
            }
        } else if stretch.is_quoted {
            let occur = match (stretch.is_excluded, inside.len()) {
                (true, _) => Occur::MustNot,
                // Quotes around one word mark a name or a doubt, not an order.
                (false, 1) => Occur::Should,
                (false, _) => Occur::Must,
            };
            clauses.push(clause(input, occur, stretch.level, &inside));
        } else {
            let occur = if stretch.is_excluded { Occur::MustNot } else { Occur::Should };
            let words = inside.chunk_by(|a, b| is_one_word(input, a, b));
            clauses.extend(words.map(|word| clause(input, occur, stretch.level, word)));
        }
    }
    ignore_stop_words(&mut clauses);
    if clauses.is_empty() {
        notices.push(Notice { code: NoticeCode::NoWords, span: Span::new(0, input.len()) });
    }
    Query { input: input.to_owned(), clauses, notices }
}

/// A part of the input that is read in one way: between quotes, or without white space.
struct Stretch {
    span: Span,
    is_quoted: bool,
    is_excluded: bool,
    level: Level,
}

/// Cuts the input at quotes and white space. Any quote closes any quote: pairs are often mismatched.
fn stretches(input: &str, notices: &mut Vec<Notice>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let (mut is_excluded, mut level) = (false, Level::Stem);
    let mut start = 0;
    let mut rest = input.char_indices().peekable();
    // Whether all since the last white space or quote was signs: only there a sign is one.
    let mut only_signs = true;
    let push = |stretches: &mut Vec<Stretch>, from: usize, to: usize, is_excluded: bool, level: Level| {
        if from < to {
            stretches.push(Stretch { span: Span::new(from, to), is_quoted: false, is_excluded, level });
        }
    };
    while let Some((offset, character)) = rest.next() {
        let next = offset + character.len_utf8();
        if is_quote(character) {
            if let Some(length) = input[next..].find(is_quote) {
                push(&mut stretches, start, offset, is_excluded, level);
                let close = next + length;
                let end = close + input[close..].chars().next().map_or(0, char::len_utf8);
                stretches.push(Stretch {
                    span: Span::new(offset, end),
                    is_quoted: true,
                    is_excluded: is_excluded && only_signs,
                    level: if only_signs { level } else { Level::Stem },
                });
                while rest.next_if(|(at, _)| *at < end).is_some() {}
                (start, is_excluded, level, only_signs) = (end, false, Level::Stem, true);
                continue;
            }
            notices.push(Notice { code: NoticeCode::UnclosedQuote, span: Span::new(offset, next) });
        } else if character.is_whitespace() {
            push(&mut stretches, start, offset, is_excluded, level);
            (start, is_excluded, level, only_signs) = (next, false, Level::Stem, true);
            continue;
        } else if only_signs && is_sign(character) {
            // A sign says something of what directly follows it; before white space or its like it is text.
            let is_one = rest.peek().is_some_and(|(_, after)| {
                !(after.is_whitespace() || is_sign(*after) && is_minus(*after) == is_minus(character))
            });
            if is_minus(character) && level == Level::Stem {
                is_excluded = is_one;
            } else if !is_minus(character) && is_one {
                level = Level::Exact;
            }
            only_signs = is_one;
            continue;
        }
        only_signs = false;
    }
    push(&mut stretches, start, input.len(), is_excluded, level);
    stretches
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '«' | '»' | '“' | '”' | '„' | '‟' | '〝' | '〞' | '＂')
}

fn is_minus(character: char) -> bool {
    matches!(character, '-' | '\u{2212}')
}

/// `-` excludes, `=` holds to the form.
fn is_sign(character: char) -> bool {
    is_minus(character) || character == '='
}

/// Whether two neighbouring tokens were written as one: `G20`, `كوفيد-19`, `#وسم_عربي`, `example.org`; but not
/// two Arabic words with a sign between them.
fn is_one_word(input: &str, a: &Token, b: &Token) -> bool {
    let gap = input.get(a.span.end..b.span.start).unwrap_or(" ");
    let both_arabic = a.kind == Kind::Arabic && b.kind == Kind::Arabic;
    let joins = |c: char| c == '_' || (!both_arabic && matches!(c, '-' | '.' | '/' | ':' | '@' | '&' | '\'' | '’'));
    gap.chars().filter(|c| !crate::analysis::chars::is_format(*c)).all(joins)
}

fn clause(input: &str, occur: Occur, level: Level, tokens: &[Token]) -> Clause {
    let span = match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
        _ => Span::new(0, 0),
    };
    let terms = tokens
        .iter()
        .map(|token| Term {
            text: token.span.slice(input).to_owned(),
            surface: token.surface.clone(),
            form: token.form(input),
            stem: token.stem.clone(),
            related: Vec::new(),
        })
        .collect();
    Clause { occur, span, terms, level, is_ignored: false }
}

/// Function words count only where the query holds nothing else to find; in phrases they always count.
fn ignore_stop_words(clauses: &mut [Clause]) {
    let is_stop = |clause: &Clause| match clause.terms.as_slice() {
        [term] => clause.occur == Occur::Should && clause.level == Level::Stem && is_stop_word(&term.surface),
        _ => false,
    };
    if clauses.iter().any(|clause| clause.occur != Occur::MustNot && !is_stop(clause)) {
        for clause in clauses {
            clause.is_ignored = is_stop(clause);
        }
    }
}
