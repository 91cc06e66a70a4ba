//! Runs the specification: every row of `spec/*.md` is a check. It adds no case of its own.

use std::collections::HashSet;

use fihrist_index::arabic::{Analyzer, Model, TokenKind, fold};
use fihrist_index::document::Field;
use fihrist_index::learning::graph::Graph;
use fihrist_index::query::{Clause, ClauseKind, Filter, Level, Occur, Query, Scope, Text, parse};
use fihrist_index::snippet::{Highlight, Highlighter};

use crate::support::articles::untitled;
use crate::support::tables::{check_all, expect, rows};

/// Runs `check` on every row of a specification.
#[track_caller]
fn check_rows(markdown: &str, minimum: usize, check: impl Fn(&[String]) -> Result<(), String>) {
    check_all(&rows(markdown), minimum, |row| check(row));
}

fn analyzer() -> Analyzer {
    Analyzer::new(Model::base())
}

#[test]
fn segmentation() {
    check_rows(include_str!("../spec/segmentation.md"), 50, |row| {
        let words: Vec<String> = analyzer()
            .analyze(&row[0])
            .into_iter()
            .map(|token| {
                if token.kind == TokenKind::Whole {
                    format!("{{{}}}", token.surface)
                } else {
                    token.surface
                }
            })
            .collect();
        expect(&words.join(" "), &row[1])
    });
}

#[test]
fn folding() {
    check_rows(include_str!("../spec/folding.md"), 150, |row| {
        row[0]
            .split(' ')
            .try_for_each(|word| expect(&fold::folded(word), &row[1]))
    });
}

#[test]
fn stemming() {
    check_rows(include_str!("../spec/stemming.md"), 60, |row| {
        let stem = |word: &str| {
            analyzer()
                .analyze(word.trim())
                .into_iter()
                .map(|token| token.stem)
                .collect::<String>()
        };
        if let Some((left, right)) = row[0].split_once('≠') {
            return if stem(left) == stem(right) {
                Err(format!("both give {}", stem(left)))
            } else {
                Ok(())
            };
        }
        let stems: Vec<String> = row[0].split('=').map(stem).collect();
        if stems.windows(2).all(|pair| pair[0] == pair[1]) {
            Ok(())
        } else {
            Err(format!("gives {}", stems.join(" ")))
        }
    });
}

#[test]
fn irregular_words() {
    let graph = Graph::base();
    let terms = |word: &str| -> HashSet<String> {
        let mut terms = HashSet::new();
        for token in analyzer().analyze(word.trim()) {
            let bases = graph.related(&token.stem);
            let bases = bases.filter(|related| related.is_base && related.relation.is_same_word());
            terms.extend(bases.map(|related| related.stem.to_owned()));
            terms.insert(token.stem);
        }
        terms
    };
    check_rows(include_str!("../spec/irregular.md"), 20, |row| {
        let is_apart = row[0].contains('≠');
        let words: Vec<&str> = row[0].split(['=', '≠']).collect();
        for pair in words.windows(2) {
            let (one, other) = (terms(pair[0]), terms(pair[1]));
            if one.is_disjoint(&other) != is_apart {
                return Err(format!("{}: {one:?}; {}: {other:?}", pair[0], pair[1]));
            }
        }
        Ok(())
    });
}

#[test]
fn queries() {
    check_rows(include_str!("../spec/queries.md"), 150, |row| {
        expect(&understood(&parse(&row[0], &analyzer())), &row[1])
    });
}

pub fn understood(query: &Query) -> String {
    let clauses = query.clauses.iter().map(clause);
    clauses
        .chain(
            query
                .notices
                .iter()
                .map(|notice| format!("!{}", notice.code.name())),
        )
        .collect::<Vec<_>>()
        .join(" ")
}

fn clause(clause: &Clause) -> String {
    let inner = match &clause.kind {
        ClauseKind::Text(text) => text_of(text),
        ClauseKind::Near { texts, distance } => {
            format!(
                "{{{}}}~{distance}",
                texts.iter().map(text_of).collect::<Vec<_>>().join(" ")
            )
        }
        ClauseKind::Pattern(pattern) => format!("{}{}", prefix(pattern.scope), pattern.pattern),
        ClauseKind::Any(clauses) => {
            format!(
                "<{}>",
                clauses
                    .iter()
                    .map(self::clause)
                    .collect::<Vec<_>>()
                    .join(" | ")
            )
        }
        ClauseKind::All(clauses) => {
            format!(
                "<{}>",
                clauses
                    .iter()
                    .map(self::clause)
                    .collect::<Vec<_>>()
                    .join(" & ")
            )
        }
        ClauseKind::Filter(Filter::Keyword { field, words, .. }) => {
            format!("{}:{}", field.name(), words.join(" "))
        }
        ClauseKind::Filter(Filter::Published { period, .. }) => {
            let day = |day: Option<jiff::civil::Date>| {
                day.map_or_else(|| "…".to_owned(), |day| day.to_string())
            };
            format!("date:{}–{}", day(period.from), day(period.before))
        }
    };
    match clause.occur {
        Occur::Must => format!("+{inner}"),
        Occur::Should if clause.is_ignored => format!("({inner})"),
        Occur::Should => inner,
        Occur::MustNot => format!("-{inner}"),
    }
}

fn text_of(text: &Text) -> String {
    let words = text
        .terms
        .iter()
        .map(|term| term.surface.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let words = if text.terms.len() > 1 {
        format!("[{words}]")
    } else {
        words
    };
    let gaps = if text.gaps > 0 {
        format!("~{}", text.gaps)
    } else {
        String::new()
    };
    let form = match text.level {
        Level::Exact => "=",
        Level::Stem => "",
    };
    format!("{}{form}{words}{gaps}", prefix(text.scope))
}

fn prefix(scope: Scope) -> String {
    let only = Field::ALL
        .into_iter()
        .find(|field| scope == Scope::of(*field));
    only.map_or_else(String::new, |field| format!("{}:", field.name()))
}

#[test]
fn highlights() {
    check_rows(include_str!("../spec/highlights.md"), 8, |row| {
        let text = row[1].replace(['[', ']'], "");
        let article = untitled("row", text.clone());
        let mut marked = String::new();
        let mut at = 0;
        let (query, analyzer) = (parse(&row[0], &analyzer()), analyzer());
        let highlighter = Highlighter::new(&query, &analyzer, Highlight::Word);
        for span in highlighter.find(&article).spans() {
            marked += &format!("{}[{}]", &text[at..span.start], span.slice(&text));
            at = span.end;
        }
        marked += &text[at..];
        expect(&marked, &row[1])
    });
}
