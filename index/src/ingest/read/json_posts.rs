//! The state of a post in the JSON of WordPress and Ghost: a draft, a page or a comment is no
//! published post. It reads no articles.

use super::json_list::members;
use super::wordpress;

/// The states of a post that is not published.
#[rustfmt::skip]
const UNPUBLISHED: [&str; 8] = [
    "draft", "pending", "private", "trash", "auto-draft", "future", "inherit", "scheduled",
];

/// What the names of a record say about the program that wrote it.
#[derive(Default)]
struct Seen<'r> {
    status: &'r str,
    kind: &'r str,
    /// The state and the type under names that only WordPress has.
    post_status: &'r str,
    post_type: &'r str,
    /// Whether the title or the text is an object with `rendered`, as WordPress writes it.
    is_wordpress: bool,
    /// Whether a name is that of a text of Ghost, and whether only Ghost has such a name.
    may_be_ghost: bool,
    is_ghost: bool,
}

/// Returns the state or the type of a record that is no published post; `None` for other records. A
/// `status` or a `type` counts only beside names that WordPress or Ghost use.
pub fn unpublished(record: &[u8]) -> Option<&str> {
    let has = |name: &str| memchr::memmem::find(record, name.as_bytes()).is_some();
    if !has("status\"") && !has("type\"") {
        return None;
    }
    let mut seen = Seen::default();
    for (name, value) in members(record) {
        let is_rendered = || members(value).any(|(name, _)| name == b"rendered");
        match name {
            b"status" => seen.status = string(value),
            b"type" => seen.kind = string(value),
            b"post_status" => seen.post_status = string(value),
            b"post_type" => seen.post_type = string(value),
            b"title" | b"content" => {
                seen.is_wordpress |= value.starts_with(b"{") && is_rendered();
            }
            b"html" => seen.may_be_ghost = true,
            b"mobiledoc" | b"lexical" => seen.is_ghost = true,
            _ => {}
        }
    }
    let is_post_kind = |kind: &str| kind.is_empty() || wordpress::is_post(kind);
    let is_draft = |status: &str| UNPUBLISHED.contains(&status);
    if !is_post_kind(seen.post_type) {
        return Some(seen.post_type);
    }
    if (seen.is_wordpress || seen.is_ghost) && !is_post_kind(seen.kind) {
        return Some(seen.kind);
    }
    if is_draft(seen.post_status) {
        return Some(seen.post_status);
    }
    let has_names = seen.is_wordpress || seen.is_ghost || seen.may_be_ghost;
    (has_names && is_draft(seen.status)).then_some(seen.status)
}

/// Returns a string without its quotes; empty for another value.
fn string(value: &[u8]) -> &str {
    let text = value
        .strip_prefix(b"\"")
        .and_then(|text| text.strip_suffix(b"\""));
    std::str::from_utf8(text.unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_of_posts() {
        for (record, expected) in [
            (
                r#"{"status": "draft", "type": "post", "title": {"rendered": "خ"}}"#,
                Some("draft"),
            ),
            (
                r#"{"status": "publish", "type": "page", "content": {"rendered": "خ"}}"#,
                Some("page"),
            ),
            (
                r#"{"type": "comment", "status": "approved", "content": {"rendered": "خ"}}"#,
                Some("comment"),
            ),
            (
                r#"{"status": "publish", "type": "news", "title": {"rendered": "خ"}}"#,
                None,
            ),
            (
                r#"{"post_title": "خ", "post_status": "trash"}"#,
                Some("trash"),
            ),
            (
                r#"{"post_title": "خ", "post_type": "attachment"}"#,
                Some("attachment"),
            ),
            (
                r#"{"title": "خ", "html": "<p>", "status": "draft"}"#,
                Some("draft"),
            ),
            (
                r#"{"title": "خ", "lexical": null, "type": "page", "status": "published"}"#,
                Some("page"),
            ),
            (r#"{"title": "خ", "html": "<p>", "type": "page"}"#, None),
            (r#"{"title": "خ", "body": "نص", "status": "draft"}"#, None),
            (r#"{"title": "خ", "body": "نص", "type": "page"}"#, None),
            ("{\"status\"", None),
        ] {
            assert_eq!(unpublished(record.as_bytes()), expected, "{record}");
        }
    }
}
