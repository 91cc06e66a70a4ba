//! HTML → lines of text with their segment kinds. `page` decides which part of a page is the
//! article.

use std::borrow::Cow;

use super::apart::set_apart;
use super::markup::{BLOCKS, UNSEEN, has_markup, is_in, opens_unseen, tags};
use super::page_line::{LineWriter, PageLine};
use super::{Body, Paragraph, is_nested_too_deep};
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
    set_apart(document.root());
    let options = Options {
        keeps_breaks: !tags(html).any(|tag| !tag.is_end && is_in(BLOCKS, tag.name)),
        ..Options::default()
    };
    paragraphs(document.root(), options)
}

/// How the lines below a node are read.
#[derive(Default, Clone, Copy)]
pub struct Options<'a> {
    /// Elements that are left out.
    pub without: &'a [&'a str],
    /// Whether a line break in the text ends a line.
    pub keeps_breaks: bool,
    /// The host of the page; empty if unknown. Relative links and links to this host lead to other
    /// pages of the site.
    pub host: &'a str,
}

/// Returns the lines of text below a node, without invisible elements.
pub fn paragraphs(root: NodeRef<'_>, options: Options<'_>) -> Vec<Paragraph<'static>> {
    let lines = lines(root, options);
    lines.iter().map(PageLine::to_paragraph).collect()
}

/// Returns the lines of text below a node, with what is known about each. The function does not
/// recurse.
pub fn lines(root: NodeRef<'_>, options: Options<'_>) -> Vec<PageLine> {
    let mut writer = LineWriter::new(options);
    write(root.first_child(), root, options, &mut writer);
    writer.finish()
}

/// Returns the lines of text below `root` that stand after a node in it.
pub fn lines_after(node: NodeRef<'_>, root: NodeRef<'_>, options: Options<'_>) -> Vec<PageLine> {
    let mut writer = LineWriter::new(options);
    let next = leave(node, root, &mut LineWriter::default());
    write(next, root, options, &mut writer);
    writer.finish()
}

/// Writes the lines from the node `next` to the end of `root`.
fn write(
    mut next: Option<NodeRef<'_>>,
    root: NodeRef<'_>,
    options: Options<'_>,
    writer: &mut LineWriter<'_>,
) {
    while let Some(node) = next {
        let name = node.node_name().unwrap_or_default();
        if node.is_text() {
            writer.text(&node.text());
        } else if node.is_element() {
            writer.enter(&node, &name);
        }
        let is_skipped = is_in(UNSEEN, &name) || is_in(options.without, &name) || is_hidden(&node);
        let child = if is_skipped { None } else { node.first_child() };
        next = child.or_else(|| leave(node, root, writer));
    }
}

/// Leaves a node, and each ancestor whose last descendant it is. Returns the next node in document
/// order; `None` at the end.
fn leave<'a>(node: NodeRef<'a>, root: NodeRef<'_>, writer: &mut LineWriter) -> Option<NodeRef<'a>> {
    let mut node = node;
    loop {
        if node.is_element() {
            writer.leave(&node, &node.node_name().unwrap_or_default());
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
    fn lines_that_are_links() {
        check(
            "<p><a href='/7'>حريق كبير في مصنع الورق</a></p><p><a href='/8'>التقرير</a></p>",
            &["furniture حريق كبير في مصنع الورق", "body التقرير"],
        );
        check(
            "<h3><a href='/7'>حريق كبير</a></h3><h3><a href='#b'>أسباب</a></h3><h3><a href='https://b.example/'>موقع</a></h3>",
            &["furniture حريق كبير", "subhead أسباب", "subhead موقع"],
        );
    }

    #[test]
    fn links_at_the_edges_are_a_menu() {
        check(
            "<li><a href='/'>الرئيسية</a><li><a href='/s'>رياضة</a></li><p>قال الوزير</p><p><a href='/a'>من نحن</a></p>",
            &[
                "furniture الرئيسية",
                "furniture رياضة",
                "body قال الوزير",
                "body من نحن",
            ],
        );
    }

    #[test]
    fn widgets_are_furniture_if_their_lines_agree() {
        check(
            "<div class='post tag-news'><p>قال الوزير.</p><div class=postTags><h3>نهر</h3></div></div>",
            &["body قال الوزير.", "furniture نهر"],
        );
        check(
            "<aside>«لا ماء بعد اليوم»</aside><aside><p>المزيد</p><a href=/2>خبر</a></aside>",
            &[
                "body «لا ماء بعد اليوم»",
                "furniture المزيد",
                "furniture خبر",
            ],
        );
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
