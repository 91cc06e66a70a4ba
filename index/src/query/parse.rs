//! The parser: total, one pass over the lexemes, one analysis of the input for the words.
//!
//! The input is analysed whole, as an article would be, and every token then goes to the lexeme it stands in: so a
//! proclitic before a quote (`لـ«مجلس`) is treated alike in queries and in articles.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::lex::{Lexeme, LexemeKind, lex, pattern_of, scope_of};
use super::syntax::{Name, Operator, STAR, is_question_mark, is_quote};
use super::{
    Clause, ClauseKind, Filter, Level, Notice, NoticeCode, Occur, Pattern, Query, Scope, Term, Text,
};
use fihrist_arabic::Span;
use fihrist_arabic::calendar::Period;
use fihrist_arabic::{Analyzer, Token, TokenKind, chars, fold, is_stop_word};

/// A query of so many words outside quotes is a text that was pasted: its everyday words are no operators.
pub const PASTED_WORDS: usize = 6;

/// Understands what a person typed. Never fails, for any string.
pub fn parse(input: &str, analyzer: &Analyzer) -> Query {
    let mut notices = Vec::new();
    let lexemes = lex(input, &mut notices);
    let is_run =
        |lexeme: &&Lexeme| matches!(lexeme.kind, LexemeKind::Run | LexemeKind::Operator { .. });
    let has_everyday_operators = lexemes.iter().filter(is_run).count() < PASTED_WORDS;
    // A whole is searched by its parts: `#وسم_عربي` also finds the words written apart.
    let tokens: Vec<Token> = analyzer
        .analyze(input)
        .into_iter()
        .filter(|token| token.kind != TokenKind::Whole)
        .collect();
    let mut parser = Parser {
        input,
        analyzer,
        lexemes: lexemes.into_iter().peekable(),
        tokens: tokens.into_iter().peekable(),
        notices,
        has_everyday_operators,
    };
    let mut clauses = parser.list(None, Level::Stem);
    let Parser { mut notices, .. } = parser;
    ignore_stop_words(&mut clauses);
    if clauses.is_empty() {
        notices.push(Notice {
            code: NoticeCode::NoWords,
            span: Span::new(0, input.len()),
        });
    }
    notices.sort_by_key(|notice| notice.span);
    Query {
        input: input.to_owned(),
        clauses,
        filters: Vec::new(),
        notices,
    }
}

struct Parser<'a> {
    input: &'a str,
    analyzer: &'a Analyzer,
    lexemes: Peekable<IntoIter<Lexeme>>,
    tokens: Peekable<IntoIter<Token>>,
    notices: Vec<Notice>,
    has_everyday_operators: bool,
}

/// What an operator may take: a clause, or the clauses in a pair of brackets.
enum Item {
    One(Clause),
    Group(Vec<Clause>),
}

/// An operator that waits for what is on its right.
struct Pending {
    operator: Operator,
    is_everyday: bool,
    /// It as a word, should it turn out to be none.
    words: Vec<Clause>,
    span: Span,
}

impl Parser<'_> {
    /// The clauses up to the end of a group or of the input. `name` and `level` are those before the group.
    fn list(&mut self, name: Option<Name>, level: Level) -> Vec<Clause> {
        let mut items: Vec<Item> = Vec::new();
        let mut pending: Option<Pending> = None;
        while let Some(lexeme) = self
            .lexemes
            .next_if(|lexeme| lexeme.kind != LexemeKind::Close)
        {
            let lexeme = Lexeme {
                name: lexeme.name.or(name),
                level: if lexeme.level == Level::Exact {
                    Level::Exact
                } else {
                    level
                },
                ..lexeme
            };
            let mut new = match lexeme.kind {
                LexemeKind::Operator {
                    operator,
                    is_everyday,
                } if !is_everyday || self.has_everyday_operators => {
                    let words = self.words(lexeme, scope_of(lexeme.name));
                    if let Some(before) = pending.replace(Pending {
                        operator,
                        is_everyday,
                        words,
                        span: lexeme.span,
                    }) {
                        self.dangle(&mut items, before);
                    }
                    continue;
                }
                LexemeKind::Open => self.group(lexeme),
                LexemeKind::Run | LexemeKind::Operator { .. } => self.run(lexeme),
                LexemeKind::Pattern => vec![Item::One(self.pattern(lexeme))],
                LexemeKind::Quote { gaps } => self.quote(lexeme, gaps),
                LexemeKind::Close => Vec::new(),
            };
            if new.is_empty() {
                continue;
            }
            if let Some(operator) = pending.take() {
                let right = new.remove(0);
                self.join(&mut items, operator, right);
            }
            items.extend(new);
        }
        if let Some(operator) = pending {
            self.dangle(&mut items, operator);
        }
        items
            .into_iter()
            .flat_map(|item| match item {
                Item::One(clause) => vec![clause],
                Item::Group(clauses) => clauses,
            })
            .collect()
    }

    /// What stands between brackets, the closing one included.
    fn group(&mut self, open: Lexeme) -> Vec<Item> {
        let clauses = self.list(open.name, open.level);
        self.lexemes
            .next_if(|lexeme| lexeme.kind == LexemeKind::Close);
        if clauses.is_empty() {
            return Vec::new();
        }
        if open.is_excluded {
            let mut clause = all_of(clauses);
            if clause.occur == Occur::MustNot {
                clause = Clause {
                    occur: Occur::MustNot,
                    span: clause.span,
                    kind: ClauseKind::All(vec![clause]),
                    is_ignored: false,
                };
            }
            return vec![Item::One(Clause {
                occur: Occur::MustNot,
                ..clause
            })];
        }
        vec![Item::Group(clauses)]
    }

    /// The words of a run, those that were written as one as a phrase; or the value of a field.
    fn run(&mut self, lexeme: Lexeme) -> Vec<Item> {
        match lexeme.name {
            Some(Name::Keyword(_) | Name::Published) => {
                self.filter(lexeme).into_iter().map(Item::One).collect()
            }
            Some(Name::Scope(_)) | None => self
                .words(lexeme, scope_of(lexeme.name))
                .into_iter()
                .map(Item::One)
                .collect(),
        }
    }

    fn words(&mut self, lexeme: Lexeme, scope: Scope) -> Vec<Clause> {
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

    fn quote(&mut self, lexeme: Lexeme, gaps: u32) -> Vec<Item> {
        if matches!(lexeme.name, Some(Name::Keyword(_) | Name::Published)) {
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

    fn pattern(&mut self, lexeme: Lexeme) -> Clause {
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
    fn filter(&mut self, lexeme: Lexeme) -> Option<Clause> {
        self.tokens_in(lexeme.span);
        let text = lexeme
            .span
            .slice(self.input)
            .replace(is_quote, " ")
            .trim()
            .to_owned();
        let filter = match lexeme.name {
            Some(Name::Keyword(field)) => {
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
            Some(Name::Published) => match Period::parse(&text) {
                Ok(period) => Filter::Published { text, period },
                Err(_) => {
                    self.notices.push(Notice {
                        code: NoticeCode::UnreadableDate,
                        span: lexeme.span,
                    });
                    return None;
                }
            },
            Some(Name::Scope(_)) | None => return None,
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

    /// Joins the last item and what follows the operator, where they are of its kind.
    fn join(&mut self, items: &mut Vec<Item>, pending: Pending, right: Item) {
        let left = match pending.operator {
            Operator::Not => {
                // An everyday word that nothing precedes is no order: `ليس لدينا`.
                let right = clause_of(right);
                if items.is_empty() && pending.is_everyday || right.occur == Occur::MustNot {
                    items.extend(pending.words.into_iter().map(Item::One));
                    items.push(Item::One(right));
                } else {
                    items.push(Item::One(Clause {
                        occur: Occur::MustNot,
                        ..right
                    }));
                }
                return;
            }
            Operator::And | Operator::Or | Operator::Near(_) => items.pop(),
        };
        let Some(left) = left else {
            self.dangle(items, pending);
            items.push(right);
            return;
        };
        let joined = match (pending.operator, clause_of(left), clause_of(right)) {
            (Operator::Or, left, right) => any(left, right),
            (Operator::And, left, right) => Ok(all_of(vec![left, right])),
            (Operator::Near(distance), left, right) => near(left, right, distance),
            (Operator::Not, left, right) => Err(Box::new((left, right))),
        };
        match joined {
            Ok(clause) => items.push(Item::One(clause)),
            Err(apart) => {
                items.push(Item::One(apart.0));
                self.dangle(items, pending);
                items.push(Item::One(apart.1));
            }
        }
    }

    /// An operator that lacks something is a word.
    fn dangle(&mut self, items: &mut Vec<Item>, pending: Pending) {
        if !pending.is_everyday {
            self.notices.push(Notice {
                code: NoticeCode::DanglingOperator,
                span: pending.span,
            });
        }
        items.extend(pending.words.into_iter().map(Item::One));
    }

    fn text(
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
        let term = |token: &Token| Term {
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
    fn tokens_in(&mut self, span: Span) -> Vec<Token> {
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

fn clause_of(item: Item) -> Clause {
    match item {
        Item::One(clause) => clause,
        Item::Group(clauses) => all_of(clauses),
    }
}

/// One clause for several that all must hold; the clause itself where there is one.
fn all_of(clauses: Vec<Clause>) -> Clause {
    let span = span_of(&clauses);
    let mut parts: Vec<Clause> = clauses.into_iter().flat_map(parts_of_all).collect();
    if parts.len() == 1 {
        return parts.remove(0);
    }
    parts.iter_mut().for_each(within_group);
    Clause {
        occur: Occur::Must,
        span,
        kind: ClauseKind::All(parts),
        is_ignored: false,
    }
}

/// What all must hold, of a clause that is such a group itself.
fn parts_of_all(clause: Clause) -> Vec<Clause> {
    match (clause.occur, clause.kind) {
        (Occur::Must | Occur::Should, ClauseKind::All(clauses)) => clauses,
        (occur, kind) => {
            vec![Clause {
                occur,
                span: clause.span,
                kind,
                is_ignored: clause.is_ignored,
            }]
        }
    }
}

/// In a group, what is not excluded is asked for by the group.
fn within_group(clause: &mut Clause) {
    if clause.occur == Occur::Must {
        clause.occur = Occur::Should;
    }
}

/// Either may hold; an exclusion can't be one of them.
fn any(left: Clause, right: Clause) -> Result<Clause, Box<(Clause, Clause)>> {
    if left.occur == Occur::MustNot || right.occur == Occur::MustNot {
        return Err(Box::new((left, right)));
    }
    let parts = |clause: Clause| match clause.kind {
        ClauseKind::Any(clauses) => clauses,
        kind => vec![Clause {
            occur: Occur::Should,
            span: clause.span,
            kind,
            is_ignored: false,
        }],
    };
    let clauses: Vec<Clause> = parts(left).into_iter().chain(parts(right)).collect();
    let span = span_of(&clauses);
    Ok(Clause {
        occur: Occur::Should,
        span,
        kind: ClauseKind::Any(clauses),
        is_ignored: false,
    })
}

/// Words and phrases near one another.
fn near(left: Clause, right: Clause, distance: u32) -> Result<Clause, Box<(Clause, Clause)>> {
    if left.occur == Occur::MustNot || right.occur == Occur::MustNot {
        return Err(Box::new((left, right)));
    }
    let span = Span::new(left.span.start, right.span.end);
    match (left.kind, right.kind) {
        (ClauseKind::Text(one), ClauseKind::Text(other)) => {
            let scope = one.scope.within(other.scope);
            let texts = vec![Text { scope, ..one }, Text { scope, ..other }];
            Ok(Clause {
                occur: Occur::Must,
                span,
                kind: ClauseKind::Near { texts, distance },
                is_ignored: false,
            })
        }
        (
            ClauseKind::Near {
                mut texts,
                distance: before,
            },
            ClauseKind::Text(other),
        ) => {
            let scope = texts.first().map_or(Scope::ALL, |text| text.scope);
            texts.push(Text { scope, ..other });
            let distance = distance.max(before);
            Ok(Clause {
                occur: Occur::Must,
                span,
                kind: ClauseKind::Near { texts, distance },
                is_ignored: false,
            })
        }
        (one, other) => Err(Box::new((
            Clause { kind: one, ..left },
            Clause {
                kind: other,
                ..right
            },
        ))),
    }
}

fn span_of(clauses: &[Clause]) -> Span {
    match (clauses.first(), clauses.last()) {
        (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
        _ => Span::new(0, 0),
    }
}

/// Whether two neighbouring tokens were written as one: `G20`, `كوفيد-19`, `#وسم_عربي`, `example.org`; but not
/// two Arabic words with a sign between them.
fn is_one_word(input: &str, a: &Token, b: &Token) -> bool {
    let gap = input.get(a.span.end..b.span.start).unwrap_or(" ");
    let both_arabic = a.kind == TokenKind::Arabic && b.kind == TokenKind::Arabic;
    let joins = |c: char| {
        c == '_' || (!both_arabic && matches!(c, '-' | '.' | '/' | ':' | '@' | '&' | '\'' | '’'))
    };
    gap.chars().filter(|c| !chars::is_format(*c)).all(joins)
}

/// Function words count only where the query holds nothing else to find; in phrases they always count.
fn ignore_stop_words(clauses: &mut [Clause]) {
    let is_stop = |clause: &Clause| match &clause.kind {
        ClauseKind::Text(Text {
            terms,
            level: Level::Stem,
            ..
        }) => match terms.as_slice() {
            [term] => clause.occur == Occur::Should && is_stop_word(&term.surface),
            _ => false,
        },
        _ => false,
    };
    let says_more = |clause: &Clause| clause.occur != Occur::MustNot && !is_stop(clause);
    if clauses.iter().any(says_more) {
        clauses
            .iter_mut()
            .for_each(|clause| clause.is_ignored = is_stop(clause));
    }
    for clause in clauses {
        if let ClauseKind::All(inner) = &mut clause.kind {
            ignore_stop_words(inner);
        } else if let ClauseKind::Any(inner) = &mut clause.kind {
            // A function word that may stand for another word is meant.
            inner.iter_mut().for_each(|clause| {
                if let ClauseKind::All(inner) = &mut clause.kind {
                    ignore_stop_words(inner);
                }
            });
        }
    }
}
