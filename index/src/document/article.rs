//! What is catalogued: an article, its stored text and the typed segments of that text. It knows no
//! file format.

use std::fmt;

use fihrist_arabic::Span;

/// The name an article is stored, updated and linked under: 1 to 512 bytes without control
/// characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(String);

impl ArticleId {
    /// The longest id, in bytes.
    pub const MAX_BYTES: usize = 512;

    /// Checks an id; surrounding white space is not part of it.
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

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is no [`ArticleId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// Nothing but white space.
    #[error("the id is empty")]
    Empty,
    /// More than [`ArticleId::MAX_BYTES`].
    #[error("the id is longer than {} bytes", ArticleId::MAX_BYTES)]
    TooLong,
    /// A control character in it.
    #[error("the id holds a control character")]
    ControlCharacter,
}

/// An article as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Its name in the index.
    pub id: ArticleId,
    /// The stored text, exactly as it was decoded; all spans are bytes of it.
    pub text: String,
    /// What the parts of the text are: in order, not overlapping. Gaps between them are blank.
    pub segments: Vec<Segment>,
    /// The outlet it appeared in.
    pub source: Option<String>,
    /// The section or category within the outlet.
    pub section: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Where it stands on the web.
    pub url: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
}

impl Article {
    /// The text of the title segments, joined by a space; empty where there is none.
    pub fn title(&self) -> String {
        self.segments_of(SegmentKind::Title)
            .map(|segment| segment.span.slice(&self.text))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The segments of one kind.
    pub fn segments_of(&self, kind: SegmentKind) -> impl Iterator<Item = &Segment> {
        self.segments
            .iter()
            .filter(move |segment| segment.kind == kind)
    }

    /// The segments that are searched as `field`.
    pub fn segments_in(&self, field: Field) -> impl Iterator<Item = &Segment> {
        self.segments
            .iter()
            .filter(move |segment| segment.kind.field() == Some(field))
    }

    /// How much text they hold.
    pub fn size_bytes_in(&self, field: Field) -> usize {
        self.segments_in(field)
            .map(|segment| segment.span.range().len())
            .sum()
    }
}

/// A part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// What it is.
    pub kind: SegmentKind,
    /// Where it stands in [`Article::text`], without surrounding white space.
    pub span: Span,
}

/// What a part of an article is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SegmentKind {
    /// The headline.
    Title,
    /// The line under the headline.
    Dek,
    /// The text under a picture.
    Caption,
    /// Whose picture it is.
    Credit,
    /// The line with the author.
    Byline,
    /// Place and agency before the text.
    Dateline,
    /// A headline within the text.
    Subhead,
    /// A paragraph.
    Body,
    /// What the page put around the article: counters, comment forms, share bars. Kept, shown on
    /// request, not searched.
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

    /// The name in stored articles and in the API.
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

    /// The searched field that holds segments of this kind.
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

    /// The name in the API and in the query language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Body => "body",
            Self::Caption => "caption",
        }
    }
}

/// When an article was published, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// ISO 8601, cut off at the precision: `2020`, `2020-03`, `2020-03-15`,
    /// `2020-03-15T09:30:00+02:00`.
    pub date: String,
    /// How much of the date is known.
    pub precision: Precision,
    /// Where the date was found.
    pub origin: DateOrigin,
    /// How sure it is that this is when the article was published.
    pub confidence: Confidence,
    /// The first second of the period, since 1970 in UTC; what sorting and filters use.
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
    /// The name in stored articles and in the API.
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
    /// In a field that says when the article was published.
    Metadata,
    /// In the text.
    Text,
}

impl DateOrigin {
    /// The name in stored articles and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Text => "text",
        }
    }
}

/// How sure it is that a date is the one on which an article was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// Metadata says so.
    Certain,
    /// The text says so: a line that dates the page, a sentence about what happens today.
    Likely,
    /// A date near the beginning of the text, which may be that of something else.
    Guess,
}

impl Confidence {
    /// The name in stored articles and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Guess => "guess",
        }
    }
}
