//! Scans HTML without parsing it: whether a text has markup, and how deep its tags are nested.

/// The maximum depth of nested elements. Real pages nest 30 deep, and the time to parse grows with
/// the square of the depth.
const MAX_NESTING: usize = 1_000;
/// Block elements: they begin and end a line.
#[rustfmt::skip]
pub const BLOCKS: &[&str] = &[
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main",
    "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
];
/// Inline elements that show that a text has markup.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "iframe", "img", "ins", "mark",
    "q", "s", "small", "span", "strong", "sub", "sup", "td", "th", "time", "u", "video",
];
/// Elements with invisible content.
pub const UNSEEN: &[&str] = &[
    "amp-ad",
    "amp-consent",
    "amp-next-page",
    "amp-sidebar",
    "audio",
    "button",
    "canvas",
    "datalist",
    "embed",
    "head",
    "iframe",
    "input",
    "math",
    "noscript",
    "object",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
];
/// Elements that a page has around the article.
pub const AROUND: &[&str] = &["aside", "footer", "form", "header", "nav"];
/// Elements without an end tag, or with an optional one.
const UNCLOSED: &[&str] = &[
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// Returns whether the text has HTML tags or entities. `3 < 5` and `R&D` are text.
pub fn has_markup(text: &str) -> bool {
    tags(text).any(|tag| is_in(BLOCKS, tag.name) || is_in(INLINE, tag.name))
        || text
            .match_indices('&')
            .any(|(at, _)| is_entity(&text[at + 1..]))
}

/// Returns whether the text opens an element with invisible content.
pub fn opens_unseen(text: &str) -> bool {
    text.match_indices('<')
        .any(|(at, _)| is_in(UNSEEN, tag_name(&text[at + 1..])))
}

/// Returns the letters and digits at the beginning of the text.
fn tag_name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric());
    &text[..end.unwrap_or(text.len())]
}

fn is_entity(after: &str) -> bool {
    let (min_length, name) = match after.strip_prefix('#') {
        Some(digits) => (1, digits),
        None => (2, after),
    };
    let length = tag_name(name).len();
    (min_length..=8).contains(&length) && name[length..].starts_with(';')
}

/// An HTML tag.
pub struct Tag<'a> {
    pub name: &'a str,
    pub is_end: bool,
}

/// Returns the tags of a text, as far as they can be found without parsing. Comments and scripts
/// are skipped.
pub fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find('<')? + 1..];
            if let Some(comment) = rest.strip_prefix("!--") {
                rest = comment.find("-->").map_or("", |end| &comment[end..]);
                continue;
            }
            let after = rest.strip_prefix('/').unwrap_or(rest);
            let name = tag_name(after);
            if name.is_empty() {
                continue;
            }
            let is_end = after.len() < rest.len();
            rest = &after[name.len()..];
            for raw in ["script", "style"] {
                if !is_end && name.eq_ignore_ascii_case(raw) {
                    let close = rest.match_indices("</").find(|(at, _)| {
                        rest.get(at + 2..at + 2 + raw.len())
                            .is_some_and(|name| name.eq_ignore_ascii_case(raw))
                    });
                    rest = close.map_or("", |(at, _)| &rest[at..]);
                }
            }
            return Some(Tag { name, is_end });
        }
    })
}

/// Returns whether the elements are nested deeper than `MAX_NESTING`.
pub fn is_nested_too_deep(html: &str) -> bool {
    let mut depth = 0usize;
    let mut closed_tags = tags(html).filter(|tag| !is_in(UNCLOSED, tag.name));
    closed_tags.any(|tag| {
        depth = if tag.is_end {
            depth.saturating_sub(1)
        } else {
            depth + 1
        };
        depth > MAX_NESTING
    })
}

/// Returns whether the list has the name, in any case.
pub fn is_in(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}
