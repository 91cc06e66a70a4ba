//! Prints a query in the query language. Parsing the printed text gives a query with the same
//! meaning. The text may differ from the typed one: it spells out brackets and operators, and
//! leaves out ignored parts.

use std::fmt;

use super::syntax::{field_name, operator};
use super::{Clause, ClauseKind, Filter, Level, Occur, Pattern, Query, Scope, Text};
use crate::document::Field;
use fihrist_arabic::is_proclitic;

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&joined(&self.clauses, " ", |clause| {
            print_clause(&self.input, clause, false)
        }))
    }
}

/// Prints a clause. In a group, every phrase is printed in quotes.
fn print_clause(input: &str, clause: &Clause, is_grouped: bool) -> String {
    let is_excluded = clause.occur == Occur::MustNot;
    let group = |clauses: &[Clause], operator: &str| {
        let parts = joined(clauses, operator, |clause| {
            print_clause(input, clause, true)
        });
        format!("({parts})")
    };
    let printed = match &clause.kind {
        ClauseKind::Text(text) => {
            let is_quoted = clause.occur == Occur::Must || is_grouped || is_excluded;
            print_text(input, text, is_quoted)
        }
        ClauseKind::Near { texts, distance } => {
            let operator = format!(" NEAR/{distance} ");
            let parts = joined(texts, &operator, |text| print_text(input, text, true));
            format!("({parts})")
        }
        ClauseKind::Pattern(Pattern { text, scope, .. }) => format!("{}{text}", prefix(*scope)),
        ClauseKind::Any(clauses) => group(clauses, " OR "),
        ClauseKind::All(clauses) => group(clauses, " AND "),
        ClauseKind::Filter(Filter::Keyword { field, text, .. }) => {
            format!("{}:\"{text}\"", field.name())
        }
        ClauseKind::Filter(Filter::Published { text, .. }) => format!("date:\"{text}\""),
    };
    let sign = if is_excluded { "-" } else { "" };
    format!("{sign}{printed}")
}

fn joined<T>(parts: &[T], separator: &str, print: impl Fn(&T) -> String) -> String {
    let printed: Vec<String> = parts.iter().map(print).collect();
    printed.join(separator)
}

/// Prints a word or a phrase as it was typed. A phrase is quoted, unless it was written as one
/// word. A word that would be parsed as an operator gets quotes or brackets.
fn print_text(input: &str, text: &Text, is_quoted: bool) -> String {
    let typed = text.span.slice(input);
    let equals = if text.level == Level::Exact { "=" } else { "" };
    // Without brackets, a proclitic would become a part of the next word.
    let is_proclitic = text
        .terms
        .last()
        .is_some_and(|last| is_proclitic(&last.text));
    // A comma keeps a word such as `date:5` from being parsed as a field. In the input it followed
    // another sign: `$date:5`.
    let guard = if begins_with_name(typed) { "," } else { "" };
    let printed = match text.terms.len() {
        1 if operator(typed).is_some() => format!("\"{typed}\""),
        2.. if is_quoted && text.gaps > 0 => format!("\"{typed}\"~{}", text.gaps),
        2.. if is_quoted => format!("\"{typed}\""),
        _ if is_proclitic || operator(typed).is_some() => format!("({guard}{typed})"),
        _ => format!("{guard}{typed}"),
    };
    format!("{}{equals}{printed}", prefix(text.scope))
}

/// Returns whether a text begins with a field name and a colon.
fn begins_with_name(typed: &str) -> bool {
    typed
        .split_once(':')
        .is_some_and(|(name, _)| field_name(name).is_some())
}

/// Prints the name of the field that a scope consists of. Prints nothing for other scopes, which
/// the query language cannot express.
fn prefix(scope: Scope) -> String {
    let mut fields = Field::ALL.into_iter();
    let field = fields.find(|field| scope == Scope::of(*field));
    field.map_or_else(String::new, |field| format!("{}:", field.name()))
}
