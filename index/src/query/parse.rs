//! The parser: total, one pass over the input for the signs, one analysis of it for the words.
//!
//! The input is analysed whole, as an article would be, and every token then goes to the quoted or unquoted stretch it
//! stands in: so a proclitic before a quote (`لـ«مجلس`) is treated alike in queries and in articles.

use super::{Clause, Notice, NoticeCode, Occur, Query, Term};
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
            let occur = if stretch.is_excluded { Occur::MustNot } else { Occur::Must };
            clauses.push(clause(input, occur, &inside));
        } else {
            let occur = if stretch.is_excluded { Occur::MustNot } else { Occur::Should };
            clauses.extend(inside.chunk_by(|a, b| is_one_word(input, a, b)).map(|word| clause(input, occur, word)));
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
}

/// Cuts the input at quotes and white space. Any quote closes any quote: pairs are often mismatched.
fn stretches(input: &str, notices: &mut Vec<Notice>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut is_excluded = false;
    let mut start = 0;
    let mut rest = input.char_indices().peekable();
    let mut before = ' ';
    let push = |stretches: &mut Vec<Stretch>, from: usize, to: usize, is_excluded: bool| {
        if from < to {
            stretches.push(Stretch { span: Span::new(from, to), is_quoted: false, is_excluded });
        }
    };
    while let Some((offset, character)) = rest.next() {
        let next = offset + character.len_utf8();
        if is_quote(character) {
            if let Some(length) = input[next..].find(is_quote) {
                push(&mut stretches, start, offset, is_excluded);
                let close = next + length;
                let end = close + input[close..].chars().next().map_or(0, char::len_utf8);
                stretches.push(Stretch {
                    span: Span::new(offset, end),
                    is_quoted: true,
                    is_excluded: is_excluded && before == '-',
                });
                while rest.next_if(|(at, _)| *at < end).is_some() {}
                (start, is_excluded, before) = (end, false, ' ');
                continue;
            }
            notices.push(Notice { code: NoticeCode::UnclosedQuote, span: Span::new(offset, next) });
        } else if character.is_whitespace() {
            push(&mut stretches, start, offset, is_excluded);
            (start, is_excluded) = (next, false);
        } else if is_minus(character) && before.is_whitespace() {
            // A minus excludes what directly follows it; before white space it is a dash.
            is_excluded = rest.peek().is_some_and(|(_, after)| !after.is_whitespace() && !is_minus(*after));
        }
        before = if is_minus(character) { '-' } else { character };
    }
    push(&mut stretches, start, input.len(), is_excluded);
    stretches
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '«' | '»' | '“' | '”' | '„' | '‟' | '〝' | '〞' | '＂')
}

fn is_minus(character: char) -> bool {
    matches!(character, '-' | '\u{2212}')
}

/// Whether two neighbouring tokens were written as one: `G20`, `كوفيد-19`, `#وسم_عربي`, `example.org`; but not
/// two Arabic words with a sign between them.
fn is_one_word(input: &str, a: &Token, b: &Token) -> bool {
    let gap = input.get(a.span.end..b.span.start).unwrap_or(" ");
    let both_arabic = a.kind == Kind::Arabic && b.kind == Kind::Arabic;
    let joins = |c: char| c == '_' || (!both_arabic && matches!(c, '-' | '.' | '/' | ':' | '@' | '&' | '\'' | '’'));
    gap.chars().filter(|c| !crate::analysis::chars::is_format(*c)).all(joins)
}

fn clause(input: &str, occur: Occur, tokens: &[Token]) -> Clause {
    let span = match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
        _ => Span::new(0, 0),
    };
    let terms = tokens
        .iter()
        .map(|token| Term {
            text: token.span.slice(input).to_owned(),
            surface: token.surface.clone(),
            stem: token.stem.clone(),
        })
        .collect();
    Clause { occur, span, terms, is_ignored: false }
}

/// Function words count only where the query holds nothing else to find; in phrases they always count.
fn ignore_stop_words(clauses: &mut [Clause]) {
    let is_stop = |clause: &Clause| match clause.terms.as_slice() {
        [term] => clause.occur == Occur::Should && is_stop_word(&term.surface),
        _ => false,
    };
    if clauses.iter().any(|clause| clause.occur != Occur::MustNot && !is_stop(clause)) {
        for clause in clauses {
            clause.is_ignored = is_stop(clause);
        }
    }
}
