//! Runs the specification: every row of `spec/*.md` is a check. It adds no case of its own.

use fihrist_index::analysis::{Analyzer, Kind, Model, fold};
use fihrist_index::article::{Segment, SegmentKind};
use fihrist_index::query::{Level, Occur, Query, parse};
use fihrist_index::snippet::match_spans;
use fihrist_index::{Article, ArticleId, Span};

/// The cells of all table rows, without heads and rules.
fn rows(markdown: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        let next_is_rule = lines.peek().is_some_and(|next| next.starts_with("|--"));
        if line.starts_with('|') && !line.starts_with("|--") && !next_is_rule {
            rows.push(line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect());
        }
    }
    rows
}

/// Runs `check` on every row and reports all that differ at once.
fn check_rows(markdown: &str, minimum: usize, check: impl Fn(&[String]) -> Result<(), String>) {
    let rows = rows(markdown);
    assert!(rows.len() >= minimum, "only {} rows were found", rows.len());
    let wrong: Vec<String> =
        rows.iter().filter_map(|row| check(row).err().map(|why| format!("{row:?}\n    {why}"))).collect();
    assert!(wrong.is_empty(), "{} of {} rows differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn expect(actual: &str, expected: &str) -> Result<(), String> {
    if actual == expected { Ok(()) } else { Err(format!("gives {actual}")) }
}

fn analyzer() -> Analyzer {
    Analyzer::new(Model::base())
}

#[test]
fn segmentation() {
    check_rows(include_str!("spec/segmentation.md"), 50, |row| {
        let words: Vec<String> = analyzer()
            .analyze(&row[0])
            .into_iter()
            .map(|token| if token.kind == Kind::Whole { format!("{{{}}}", token.surface) } else { token.surface })
            .collect();
        expect(&words.join(" "), &row[1])
    });
}

#[test]
fn folding() {
    check_rows(include_str!("spec/folding.md"), 20, |row| {
        row[0].split(' ').try_for_each(|word| expect(&fold::folded(word), &row[1]))
    });
}

#[test]
fn stemming() {
    check_rows(include_str!("spec/stemming.md"), 60, |row| {
        let stem = |word: &str| analyzer().analyze(word.trim()).into_iter().map(|token| token.stem).collect::<String>();
        if let Some((left, right)) = row[0].split_once('≠') {
            return if stem(left) == stem(right) { Err(format!("both give {}", stem(left))) } else { Ok(()) };
        }
        let stems: Vec<String> = row[0].split('=').map(stem).collect();
        if stems.windows(2).all(|pair| pair[0] == pair[1]) { Ok(()) } else { Err(format!("gives {}", stems.join(" "))) }
    });
}

#[test]
fn queries() {
    check_rows(include_str!("spec/queries.md"), 20, |row| expect(&understood(&parse(&row[0], &analyzer())), &row[1]));
}

fn understood(query: &Query) -> String {
    let mut parts: Vec<String> = Vec::new();
    for clause in &query.clauses {
        let words = clause.terms.iter().map(|term| term.surface.as_str()).collect::<Vec<_>>().join(" ");
        let words = if clause.terms.len() > 1 { format!("[{words}]") } else { words };
        let form = match clause.level {
            Level::Exact => "=",
            Level::Stem => "",
        };
        parts.push(match clause.occur {
            Occur::Must => format!("{form}+{words}"),
            Occur::Should if clause.is_ignored => format!("({words})"),
            Occur::Should => format!("{form}{words}"),
            Occur::MustNot => format!("{form}-{words}"),
        });
    }
    parts.extend(query.notices.iter().map(|notice| format!("!{}", notice.code.name())));
    parts.join(" ")
}

#[test]
fn highlights() {
    check_rows(include_str!("spec/highlights.md"), 8, |row| {
        let text = row[1].replace(['[', ']'], "");
        let article = Article {
            id: ArticleId::new("row").expect("an id"),
            segments: vec![Segment { kind: SegmentKind::Body, span: Span::new(0, text.len()) }],
            text: text.clone(),
            source: None,
            section: None,
            authors: Vec::new(),
            url: None,
            published: None,
        };
        let mut marked = String::new();
        let mut at = 0;
        for span in match_spans(&article, &parse(&row[0], &analyzer()), &analyzer()) {
            marked += &format!("{}[{}]", &text[at..span.start], span.slice(&text));
            at = span.end;
        }
        marked += &text[at..];
        expect(&marked, &row[1])
    });
}
