//! Splits a query into lexemes: runs without white space, quotes, brackets and operators. Each
//! lexeme has the signs and the field name before it. Splitting never fails: text that is not an
//! operator is a run. This module analyses no words.

use super::notice::{Notice, NoticeCode};
use super::syntax::{
    EQUALS, FieldName, OperatorWord, STAR, field_name, is_minus, is_question_mark, is_quote,
    number_of, operator,
};
use super::{Level, Scope};
use fihrist_arabic::Span;
use fihrist_arabic::chars::{Class, class};

/// The greatest depth of nested brackets. Brackets that are nested deeper are text.
const MAX_DEPTH: usize = 16;
/// The greatest length of a field name before a colon, in bytes.
const MAX_NAME_BYTES: usize = 24;
/// The least number of letters in a pattern. A pattern with fewer letters would match too many
/// words.
const MIN_PATTERN_LETTERS: usize = 2;

/// A piece of a query: a run, a quoted text, a bracket or an operator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lexeme {
    /// The span without the signs and the field name. For quoted text, the span between the quotes.
    pub span: Span,
    pub kind: LexemeKind,
    pub prefix: Prefix,
}

/// The signs and the field name before a lexeme.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Prefix {
    pub is_excluded: bool,
    pub level: Level,
    pub name: Option<FieldName>,
}

impl Prefix {
    /// Returns the scope that the field name means; every field if there is no name.
    pub fn scope(self) -> Scope {
        match self.name {
            Some(FieldName::Scope(scope)) => scope,
            Some(FieldName::Keyword(_) | FieldName::Published) | None => Scope::ALL,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum LexemeKind {
    /// Text without white space.
    Run,
    /// A run with wildcards.
    Pattern,
    /// Text between quotes, and the number of gaps: other words that may be between its words.
    Quote {
        gaps: u32,
    },
    Open,
    Close,
    /// A word that may be an operator. `is_everyday` says whether it is also a word of everyday
    /// language.
    Operator {
        operator: OperatorWord,
        is_everyday: bool,
    },
}

/// Returns the lexemes of a query, in order.
pub(super) fn lex(input: &str, notices: &mut Vec<Notice>) -> Vec<Lexeme> {
    let brackets = brackets(input);
    let mut lexemes = Vec::new();
    let mut at = 0;
    while let Some(character) = char_at(input, at) {
        if character.is_whitespace() {
            at += character.len_utf8();
        } else if character == ')' && is_bracket(&brackets, at) {
            lexemes.push(Lexeme {
                span: Span::new(at, at + 1),
                kind: LexemeKind::Close,
                prefix: Prefix::default(),
            });
            at += 1;
        } else {
            let (lexeme, end) = lexeme(input, at, &brackets, notices);
            lexemes.push(lexeme);
            at = end;
        }
    }
    lexemes
}

/// Returns the spans of the words that a query searches for, in order. They are what stands between
/// white space, quotes and brackets, without signs and field names. Excluded words and the values of
/// filters are left out.
pub fn typed_words(input: &str) -> Vec<Span> {
    let is_searched = |lexeme: &Lexeme| {
        let is_filter = matches!(
            lexeme.prefix.name,
            Some(FieldName::Keyword(_) | FieldName::Published)
        );
        let is_text = matches!(lexeme.kind, LexemeKind::Run | LexemeKind::Quote { .. });
        is_text && !is_filter && !lexeme.prefix.is_excluded
    };
    let mut words = Vec::new();
    for lexeme in lex(input, &mut Vec::new()).into_iter().filter(is_searched) {
        let mut start = lexeme.span.start;
        for piece in lexeme
            .span
            .slice(input)
            .split_inclusive(char::is_whitespace)
        {
            let word = piece.trim_end();
            if !word.is_empty() {
                words.push(Span::new(start, start + word.len()));
            }
            start += piece.len();
        }
    }
    words
}

/// Returns the lexeme that begins at `start` with its signs, and the byte at which it ends.
fn lexeme(
    input: &str,
    start: usize,
    brackets: &[usize],
    notices: &mut Vec<Notice>,
) -> (Lexeme, usize) {
    let before = input[..start].chars().next_back();
    // A sign directly after a word or a quote is a dash.
    let is_first =
        before.is_none_or(char::is_whitespace) || start > 0 && is_bracket(brackets, start - 1);
    let (prefix, at) = if is_first {
        read_prefix(input, start)
    } else {
        (Prefix::default(), start)
    };
    let lexeme = |kind, from, to| {
        let span = Span::new(from, to);
        Lexeme { span, kind, prefix }
    };
    match char_at(input, at) {
        Some('(') if is_bracket(brackets, at) => (lexeme(LexemeKind::Open, at, at + 1), at + 1),
        Some(quote) if is_quote(quote) => {
            let from = at + quote.len_utf8();
            if let Some((length, closing)) = next_quote(&input[from..]) {
                let to = from + length;
                let (gaps, end) = read_gaps(input, to + closing.len_utf8());
                return (lexeme(LexemeKind::Quote { gaps }, from, to), end);
            }
            notices.push(NoticeCode::UnclosedQuote.at(Span::new(at, from)));
            let end = run_end(input, from, brackets);
            (lexeme(LexemeKind::Run, at, end), end)
        }
        _ => {
            let end = run_end(input, at, brackets);
            let run = &input[at..end];
            let has_prefix = at > start;
            let kind = match operator(run).filter(|_| is_first && !has_prefix) {
                Some((operator, is_everyday)) => LexemeKind::Operator {
                    operator,
                    is_everyday,
                },
                None if is_pattern(run, Span::new(at, end), notices) => LexemeKind::Pattern,
                None => LexemeKind::Run,
            };
            (lexeme(kind, at, end), end)
        }
    }
}

/// Returns the prefix of a lexeme and the byte at which it ends: signs, a field name, and a sign `=`
/// after the name.
fn read_prefix(input: &str, start: usize) -> (Prefix, usize) {
    let (mut prefix, mut end) = read_signs(input, start);
    if let Some((name, after_name)) = read_name(input, end) {
        prefix.name = Some(name);
        end = after_name;
        let is_exact =
            char_at(input, end) == Some(EQUALS) && char_at(input, end + 1).is_some_and(is_solid);
        if is_exact {
            prefix.level = Level::Exact;
            end += 1;
        }
    }
    (prefix, end)
}

/// Returns the signs before a lexeme and the byte at which they end. A sign before white space, or
/// before the same sign, is text.
fn read_signs(input: &str, start: usize) -> (Prefix, usize) {
    let mut signs = Prefix::default();
    let mut end = start;
    while let Some(sign) = char_at(input, end).filter(|sign| is_minus(*sign) || *sign == EQUALS) {
        let next = end + sign.len_utf8();
        let is_like = |after| after == sign || is_minus(after) && is_minus(sign);
        let is_one = char_at(input, next).is_some_and(|after| is_solid(after) && !is_like(after));
        let is_new = signs.level == Level::Stem && !(is_minus(sign) && signs.is_excluded);
        if !(is_one && is_new) {
            break;
        }
        if is_minus(sign) {
            signs.is_excluded = true;
        } else {
            signs.level = Level::Exact;
        }
        end = next;
    }
    (signs, end)
}

/// Returns the first quote of a text and its offset in bytes.
fn next_quote(text: &str) -> Option<(usize, char)> {
    text.char_indices()
        .find(|(_, character)| is_quote(*character))
}

/// Returns the field name at `start` and the byte after its colon. Returns `None` unless a colon
/// and more text directly follow the name.
fn read_name(input: &str, start: usize) -> Option<(FieldName, usize)> {
    let rest = &input[start..];
    let length = rest
        .char_indices()
        .take_while(|(at, _)| *at <= MAX_NAME_BYTES)
        .find(|(_, character)| *character == ':')?
        .0;
    let end = start + length + 1;
    let is_followed = char_at(input, end).is_some_and(|after| is_solid(after) && after != ':');
    field_name(&rest[..length])
        .filter(|_| is_followed)
        .map(|name| (name, end))
}

/// Returns the number of gaps that follows a quote, such as 5 for `~5`, and the byte at which it
/// ends.
fn read_gaps(input: &str, start: usize) -> (u32, usize) {
    let Some(rest) = input[start..].strip_prefix('~') else {
        return (0, start);
    };
    let digits = rest
        .find(|character: char| !character.is_numeric())
        .unwrap_or(rest.len());
    match number_of(&rest[..digits]) {
        Some(gaps) => (gaps, start + 1 + digits),
        None => (0, start),
    }
}

/// Returns the byte at which a run ends: at white space, a group's bracket, or a quote that is
/// closed.
fn run_end(input: &str, start: usize, brackets: &[usize]) -> usize {
    let is_end = |(at, character): (usize, char)| {
        character.is_whitespace()
            || is_bracket(brackets, start + at)
            || is_quote(character) && input[start + at + character.len_utf8()..].contains(is_quote)
    };
    input[start..]
        .char_indices()
        .find(|found| is_end(*found))
        .map_or(input.len(), |(at, _)| start + at)
}

/// Returns whether a run is a pattern: one word with a star, or with a question mark between its
/// letters. If the pattern has too few letters, adds a notice.
fn is_pattern(run: &str, span: Span, notices: &mut Vec<Notice>) -> bool {
    let letters = pattern_of(run);
    let is_wild = letters.contains(STAR) || letters.contains(is_question_mark);
    let is_one_word = letters
        .chars()
        .all(|c| c == STAR || is_question_mark(c) || is_in_word(c))
        && !letters.contains("**");
    if !is_wild || !is_one_word {
        return false;
    }
    let letter_count = letters.chars().filter(|c| is_in_word(*c)).count();
    if (1..MIN_PATTERN_LETTERS).contains(&letter_count) {
        notices.push(NoticeCode::ShortPattern.at(span));
    }
    letter_count >= MIN_PATTERN_LETTERS
}

/// Returns a run without the punctuation around it. A star is not punctuation; a question mark at
/// the end is.
pub(super) fn pattern_of(run: &str) -> &str {
    run.trim_matches(|character| character != STAR && !is_in_word(character))
}

/// Returns whether a group's bracket is at the byte `at`. The brackets are sorted.
fn is_bracket(brackets: &[usize], at: usize) -> bool {
    brackets.binary_search(&at).is_ok()
}

fn is_in_word(character: char) -> bool {
    class(character) != Class::Gap
}

fn is_solid(character: char) -> bool {
    !character.is_whitespace()
}

fn char_at(input: &str, at: usize) -> Option<char> {
    input.get(at..)?.chars().next()
}

/// Returns the offsets of the brackets that open and close groups, sorted. Such brackets are
/// outside quotes and in pairs, and the opening one is at the beginning of a word.
fn brackets(input: &str) -> Vec<usize> {
    // The brackets that are still open, and whether each may open a group.
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut pairs = Vec::new();
    let mut at = 0;
    let mut before = ' ';
    while let Some(character) = char_at(input, at) {
        let mut next = at + character.len_utf8();
        match character {
            '(' => {
                let is_begin = before.is_whitespace()
                    || matches!(before, '(' | ':' | EQUALS)
                    || is_minus(before);
                let depth = open.iter().filter(|(_, is_group)| *is_group).count();
                open.push((at, is_begin && depth < MAX_DEPTH));
            }
            ')' => {
                if let Some((opened, true)) = open.pop() {
                    pairs.extend([opened, at]);
                }
            }
            quote if is_quote(quote) => {
                if let Some((length, closing)) = next_quote(&input[next..]) {
                    next += length + closing.len_utf8();
                }
            }
            _ => {}
        }
        (at, before) = (next, character);
    }
    pairs.sort_unstable();
    pairs
}
