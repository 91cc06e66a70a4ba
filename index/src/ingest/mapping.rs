//! Maps the names of fields and columns to parts of an article: the usual English and Arabic names,
//! and names that the user gives. It reads no values.
//!
//! The ledger stores a hash of the `Debug` text of [`Mapping`]. Renaming a type or field in it
//! makes the next job read all files again.

use std::iter;
use std::str::FromStr;

use rustc_hash::FxHashMap;

use super::folded;

/// A part of an article that a field or column can supply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The article's id.
    Id,
    /// The headline.
    Title,
    /// The text below the headline.
    Body,
    /// The outlet that published the article.
    Source,
    /// The section within the outlet.
    Section,
    /// The author or authors.
    Author,
    /// The publication date.
    Date,
    /// The article's URL.
    Url,
}

/// The usual names, best first. The first one is also the name of the target on the command line.
/// `source.name` is the field `name` of the object `source`. Before
/// comparison, names are folded and lose spaces, `_` and `-`.
#[rustfmt::skip]
const USUAL_NAMES: [(Target, &[&str]); 8] = [
    (Target::Id, &["id", "guid", "_id", "المعرف", "معرف", "uuid"]),
    (Target::Title, &["title", "headline", "headline.main", "العنوان", "عنوان", "title.rendered", "article_title", "post_title",
        "news_title", "title_page", "title_rss", "webTitle", "resolved_title", "metadata.title"]),
    (Target::Body, &["body", "text", "content", "articleBody", "النص", "نص", "المتن", "متن", "المحتوى", "محتوى",
        "content.rendered", "full_text", "maintext", "main_text", "plaintext", "plain_text", "body_text", "raw_text",
        "article_text", "article_body", "article_content", "post_content", "news_content", "content_html", "content_text",
        "paragraphs", "story", "cleaned_text", "extract", "page_content", "raw_content", "revisions.slots.main",
        "revisions.slots.main.content", "markdown", "markdown.raw_markdown", "html", "lead_paragraph", "description", "summary",
        "abstract", "excerpt", "excerpt.rendered", "snippet", "message"]),
    (Target::Source, &["source", "source.name", "publisher", "publisher.name", "outlet", "site", "site_name", "المصدر", "مصدر",
        "sitename", "meta_site_name", "source_name", "opengraph.site_name", "html.source_info.publisher", "feed.title",
        "origin.title", "source-hostname", "hostname", "domain", "source_domain", "domain_name", "source_url",
        "publication", "source_common_name"]),
    (Target::Section, &["section", "category", "articleSection", "القسم", "قسم", "التصنيف", "تصنيف", "categories", "sectionName",
        "_embedded.wp:term.name", "primary_tag.name", "opengraph.article:section", "tags.term", "category.term"]),
    (Target::Author, &["author", "authors", "author.name", "authors.name", "byline", "byline.original", "الكاتب", "كاتب", "المؤلف", "مؤلف",
        "creator", "_embedded.author.name", "published_by", "metadata.author"]),
    (Target::Date, &["date", "published", "pubDate", "publish_date", "published_date", "date_published", "published_at",
        "created_at", "التاريخ", "تاريخ", "تاريخ النشر", "date_publish", "publishing_date", "publication_date", "pub_date",
        "post_date", "datetime", "date_time", "published_time", "metadata.published_time",
        "metadata.article:published_time", "webPublicationDate", "timestamp", "created", "updated",
        "updated_at", "date_modified", "modified", "seendate"]),
    (Target::Url, &["url", "link", "الرابط", "رابط", "canonical_url", "article_url", "page_url", "html.responded_url",
        "html.requested_url", "external_url", "webUrl", "canonical.href", "alternate.href", "opengraph.url",
        "meta.canonical", "web_url", "resolved_url", "metadata.canonical_url", "metadata.source_url", "permalink",
        "permalink_url", "fullurl", "main_entity_of_page", "main_entity_of_page.@id", "document_identifier"]),
];

/// The names of bodies that are only a part of the text. An object that has no other body can still
/// be a list of articles with a description.
const PART_NAMES: [&str; 8] = [
    "lead_paragraph",
    "description",
    "summary",
    "abstract",
    "excerpt",
    "excerpt.rendered",
    "snippet",
    "message",
];

/// The members of a date that is an object, as databases and programs write it.
const DATE_MEMBERS: [&str; 9] = [
    "$date",
    "$date.$numberLong",
    "epoch",
    "seconds",
    "_seconds",
    "timestamp",
    "date",
    "iso",
    "value",
];

/// The members with the name of a source, section or author that is an object.
const NAME_MEMBERS: [&str; 5] = [
    "name",
    "displayName",
    "node.name",
    "nodes.name",
    "data.attributes.name",
];

/// The rank of each target's first usual name. Names that the user gives have lower ranks, which
/// are better.
const FIRST_USUAL_RANK: u16 = 1_000;

/// The maximum length of a key that is normalised. No known name is longer.
const MAX_NAME_BYTES: usize = 64;

/// The target of a name, and the name's rank among the names of the same target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    pub target: Target,
    /// A lower rank is better.
    pub rank: u16,
    /// The name as messages show it.
    pub name: Box<str>,
}

/// Names with only one possible meaning. Under such a name, a value of the wrong type is reported.
#[rustfmt::skip]
const STRICT_NAMES: [&str; 11] = [
    "id", "title", "body", "source", "section", "category", "author", "authors", "date", "published", "url",
];

impl Meaning {
    /// Returns whether a value of the wrong type is reported. Under other names, such a value is
    /// ignored.
    pub fn is_strict(&self) -> bool {
        self.is_given() || STRICT_NAMES.contains(&&*self.name)
    }

    /// Returns whether the user gives the name.
    pub const fn is_given(&self) -> bool {
        self.rank < FIRST_USUAL_RANK
    }

    /// Returns whether the name is that of the whole text of an article.
    pub fn is_whole_body(&self) -> bool {
        let is_part = !self.is_given() && PART_NAMES.contains(&&*self.name);
        self.target == Target::Body && !is_part
    }
}

/// A node in the tree of names: each level is one part of a dotted name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Node {
    pub meaning: Option<Meaning>,
    pub inner: FxHashMap<Box<str>, Node>,
}

impl Node {
    /// Returns the node for `key`. Spelling is normalised: `Publish_Date` equals `publish date`.
    pub fn at(&self, key: &str) -> Option<&Self> {
        match self.inner.get(key) {
            Some(node) => Some(node),
            None if key.len() <= MAX_NAME_BYTES => self.inner.get(normal(key).as_str()),
            None => None,
        }
    }

    /// Gives the node at the end of the path a meaning, unless it has one.
    fn insert<'p>(&mut self, path: impl Iterator<Item = &'p str>, meaning: Meaning) {
        let node = path.fold(self, |node, key| {
            node.inner.entry(normal(key).into()).or_default()
        });
        node.meaning.get_or_insert(meaning);
    }
}

/// Maps the names of fields and columns to parts of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    root: Node,
}

impl Default for Mapping {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl Mapping {
    /// Creates a mapping from the user's names and the usual names. If a name is in both, it has
    /// the meaning that the user gives.
    pub fn new(given: &[FieldName]) -> Self {
        let mut root = Node::default();
        let meaning = |target, rank, name: &str| Meaning {
            target,
            rank,
            name: name.into(),
        };
        for (rank, FieldName { target, name }) in (0..).zip(given) {
            let meaning = meaning(*target, rank, name);
            root.insert(name.split('.'), meaning.clone());
            // The name of a column may contain a dot, so the whole name is also a key.
            root.insert(iter::once(&**name), meaning);
        }
        for (target, names) in USUAL_NAMES {
            for (rank, name) in (FIRST_USUAL_RANK..).zip(names) {
                root.insert(name.split('.'), meaning(target, rank, name));
                let members: &[&str] = match target {
                    Target::Date => &DATE_MEMBERS,
                    Target::Id => &["$oid"],
                    Target::Title => &["value"],
                    Target::Source | Target::Section | Target::Author => &NAME_MEMBERS,
                    Target::Body | Target::Url => &[],
                };
                for member in members {
                    let path = name.split('.').chain(member.split('.'));
                    root.insert(path, meaning(target, rank, name));
                }
            }
        }
        Self { root }
    }

    pub(super) const fn root(&self) -> &Node {
        &self.root
    }

    /// Returns the meaning of a column's name; `None` if the name is unknown. Tables of objects have
    /// names such as `source.name`.
    pub(super) fn column(&self, name: &str) -> Option<&Meaning> {
        let whole = self.root.at(name.trim());
        let inner = || {
            name.trim()
                .split('.')
                .try_fold(&self.root, |node, key| node.at(key))
        };
        whole.or_else(inner)?.meaning.as_ref()
    }
}

/// A name that the user gives for a target, written `title=headline.main`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldName {
    /// The part of the article that the field or column supplies.
    pub target: Target,
    /// The name of the field or column. `headline.main` is the field `main` of the object
    /// `headline`.
    pub name: String,
}

/// Why a text is not a valid [`FieldName`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldNameError {
    /// The text is not `target=name`, or one side is empty.
    #[error("write it as target=name, for example title=headline")]
    NoPair,
    /// The target does not exist.
    #[error(
        "`{0}` is not a part of an article; the parts are {names}",
        names = USUAL_NAMES.map(|(_, names)| names[0]).join(", ")
    )]
    UnknownTarget(String),
}

impl FromStr for FieldName {
    type Err = FieldNameError;

    fn from_str(text: &str) -> Result<Self, FieldNameError> {
        let (target, name) = text.split_once('=').ok_or(FieldNameError::NoPair)?;
        let (target, name) = (target.trim(), name.trim());
        if target.is_empty() || name.is_empty() {
            return Err(FieldNameError::NoPair);
        }
        let known = USUAL_NAMES.iter().find(|(_, names)| names[0] == target);
        let (target, _) = known.ok_or_else(|| FieldNameError::UnknownTarget(target.to_owned()))?;
        Ok(Self {
            target: *target,
            name: name.to_owned(),
        })
    }
}

/// Normalises a name: case, vowel marks, alef forms, spaces, `_` and `-` do not matter.
fn normal(name: &str) -> String {
    // A leading underscore matters: `_id` is another field than `id`.
    let (mark, rest) = name.split_at(usize::from(name.starts_with('_')));
    let is_letter = |c: &char| !c.is_whitespace() && !matches!(c, '_' | '-');
    let mut normal = mark.to_owned();
    normal.extend(folded(rest).chars().filter(is_letter));
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mapping: &Mapping, name: &str, expected: Option<Target>) {
        assert_eq!(
            mapping.column(name).map(|meaning| meaning.target),
            expected,
            "{name}"
        );
    }

    #[test]
    fn usual_names_in_any_spelling() {
        let usual = Mapping::default();
        check(&usual, "title", Some(Target::Title));
        check(&usual, " Publish Date", Some(Target::Date));
        check(&usual, "publish_date", Some(Target::Date));
        check(&usual, "datePublished", Some(Target::Date));
        check(&usual, "pubDate", Some(Target::Date));
        check(&usual, "العُنوان", Some(Target::Title));
        check(&usual, "تاريخ_النشر", Some(Target::Date));
        check(&usual, "المحتوي", Some(Target::Body));
        check(&usual, "_id", Some(Target::Id));
        check(&usual, "title.rendered", Some(Target::Title));
        check(&usual, "source.id", None);
        check(&usual, "views", None);
        check(&usual, &"ع".repeat(100), None);
    }

    #[test]
    fn given_names_come_first() {
        let given = ["title=views", "body=a.b"].map(|text| text.parse().unwrap());
        let mapping = Mapping::new(&given);
        check(&mapping, "views", Some(Target::Title));
        check(&mapping, "a.b", Some(Target::Body));
        check(&mapping, "title", Some(Target::Title));
        assert!(mapping.column("views").unwrap().rank < mapping.column("title").unwrap().rank);
    }

    #[test]
    fn invalid_field_names() {
        let refusal = |text: &str| text.parse::<FieldName>().unwrap_err().to_string();
        assert_eq!(
            refusal("title"),
            "write it as target=name, for example title=headline"
        );
        assert_eq!(
            refusal("title="),
            "write it as target=name, for example title=headline"
        );
        assert_eq!(
            refusal("headline=title"),
            "`headline` is not a part of an article; the parts are id, title, body, source, section, author, date, url"
        );
    }
}
