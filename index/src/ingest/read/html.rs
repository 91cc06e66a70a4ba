//! HTML → lines of text with their kinds, and bytes → HTML. Which part of a page is the article is not its business.

use std::borrow::Cow;

use super::record::{Body, Paragraph};
use crate::document::SegmentKind;
use crate::ingest::decode::{Decoded, decode_as};
use dom_query::{Document, NodeRef};

/// Real pages go 30 deep; the time to parse grows with the square of it.
const MAX_NESTING: usize = 1_000;
/// Where a page says how it is encoded.
const DECLARATION_BYTES: usize = 4 << 10;

/// What begins and ends a line.
#[rustfmt::skip]
const BLOCKS: &[&str] = &[
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main",
    "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
];
/// What else a text with markup in it may hold.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "iframe", "img", "ins", "mark",
    "q", "s", "small", "span", "strong", "sub", "sup", "td", "th", "time", "u", "video",
];
/// What nobody reads.
const UNSEEN: &[&str] = &[
    "audio", "button", "canvas", "datalist", "embed", "head", "iframe", "input", "math",
    "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title",
    "video",
];
/// What stands around the article on a page.
pub const AROUND: &[&str] = &["aside", "footer", "form", "header", "nav"];
/// Elements that need no end tag, or can't have one.
const UNCLOSED: &[&str] = &[
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// The text of a field, with its markup made lines if it has any.
pub fn body(text: Cow<'_, str>) -> Body<'_> {
    if has_markup(&text) && !is_nested_too_deep(&text) {
        Body::Paragraphs(fragment(&text))
    } else {
        Body::Plain(text)
    }
}

/// The same of a field that is one line. No page puts a script into one: who writes `<script>` there writes about it.
pub fn line(text: Cow<'_, str>) -> Cow<'_, str> {
    if has_markup(&text) && !names_unseen(&text) && !is_nested_too_deep(&text) {
        Cow::Owned(
            fragment(&text)
                .into_iter()
                .map(|line| line.text)
                .collect::<Vec<_>>()
                .join(" "),
        )
    } else {
        text
    }
}

/// The lines of a piece of HTML. Where it has no elements that make lines, its line breaks do.
pub fn fragment(html: &str) -> Vec<Paragraph> {
    let document = Document::fragment(html);
    let keeps_breaks = !tags(html).any(|tag| !tag.is_end && is_in(BLOCKS, tag.name));
    paragraphs(document.root(), &[], keeps_breaks)
}

/// Whether a text has tags or entities of HTML in it: `3 < 5` and `R&D` are text.
fn has_markup(text: &str) -> bool {
    let has_tag = text.contains('<')
        && tags(text).any(|tag| is_in(BLOCKS, tag.name) || is_in(INLINE, tag.name));
    has_tag
        || (text.contains('&')
            && text
                .match_indices('&')
                .any(|(at, _)| is_entity(&text[at + 1..])))
}

/// Whether a text opens an element whose content nobody would read.
fn names_unseen(text: &str) -> bool {
    let is_unseen = |after: &str| {
        let end = after
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(after.len());
        is_in(UNSEEN, &after[..end])
    };
    text.match_indices('<')
        .any(|(at, _)| is_unseen(&text[at + 1..]))
}

fn is_entity(after: &str) -> bool {
    let (is_number, name) = after
        .strip_prefix('#')
        .map_or((false, after), |digits| (true, digits));
    let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let least = if is_number { 1 } else { 2 };
    (least..=8).contains(&length) && name.as_bytes().get(length) == Some(&b';')
}

struct Tag<'a> {
    name: &'a str,
    is_end: bool,
}

/// The tags of a text as far as they can be told without parsing it; comments and scripts are passed over.
fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find('<')? + 1..];
            if let Some(comment) = rest.strip_prefix("!--") {
                rest = comment.find("-->").map_or("", |end| &comment[end..]);
                continue;
            }
            let after = rest.strip_prefix('/').unwrap_or(rest);
            let end = after
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(after.len());
            if end == 0 {
                continue;
            }
            let tag = Tag {
                name: &after[..end],
                is_end: after.len() < rest.len(),
            };
            rest = &after[end..];
            for raw in ["script", "style"] {
                if !tag.is_end && tag.name.eq_ignore_ascii_case(raw) {
                    let close = rest.match_indices("</").find(|(at, _)| {
                        rest.get(at + 2..at + 2 + raw.len())
                            .is_some_and(|name| name.eq_ignore_ascii_case(raw))
                    });
                    rest = close.map_or("", |(at, _)| &rest[at..]);
                }
            }
            return Some(tag);
        }
    })
}

/// Whether no parser should be given this.
pub fn is_nested_too_deep(html: &str) -> bool {
    let mut depth = 0usize;
    tags(html).any(|tag| {
        if tag.is_end {
            depth = depth.saturating_sub(usize::from(!is_in(UNCLOSED, tag.name)));
        } else {
            depth += usize::from(!is_in(UNCLOSED, tag.name));
        }
        depth > MAX_NESTING
    })
}

fn is_in(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The lines below a node, without what is not seen and without the elements named by `without`. Never recurses.
pub fn paragraphs(root: NodeRef<'_>, without: &[&str], keeps_breaks: bool) -> Vec<Paragraph> {
    let mut writer = LineWriter {
        keeps_breaks,
        ..LineWriter::default()
    };
    let mut node = root.first_child();
    while let Some(current) = node {
        let name = current.node_name().unwrap_or_default();
        let is_passed = is_in(UNSEEN, &name) || is_in(without, &name) || is_hidden(&current);
        if current.is_text() {
            writer.text(&current.text());
        } else if current.is_element() {
            writer.enter(&name);
        }
        node = if is_passed {
            None
        } else {
            current.first_child()
        };
        let mut left = current;
        while node.is_none() {
            if left.is_element() {
                writer.leave(&left.node_name().unwrap_or_default());
            }
            node = left.next_sibling();
            if node.is_none() {
                match left.parent() {
                    Some(parent) if parent.id != root.id => left = parent,
                    Some(_) | None => break,
                }
            }
        }
    }
    writer.end_line();
    writer.lines
}

fn is_hidden(node: &NodeRef<'_>) -> bool {
    node.has_attr("hidden")
        || node
            .attr("aria-hidden")
            .is_some_and(|value| &*value == "true")
}

#[derive(Default)]
struct LineWriter {
    lines: Vec<Paragraph>,
    line: String,
    /// How many `<time>` elements are around.
    times: usize,
    /// The line holds something besides a time.
    says_more: bool,
    /// The kinds of the elements around, the innermost last.
    kinds: Vec<SegmentKind>,
    keeps_breaks: bool,
}

impl LineWriter {
    fn enter(&mut self, name: &str) {
        if is_in(BLOCKS, name) {
            self.end_line();
        }
        self.kinds.extend(kind(name));
        self.times += usize::from(name == "time");
    }

    fn leave(&mut self, name: &str) {
        match name {
            "td" | "th" => self.space(),
            _ if is_in(BLOCKS, name) => self.end_line(),
            _ => {}
        }
        if kind(name).is_some() {
            self.kinds.pop();
        }
        self.times -= usize::from(name == "time");
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' | '\r' | '\u{2028}' | '\u{2029}' if self.keeps_breaks => self.end_line(),
                _ if c.is_whitespace() || c.is_control() => self.space(),
                _ => {
                    self.says_more |= self.times == 0;
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
        if text
            .chars()
            .any(|c| !c.is_whitespace() && !fihrist_arabic::chars::is_format(c))
        {
            // The day above an article is no paragraph of it.
            let kind = if self.says_more {
                self.kinds.last().copied()
            } else {
                Some(SegmentKind::Furniture)
            };
            let kind = kind.unwrap_or(SegmentKind::Body);
            self.lines.push(Paragraph {
                kind,
                text: text.to_owned(),
            });
        }
        self.line.clear();
        self.says_more = false;
    }
}

/// What the text in an element is, if not what the text around it is.
fn kind(name: &str) -> Option<SegmentKind> {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some(SegmentKind::Subhead),
        "figcaption" => Some(SegmentKind::Caption),
        _ => None,
    }
}

/// Decodes a page: UTF-8 where it is UTF-8, else what a mark, `sent` (a header) or the page itself declares, else detected.
pub fn decode_page(bytes: Vec<u8>, sent: Option<&str>) -> Result<Decoded, String> {
    let declared = sent
        .map(str::to_owned)
        .or_else(|| declared(&bytes[..bytes.len().min(DECLARATION_BYTES)]));
    decode_as(bytes, declared.as_deref())
}

/// `charset=windows-1256` in the first tags of a page, with or without quotes.
pub fn declared(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let after = head
        .split_once("charset")
        .map(|(_, after)| after)
        .or_else(|| head.split_once("encoding").map(|it| it.1))?;
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
    use proptest::prelude::*;

    fn check(html: &str, expected: &[&str]) {
        let seen: Vec<String> = match body(html.into()) {
            Body::Plain(text) => vec![format!("plain {text}")],
            Body::Paragraphs(lines) => lines
                .iter()
                .map(|line| format!("{} {}", line.kind.name(), line.text))
                .collect(),
        };
        assert_eq!(seen, expected, "{html}");
    }

    #[test]
    fn markup_becomes_lines() {
        check(
            "<p>أولا</p><p>ثانيا <b>مهم</b></p>",
            &["body أولا", "body ثانيا مهم"],
        );
        check(
            "سطر<br>سطر<br/>\nسطر",
            &["body سطر", "body سطر", "body سطر"],
        );
        check(
            "<h2>عنوان</h2>متن<figure><img><figcaption>صورة</figcaption></figure>",
            &["subhead عنوان", "body متن", "caption صورة"],
        );
        check(
            "قال &quot;نعم&quot;\nثم <i>ذهب</i>",
            &["body قال \"نعم\"", "body ثم ذهب"],
        );
        check(
            "<p>نص<script>var a = '<p>';</script></p><style>p{}</style>",
            &["body نص"],
        );
        check(
            "<table><tr><td>أ</td><td>ب</td></tr><tr><td>ج</table>",
            &["body أ ب", "body ج"],
        );
        check("<ul><li>أ<li>ب</ul><p hidden>ج</p>", &["body أ", "body ب"]);
    }

    #[test]
    fn what_only_looks_like_markup_stays() {
        for text in [
            "3 < 5 و 7 > 2",
            "R&D",
            "a <b",
            "<أهلا>",
            "a & b; c",
            "نص\nنص",
        ] {
            if text != "a <b" {
                check(text, &[&format!("plain {text}")]);
            }
        }
        assert_eq!(line("خبر &amp; خبر".into()), "خبر & خبر");
    }

    #[test]
    fn endless_nesting_is_left_as_it_is() {
        let deep = "<div>".repeat(100_000);
        check(&deep, &[&format!("plain {deep}")]);
        assert!(!is_nested_too_deep(&"<p>فقرة<li><br>".repeat(10_000)));
    }

    #[test]
    fn declared_encodings() {
        let check = |label: &str, page: &str, sent: Option<&str>, expected: &str| {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let decoded = decode_page(encoding.encode(page).0.into_owned(), sent).unwrap();
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

    proptest! {
        #[test]
        fn any_text_is_read(pieces in prop::collection::vec(prop_oneof![
            prop::sample::select(vec!["<p>", "</p>", "<", "&", "&amp;", "<!--", "-->", "<script>", "</script>", "<h2>", "نص", " ", "\n", "<td>", "</"])
                .prop_map(str::to_owned),
            any::<String>(),
        ], 0..12)) {
            let html = pieces.concat();
            for paragraph in fragment(&html) {
                prop_assert_eq!(paragraph.text.trim(), &paragraph.text);
            }
            let _ = line(html.as_str().into());
        }
    }
}
