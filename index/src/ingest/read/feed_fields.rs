//! The elements of an entry in a feed → its fields, and the values of attributes and references.

use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart};
use serde_json::{Map, Value as Json};

use super::html;
use EntryField::{
    Author, Category, Content, Created, Id, Link, PostStatus, PostType, Published, Summary, Title,
    Updated,
};

/// Namespace prefixes whose elements, such as `title`, describe a picture or a podcast.
const FOREIGN_PREFIXES: [&str; 5] = ["media", "itunes", "podcast", "googleplay", "image"];

/// A field of an entry. If a field occurs several times, the first occurrence is used.
#[derive(Clone, Copy, PartialEq)]
pub enum EntryField {
    Title,
    Content,
    Summary,
    Published,
    /// A date of another kind, which is that of publication if there is no other one.
    Created,
    Updated,
    Author,
    Category,
    Link,
    Id,
    /// The type of an entry in a WordPress export, such as `post` or `attachment`.
    PostType,
    /// The status of an entry in a WordPress export, such as `publish` or `draft`.
    PostStatus,
}

impl EntryField {
    /// Returns the field's name among the unmapped fields.
    pub const fn name(self) -> &'static str {
        match self {
            Title => "title",
            Content => "content",
            Summary => "summary",
            Published => "published",
            Created => "created",
            Updated => "updated",
            Author => "author",
            Category => "category",
            Link => "link",
            Id => "id",
            PostType => "post_type",
            PostStatus => "status",
        }
    }
}

/// Returns the field that an element is; `None` for another element.
pub fn field(prefix: &str, name: &str) -> Option<EntryField> {
    match (prefix, name) {
        ("wp", "post_type") | ("blogger", "type") => return Some(PostType),
        ("wp", "status") | ("blogger", "status") | ("app", "control") => return Some(PostStatus),
        ("content", "encoded") | ("content", "content") => return Some(Content),
        ("wp", "post_date") => return Some(Updated),
        ("excerpt", "encoded") => return Some(Summary),
        ("wp" | "blogger", _) => return None,
        (prefix, "content" | "text" | "body" | "section" | "url")
            if !matches!(prefix, "" | "atom") =>
        {
            return None;
        }
        _ if FOREIGN_PREFIXES.contains(&prefix) => return None,
        _ => {}
    }
    Some(match name {
        "title" | "headline" => Title,
        "encoded" | "content" | "text" | "body" => Content,
        "description" | "summary" => Summary,
        "pubDate" | "published" | "issued" => Published,
        "date" | "created" => Created,
        "updated" | "modified" => Updated,
        "author" | "authors" | "creator" => Author,
        "category" | "subject" | "section" => Category,
        "link" | "url" => Link,
        "guid" | "id" => Id,
        _ => return None,
    })
}

/// Returns the text of an attribute.
pub fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    Some(html::line(attribute.value).into_owned())
}

/// Returns the attributes of an element as a JSON object.
pub fn attributes(start: &BytesStart<'_>) -> Map<String, Json> {
    let attributes = start.attributes().flatten();
    let text = |value| Json::String(html::line(value).into_owned());
    let named = attributes.map(|attribute| (attribute.key.0.to_owned(), text(attribute.value)));
    named.collect()
}

/// Returns the address of a link to the article itself. Other links lead to comments, audio or the
/// feed.
pub fn alternate(start: &BytesStart<'_>) -> Option<String> {
    let is_alternate = attribute(start, "rel").is_none_or(|rel| rel == "alternate");
    attribute(start, "href").filter(|_| is_alternate)
}

/// Returns the text of a reference such as `&#1571;` or `&nbsp;`. An unknown reference stays as it
/// is.
pub fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    match resolve_html5_entity(reference) {
        Some(text) => text.to_owned(),
        None => format!("&{};", &**reference),
    }
}
