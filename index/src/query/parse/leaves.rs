//! Reads the clauses that contain no operator: words, quoted texts, patterns and filters. The
//! parser joins them.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::super::lex::{Lexeme, pattern_of};
use super::super::syntax::{FieldName, STAR, is_question_mark, is_quote};
use super::super::{
    Clause, ClauseKind, Filter, Notice, NoticeCode, Occur, Pattern, QueryTerm, Text,
};
use super::letters::Abbreviations;
use fihrist_arabic::calendar::Period;
use fihrist_arabic::{Analyzer, Span, Token, TokenKind, chars, fold};

/// Reads clauses from the lexemes of a query, in their order.
pub(super) struct ClauseReader<'a> {
    input: &'a str,
    analyzer: &'a Analyzer,
    /// The tokens of the input that do not belong to a lexeme read so far.
    tokens: Peekable<IntoIter<Token>>,
    pub notices: Vec<Notice>,
    abbreviations: Abbreviations,
}

impl<'a> ClauseReader<'a> {
    pub fn new(input: &'a str, analyzer: &'a Analyzer, notices: Vec<Notice>) -> Self {
        let mut tokens = analyzer.analyze(input);
        // A whole is searched by its parts: `#وسم_عربي` also finds its words apart.
        tokens.retain(|token| token.kind != TokenKind::Whole);
        Self {
            input,
            analyzer,
            abbreviations: Abbreviations::find(input, &tokens),
            tokens: tokens.into_iter().peekable(),
            notices,
        }
    }

    /// Returns the words of a run, each as a clause. If the run is the value of a filter, returns
    /// the filter.
    pub fn run(&mut self, lexeme: Lexeme) -> Vec<Clause> {
        if is_filter(lexeme) {
            self.filter(lexeme).into_iter().collect()
        } else {
            self.words(lexeme)
        }
    }

    /// Returns the words of a run, each as a clause. Words that are written as one, such as
    /// `كوفيد-19`, are a phrase.
    pub fn words(&mut self, lexeme: Lexeme) -> Vec<Clause> {
        let tokens = self.tokens_in(lexeme.span);
        let words = tokens.chunk_by(|a, b| is_one_word(self.input, a, b));
        words
            .map(|word| self.text(lexeme, Occur::Should, 0, word))
            .collect()
    }

    /// Returns the phrase between quotes. If the quoted text is the value of a filter, returns the
    /// filter. Returns `None` if the quotes are empty or the filter cannot be read.
    pub fn quote(&mut self, lexeme: Lexeme, gaps: u32) -> Option<Clause> {
        if is_filter(lexeme) {
            return self.filter(lexeme);
        }
        let tokens = self.tokens_in(lexeme.span);
        if tokens.is_empty() {
            self.notice(NoticeCode::EmptyPhrase, lexeme.span);
            return None;
        }
        // Quotes around one word often mark a name or a doubtful expression, so they do not require
        // the word.
        let (occur, gaps) = match tokens.len() {
            1 => (Occur::Should, 0),
            _ => (Occur::Must, gaps),
        };
        Some(self.text(lexeme, occur, gaps, &tokens))
    }

    /// Returns the clause of a lexeme that is a pattern.
    pub fn pattern(&mut self, lexeme: Lexeme) -> Clause {
        self.tokens_in(lexeme.span);
        let text = pattern_of(lexeme.span.slice(self.input));
        debug_assert!(text.contains(|c| c == STAR || is_question_mark(c)));
        // Folding drops diacritics and keeps the wildcards `*` and `?`.
        let folded = fold::folded(text);
        let pattern = Pattern {
            text: text.to_owned(),
            pattern: folded.replace(is_question_mark, "?"),
            scope: lexeme.prefix.scope(),
            words: Vec::new(),
        };
        let occur = occur_of(lexeme, Occur::Should);
        Clause::new(occur, lexeme.span, ClauseKind::Pattern(pattern))
    }

    /// Returns the clause of a lexeme that is the value of a filter. Returns `None` if the value is
    /// empty or cannot be read.
    fn filter(&mut self, lexeme: Lexeme) -> Option<Clause> {
        self.tokens_in(lexeme.span);
        let value = lexeme.span.slice(self.input).replace(is_quote, " ");
        let text = value.trim().to_owned();
        let filter = match lexeme.prefix.name {
            Some(FieldName::Keyword(field)) => {
                // The value is analysed by itself, because the index analyses its values in the
                // same way.
                let tokens = self.analyzer.analyze(&text);
                let words: Vec<String> = tokens.into_iter().map(|token| token.surface).collect();
                if words.is_empty() {
                    return None;
                }
                Filter::Keyword {
                    field,
                    text,
                    words,
                    values: Vec::new(),
                }
            }
            Some(FieldName::Published) => match Period::parse(&text) {
                Ok(period) => Filter::Published { text, period },
                Err(_) => {
                    self.notice(NoticeCode::UnreadableDate, lexeme.span);
                    return None;
                }
            },
            Some(FieldName::Scope(_)) | None => return None,
        };
        let occur = occur_of(lexeme, Occur::Must);
        Some(Clause::new(occur, lexeme.span, ClauseKind::Filter(filter)))
    }

    /// Returns a word or a phrase of a lexeme. It is excluded if the lexeme is; otherwise it occurs
    /// as `occur` says.
    fn text(&self, lexeme: Lexeme, occur: Occur, gaps: u32, tokens: &[Token]) -> Clause {
        let span = match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
            _ => Span::new(0, 0),
        };
        let term = |token: &Token| QueryTerm::new(token, self.input);
        let text = Text {
            span,
            terms: tokens.iter().map(term).collect(),
            gaps,
            level: lexeme.prefix.level,
            scope: lexeme.prefix.scope(),
            is_one_word: tokens.len() > 1 && !span.slice(self.input).contains(char::is_whitespace),
        };
        Clause::new(occur_of(lexeme, occur), span, ClauseKind::Text(text))
    }

    /// Returns the tokens that begin in a span. Drops earlier tokens, which belong to signs and
    /// field names.
    fn tokens_in(&mut self, span: Span) -> Vec<Token> {
        let mut inside = Vec::new();
        while let Some(token) = self.tokens.next_if(|token| token.span.start < span.end) {
            if token.span.start >= span.start {
                inside.push(token);
            }
        }
        inside
    }

    /// Returns the span of the abbreviation, such as `سي إن إن`, that a lexeme belongs to; `None` if
    /// it belongs to none, or is the value of a filter.
    pub fn abbreviation(&self, lexeme: Lexeme) -> Option<Span> {
        let span = self.abbreviations.around(self.input, lexeme)?;
        (!is_filter(lexeme)).then_some(span)
    }

    /// Returns the words of a lexeme as one phrase; `None` if it has no words.
    pub fn as_phrase(&mut self, lexeme: Lexeme) -> Option<Clause> {
        let tokens = self.tokens_in(lexeme.span);
        (!tokens.is_empty()).then(|| self.text(lexeme, Occur::Should, 0, &tokens))
    }

    /// Adds a notice about a span of the input.
    pub fn notice(&mut self, code: NoticeCode, span: Span) {
        self.notices.push(code.at(span));
    }
}

/// Returns whether a lexeme is the value of a filter: it has the name of a keyword field or of the
/// date.
fn is_filter(lexeme: Lexeme) -> bool {
    matches!(
        lexeme.prefix.name,
        Some(FieldName::Keyword(_) | FieldName::Published)
    )
}

/// Returns `MustNot` if the lexeme is excluded, and `occur` otherwise.
fn occur_of(lexeme: Lexeme, occur: Occur) -> Occur {
    if lexeme.prefix.is_excluded {
        Occur::MustNot
    } else {
        occur
    }
}

/// Returns whether two neighbouring tokens are written as one word, as in `G20`, `كوفيد-19`,
/// `#وسم_عربي` and `example.org`. Two Arabic words with a sign between them are not one word.
fn is_one_word(input: &str, a: &Token, b: &Token) -> bool {
    let gap = input.get(a.span.end..b.span.start).unwrap_or(" ");
    let both_arabic = a.kind == TokenKind::Arabic && b.kind == TokenKind::Arabic;
    let joins = |c: char| {
        c == '_' || (!both_arabic && matches!(c, '-' | '.' | '/' | ':' | '@' | '&' | '\'' | '’'))
    };
    gap.chars().filter(|c| !chars::is_format(*c)).all(joins)
}
