//! A web page → an article, from the page's metadata and its main text. A library finds the main
//! text. The stored text has no HTML.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::Document;
use dom_smoothie::{Config, Readability};
use rustc_hash::FxHashSet;

use super::apart::set_apart;
use super::credit::{byline, byline_date};
use super::html::Options;
use super::markup::AROUND;
use super::page_line::{PageLine, host_of};
use super::record::is_same;
use super::{
    Article, Body, Decoded, Draft, Paragraph, SegmentKind, Span, around, date, decode_as,
    ends_sentence, has_word, html, is_nested_too_deep, line_spans, metadata,
};

/// If the main text has fewer characters, the library tries again with less strict rules. News in
/// brief are about this long.
const FEW_CHARS: usize = 200;
/// The maximum number of elements on a page. A page with more elements is a list.
const MAX_ELEMENTS: usize = 100_000;

/// The minimum number of words in a title that is taken out of a longer one.
const MIN_TITLE_WORDS: usize = 3;

/// The number of bytes at a page's beginning that are searched for a declaration.
const DECLARATION_BYTES: usize = 4 << 10;

/// Reads a page as an article. Fails with the reason in plain words.
pub fn article(page: &str) -> Result<Article, String> {
    let draft = read(page)?;
    match draft.left_out {
        Some(what) => Err(format!("no article: {what}")),
        None => draft.finish().map(|record| record.article),
    }
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
    set_apart(document.root());
    let (mut draft, description) = metadata::collect(&document);
    let url = draft.url.clone();
    let options = Options {
        host: host_of(&url).unwrap_or_default(),
        ..Options::default()
    };
    let visible = body_lines(&document, options);
    if let Some(title) = shown_part(&draft.title, &visible) {
        draft.title = Cow::Owned(title);
    }
    around::remove(&document, &draft.title, options);
    let near = body_lines(&document, options);
    // Without main text, the visible text is read without headers, menus and the like; if that has
    // no words, without menus; and at last all visible text.
    let with_words = |lines: Vec<_>| has_words(&lines).then_some(lines);
    let paragraphs = |lines: &[PageLine]| lines.iter().map(PageLine::to_paragraph).collect();
    let around = Options {
        without: AROUND,
        ..options
    };
    let mut lines = main_text(document, options)
        .and_then(with_words)
        .or_else(|| {
            let document = Document::from(page);
            set_apart(document.root());
            around::remove(&document, &draft.title, options);
            with_words(paragraphs(&body_lines(&document, around)))
                .or_else(|| with_words(paragraphs(&near)))
        })
        .unwrap_or_else(|| paragraphs(&visible));
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
    mark_furniture(&mut lines, &visible);
    let head = head_lines(&draft.title, &lines, &visible);
    if draft.date.is_empty()
        && let Some(date) = head.iter().rev().find_map(|line| shown_date(&line.text))
    {
        draft.date = Cow::Owned(date.to_owned());
        draft.is_date_shown = true;
    }
    if draft.authors.is_empty() {
        let names = head.iter().find_map(|line| byline(&line.text));
        draft.authors = names.into_iter().flatten().map(Cow::Owned).collect();
    }
    lines.retain(|line| !is_same(&line.text, &draft.title));
    let mut known = vec![&*draft.source, &*draft.section];
    known.extend(draft.authors.iter().map(|author| &**author));
    around::add_missed(&mut lines, &near, &draft.title, &known);
    mark_dek(&mut lines, &visible, &description);
    let names = mark_head(&mut lines, &draft.authors);
    if draft.authors.is_empty() {
        draft.authors = names.into_iter().map(Cow::Owned).collect();
    }
    draft.body = Body::Paragraphs(lines);
    // Some sites give all their pages the address of the front page, which would be the id of all.
    if metadata::has_path(&draft.url) == Some(false) {
        draft.url = Cow::default();
    }
    draft
}

fn main_text(document: Document, options: Options<'_>) -> Option<Vec<Paragraph<'static>>> {
    let config = Config {
        keep_classes: true,
        char_threshold: FEW_CHARS,
        max_elements_to_parse: MAX_ELEMENTS,
        disable_json_ld: true,
        ..Config::default()
    };
    let mut readability = Readability::with_document(document, None, Some(config)).ok()?;
    let article = readability.parse().ok()?;
    let content = Document::fragment(article.content);
    Some(html::paragraphs(content.root(), options))
}

/// Returns the visible lines of a page.
fn body_lines(document: &Document, options: Options<'_>) -> Vec<PageLine> {
    let body = document.body();
    body.map_or_else(Vec::new, |body| html::lines(body, options))
}

/// Marks the lines that are furniture on the whole page. Without the page around it, an element can
/// look like text, because the main text lacks some of its links and names.
fn mark_furniture(lines: &mut [Paragraph<'_>], visible: &[PageLine]) {
    let texts = |is_furniture: bool| -> FxHashSet<&str> {
        let is_wanted =
            move |line: &&PageLine| (line.kind == SegmentKind::Furniture) == is_furniture;
        visible
            .iter()
            .filter(is_wanted)
            .map(|line| &*line.text)
            .collect()
    };
    let (furniture, text) = (texts(true), texts(false));
    for line in lines {
        if furniture.contains(&*line.text) && !text.contains(&*line.text) {
            line.kind = SegmentKind::Furniture;
        }
    }
}

/// Returns the part of a title such as `الموقع :: عنوان` that the page shows as a line of its own.
fn shown_part(title: &str, visible: &[PageLine]) -> Option<String> {
    let is_shown = |part: &&str| {
        part.split_whitespace().count() >= MIN_TITLE_WORDS
            && visible.iter().any(|line| is_same(&line.text, part))
    };
    let mut separators = metadata::SEPARATORS.into_iter();
    let part = separators.find_map(|separator| {
        let (first, last) = title.split_once(separator)?;
        [first, last].into_iter().find(is_shown)
    });
    part.map(str::to_owned)
}

/// Returns the visible lines between the title and the first paragraph of the text.
fn head_lines<'a>(title: &str, lines: &[Paragraph<'_>], visible: &'a [PageLine]) -> &'a [PageLine] {
    let first = lines.iter().find(|line| ends_sentence(&line.text));
    let place = |text: &str| visible.iter().position(|line| is_same(&line.text, text));
    let head = place(title).zip(first.and_then(|first| place(&first.text)));
    let head = head.and_then(|(start, end)| visible.get(start + 1..end));
    head.unwrap_or_default()
}

/// Returns the date that a line above the text shows, alone or after the author.
fn shown_date(line: &str) -> Option<&str> {
    if date::is_day(line) {
        Some(line)
    } else {
        byline_date(line)
    }
}

/// Marks bylines, and dates above the text. `authors` are known names. Returns the names in the
/// first byline.
fn mark_head(lines: &mut [Paragraph<'_>], authors: &[Cow<'_, str>]) -> Vec<String> {
    let mut found = Vec::new();
    let names: Vec<&str> = authors.iter().map(|author| &**author).collect();
    let mut is_above_text = true;
    for line in lines {
        match line.kind {
            SegmentKind::Body | SegmentKind::Furniture => {}
            SegmentKind::Title
            | SegmentKind::Dek
            | SegmentKind::Caption
            | SegmentKind::Credit
            | SegmentKind::Byline
            | SegmentKind::Dateline
            | SegmentKind::Subhead => continue,
        }
        if let Some(names) = byline(&line.text) {
            line.kind = SegmentKind::Byline;
            if found.is_empty() {
                found = names;
            }
        } else if around::is_names(&line.text, &names) {
            line.kind = SegmentKind::Byline;
        } else if is_above_text && date::is_day(&line.text) {
            line.kind = SegmentKind::Furniture;
        }
        is_above_text &= !ends_sentence(&line.text);
    }
    found
}

fn has_words(lines: &[Paragraph<'_>]) -> bool {
    lines.iter().any(|line| has_word(&line.text))
}

/// Marks the description as the dek if the page shows it as a line of its own. That line is above
/// the text, or is the first line and does not end like a sentence.
fn mark_dek(lines: &mut Vec<Paragraph<'static>>, visible: &[PageLine], description: &str) {
    if !has_word(description) {
        return;
    }
    let kind = SegmentKind::Dek;
    let is_description = |text: &str| is_same(text, description);
    match lines.iter().position(|line| is_description(&line.text)) {
        Some(0) if !ends_sentence(&lines[0].text) => lines[0].kind = kind,
        Some(_) => {}
        None => {
            if let Some(line) = visible.iter().find(|line| is_description(&line.text)) {
                let text = line.text.clone().into();
                lines.insert(0, Paragraph { kind, text });
            }
        }
    }
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
