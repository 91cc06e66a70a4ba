//! The parser: total, one pass over the lexemes, one analysis of the input for the words.
//!
//! The input is analysed whole, as an article would be, and every token then goes to the lexeme it stands in: so a
//! proclitic before a quote (`لـ«مجلس`) is treated alike in queries and in articles.

mod combine;
mod leaves;
mod stop_words;

use std::iter::Peekable;
use std::vec::IntoIter;

use super::lex::{Lexeme, LexemeKind, lex, scope_of};
use super::syntax::{FieldName, Operator};
use super::{Clause, ClauseKind, Level, Notice, NoticeCode, Occur, Query};
use combine::{all_of, any, near};
use fihrist_arabic::{Analyzer, Kind, Span, Token};
use stop_words::ignore_stop_words;

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
        .filter(|token| token.kind != Kind::Whole)
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
struct PendingOperator {
    operator: Operator,
    is_everyday: bool,
    /// It as a word, should it turn out to be none.
    words: Vec<Clause>,
    span: Span,
}

impl Parser<'_> {
    /// The clauses up to the end of a group or of the input. `name` and `level` are those before the group.
    fn list(&mut self, name: Option<FieldName>, level: Level) -> Vec<Clause> {
        let mut items: Vec<Item> = Vec::new();
        let mut pending: Option<PendingOperator> = None;
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
                    if let Some(before) = pending.replace(PendingOperator {
                        operator,
                        is_everyday,
                        words,
                        span: lexeme.span,
                    }) {
                        self.add_dangling(&mut items, before);
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
            self.add_dangling(&mut items, operator);
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

    /// Joins the last item and what follows the operator, where they are of its kind.
    fn join(&mut self, items: &mut Vec<Item>, pending: PendingOperator, right: Item) {
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
            self.add_dangling(items, pending);
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
                self.add_dangling(items, pending);
                items.push(Item::One(apart.1));
            }
        }
    }

    /// An operator that lacks something is a word.
    fn add_dangling(&mut self, items: &mut Vec<Item>, pending: PendingOperator) {
        if !pending.is_everyday {
            self.notices.push(Notice {
                code: NoticeCode::DanglingOperator,
                span: pending.span,
            });
        }
        items.extend(pending.words.into_iter().map(Item::One));
    }
}

fn clause_of(item: Item) -> Clause {
    match item {
        Item::One(clause) => clause,
        Item::Group(clauses) => all_of(clauses),
    }
}
