//! Runs the specification of web pages: every page of `spec/pages.md` and `spec/templates.md` is a
//! check. It adds only hostile pages.

use std::fmt::Write as _;

use fihrist_index::ingest::read_page;
use proptest::prelude::*;

/// One section of the specification.
#[derive(Default)]
struct Page {
    heading: String,
    html: String,
    /// The expected reading: one line for each segment and fact.
    expected: String,
}

fn pages(markdown: &str) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    let mut is_fenced = false;
    for line in markdown.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            pages.push(Page {
                heading: heading.to_owned(),
                ..Page::default()
            });
            continue;
        }
        let Some(page) = pages.last_mut() else {
            continue;
        };
        if line.starts_with("```") {
            is_fenced = !is_fenced;
        } else if is_fenced {
            page.html.push_str(line);
            page.html.push('\n');
        } else if let Some(cells) = line
            .strip_prefix("| ")
            .and_then(|row| row.strip_suffix(" |"))
            && let Some((what, text)) = cells.split_once(" | ")
            && what != "what"
        {
            writeln!(page.expected, "{what}: {text}").expect("a string takes all");
        }
    }
    pages
}

/// Returns the reading of a page in the form of the tables.
fn seen(html: &str) -> String {
    let article = match read_page(html) {
        Ok(article) => article,
        Err(reason) => return format!("rejected: {reason}\n"),
    };
    let mut seen = String::new();
    for segment in &article.segments {
        writeln!(
            seen,
            "{}: {}",
            segment.kind.name(),
            segment.span.slice(&article.text)
        )
        .expect("a string takes all");
    }
    let authors = (!article.authors.is_empty()).then(|| article.authors.join("; "));
    let date = article.published.map(|published| published.date);
    let facts = [
        ("source", article.source),
        ("section", article.section),
        ("authors", authors),
        ("date", date),
        ("url", article.url),
    ];
    for (name, fact) in facts {
        if let Some(fact) = fact {
            writeln!(seen, "{name} = {fact}").expect("a string takes all");
        }
    }
    seen.replace(" = ", ": ")
}

#[test]
fn pages_of_the_specification() {
    let pages = pages(include_str!("../spec/pages.md"));
    assert!(pages.len() >= 10, "{} pages", pages.len());
    check(&pages, seen);
}

#[test]
fn templates_of_newspapers() {
    let specification = include_str!("../spec/templates.md");
    let mut text = specification.to_owned();
    for line in specification
        .lines()
        .filter_map(|line| line.strip_prefix("- "))
    {
        let (name, words) = line.split_once(' ').expect("a name and its text");
        text = text.replace(name, words);
    }
    let pages = pages(&text);
    assert!(pages.len() >= 20, "{} pages", pages.len());
    check(&pages, |html| {
        let seen = seen(html);
        let lines = seen.lines().filter(|line| !line.starts_with("furniture: "));
        lines.map(|line| format!("{line}\n")).collect()
    });
}

#[track_caller]
fn check(pages: &[Page], seen: impl Fn(&str) -> String) {
    assert!(pages.iter().all(|page| !page.expected.is_empty()));
    let wrong: Vec<String> = pages
        .iter()
        .filter(|page| seen(&page.html) != page.expected)
        .map(|page| {
            format!(
                "## {}\nexpected:\n{}found:\n{}",
                page.heading,
                page.expected,
                seen(&page.html)
            )
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} pages differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn endless_nesting_is_refused_and_long_lists_are_read() {
    assert!(seen(&"<div>".repeat(200_000)).contains("nested more than 1000 deep"));
    assert!(seen(&"<b><i>".repeat(200_000)).contains("nested more than 1000 deep"));
    let list = format!(
        "<title>قائمة</title><ul>{}</ul>",
        "<li>بند في قائمة طويلة".repeat(5_000)
    );
    assert!(
        seen(&list).starts_with("title: قائمة\nbody: بند"),
        "{:.200}",
        seen(&list)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_page_is_read_or_refused(pieces in prop::collection::vec(prop_oneof![
        8 => prop::sample::select(vec![
            "<html>", "<head>", "<title>خبر - موقع</title>", "<body>", "<div class=article>", "</div>", "<p>", "</p>", "<h1>", "</h1>",
            "<meta name=author content='سلمى'>", "<script type='application/ld+json'>", "{\"@type\": \"NewsArticle\"}", "</script>",
            "وصلت السفينة إلى الميناء، وانتظرها الناس طويلا. ", "<figure><figcaption>", "</figcaption></figure>", "<table><tr><td>",
            "&nbsp;", "\u{200F}", "<br>", "<a href=x>", "</a>", "<ul><li>", "<!--", "-->", "<svg><p>", "<template>", "<frameset>",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ], 0..40)) {
        if let Ok(article) = read_page(&pieces.concat()) {
            let mut end = 0;
            for segment in &article.segments {
                let text = article.text.get(segment.span.range()).expect("in bounds and on character boundaries");
                prop_assert!(segment.span.start >= end && !text.is_empty() && text.trim() == text, "{text:?}");
                prop_assert!(article.text[end..segment.span.start].trim().is_empty(), "gaps are blank");
                end = segment.span.end;
            }
        }
    }
}
