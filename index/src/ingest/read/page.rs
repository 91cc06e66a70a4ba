//! A web page → an article, from the page's metadata and its main text. A library finds the main
//! text. The stored text has no HTML.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::Document;
use dom_smoothie::{Config, Readability};

use super::html;
use super::line_spans::line_spans;
use super::markup::{AROUND, is_nested_too_deep};
use super::metadata::{self, Metadata};
use super::record::{Body, Draft, Paragraph};
use super::searchable::has_word;
use crate::document::{Article, SegmentKind};
use crate::ingest::furniture::ends_sentence;

/// If the main text has fewer characters, the library tries again with less strict rules. News in
/// brief are about this long.
const FEW_CHARS: usize = 200;
/// The maximum number of elements on a page. A page with more elements is a list.
const MAX_ELEMENTS: usize = 100_000;

/// Reads a page as an article. Fails with the reason in plain words.
pub fn article(page: &str) -> Result<Article, String> {
    read(page)?.finish().map(|record| record.article)
}

/// Reads a page into a draft. Fails with the reason in plain words.
pub fn read(page: &str) -> Result<Draft<'static>, String> {
    if is_nested_too_deep(page) {
        return Err("not a readable page: its elements are nested more than 1000 deep".to_owned());
    }
    // A panic in a library must not end the job.
    let read = catch_unwind(AssertUnwindSafe(|| draft(page)));
    read.map_err(|_| "the page cannot be read: the library that finds its text failed".to_owned())
}

fn draft(page: &str) -> Draft<'static> {
    let document = Document::from(page);
    let metadata = metadata::collect(&document);
    let visible = body_lines(&document, &[]);
    let mut lines = match main_text(document) {
        Some(lines) if has_words(&lines) => lines,
        Some(_) | None => visible_text(page),
    };
    if !has_words(&lines) {
        lines.clear();
        for span in line_spans(&metadata.body) {
            lines.push(Paragraph {
                kind: SegmentKind::Body,
                text: span.slice(&metadata.body).to_owned(),
            });
        }
    }
    let Metadata {
        title,
        site,
        section,
        authors,
        date,
        url,
        description,
        body: _,
    } = metadata;
    lines.retain(|line| !is_same(&line.text, &title));
    mark_dek(&mut lines, &visible, &description);
    Draft {
        title: Cow::Owned(title),
        body: Body::Paragraphs(lines),
        source: Cow::Owned(site),
        section: Cow::Owned(section),
        authors: authors.into_iter().map(Cow::Owned).collect(),
        date: Cow::Owned(date),
        url: Cow::Owned(url),
        ..Draft::default()
    }
}

fn main_text(document: Document) -> Option<Vec<Paragraph>> {
    let config = Config {
        char_threshold: FEW_CHARS,
        max_elements_to_parse: MAX_ELEMENTS,
        disable_json_ld: true,
        ..Config::default()
    };
    let mut readability = Readability::with_document(document, None, Some(config)).ok()?;
    let article = readability.parse().ok()?;
    let content = Document::fragment(article.content);
    Some(html::paragraphs(content.root(), &[], false))
}

/// Returns the visible text of a page without headers, menus and the like; if that has no words,
/// all visible text.
fn visible_text(page: &str) -> Vec<Paragraph> {
    let document = Document::from(page);
    let lines = body_lines(&document, AROUND);
    if has_words(&lines) {
        lines
    } else {
        body_lines(&document, &[])
    }
}

fn body_lines(document: &Document, without: &[&str]) -> Vec<Paragraph> {
    match document.body() {
        Some(body) => html::paragraphs(body, without, false),
        None => Vec::new(),
    }
}

fn has_words(lines: &[Paragraph]) -> bool {
    lines.iter().any(|line| has_word(&line.text))
}

/// Marks the description as the dek if the page shows it as a line of its own. That line is above
/// the text, or is the first line and does not end like a sentence.
fn mark_dek(lines: &mut Vec<Paragraph>, visible: &[Paragraph], description: &str) {
    if !has_word(description) {
        return;
    }
    let index = lines
        .iter()
        .position(|line| is_same(&line.text, description));
    match index {
        Some(0) if !ends_sentence(&lines[0].text) => lines[0].kind = SegmentKind::Dek,
        Some(_) => {}
        None => {
            let shown = visible.iter().find(|line| is_same(&line.text, description));
            if let Some(line) = shown {
                let dek = Paragraph {
                    kind: SegmentKind::Dek,
                    text: line.text.clone(),
                };
                lines.insert(0, dek);
            }
        }
    }
}

/// Returns whether two lines are equal, apart from white space.
fn is_same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}
