//! HTML → lines of text with their segment kinds. `page` decides which part of a page is the
//! article.

use std::borrow::Cow;

use super::markup::{BLOCKS, UNSEEN, has_markup, is_in, opens_unseen, tags};
use super::{Body, Paragraph, SegmentKind, is_blank, is_nested_too_deep};
use dom_query::{Document, NodeRef};

/// Returns the text of a field as the body of an article. Text with markup is split into
/// paragraphs.
pub fn body(text: Cow<'_, str>) -> Body<'_> {
    if is_html(&text) {
        Body::Paragraphs(fragment(&text))
    } else {
        Body::Plain(text)
    }
}

/// Returns the text of a one-line field without its markup. A field that contains `<script>` is
/// returned unchanged, because it is text about scripts.
pub fn line(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_html(&text) && !opens_unseen(&text) {
        let lines: Vec<_> = fragment(&text).into_iter().map(|line| line.text).collect();
        Cow::Owned(lines.join(" "))
    } else {
        text
    }
}

/// Returns whether the text has markup that can be parsed.
fn is_html(text: &str) -> bool {
    has_markup(text) && !is_nested_too_deep(text)
}

/// Returns the lines of a piece of HTML. If it has no block elements, its line breaks separate
/// lines.
fn fragment(html: &str) -> Vec<Paragraph<'static>> {
    let document = Document::fragment(html);
    let keeps_breaks = !tags(html).any(|tag| !tag.is_end && is_in(BLOCKS, tag.name));
    paragraphs(document.root(), &[], keeps_breaks)
}

/// Returns the lines of text below a node, without invisible elements and without the elements in
/// `without`. With `keeps_breaks`, a line break in the text ends a line. The function does not
/// recurse.
pub fn paragraphs(
    root: NodeRef<'_>,
    without: &[&str],
    keeps_breaks: bool,
) -> Vec<Paragraph<'static>> {
    let mut writer = LineWriter {
        keeps_breaks,
        ..LineWriter::default()
    };
    let mut next = root.first_child();
    while let Some(node) = next {
        let name = node.node_name().unwrap_or_default();
        if node.is_text() {
            writer.text(&node.text());
        } else if node.is_element() {
            writer.enter(&name);
        }
        let is_skipped = is_in(UNSEEN, &name) || is_in(without, &name) || is_hidden(&node);
        let child = if is_skipped { None } else { node.first_child() };
        next = child.or_else(|| leave(node, root, &mut writer));
    }
    writer.end_line();
    writer.lines
}

/// Leaves a node, and each ancestor whose last descendant it is. Returns the next node in document
/// order; `None` at the end.
fn leave<'a>(node: NodeRef<'a>, root: NodeRef<'_>, writer: &mut LineWriter) -> Option<NodeRef<'a>> {
    let mut node = node;
    loop {
        if node.is_element() {
            writer.leave(&node.node_name().unwrap_or_default());
        }
        if let Some(sibling) = node.next_sibling() {
            return Some(sibling);
        }
        node = node.parent().filter(|parent| parent.id != root.id)?;
    }
}

fn is_hidden(node: &NodeRef<'_>) -> bool {
    node.has_attr("hidden")
        || node
            .attr("aria-hidden")
            .is_some_and(|value| &*value == "true")
}

/// Collects text as lines while the elements of a page are visited.
#[derive(Default)]
struct LineWriter {
    lines: Vec<Paragraph<'static>>,
    line: String,
    /// The number of open `<time>` elements.
    times: usize,
    /// True if the line has text outside `<time>`.
    has_other_text: bool,
    /// The segment kinds of the open elements that have one, the innermost last.
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
                    self.has_other_text |= self.times == 0;
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
            let kind = kind.unwrap_or(SegmentKind::Body);
            self.lines.push(Paragraph {
                kind,
                text: text.to_owned().into(),
            });
        }
        self.line.clear();
        self.has_other_text = false;
    }
}

/// Returns the segment kind of an element's text, if it differs from the surrounding text.
fn kind(name: &str) -> Option<SegmentKind> {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some(SegmentKind::Subhead),
        "figcaption" => Some(SegmentKind::Caption),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
