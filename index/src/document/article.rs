//! The article: its stored text, the typed segments of the text, and its metadata. This module
//! knows no file format.

use std::fmt;

use fihrist_arabic::Span;

/// The id under which an article is stored, updated and linked: 1 to 512 bytes without control
/// characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(String);

impl ArticleId {
    /// The longest id, in bytes.
    pub const MAX_BYTES: usize = 512;

    /// Checks an id, without the white space around it. Fails if it is empty, too long or contains
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

/// The reason why a text is no [`ArticleId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// It contains only white space.
    #[error("the id is empty")]
    Empty,
    /// It is longer than [`ArticleId::MAX_BYTES`].
    #[error("the id is longer than {} bytes", ArticleId::MAX_BYTES)]
    TooLong,
    /// It contains a control character.
    #[error("the id holds a control character")]
    ControlCharacter,
}

/// An article as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// The id in the index.
    pub id: ArticleId,
    /// The stored text, exactly as it was decoded. All spans are bytes of it.
    pub text: String,
    /// The parts of the text, in order and without overlaps. The gaps between them are blank.
    pub segments: Vec<Segment>,
    /// The outlet that published it.
    pub source: Option<String>,
    /// The section or category within the outlet.
    pub section: Option<String>,
    /// The authors.
    pub authors: Vec<String>,
    /// The address on the web.
    pub url: Option<String>,
    /// The date of publication.
    pub published: Option<Published>,
}

impl Article {
    /// Returns the text of the title segments, joined by a space; empty if there is none.
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

    /// Returns the segments that are searched as `field`.
    pub fn segments_in(&self, field: Field) -> impl Iterator<Item = &Segment> {
        self.segments
            .iter()
            .filter(move |segment| segment.kind.field() == Some(field))
    }

    /// Returns the size of the text that is searched as `field`.
    pub fn size_bytes_in(&self, field: Field) -> usize {
        self.segments_in(field)
            .map(|segment| segment.span.range().len())
            .sum()
    }
}

/// A part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The kind of the part.
    pub kind: SegmentKind,
    /// The bytes in [`Article::text`], without the white space around them.
    pub span: Span,
}

/// The kind of a part of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SegmentKind {
    /// The headline.
    Title,
    /// The deck: the line under the headline.
    Dek,
    /// The text under a picture.
    Caption,
    /// The credit line of a picture.
    Credit,
    /// The line with the author.
    Byline,
    /// Place and agency before the text.
    Dateline,
    /// A headline within the text.
    Subhead,
    /// A paragraph.
    Body,
    /// Text that the page puts around the article: counters, comment forms, share bars. It is
    /// stored and shown on request, but not searched.
    Furniture,
}

impl SegmentKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Title,
        Self::Dek,
        Self::Caption,
        Self::Credit,
        Self::Byline,
        Self::Dateline,
        Self::Subhead,
        Self::Body,
        Self::Furniture,
    ];

    /// Returns the name in stored articles and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Dek => "dek",
            Self::Caption => "caption",
            Self::Credit => "credit",
            Self::Byline => "byline",
            Self::Dateline => "dateline",
            Self::Subhead => "subhead",
            Self::Body => "body",
            Self::Furniture => "furniture",
        }
    }

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

/// A searched field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The headline.
    Title,
    /// The text with its subheads.
    Body,
    /// The texts under pictures.
    Caption,
}

impl Field {
    /// All fields.
    pub const ALL: [Self; 3] = [Self::Title, Self::Body, Self::Caption];

    /// Returns the name in the API and in the query language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Body => "body",
            Self::Caption => "caption",
        }
    }
}

/// The date of publication, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// ISO 8601, as long as its precision: `2020`, `2020-03`, `2020-03-15`,
    /// `2020-03-15T09:30:00+02:00`.
    pub date: String,
    /// How much of the date is known.
    pub precision: Precision,
    /// Where the date was found.
    pub origin: DateOrigin,
    /// How certain the date is.
    pub confidence: Confidence,
    /// The first second of the period, since 1970 in UTC. Sorting and filters use it.
    pub timestamp_seconds: i64,
}

/// How much of a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// The year.
    Year,
    /// The month.
    Month,
    /// The day.
    Day,
    /// The time of day.
    Second,
}

impl Precision {
    /// Returns the name in stored articles and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Second => "second",
        }
    }
}

/// Where a date was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrigin {
    /// A metadata field with the date of publication.
    Metadata,
    /// The text.
    Text,
}

impl DateOrigin {
    /// Returns the name in stored articles and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Text => "text",
        }
    }
}

/// How certain it is that an article was published on its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// Metadata gives the date.
    Certain,
    /// The text gives the date: a line with the date of the page, or a sentence about an event of
    /// the day.
    Likely,
    /// A date near the beginning of the text, which may belong to something else.
    Guess,
}

impl Confidence {
    /// Returns the name in stored articles and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Guess => "guess",
        }
    }
}
