//! A web page → an article, from the page's metadata and its main text. A library finds the main
//! text. The stored text has no HTML.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::Document;
use dom_smoothie::{Config, Readability};

use super::markup::AROUND;
use super::{
    Article, Body, Decoded, Draft, Paragraph, SegmentKind, Span, decode_as, ends_sentence,
    has_word, html, is_nested_too_deep, line_spans, metadata,
};

/// If the main text has fewer characters, the library tries again with less strict rules. News in
/// brief are about this long.
const FEW_CHARS: usize = 200;
/// The maximum number of elements on a page. A page with more elements is a list.
const MAX_ELEMENTS: usize = 100_000;

/// The number of bytes at a page's beginning that are searched for a declaration.
const DECLARATION_BYTES: usize = 4 << 10;

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
    let (mut draft, description) = metadata::collect(&document);
    let visible = body_lines(&document, &[]);
    // Without main text, the visible text is read without headers, menus and the like; if that has
    // no words, all visible text.
    let with_words = |lines: Vec<_>| has_words(&lines).then_some(lines);
    let mut lines = main_text(document)
        .and_then(with_words)
        .or_else(|| with_words(body_lines(&Document::from(page), AROUND)))
        .unwrap_or_else(|| visible.clone());
    if !has_words(&lines)
        && let Body::Plain(body) = &draft.body
    {
        let spans = line_spans(body).into_iter();
        let line = |span: Span| Paragraph {
            kind: SegmentKind::Body,
            text: span.slice(body).to_owned().into(),
        };
        lines = spans.map(line).collect();
    }
    lines.retain(|line| !is_same(&line.text, &draft.title));
    mark_dek(&mut lines, &visible, &description);
    draft.body = Body::Paragraphs(lines);
    draft
}

fn main_text(document: Document) -> Option<Vec<Paragraph<'static>>> {
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

/// Returns the visible lines of a page, without the elements in `without`.
fn body_lines(document: &Document, without: &[&str]) -> Vec<Paragraph<'static>> {
    let body = document.body();
    body.map_or_else(Vec::new, |body| html::paragraphs(body, without, false))
}

fn has_words(lines: &[Paragraph<'_>]) -> bool {
    lines.iter().any(|line| has_word(&line.text))
}

/// Marks the description as the dek if the page shows it as a line of its own. That line is above
/// the text, or is the first line and does not end like a sentence.
fn mark_dek(
    lines: &mut Vec<Paragraph<'static>>,
    visible: &[Paragraph<'static>],
    description: &str,
) {
    if !has_word(description) {
        return;
    }
    let is_description = |line: &&Paragraph<'_>| is_same(&line.text, description);
    match lines.iter().position(|line| is_description(&line)) {
        Some(0) if !ends_sentence(&lines[0].text) => lines[0].kind = SegmentKind::Dek,
        Some(_) => {}
        None => {
            if let Some(line) = visible.iter().find(is_description) {
                let kind = SegmentKind::Dek;
                lines.insert(
                    0,
                    Paragraph {
                        kind,
                        ..line.clone()
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

/// Decodes a page. `sent` is the encoding in the HTTP header. UTF-8 takes precedence, then a byte
/// order mark, then `sent`, then the declaration in the page, then detection.
pub fn decode(bytes: Vec<u8>, sent: Option<&str>) -> Result<Decoded, String> {
    let declared = sent
        .map(str::to_owned)
        .or_else(|| declared(&bytes[..bytes.len().min(DECLARATION_BYTES)]));
    decode_as(bytes, declared.as_deref())
}

/// Returns the encoding that the first tags of a page declare: `charset=windows-1256`, with or
/// without quotes.
pub fn declared(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, after) = head
        .split_once("charset")
        .or_else(|| head.split_once("encoding"))?;
    let value = after
        .trim_start()
        .strip_prefix('=')?
        .trim_start_matches([' ', '"', '\'']);
    let end = value
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':'))
        .unwrap_or(value.len());
    Some(value[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::Encoding;

    #[test]
    fn declared_encodings() {
        let check = |label: &str, page: &str, sent: Option<&str>, expected: &str| {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let decoded = decode(encoding.encode(page).0.into_owned(), sent).unwrap();
            assert_eq!((decoded.text.as_str(), decoded.encoding), (page, expected));
        };
        check(
            "windows-1256",
            "<meta charset=\"windows-1256\"><p>خبر",
            None,
            "windows-1256",
        );
        check(
            "windows-1256",
            "<meta content='text/html; charset=WINDOWS-1256'><p>خبر",
            None,
            "windows-1256",
        );
        check("windows-1256", "<p>خبر", Some("cp1256"), "windows-1256");
        check("utf-8", "<meta charset=windows-1256><p>خبر", None, "UTF-8");
    }
}
