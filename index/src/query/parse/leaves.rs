//! Clauses without operators: words, quotes, patterns, filters.

use super::super::lex::{Lexeme, pattern_of, scope_of};
use super::super::syntax::{FieldName, STAR, is_question_mark, is_quote};
use super::super::{
    Clause, ClauseKind, Filter, Level, Notice, NoticeCode, Occur, Pattern, QueryTerm, Scope, Text,
};
use super::{Item, Parser};
use fihrist_arabic::calendar::Period;
use fihrist_arabic::{Kind, Span, Token, chars, fold};

impl Parser<'_> {
    /// The words of a run, those that were written as one as a phrase; or the value of a field.
    pub(super) fn run(&mut self, lexeme: Lexeme) -> Vec<Item> {
        match lexeme.name {
            Some(FieldName::Keyword(_) | FieldName::Published) => {
                self.filter(lexeme).into_iter().map(Item::One).collect()
            }
            Some(FieldName::Scope(_)) | None => self
                .words(lexeme, scope_of(lexeme.name))
                .into_iter()
                .map(Item::One)
                .collect(),
        }
    }

    pub(super) fn words(&mut self, lexeme: Lexeme, scope: Scope) -> Vec<Clause> {
        let occur = if lexeme.is_excluded {
            Occur::MustNot
        } else {
            Occur::Should
        };
        let tokens = self.tokens_in(lexeme.span);
        let words = tokens.chunk_by(|a, b| is_one_word(self.input, a, b));
        words
            .map(|word| self.text(occur, lexeme.level, scope, 0, word))
            .collect()
    }

    pub(super) fn quote(&mut self, lexeme: Lexeme, gaps: u32) -> Vec<Item> {
        if matches!(
            lexeme.name,
            Some(FieldName::Keyword(_) | FieldName::Published)
        ) {
            return self.filter(lexeme).into_iter().map(Item::One).collect();
        }
        let tokens = self.tokens_in(lexeme.span);
        if tokens.is_empty() {
            self.notices.push(Notice {
                code: NoticeCode::EmptyPhrase,
                span: lexeme.span,
            });
            return Vec::new();
        }
        let (occur, gaps) = match (lexeme.is_excluded, tokens.len()) {
            (true, 1) => (Occur::MustNot, 0),
            (true, _) => (Occur::MustNot, gaps),
            // Quotes around one word mark a name or a doubt, not an order.
            (false, 1) => (Occur::Should, 0),
            (false, _) => (Occur::Must, gaps),
        };
        vec![Item::One(self.text(
            occur,
            lexeme.level,
            scope_of(lexeme.name),
            gaps,
            &tokens,
        ))]
    }

    pub(super) fn pattern(&mut self, lexeme: Lexeme) -> Clause {
        self.tokens_in(lexeme.span);
        let text = pattern_of(lexeme.span.slice(self.input));
        // Folding drops marks; the signs stay.
        let pattern = fold::folded(text)
            .chars()
            .map(|c| if is_question_mark(c) { '?' } else { c })
            .collect();
        debug_assert!(text.contains(|c| c == STAR || is_question_mark(c)));
        let scope = scope_of(lexeme.name);
        Clause {
            occur: if lexeme.is_excluded {
                Occur::MustNot
            } else {
                Occur::Should
            },
            span: lexeme.span,
            kind: ClauseKind::Pattern(Pattern {
                text: text.to_owned(),
                pattern,
                scope,
                words: Vec::new(),
            }),
            is_ignored: false,
        }
    }

    /// The value of a field that is no text; nothing if there is none.
    pub(super) fn filter(&mut self, lexeme: Lexeme) -> Option<Clause> {
        self.tokens_in(lexeme.span);
        let text = lexeme
            .span
            .slice(self.input)
            .replace(is_quote, " ")
            .trim()
            .to_owned();
        let filter = match lexeme.name {
            Some(FieldName::Keyword(field)) => {
                // As a value is analysed: without what stands around it.
                let words: Vec<String> = self
                    .analyzer
                    .analyze(&text)
                    .into_iter()
                    .map(|token| token.surface)
                    .collect();
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
                    self.notices.push(Notice {
                        code: NoticeCode::UnreadableDate,
                        span: lexeme.span,
                    });
                    return None;
                }
            },
            Some(FieldName::Scope(_)) | None => return None,
        };
        let occur = if lexeme.is_excluded {
            Occur::MustNot
        } else {
            Occur::Must
        };
        Some(Clause {
            occur,
            span: lexeme.span,
            kind: ClauseKind::Filter(filter),
            is_ignored: false,
        })
    }

    pub(super) fn text(
        &self,
        occur: Occur,
        level: Level,
        scope: Scope,
        gaps: u32,
        tokens: &[Token],
    ) -> Clause {
        let span = match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
            _ => Span::new(0, 0),
        };
        let term = |token: &Token| QueryTerm {
            text: token.span.slice(self.input).to_owned(),
            surface: token.surface.clone(),
            form: token.form(self.input),
            stem: token.stem.clone(),
            related: Vec::new(),
        };
        let text = Text {
            span,
            terms: tokens.iter().map(term).collect(),
            gaps,
            level,
            scope,
        };
        Clause {
            occur,
            span,
            kind: ClauseKind::Text(text),
            is_ignored: false,
        }
    }

    /// The tokens that begin in a range; those before it belonged to signs and names.
    pub(super) fn tokens_in(&mut self, span: Span) -> Vec<Token> {
        while self
            .tokens
            .next_if(|token| token.span.start < span.start)
            .is_some()
        {}
        let mut inside = Vec::new();
        while let Some(token) = self.tokens.next_if(|token| token.span.start < span.end) {
            inside.push(token);
        }
        inside
    }
}

/// Whether two neighbouring tokens were written as one: `G20`, `كوفيد-19`, `#وسم_عربي`, `example.org`; but not
/// two Arabic words with a sign between them.
fn is_one_word(input: &str, a: &Token, b: &Token) -> bool {
    let gap = input.get(a.span.end..b.span.start).unwrap_or(" ");
    let both_arabic = a.kind == Kind::Arabic && b.kind == Kind::Arabic;
    let joins = |c: char| {
        c == '_' || (!both_arabic && matches!(c, '-' | '.' | '/' | ':' | '@' | '&' | '\'' | '’'))
    };
    gap.chars().filter(|c| !chars::is_format(*c)).all(joins)
}
