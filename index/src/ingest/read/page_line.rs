//! The lines of a page while its elements are visited: their text, their kinds, and whether they are
//! links. `html` visits the elements, and `widget` judges groups of lines.

use std::ops::Range;

use super::html::Options;
use super::markup::{BLOCKS, is_in};
use super::widget::{Widget, agree, widget};
use super::{Paragraph, SegmentKind, ends_sentence, folded, is_blank};
use dom_query::{NodeId, NodeRef};

/// The minimum number of words in the headline of another article that no heading element marks.
const MIN_HEADLINE_WORDS: usize = 4;

/// The minimum number of links in a menu at the beginning or the end of a page.
const MIN_MENU_LINES: usize = 2;

/// Labels before a link to another article: `طالع: …`.
#[rustfmt::skip]
const LINK_LABELS: [&str; 9] = [
    "اقرأ", "اقرأي", "اقرؤوا", "طالع", "طالعوا", "شاهد", "شاهدوا", "انظر", "المزيد",
];
/// The maximum length of such a label, with the marks around it.
const MAX_LABEL_BYTES: usize = 40;

/// A line of a page.
pub struct PageLine {
    pub kind: SegmentKind,
    pub text: String,
    /// Whether all text of the line is inside links to other pages, apart from marks and a label.
    pub is_link: bool,
    /// Whether these links lead to the same site.
    is_own_link: bool,
    /// Whether a label before the link says that it leads to another article.
    has_link_label: bool,
    /// Whether the line is furniture of an element such as a share bar.
    is_in_widget: bool,
    /// Whether the element has the name of a deck.
    pub is_named_deck: bool,
    /// Whether the line is inside a `<p>` element.
    pub is_in_paragraph: bool,
}

impl PageLine {
    fn is_menu_item(&self) -> bool {
        self.is_in_widget || self.is_link && self.is_own_link
    }

    /// Returns the kind of the line. A line that consists of a link is the headline of another
    /// article if it has a label, is a heading, or is long enough for a headline.
    fn final_kind(&self) -> SegmentKind {
        let is_headline = match self.kind {
            SegmentKind::Subhead => true,
            SegmentKind::Body => {
                self.has_link_label
                    || self.text.split_whitespace().count() >= MIN_HEADLINE_WORDS
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
        if self.is_in_widget || self.is_link && self.is_own_link && is_headline {
            SegmentKind::Furniture
        } else {
            self.kind
        }
    }

    pub fn to_paragraph(&self) -> Paragraph<'static> {
        Paragraph {
            kind: self.kind,
            text: self.text.clone().into(),
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
    /// True if the line has text inside links to other pages.
    has_link: bool,
    /// The text of the line outside links to other pages.
    unlinked: String,
    /// True if the line has text inside links to other sites.
    has_foreign_link: bool,
    /// The open elements that are widgets by their name, and the number of lines before each.
    widgets: Vec<(NodeId, Widget, usize)>,
    /// The segment kinds of the open elements that have one, the innermost last.
    kinds: Vec<SegmentKind>,
    /// The number of open `<p>` elements.
    paragraphs: usize,
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
            line.kind = line.final_kind();
        }
        self.lines
    }

    pub fn enter(&mut self, node: &NodeRef<'_>, name: &str) {
        let widget = widget(node, name);
        if is_in(BLOCKS, name) || widget == Some(Widget::Caption) {
            self.end_line();
        }
        if let Some(widget) = widget {
            self.widgets.push((node.id, widget, self.lines.len()));
        }
        if name == "a" {
            self.links.push(is_own_link(node, self.options.host));
        }
        self.kinds.extend(kind(name));
        self.times += usize::from(name == "time");
        self.paragraphs += usize::from(name == "p");
    }

    pub fn leave(&mut self, node: &NodeRef<'_>, name: &str) {
        let widget = self.widgets.pop_if(|(id, ..)| *id == node.id);
        let is_caption = matches!(widget, Some((_, Widget::Caption, _)));
        match name {
            _ if is_caption || is_in(BLOCKS, name) => self.end_line(),
            "td" | "th" => self.space(),
            _ => {}
        }
        if name == "a" {
            self.links.pop();
        }
        if kind(name).is_some() {
            self.kinds.pop();
        }
        // The lines after an element begin below elements that were not entered.
        let less_one_if = |count: usize, is_left| count.saturating_sub(usize::from(is_left));
        self.times = less_one_if(self.times, name == "time");
        self.paragraphs = less_one_if(self.paragraphs, name == "p");
        let Some((_, widget, start)) = widget else {
            return;
        };
        let follows_sentence = self.first_sentence.is_some_and(|first| first < start);
        let lines = &mut self.lines[start..];
        if !agree(widget, lines, follows_sentence) {
            return;
        }
        for line in lines {
            match widget {
                Widget::Caption if line.kind == SegmentKind::Body => {
                    line.kind = SegmentKind::Caption;
                }
                Widget::Caption => {}
                Widget::Deck => line.is_named_deck = true,
                Widget::Links | Widget::Labels | Widget::Beside | Widget::Comments => {
                    line.is_in_widget = true;
                }
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
                        Some(Some(is_own)) => {
                            self.has_link = true;
                            self.has_foreign_link |= !is_own;
                        }
                        Some(None) | None => self.unlinked.push(c),
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
            let has_link_label = self.has_link && is_link_label(&self.unlinked);
            self.lines.push(PageLine {
                kind: kind.unwrap_or(SegmentKind::Body),
                text: text.to_owned(),
                is_link: self.has_link && (has_link_label || self.unlinked.chars().all(is_mark)),
                is_own_link: !self.has_foreign_link,
                has_link_label,
                is_in_widget: false,
                is_named_deck: false,
                is_in_paragraph: self.paragraphs > 0,
            });
        }
        self.line.clear();
        self.unlinked.clear();
        self.has_other_text = false;
        self.has_link = false;
        self.has_foreign_link = false;
    }
}

/// Returns whether the text outside the links of a line is a label such as `طالع:`.
fn is_link_label(unlinked: &str) -> bool {
    let label = unlinked.trim_matches(|c| is_mark(c) || c == '.');
    unlinked.len() <= MAX_LABEL_BYTES
        && LINK_LABELS
            .iter()
            .any(|known| folded(known) == folded(label))
}

/// Returns whether the character is a mark beside a link, such as `◄`. Signs of sentences and
/// quotations are none.
fn is_mark(c: char) -> bool {
    let is_sign = |c| "«“”\"'()[].،,…!؟?؛".contains(c);
    !c.is_alphanumeric() && !is_sign(c)
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
