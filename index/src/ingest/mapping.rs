//! Which name stands for which part of an article: the usual names, English and Arabic, and those that a job is told.
//! It reads no values.

use std::fmt;
use std::str::FromStr;

use rustc_hash::FxHashMap;

use fihrist_arabic::fold::folded;

/// A part of an article that a named value can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// What names the article.
    Id,
    /// The headline.
    Title,
    /// The text.
    Body,
    /// The outlet.
    Source,
    /// The section within the outlet.
    Section,
    /// Who wrote it, one or several.
    Author,
    /// When it was published.
    Date,
    /// Where it stands on the web.
    Url,
}

impl Target {
    /// All targets.
    pub const ALL: [Self; 8] = [
        Self::Id,
        Self::Title,
        Self::Body,
        Self::Source,
        Self::Section,
        Self::Author,
        Self::Date,
        Self::Url,
    ];

    /// The name on the command line, and the first of the names in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Title => "title",
            Self::Body => "body",
            Self::Source => "source",
            Self::Section => "section",
            Self::Author => "author",
            Self::Date => "date",
            Self::Url => "url",
        }
    }
}

/// The usual names, the better ones first; a point goes into an object. Folded, without spaces, `_` and `-`.
#[rustfmt::skip]
const USUAL_NAMES: [(Target, &[&str]); 8] = [
    (Target::Id, &["id", "guid", "_id", "المعرف", "معرف", "uuid"]),
    (Target::Title, &["title", "headline", "headline.main", "العنوان", "عنوان", "title.rendered"]),
    (Target::Body, &["body", "text", "content", "articleBody", "النص", "نص", "المتن", "متن", "المحتوى", "محتوى",
        "content.rendered", "full_text", "description", "summary"]),
    (Target::Source, &["source", "source.name", "publisher", "publisher.name", "outlet", "site", "site_name", "المصدر", "مصدر"]),
    (Target::Section, &["section", "category", "articleSection", "القسم", "قسم", "التصنيف", "تصنيف"]),
    (Target::Author, &["author", "authors", "author.name", "authors.name", "byline", "الكاتب", "كاتب", "المؤلف", "مؤلف"]),
    (Target::Date, &["date", "published", "pubDate", "publish_date", "published_date", "date_published", "published_at",
        "created_at", "التاريخ", "تاريخ", "تاريخ النشر"]),
    (Target::Url, &["url", "link", "الرابط", "رابط"]),
];

/// Names that a job is told rank before it.
const FIRST_USUAL_RANK: u16 = 1_000;

/// What a name stands for, and how it ranks among the names of its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meaning {
    pub target: Target,
    /// The lower the better.
    pub rank: u16,
    /// As messages call it.
    pub name: Box<str>,
}

/// Names that can mean nothing else: a value of another type than expected is a mistake there.
const STRICT_NAMES: [&str; 11] = [
    "id",
    "title",
    "body",
    "source",
    "section",
    "category",
    "author",
    "authors",
    "date",
    "published",
    "url",
];

impl Meaning {
    /// Whether a value of a wrong type is a mistake, rather than something that is not meant for us.
    pub fn is_strict(&self) -> bool {
        self.rank < FIRST_USUAL_RANK || STRICT_NAMES.contains(&&*self.name)
    }
}

/// The names that can follow each other on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Node {
    pub meaning: Option<Meaning>,
    pub inner: FxHashMap<Box<str>, Node>,
}

impl Node {
    /// Where `key` leads; spelling counts less than the word: `Publish_Date` is `publish date`.
    pub fn at(&self, key: &str) -> Option<&Self> {
        // No known name is so long that its fold is worth the time.
        self.inner.get(key).or_else(|| {
            if key.len() <= 64 {
                self.inner.get(normal(key).as_str())
            } else {
                None
            }
        })
    }

    fn insert(&mut self, path: &[&str], meaning: Meaning) {
        match path {
            [] => {
                self.meaning.get_or_insert(meaning);
            }
            [first, rest @ ..] => self
                .inner
                .entry(normal(first).into())
                .or_default()
                .insert(rest, meaning),
        }
    }
}

/// Which names of fields and columns stand for what.
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
    /// The usual names, after those that are told. A name that is told stands for nothing else.
    pub fn new(told: &[FieldName]) -> Self {
        let mut root = Node::default();
        for (rank, FieldName { target, name }) in (0..).zip(told) {
            let meaning = Meaning {
                target: *target,
                rank,
                name: name.as_str().into(),
            };
            let path: Vec<&str> = name.split('.').collect();
            root.insert(&path, meaning.clone());
            // A column may have a point in its name.
            root.insert(&[name], meaning);
        }
        for (target, names) in USUAL_NAMES {
            for (rank, name) in (FIRST_USUAL_RANK..).zip(names) {
                let path: Vec<&str> = name.split('.').collect();
                root.insert(
                    &path,
                    Meaning {
                        target,
                        rank,
                        name: (*name).into(),
                    },
                );
            }
        }
        Self { root }
    }

    pub(super) const fn root(&self) -> &Node {
        &self.root
    }

    /// What a column stands for.
    pub(super) fn column(&self, name: &str) -> Option<&Meaning> {
        self.root
            .at(name.trim())
            .and_then(|node| node.meaning.as_ref())
    }
}

/// A name that a job is told, written `title=headline.main`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldName {
    /// What the value is.
    pub target: Target,
    /// The name of the field or column; a point goes into an object.
    pub name: String,
}

/// Why a text is no [`FieldName`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldNameError {
    /// There is no `=` with something on both sides.
    #[error("write it as target=name, for example title=headline")]
    NoPair,
    /// The left side is no part of an article.
    #[error("`{0}` is no part of an article: it has {names}", names = Names)]
    UnknownTarget(String),
}

struct Names;

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Target::ALL.map(Target::name).join(", "))
    }
}

impl FromStr for FieldName {
    type Err = FieldNameError;

    fn from_str(text: &str) -> Result<Self, FieldNameError> {
        let (target, name) = text.split_once('=').ok_or(FieldNameError::NoPair)?;
        let (target, name) = (target.trim(), name.trim());
        if target.is_empty() || name.is_empty() {
            return Err(FieldNameError::NoPair);
        }
        let known = Target::ALL.into_iter().find(|known| known.name() == target);
        let target = known.ok_or_else(|| FieldNameError::UnknownTarget(target.to_owned()))?;
        Ok(Self {
            target,
            name: name.to_owned(),
        })
    }
}

/// A name without what differs from one file to the next: case, vowel marks, the form of an alef, spaces, `_` and `-`.
fn normal(name: &str) -> String {
    // `_id` is another field than `id`.
    let (mark, rest) = name.split_at(usize::from(name.starts_with('_')));
    let mut normal = String::with_capacity(name.len());
    normal.push_str(mark);
    normal.extend(
        folded(rest)
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-')),
    );
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
        check(&usual, "views", None);
        check(&usual, &"ع".repeat(100), None);
    }

    #[test]
    fn what_is_told_comes_first() {
        let told = ["title=views", "body=a.b"].map(|text| text.parse().unwrap());
        let mapping = Mapping::new(&told);
        check(&mapping, "views", Some(Target::Title));
        check(&mapping, "a.b", Some(Target::Body));
        check(&mapping, "title", Some(Target::Title));
        assert!(mapping.column("views").unwrap().rank < mapping.column("title").unwrap().rank);
    }

    #[test]
    fn what_can_not_be_told() {
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
            "`headline` is no part of an article: it has id, title, body, source, section, author, date, url"
        );
    }
}
