//! The tables of `spec/*.md`, and a check that reports all failing rows at once.

use std::fmt::Debug;

/// Separates the expressions of one cell that mean the same.
const SAME: &str = " = ";

/// One table of a specification.
pub struct Table<'a> {
    /// The heading of the section.
    pub heading: &'a str,
    /// The line with the names of the columns.
    pub head: &'a str,
    pub rows: Vec<Vec<String>>,
}

/// Returns all tables of a specification.
pub fn tables(markdown: &str) -> Vec<Table<'_>> {
    let mut tables: Vec<Table> = Vec::new();
    let (mut heading, mut previous) = ("", "");
    let mut is_table = false;
    for line in markdown.lines() {
        if let Some(text) = line.strip_prefix("## ") {
            heading = text;
        }
        if line.starts_with("|--") {
            is_table = true;
            tables.push(Table {
                heading,
                head: previous,
                rows: Vec::new(),
            });
        } else if !line.starts_with('|') {
            is_table = false;
        } else if is_table && let Some(table) = tables.last_mut() {
            table.rows.push(cells(line));
        }
        previous = line;
    }
    tables
}

/// Returns the rows of all tables.
pub fn rows(markdown: &str) -> Vec<Vec<String>> {
    rows_of(markdown, |_| true)
}

/// Returns the rows of the tables that `is_wanted` accepts.
pub fn rows_of(markdown: &str, is_wanted: impl Fn(&Table) -> bool) -> Vec<Vec<String>> {
    let wanted = tables(markdown).into_iter().filter(is_wanted);
    wanted.flat_map(|table| table.rows).collect()
}

/// Returns each expression of the first cells with the other cells of its row.
pub fn expressions(rows: &[Vec<String>]) -> Vec<(&str, &[String])> {
    let mut expressions = Vec::new();
    for row in rows {
        let same = row[0].split(SAME);
        expressions.extend(same.map(|expression| (expression.trim(), &row[1..])));
    }
    expressions
}

/// Splits a row into cells; `\|` is a bar within a cell.
fn cells(row: &str) -> Vec<String> {
    let row = row.replace("\\|", "\0");
    let inside = row.strip_prefix('|').unwrap_or(&row);
    let inside = inside.strip_suffix('|').unwrap_or(inside);
    inside
        .split('|')
        .map(|cell| cell.trim().replace('\0', "|"))
        .collect()
}

/// Checks every item, and reports all failures at once. Fewer than `minimum` items are a failure.
#[track_caller]
pub fn check_all<T: Debug>(items: &[T], minimum: usize, check: impl Fn(&T) -> Result<(), String>) {
    let count = items.len();
    assert!(count >= minimum, "only {count} rows were found");
    let wrong: Vec<String> = items
        .iter()
        .filter_map(|item| Some(format!("{item:?}\n    {}", check(item).err()?)))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {count} rows differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Fails with the actual value unless it is the expected one.
pub fn expect(actual: &str, expected: &str) -> Result<(), String> {
    if actual == expected {
        Ok(())
    } else {
        Err(format!("gives {actual:?}"))
    }
}
