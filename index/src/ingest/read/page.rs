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

/// The length below which the library tries again with less strict rules. News in brief are not
/// longer.
const FEW_CHARS: usize = 200;
/// A page with more elements is a list.
const MAX_ELEMENTS: usize = 100_000;

/// Reads a page as an article. Fails with the reason in plain words.
pub fn article(page: &str) -> Result<Article, String> {
    read(page)?.finish().map(|record| record.article)
}

/// Reads a page into a draft. Fails with the reason in plain words.
pub fn read(page: &str) -> Result<Draft<'static>, String> {
    if is_nested_too_deep(page) {
        return Err(
            "no page that anyone reads: its elements are nested more than 1000 deep".to_owned(),
        );
    }
    // A panic in a library must not end the job.
    let read = catch_unwind(AssertUnwindSafe(|| draft(page)));
    read.map_err(|_| {
        "a page that can't be read: the library that looks for its text failed".to_owned()
    })
}

fn draft(page: &str) -> Draft<'static> {
    let document = Document::from(page);
    let metadata = metadata::collect(&document);
    let seen = document
        .body()
        .map(|body| html::paragraphs(body, &[], false))
        .unwrap_or_default();
    let mut lines = main_text(document)
        .filter(|lines| has_words(lines))
        .unwrap_or_else(|| visible_text(page));
    if !has_words(&lines) {
        lines = line_spans(&metadata.body)
            .into_iter()
            .map(|span| Paragraph {
                kind: SegmentKind::Body,
                text: span.slice(&metadata.body).to_owned(),
            })
            .collect();
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
    mark_dek(&mut lines, &seen, &description);
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
    let article = Readability::with_document(document, None, Some(config))
        .ok()?
        .parse()
        .ok()?;
    let content = Document::fragment(article.content);
    Some(html::paragraphs(content.root(), &[], false))
}

/// Returns the visible text of a page, without the elements around the article.
fn visible_text(page: &str) -> Vec<Paragraph> {
    let document = Document::from(page);
    let visible = |without: &[&str]| {
        document
            .body()
            .map(|body| html::paragraphs(body, without, false))
            .unwrap_or_default()
    };
    let lines = visible(AROUND);
    if has_words(&lines) {
        lines
    } else {
        visible(&[])
    }
}

fn has_words(lines: &[Paragraph]) -> bool {
    lines.iter().any(|line| has_word(&line.text))
}

/// Marks the description as the dek if the page shows it as a line of its own. That line is above
/// the text, or is the first line and no sentence.
fn mark_dek(lines: &mut Vec<Paragraph>, seen: &[Paragraph], description: &str) {
    if !has_word(description) {
        return;
    }
    match lines
        .iter()
        .position(|line| is_same(&line.text, description))
    {
        Some(0) if !ends_sentence(&lines[0].text) => lines[0].kind = SegmentKind::Dek,
        Some(_) => {}
        None => {
            if let Some(line) = seen.iter().find(|line| is_same(&line.text, description)) {
                lines.insert(
                    0,
                    Paragraph {
                        kind: SegmentKind::Dek,
                        text: line.text.clone(),
                    },
                );
            }
        }
    }
}

/// Returns whether two lines are equal, apart from white space.
fn is_same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}
