//! The part of a page in which the library looks for the main text, and what the library leaves out
//! of that part: captions, and the deck between headline and text.

use dom_query::{Document, NodeRef};
use rustc_hash::{FxHashMap, FxHashSet};

use super::credit::{byline, without_date};
use super::html::{self, Options};
use super::page_line::PageLine;
use super::record::is_same;
use super::{Paragraph, SegmentKind, date, ends_sentence, has_word};

/// The minimum number of words in a deck whose element has no name and that is no sentence.
const MIN_DECK_WORDS: usize = 4;
/// The maximum number of words before the date in a byline.
const MAX_BYLINE_WORDS: usize = 5;
/// If more than this many times the text of the marked article follows it below headlines that are
/// links, the mark is wrong. Below another heading, once its text is enough.
const MAX_TEXT_OUTSIDE: usize = 4;
/// Elements whose text is not missed if it stands after the marked article.
const NOT_MISSED: &[&str] = &["article", "aside", "footer", "nav"];

/// Removes the menus of a page. If an element marks the article, it also removes the headers,
/// footers and sidebars outside it that have no headline. A short article would otherwise be read
/// together with them. If that element holds the headline and the text, all else is removed.
pub fn remove(document: &Document, title: &str, options: Options<'_>) {
    document.select("nav, [role=navigation]").remove();
    if let Some(article) = headed_article(document, title, options) {
        keep_only(article);
        return;
    }
    let is_marked = |node: &NodeRef<'_>| {
        node.node_name()
            .is_some_and(|name| matches!(&*name, "article" | "main"))
    };
    let is_article_part =
        |node: &NodeRef<'_>| is_marked(node) || node.node_name().as_deref() == Some("h1");
    if !document.select("article, main").exists() {
        return;
    }
    for node in document.select("header, footer, aside").nodes() {
        let is_inside = node.ancestors(None).iter().any(is_marked);
        let holds_article = node.descendants().iter().any(is_article_part);
        if !is_inside && !holds_article {
            node.remove_from_parent();
        }
    }
}

/// Returns the outermost `<article>` element that holds the headline and the text. Returns `None` if
/// sentences follow the element without a heading, because its text goes on there.
fn headed_article<'a>(
    document: &'a Document,
    title: &str,
    options: Options<'_>,
) -> Option<NodeRef<'a>> {
    let headlines = document.select("h1");
    let is_headline = |node: &&NodeRef<'a>| {
        headlines.length() == 1 || line(node).is_some_and(|headline| is_same(&headline, title))
    };
    let headline = *headlines.nodes().iter().find(is_headline)?;
    let mut ancestors = headline.ancestors(None).into_iter().rev();
    let article = ancestors.find(|node| node.node_name().as_deref() == Some("article"))?;
    let after = Options {
        without: NOT_MISSED,
        ..options
    };
    let after = html::lines_after(article, document.body()?, after);
    let is_link = |line: &PageLine| line.kind == SegmentKind::Furniture && line.is_link;
    let is_mark =
        |line: &&PageLine| is_sentence(line) || is_link(line) || line.kind == SegmentKind::Subhead;
    let max_times = match after.iter().find(is_mark) {
        Some(first) if is_sentence(first) => 0,
        Some(first) if !is_link(first) => 1,
        Some(_) | None => MAX_TEXT_OUTSIDE,
    };
    let inside = sentence_bytes(&html::lines(article, options));
    let is_whole = inside > 0 && max_times > 0 && sentence_bytes(&after) <= max_times * inside;
    is_whole.then_some(article)
}

/// Returns the text of an element as one line.
fn line(node: &NodeRef<'_>) -> Option<String> {
    let lines = html::paragraphs(*node, Options::default());
    let texts: Vec<_> = lines.into_iter().map(|line| line.text).collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

/// Returns the number of bytes in the lines that end like sentences.
fn sentence_bytes(lines: &[PageLine]) -> usize {
    let sentences = lines.iter().filter(|line| is_sentence(line));
    sentences.map(|line| line.text.len()).sum()
}

fn is_sentence(line: &PageLine) -> bool {
    line.kind != SegmentKind::Furniture && ends_sentence(&line.text)
}

/// Removes everything from the page but an element and its ancestors.
fn keep_only(element: NodeRef<'_>) {
    let mut node = element;
    while let Some(parent) = node.parent()
        && node.node_name().as_deref() != Some("body")
    {
        for child in parent.children() {
            if child.id != node.id {
                child.remove_from_parent();
            }
        }
        node = parent;
    }
}

/// Adds the captions and the decks that `page` has and the main text lacks. `page` has the lines
/// around the main text, and `known` are names that are no decks. A caption is taken between the
/// title and the last line of the text, or directly below it.
pub fn add_missed(
    lines: &mut Vec<Paragraph<'static>>,
    page: &[PageLine],
    title: &str,
    known: &[&str],
) {
    let mut places: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (at, line) in page.iter().enumerate() {
        places.entry(&line.text).or_default().push(at);
    }
    let next_place = |text: &str, from: usize| {
        let places = places.get(text)?;
        places.get(places.partition_point(|at| *at < from)).copied()
    };
    let title_at = page.iter().position(|line| is_same(&line.text, title));
    let first_place = || lines.iter().find_map(|line| next_place(&line.text, 0));
    let Some(mut next) = title_at.map(|at| at + 1).or_else(first_place) else {
        return;
    };
    let mut seen: FxHashSet<String> = lines.iter().map(|line| line.text.to_string()).collect();
    let mut is_above_text = title_at.is_some();
    let mut merged = Vec::with_capacity(lines.len());
    for line in std::mem::take(lines) {
        if let Some(at) = next_place(&line.text, next) {
            for missed in &page[next..at] {
                let kind = match missed.kind {
                    _ if missed.is_link => continue,
                    SegmentKind::Caption => SegmentKind::Caption,
                    _ if is_above_text && is_deck(missed, title, known) => SegmentKind::Dek,
                    _ => continue,
                };
                if seen.insert(missed.text.clone()) {
                    merged.push(Paragraph {
                        kind,
                        ..missed.to_paragraph()
                    });
                }
            }
            next = at + 1;
        }
        is_above_text &= !ends_sentence(&line.text);
        merged.push(line);
    }
    let below = page[next..].iter();
    let below = below.take_while(|line| line.kind == SegmentKind::Caption && !line.is_link);
    merged.extend(
        below
            .filter(|line| seen.insert(line.text.clone()))
            .map(PageLine::to_paragraph),
    );
    *lines = merged;
}

/// Returns whether a line between headline and text is a deck: it has that name, or is a sentence,
/// a heading or a paragraph. It is no date, no name, and no name with a date.
fn is_deck(line: &PageLine, title: &str, known: &[&str]) -> bool {
    let before_date = without_date(&line.text);
    let is_byline = before_date.len() < line.text.len()
        && before_date.split_whitespace().count() <= MAX_BYLINE_WORDS;
    let is_marked = line.is_in_paragraph || line.kind == SegmentKind::Subhead;
    let is_long = line.text.split_whitespace().count() >= MIN_DECK_WORDS;
    matches!(line.kind, SegmentKind::Body | SegmentKind::Subhead)
        && has_word(&line.text)
        && (line.is_named_deck || ends_sentence(&line.text) || is_marked && is_long)
        && !is_same(&line.text, title)
        && !date::is_day(&line.text)
        && byline(&line.text).is_none()
        && !is_byline
        && !is_names(before_date, known)
}

/// Returns whether a line consists of names and what stands between them.
pub fn is_names(line: &str, names: &[&str]) -> bool {
    let mut rest = line.to_owned();
    for name in names.iter().filter(|name| !name.is_empty()) {
        rest = rest.replace(name, "");
    }
    rest.len() < line.len()
        && rest
            .split_whitespace()
            .all(|word| word == "و" || !has_word(word))
}
