//! Parses a query. Parsing never fails. The parser reads the lexemes once, and analyses the whole
//! input once for its words.
//!
//! The input is analysed as a whole, as an article is. Each token then belongs to the lexeme in
//! which it begins. So a proclitic before a quote, as in `لـ«مجلس`, is treated alike in queries and
//! in articles.

mod combine;
mod leaves;
mod letters;

use std::iter::Peekable;
use std::vec::IntoIter;

use super::lex::{Lexeme, LexemeKind, Prefix, lex};
use super::syntax::OperatorWord;
use super::{Clause, ClauseKind, Level, NoticeCode, Occur, Query, Text};
use combine::{all_of, any, near};
use fihrist_arabic::{Analyzer, Span, is_stop_word};
use leaves::ClauseReader;

/// A query with at least this many words outside quotes is pasted text. Everyday words in it, such
/// as `أو`, are not operators.
pub const PASTED_WORDS: usize = 6;

/// Parses what a person typed. Never fails, whatever the string.
pub fn parse(input: &str, analyzer: &Analyzer) -> Query {
    let mut notices = Vec::new();
    let lexemes = lex(input, &mut notices);
    let is_run =
        |lexeme: &&Lexeme| matches!(lexeme.kind, LexemeKind::Run | LexemeKind::Operator { .. });
    let reader = ClauseReader::new(input, analyzer, notices);
    // An abbreviation such as `سي إن إن` counts as one word.
    let mut runs: Vec<Span> = lexemes
        .iter()
        .filter(is_run)
        .map(|run| reader.abbreviation(*run).unwrap_or(run.span))
        .collect();
    runs.dedup();
    let mut parser = Parser {
        lexemes: lexemes.into_iter().peekable(),
        reader,
        has_everyday_operators: runs.len() < PASTED_WORDS,
    };
    let mut clauses = parser.list(Prefix::default());
    let mut notices = parser.reader.notices;
    ignore_stop_words(&mut clauses);
    if clauses.is_empty() {
        notices.push(NoticeCode::NoWords.at(Span::new(0, input.len())));
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
    lexemes: Peekable<IntoIter<Lexeme>>,
    reader: ClauseReader<'a>,
    /// Whether everyday words that may be operators, such as `أو`, are operators in this query.
    has_everyday_operators: bool,
}

/// An operand: one clause, or the clauses in a pair of brackets.
type Operand = Vec<Clause>;

/// An operator whose right operand has not been read yet.
struct PendingOperator {
    operator: OperatorWord,
    is_everyday: bool,
    /// The operator read as a word, which is used if an operand is missing.
    words: Vec<Clause>,
    span: Span,
}

impl Parser<'_> {
    /// Returns the clauses up to the end of a group or of the input. The name and the level of the
    /// group's `prefix` apply to its clauses.
    fn list(&mut self, prefix: Prefix) -> Vec<Clause> {
        let mut items: Vec<Operand> = Vec::new();
        let mut pending: Option<PendingOperator> = None;
        while let Some(mut lexeme) = self
            .lexemes
            .next_if(|lexeme| lexeme.kind != LexemeKind::Close)
        {
            lexeme.prefix.name = lexeme.prefix.name.or(prefix.name);
            if prefix.level == Level::Exact {
                lexeme.prefix.level = Level::Exact;
            }
            if let LexemeKind::Operator {
                operator,
                is_everyday,
            } = lexeme.kind
                && (!is_everyday || self.has_everyday_operators)
                && self.reader.abbreviation(lexeme).is_none()
            {
                let new = PendingOperator {
                    operator,
                    is_everyday,
                    words: self.reader.words(lexeme),
                    span: lexeme.span,
                };
                if let Some(before) = pending.replace(new) {
                    self.add_dangling(&mut items, before);
                }
                continue;
            }
            let mut new = self.operands(lexeme);
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
        items.into_iter().flatten().collect()
    }

    /// Returns the operands that begin with a lexeme; none if it contains no word, pattern or
    /// filter.
    fn operands(&mut self, lexeme: Lexeme) -> Vec<Operand> {
        if let Some(span) = self.reader.abbreviation(lexeme) {
            let mut whole = lexeme;
            while let Some(next) = self.lexemes.next_if(|next| {
                next.prefix == Prefix::default() && self.reader.abbreviation(*next) == Some(span)
            }) {
                whole.span = Span::new(whole.span.start, next.span.end);
            }
            return self
                .reader
                .as_phrase(whole)
                .into_iter()
                .map(|phrase| vec![phrase])
                .collect();
        }
        let clauses = match lexeme.kind {
            LexemeKind::Open => return self.group(lexeme).into_iter().collect(),
            LexemeKind::Run | LexemeKind::Operator { .. } => self.reader.run(lexeme),
            LexemeKind::Pattern => vec![self.reader.pattern(lexeme)],
            LexemeKind::Quote { gaps } => self.reader.quote(lexeme, gaps).into_iter().collect(),
            LexemeKind::Close => Vec::new(),
        };
        clauses.into_iter().map(|clause| vec![clause]).collect()
    }

    /// Reads a group up to and including its closing bracket, and returns its clauses. Returns
    /// `None` if the group is empty.
    fn group(&mut self, open: Lexeme) -> Option<Operand> {
        let clauses = self.list(open.prefix);
        self.lexemes
            .next_if(|lexeme| lexeme.kind == LexemeKind::Close);
        if clauses.is_empty() {
            return None;
        }
        if !open.prefix.is_excluded {
            return Some(clauses);
        }
        let mut clause = all_of(clauses);
        if clause.occur == Occur::MustNot {
            // To exclude an excluded clause, the inner exclusion needs a clause around it.
            clause = Clause::new(Occur::Must, clause.span, ClauseKind::All(vec![clause]));
        }
        clause.occur = Occur::MustNot;
        Some(vec![clause])
    }

    /// Joins the last item and the right operand by the operator, if the operator accepts both.
    fn join(&mut self, items: &mut Vec<Operand>, pending: PendingOperator, right: Operand) {
        if pending.operator == OperatorWord::Not {
            let mut right = all_of(right);
            // An everyday word at the beginning of a list is not an operator, as in `ليس لدينا`.
            if items.is_empty() && pending.is_everyday || right.occur == Occur::MustNot {
                items.extend(pending.words.into_iter().map(|word| vec![word]));
            } else {
                right.occur = Occur::MustNot;
            }
            items.push(vec![right]);
            return;
        }
        let Some(left) = items.pop() else {
            self.add_dangling(items, pending);
            items.push(right);
            return;
        };
        let (left, right) = (all_of(left), all_of(right));
        let joined = match pending.operator {
            OperatorWord::Or => any(&left, &right),
            OperatorWord::Near(distance) => near(&left, &right, distance),
            OperatorWord::And | OperatorWord::Not => {
                Some(all_of(vec![left.clone(), right.clone()]))
            }
        };
        match joined {
            Some(clause) => items.push(vec![clause]),
            None => {
                items.push(vec![left]);
                self.add_dangling(items, pending);
                items.push(vec![right]);
            }
        }
    }

    /// Handles an operator without an operand: adds its words to `items`, so that they are searched
    /// as words. Adds a notice, unless the operator is an everyday word such as `أو`.
    fn add_dangling(&mut self, items: &mut Vec<Operand>, pending: PendingOperator) {
        if !pending.is_everyday {
            self.reader
                .notice(NoticeCode::DanglingOperator, pending.span);
        }
        items.extend(pending.words.into_iter().map(|word| vec![word]));
    }
}

/// Marks the stop words that are ignored: single stop words in a query that also has other words.
/// Stop words in phrases are never ignored.
fn ignore_stop_words(clauses: &mut [Clause]) {
    let has_content = |clause: &Clause| clause.occur != Occur::MustNot && !is_stop_clause(clause);
    if clauses.iter().any(has_content) {
        for clause in clauses.iter_mut() {
            clause.is_ignored = is_stop_clause(clause);
        }
    }
    for clause in clauses {
        match &mut clause.kind {
            ClauseKind::All(inner) => ignore_stop_words(inner),
            // A stop word that is an alternative to another word was typed deliberately, so it is
            // kept.
            ClauseKind::Any(alternatives) => {
                for alternative in alternatives {
                    if let ClauseKind::All(inner) = &mut alternative.kind {
                        ignore_stop_words(inner);
                    }
                }
            }
            ClauseKind::Text(_)
            | ClauseKind::Near { .. }
            | ClauseKind::Pattern(_)
            | ClauseKind::Filter(_) => {}
        }
    }
}

/// Returns whether a clause is a single stop word that may be ignored.
fn is_stop_clause(clause: &Clause) -> bool {
    let is_stop_word = |text: &Text| {
        let is_word = text.terms.len() == 1 && text.level == Level::Stem;
        is_word && text.terms.iter().all(|term| is_stop_word(&term.text))
    };
    clause.occur == Occur::Should && matches!(clause.texts(), [text] if is_stop_word(text))
}
