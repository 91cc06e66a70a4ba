//! Runs the specification of segments: every page of `spec/segments.md` is a check. It adds no case
//! of its own.

use fihrist_index::document::Article;
use fihrist_index::ingest::read_text;
use fihrist_index::{ArticleId, Span};

/// One section of the specification.
#[derive(Default)]
struct Page {
    heading: String,
    /// The lines with their expected kinds.
    lines: Vec<(String, String)>,
    source: String,
    authors: String,
}

fn pages(markdown: &str) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    for line in markdown.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            pages.push(Page {
                heading: heading.to_owned(),
                ..Page::default()
            });
        }
        let Some(page) = pages.last_mut() else {
            continue;
        };
        if let Some(source) = line.strip_prefix("source: ") {
            page.source = source.to_owned();
        } else if let Some(authors) = line.strip_prefix("authors: ") {
            page.authors = authors.to_owned();
        } else if let Some(cells) = line.strip_prefix('|').and_then(|row| row.strip_suffix('|'))
            && let Some((text, kind)) = cells.rsplit_once('|')
            && (text.trim(), kind.trim()) != ("line", "kind")
            && !cells.starts_with("---|")
        {
            page.lines
                .push((text.trim().to_owned(), kind.trim().to_owned()));
        }
    }
    pages
}

/// Returns the kinds of the segments that overlap a line.
fn kinds(article: &Article, line: Span) -> String {
    let within = article
        .segments
        .iter()
        .filter(|segment| segment.span.overlaps(line));
    within
        .map(|segment| segment.kind.name())
        .collect::<Vec<_>>()
        .join(" + ")
}

/// Returns the differences on one page.
fn check(page: &Page) -> Vec<String> {
    let text = page
        .lines
        .iter()
        .map(|(line, _)| line.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    let article = read_text(ArticleId::new("page").expect("an id"), text);
    let mut wrong = Vec::new();
    let mut expect = |what: &str, actual: &str, expected: &str| {
        if actual != expected {
            wrong.push(format!(
                "{}: {what}: expected `{expected}`, found `{actual}`",
                page.heading
            ));
        }
    };
    let mut start = 0;
    for (line, expected) in &page.lines {
        expect(
            line,
            &kinds(&article, Span::new(start, start + line.len())),
            expected,
        );
        start += line.len() + 1;
    }
    expect(
        "source",
        article.source.as_deref().unwrap_or_default(),
        &page.source,
    );
    expect("authors", &article.authors.join("; "), &page.authors);
    wrong
}

#[test]
fn segments() {
    let pages = pages(include_str!("../spec/segments.md"));
    assert!(
        pages.len() >= 12 && pages.iter().all(|page| page.lines.len() > 1),
        "{} pages were found",
        pages.len()
    );
    let wrong: Vec<String> = pages.iter().flat_map(check).collect();
    assert!(
        wrong.is_empty(),
        "{} lines differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
