//! The article: its stored text, the typed segments of the text, and its metadata. This module
//! knows no file format.

use std::fmt;

use serde::{Deserialize, Serialize};

use fihrist_arabic::{Pretokenized, Span};

/// The id under which an article is stored, updated and linked: 1 to 512 bytes without control
/// characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(String);

impl ArticleId {
    /// The greatest length of an id in bytes.
    pub const MAX_BYTES: usize = 512;

    /// Returns the id without the white space around it. Fails if it is empty, too long or contains
    /// a control character.
    pub fn new(id: &str) -> Result<Self, InvalidId> {
        let id = id.trim();
        if id.is_empty() {
            Err(InvalidId::Empty)
        } else if id.len() > Self::MAX_BYTES {
            Err(InvalidId::TooLong)
        } else if id.chars().any(char::is_control) {
            Err(InvalidId::ControlCharacter)
        } else {
            Ok(Self(id.to_owned()))
        }
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text cannot be an [`ArticleId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// The text is empty or contains only white space.
    #[error("the id is empty")]
    Empty,
    /// The text is longer than [`ArticleId::MAX_BYTES`].
    #[error("the id is longer than {} bytes", ArticleId::MAX_BYTES)]
    TooLong,
    /// The text contains a control character.
    #[error("the id holds a control character")]
    ControlCharacter,
}

/// An article as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// The id of the article in the index.
    pub id: ArticleId,
    /// The stored text, exactly as it was decoded. Every span is a range of its bytes.
    pub text: String,
    /// The segments of the text, in order and without overlaps. Only white space is between them.
    pub segments: Vec<Segment>,
    /// The outlet that published the article, if it is known.
    pub source: Option<String>,
    /// The section or category of the outlet in which the article appeared, if it is known.
    pub section: Option<String>,
    /// The authors; empty if none is known.
    pub authors: Vec<String>,
    /// The address of the article on the web, if it is known.
    pub url: Option<String>,
    /// The date of publication, if it is known.
    pub published: Option<Published>,
    /// The fields of the record that are no part of the article, as the text of a JSON object;
    /// `None` if there are none.
    pub unmapped: Option<Box<str>>,
}

impl Article {
    /// Returns the texts of the title segments, joined by spaces; empty if there are none.
    pub fn title(&self) -> String {
        self.segments_of(SegmentKind::Title)
            .map(|segment| segment.span.slice(&self.text))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Returns the segments of one kind.
    pub fn segments_of(&self, kind: SegmentKind) -> impl Iterator<Item = &Segment> {
        self.segments
            .iter()
            .filter(move |segment| segment.kind == kind)
    }

    /// Returns the ranges of the segments that are searched as `field`.
    pub fn segments_in(&self, field: Field) -> impl Iterator<Item = Span> {
        let segments = self.segments.iter();
        segments
            .filter(move |segment| segment.kind.field() == Some(field))
            .map(|segment| segment.span)
    }

    /// Returns about how many bytes the article takes in memory.
    pub fn memory_bytes(&self) -> usize {
        let texts = [&self.source, &self.section, &self.url];
        let texts = texts.into_iter().flatten().chain(&self.authors);
        size_of::<Self>()
            + self.id.0.len()
            + self.text.len()
            + self.unmapped.as_ref().map_or(0, |fields| fields.len())
            + self.segments.len() * size_of::<Segment>()
            + texts
                .map(|text| size_of::<String>() + text.len())
                .sum::<usize>()
    }

    /// Returns the size, in bytes, of the text that is searched as `field`.
    pub fn size_bytes_in(&self, field: Field) -> usize {
        self.segments_in(field)
            .map(|segment| segment.range().len())
            .sum()
    }
}

/// An article that a backend returns, with the common words that its stored form reveals. Snippets
/// use these words, which makes the analysis of the text several times as fast.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredArticle {
    /// The article.
    pub article: Article,
    /// The common words of the article's text, with their spans; none if the backend stores the
    /// plain text.
    pub pretokenized: Pretokenized,
}

impl From<Article> for StoredArticle {
    fn from(article: Article) -> Self {
        Self {
            article,
            pretokenized: Pretokenized::default(),
        }
    }
}

/// A typed part of an article's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The kind of the segment, such as title or body.
    pub kind: SegmentKind,
    /// The range of the segment in [`Article::text`], without the white space around it.
    pub span: Span,
}

named! {
    /// The kind of an article segment. The order of the kinds gives their numbers in stored
    /// articles.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum SegmentKind {
        /// The headline.
        Title = "title",
        /// The deck: the line under the headline.
        Dek = "dek",
        /// The text under a picture.
        Caption = "caption",
        /// The credit line of a picture.
        Credit = "credit",
        /// The line with the author.
        Byline = "byline",
        /// The place and the agency before the text.
        Dateline = "dateline",
        /// A headline within the text.
        Subhead = "subhead",
        /// A paragraph.
        Body = "body",
        /// Text that the page puts around the article: counters, comment forms, share bars. It is
        /// stored and shown on request, but not searched.
        Furniture = "furniture",
    }
}

impl SegmentKind {
    /// Returns the field in which segments of this kind are searched; `None` if they are not
    /// searched.
    pub const fn field(self) -> Option<Field> {
        match self {
            Self::Title => Some(Field::Title),
            Self::Dek | Self::Dateline | Self::Subhead | Self::Body => Some(Field::Body),
            Self::Caption => Some(Field::Caption),
            Self::Credit | Self::Byline | Self::Furniture => None,
        }
    }
}

named! {
    /// A searched field. The order of the fields gives their indices.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Field {
        /// The headline.
        Title = "title",
        /// The text of the article, with its dek and its subheads.
        Body = "body",
        /// The texts under pictures.
        Caption = "caption",
    }
}

/// The date of publication, as precisely as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The date in ISO 8601, only as long as it is known: `2020`, `2020-03`, `2020-03-15`,
    /// `2020-03-15T09:30:00+02:00`.
    pub date: String,
    /// The last part of the date that is known.
    pub precision: Precision,
    /// Where the date was found.
    pub origin: DateOrigin,
    /// How certain it is that the article was published on the date.
    pub confidence: Confidence,
    /// The beginning of the year, month, day or second that the date names, in seconds since 1970
    /// in UTC. Sorting and filters use it.
    pub timestamp_seconds: i64,
}

named! {
    /// The last part of a date that is known. Stored articles have the letter of the variant.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Precision {
        /// Only the year is known.
        #[serde(rename = "y")]
        Year = "year",
        /// The year and the month are known.
        #[serde(rename = "m")]
        Month = "month",
        /// The day is known, without a time.
        #[serde(rename = "d")]
        Day = "day",
        /// The time of day is known, to the second.
        #[serde(rename = "s")]
        Second = "second",
    }
}

named! {
    /// Where a date was found.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum DateOrigin {
        /// A metadata field with the date of publication.
        Metadata = "metadata",
        /// The text of the article.
        Text = "text",
    }
}

named! {
    /// How certain it is that an article was published on its date. Stored articles have the letter of
    /// the variant.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
    pub enum Confidence {
        /// Metadata gives the date.
        #[default]
        #[serde(rename = "c")]
        Certain = "certain",
        /// The text gives the date: in a line with the date of the page, or in a sentence about an
        /// event of that day.
        #[serde(rename = "l")]
        Likely = "likely",
        /// The text has a date near its beginning, which may be the date of something else.
        #[serde(rename = "g")]
        Guess = "guess",
    }
}
