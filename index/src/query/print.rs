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
        for (number, clause) in self.clauses.iter().enumerate() {
            if number > 0 {
                f.write_str(" ")?;
            }
            write(f, &self.input, clause, false)?;
        }
        Ok(())
    }
}

/// Writes a clause. In a group, every phrase is written in quotes.
fn write(
    f: &mut fmt::Formatter<'_>,
    input: &str,
    clause: &Clause,
    is_grouped: bool,
) -> fmt::Result {
    let is_excluded = clause.occur == Occur::MustNot;
    if is_excluded {
        f.write_str("-")?;
    }
    match &clause.kind {
        ClauseKind::Text(text) => {
            let is_quoted = clause.occur == Occur::Must || is_grouped || is_excluded;
            write_text(f, input, text, is_quoted)
        }
        ClauseKind::Near { texts, distance } => {
            f.write_str("(")?;
            for (number, text) in texts.iter().enumerate() {
                if number > 0 {
                    write!(f, " NEAR/{distance} ")?;
                }
                write_text(f, input, text, true)?;
            }
            f.write_str(")")
        }
        ClauseKind::Pattern(Pattern { text, scope, .. }) => {
            write!(f, "{}{text}", ScopePrefix(*scope))
        }
        ClauseKind::Any(clauses) => write_group(f, input, clauses, " OR "),
        ClauseKind::All(clauses) => write_group(f, input, clauses, " AND "),
        ClauseKind::Filter(Filter::Keyword { field, text, .. }) => {
            write!(f, "{}:\"{text}\"", field.name())
        }
        ClauseKind::Filter(Filter::Published { text, .. }) => write!(f, "date:\"{text}\""),
    }
}

fn write_group(
    f: &mut fmt::Formatter<'_>,
    input: &str,
    clauses: &[Clause],
    operator: &str,
) -> fmt::Result {
    f.write_str("(")?;
    for (number, clause) in clauses.iter().enumerate() {
        if number > 0 {
            f.write_str(operator)?;
        }
        write(f, input, clause, true)?;
    }
    f.write_str(")")
}

/// Writes a word or a phrase as it was typed. A phrase is quoted, unless it was written as one
/// word. A word that would be parsed as an operator gets quotes or brackets.
fn write_text(
    f: &mut fmt::Formatter<'_>,
    input: &str,
    text: &Text,
    is_quoted: bool,
) -> fmt::Result {
    let typed = text.span.slice(input);
    write!(f, "{}", ScopePrefix(text.scope))?;
    if text.level == Level::Exact {
        f.write_str("=")?;
    }
    // Without brackets, a proclitic would become a part of the next word.
    let is_proclitic = text
        .terms
        .last()
        .is_some_and(|last| is_proclitic(&last.text));
    // A comma keeps a word such as `date:5` from being parsed as a field. In the input it followed
    // another sign: `$date:5`.
    let guard = if begins_with_name(typed) { "," } else { "" };
    match text.terms.len() {
        1 if operator(typed).is_some() => write!(f, "\"{typed}\""),
        2.. if is_quoted && text.gaps > 0 => write!(f, "\"{typed}\"~{}", text.gaps),
        2.. if is_quoted => write!(f, "\"{typed}\""),
        _ if is_proclitic || operator(typed).is_some() => write!(f, "({guard}{typed})"),
        _ => write!(f, "{guard}{typed}"),
    }
}

/// Returns whether a text begins with a field name and a colon.
fn begins_with_name(typed: &str) -> bool {
    typed
        .split_once(':')
        .is_some_and(|(name, _)| field_name(name).is_some())
}

/// Prints the name of the field that a scope consists of. Prints nothing for other scopes, which
/// the query language cannot express.
struct ScopePrefix(Scope);

impl fmt::Display for ScopePrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Field::ALL
            .into_iter()
            .find(|field| self.0 == Scope::of(*field))
        {
            Some(field) => write!(f, "{}:", field.name()),
            None => Ok(()),
        }
    }
}
