//! The lines of a page while its elements are visited: their text, their kinds, and whether they are
//! links. `html` visits the elements, and `widget` judges groups of lines.

use std::ops::Range;

use super::html::Options;
use super::markup::{BLOCKS, is_in};
use super::widget::{Widget, is_furniture, widget};
use super::{Paragraph, SegmentKind, ends_sentence, is_blank};
use dom_query::{NodeId, NodeRef};

/// The minimum number of words in the headline of another article that no heading element marks.
const MIN_HEADLINE_WORDS: usize = 4;

/// The minimum number of links in a menu at the beginning or the end of a page.
const MIN_MENU_LINES: usize = 2;

/// A line of a page.
pub struct PageLine {
    kind: SegmentKind,
    pub text: String,
    /// Whether all text of the line is inside links to other pages.
    pub is_link: bool,
    /// Whether these links lead to the same site.
    is_own_link: bool,
    /// Whether the line is furniture of an element such as a share bar.
    is_in_widget: bool,
}

impl PageLine {
    fn is_menu_item(&self) -> bool {
        self.is_in_widget || self.is_link && self.is_own_link
    }

    /// Decides the kind of a line that consists of a link. Such a line is the headline of another
    /// article if it is a heading, or long enough for a headline.
    pub fn into_paragraph(self) -> Paragraph<'static> {
        let is_headline = match self.kind {
            SegmentKind::Subhead => true,
            SegmentKind::Body => {
                self.text.split_whitespace().count() >= MIN_HEADLINE_WORDS
                    && !ends_sentence(&self.text)
            }
            SegmentKind::Title
            | SegmentKind::Dek
            | SegmentKind::Caption
            | SegmentKind::Credit
            | SegmentKind::Byline
            | SegmentKind::Dateline
            | SegmentKind::Furniture => false,
        };
        let kind = if self.is_in_widget || self.is_link && self.is_own_link && is_headline {
            SegmentKind::Furniture
        } else {
            self.kind
        };
        Paragraph {
            kind,
            text: self.text.into(),
        }
    }
}

/// Collects text as lines while the elements of a page are visited.
#[derive(Default)]
pub struct LineWriter<'a> {
    options: Options<'a>,
    lines: Vec<PageLine>,
    /// The index of the first line that ends like a sentence.
    first_sentence: Option<usize>,
    line: String,
    /// The number of open `<time>` elements.
    times: usize,
    /// True if the line has text outside `<time>`.
    has_other_text: bool,
    /// For each open link, whether it leads to the same site; `None` if it leads to no other page.
    links: Vec<Option<bool>>,
    /// True if the line has text outside links to other pages.
    has_unlinked_text: bool,
    /// True if the line has text inside links to other sites.
    has_foreign_link: bool,
    /// The open elements that are widgets by their name, and the number of lines before each.
    widgets: Vec<(NodeId, Widget, usize)>,
    /// The segment kinds of the open elements that have one, the innermost last.
    kinds: Vec<SegmentKind>,
}

impl<'a> LineWriter<'a> {
    pub fn new(options: Options<'a>) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// Returns the lines. An element that holds all of the text is no widget, whatever its name is.
    pub fn finish(mut self) -> Vec<PageLine> {
        self.end_line();
        for lines in [menu_at_start(&self.lines), menu_at_end(&self.lines)] {
            self.lines[lines]
                .iter_mut()
                .for_each(|line| line.is_in_widget = true);
        }
        let is_text = |line: &PageLine| {
            !line.is_in_widget && matches!(line.kind, SegmentKind::Body | SegmentKind::Caption)
        };
        let has_text = self.lines.iter().any(is_text);
        for line in &mut self.lines {
            line.is_in_widget &= has_text;
        }
        self.lines
    }

    pub fn enter(&mut self, node: &NodeRef<'_>, name: &str) {
        if is_in(BLOCKS, name) {
            self.end_line();
        }
        if let Some(widget) = widget(node, name) {
            self.widgets.push((node.id, widget, self.lines.len()));
        }
        if name == "a" {
            self.links.push(is_own_link(node, self.options.host));
        }
        self.kinds.extend(kind(name));
        self.times += usize::from(name == "time");
    }

    pub fn leave(&mut self, node: &NodeRef<'_>, name: &str) {
        match name {
            "td" | "th" => self.space(),
            _ if is_in(BLOCKS, name) => self.end_line(),
            _ => {}
        }
        if name == "a" {
            self.links.pop();
        }
        if kind(name).is_some() {
            self.kinds.pop();
        }
        self.times -= usize::from(name == "time");
        if let Some((_, widget, start)) = self.widgets.pop_if(|(id, ..)| *id == node.id) {
            let follows_sentence = self.first_sentence.is_some_and(|first| first < start);
            let lines = &mut self.lines[start..];
            if is_furniture(widget, lines, follows_sentence) {
                lines.iter_mut().for_each(|line| line.is_in_widget = true);
            }
        }
    }

    pub fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' | '\r' | '\u{2028}' | '\u{2029}' if self.options.keeps_breaks => {
                    self.end_line()
                }
                _ if c.is_whitespace() || c.is_control() => self.space(),
                _ => {
                    self.has_other_text |= self.times == 0;
                    match self.links.last() {
                        Some(Some(is_own)) => self.has_foreign_link |= !is_own,
                        Some(None) | None => self.has_unlinked_text |= !is_blank(c),
                    }
                    self.line.push(c);
                }
            }
        }
    }

    fn space(&mut self) {
        if !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
    }

    fn end_line(&mut self) {
        let text = self.line.trim();
        if text.chars().any(|c| !is_blank(c)) {
            // A line is furniture if all its text is inside `<time>` elements.
            let kind = if self.has_other_text {
                self.kinds.last().copied()
            } else {
                Some(SegmentKind::Furniture)
            };
            if self.first_sentence.is_none() && ends_sentence(text) {
                self.first_sentence = Some(self.lines.len());
            }
            self.lines.push(PageLine {
                kind: kind.unwrap_or(SegmentKind::Body),
                text: text.to_owned(),
                is_link: !self.has_unlinked_text,
                is_own_link: !self.has_foreign_link,
                is_in_widget: false,
            });
        }
        self.line.clear();
        self.has_other_text = false;
        self.has_unlinked_text = false;
        self.has_foreign_link = false;
    }
}

/// Returns the lines before the first line that is more than a link, if they are a menu.
fn menu_at_start(lines: &[PageLine]) -> Range<usize> {
    let end = lines.iter().take_while(|line| line.is_menu_item()).count();
    if end < MIN_MENU_LINES { 0..0 } else { 0..end }
}

/// Returns the lines after the last line that is more than a link, if they are a menu.
fn menu_at_end(lines: &[PageLine]) -> Range<usize> {
    let items = lines.iter().rev().take_while(|line| line.is_menu_item());
    let start = lines.len() - items.count();
    if lines.len() - start < MIN_MENU_LINES {
        0..0
    } else {
        start..lines.len()
    }
}

/// Returns whether a link leads to the same site; `None` if it leads to no other page.
fn is_own_link(node: &NodeRef<'_>, host: &str) -> Option<bool> {
    let href = node.attr("href")?;
    let href = href.trim();
    let is_page = !href.is_empty() && !href.starts_with('#');
    let scheme = href.split_once(':').map(|(scheme, _)| scheme);
    match scheme.filter(|scheme| scheme.chars().all(|c| c.is_ascii_alphanumeric())) {
        Some(scheme) if !scheme.starts_with("http") => None,
        Some(_) => Some(host_of(href) == Some(host)),
        None => is_page.then(|| !href.starts_with("//") || host_of(href) == Some(host)),
    }
}

/// Returns the host of an address, without `www.`, or without the `m.` or `amp.` of a page for
/// phones.
pub fn host_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("//")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let prefixes = ["www.", "m.", "amp."];
    let bare = prefixes.iter().find_map(|prefix| host.strip_prefix(prefix));
    Some(bare.unwrap_or(host))
}

/// Returns the segment kind of an element's text, if it differs from the surrounding text.
fn kind(name: &str) -> Option<SegmentKind> {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some(SegmentKind::Subhead),
        "figcaption" => Some(SegmentKind::Caption),
        _ => None,
    }
}
