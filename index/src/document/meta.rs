//! The stored form of an article: its text, and a small JSON object with everything else. A backend
//! may store the segments separately from the object, which takes fewer bytes.
//!
//! ```text
//!     text       عنوان\n\nمتن طويل
//!     meta       {"id":"a-1","source":"المنارة"}
//!     segments   kind 0, gap 0, length 10; kind 7, gap 2, length 15
//! ```

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{
    Article, ArticleId, Confidence, DateOrigin, Precision, Published, Segment, SegmentKind,
};
use crate::error::{Error, Result};
use crate::varint;
use fihrist_arabic::Span;

/// The metadata of a stored article. Empty fields are left out to save space, since every article
/// has this object.
#[derive(Serialize, Deserialize)]
pub struct Meta<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    authors: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published: Option<StoredDate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    segments: Vec<(KindNumber, usize, usize)>,
}

#[derive(Serialize, Deserialize)]
struct StoredDate {
    date: String,
    timestamp: i64,
    precision: DatePrecision,
    from_text: bool,
    #[serde(default, skip_serializing_if = "DateConfidence::is_certain")]
    confidence: DateConfidence,
}

/// How certain a stored date is. An object without this field has a certain date, because older
/// versions stored no other dates.
#[derive(Serialize, Deserialize, Default, PartialEq)]
enum DateConfidence {
    #[default]
    #[serde(rename = "c")]
    Certain,
    #[serde(rename = "l")]
    Likely,
    #[serde(rename = "g")]
    Guess,
}

impl DateConfidence {
    fn is_certain(&self) -> bool {
        *self == Self::Certain
    }
}

#[derive(Serialize, Deserialize)]
enum DatePrecision {
    #[serde(rename = "y")]
    Year,
    #[serde(rename = "m")]
    Month,
    #[serde(rename = "d")]
    Day,
    #[serde(rename = "s")]
    Second,
}

/// The kind of a segment, as its index in [`SegmentKind::ALL`].
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct KindNumber(u8);

impl<'a> Meta<'a> {
    /// Returns the metadata to store for an article: everything but its text.
    pub fn of(article: &'a Article) -> Self {
        let kind = |kind: SegmentKind| {
            KindNumber(
                (0..)
                    .zip(SegmentKind::ALL)
                    .find(|(_, each)| *each == kind)
                    .map_or(0, |(i, _)| i),
            )
        };
        Meta {
            id: article.id.as_str().into(),
            source: article.source.clone(),
            section: article.section.clone(),
            authors: article.authors.clone(),
            url: article.url.clone(),
            published: article.published.as_ref().map(|published| StoredDate {
                date: published.date.clone(),
                timestamp: published.timestamp_seconds,
                precision: match published.precision {
                    Precision::Year => DatePrecision::Year,
                    Precision::Month => DatePrecision::Month,
                    Precision::Day => DatePrecision::Day,
                    Precision::Second => DatePrecision::Second,
                },
                from_text: published.origin == DateOrigin::Text,
                confidence: match published.confidence {
                    Confidence::Certain => DateConfidence::Certain,
                    Confidence::Likely => DateConfidence::Likely,
                    Confidence::Guess => DateConfidence::Guess,
                },
            }),
            segments: article
                .segments
                .iter()
                .map(|s| (kind(s.kind), s.span.start, s.span.end))
                .collect(),
        }
    }

    /// Removes the segments and returns them as bytes. For each segment these have its kind, the
    /// gap after the previous segment, and its length.
    pub fn split_segments(mut self) -> (Self, Vec<u8>) {
        let mut bytes = Vec::new();
        let mut last_end = 0;
        for (KindNumber(kind), start, end) in std::mem::take(&mut self.segments) {
            bytes.push(kind);
            varint::push(&mut bytes, start.wrapping_sub(last_end));
            varint::push(&mut bytes, end.wrapping_sub(start));
            last_end = end;
        }
        (self, bytes)
    }

    /// Puts the segments from [`split_segments`](Self::split_segments) back. Returns `None` if the
    /// bytes are not valid.
    pub fn with_segments(mut self, mut bytes: &[u8]) -> Option<Self> {
        let mut last_end = 0usize;
        while let Some((kind, rest)) = bytes.split_first() {
            bytes = rest;
            let start = last_end.wrapping_add(varint::take(&mut bytes, usize::BITS)?);
            last_end = start.wrapping_add(varint::take(&mut bytes, usize::BITS)?);
            self.segments.push((KindNumber(*kind), start, last_end));
        }
        Some(self)
    }

    /// Returns the article with this metadata and `text`. Fails if the id is invalid; skips
    /// segments of unknown kinds.
    pub fn into_article(self, text: String) -> Result<Article> {
        let segments = self
            .segments
            .iter()
            .filter_map(|(KindNumber(kind), start, end)| {
                let kind = *SegmentKind::ALL.get(usize::from(*kind))?;
                Some(Segment {
                    kind,
                    span: Span::new(*start, *end),
                })
            });
        Ok(Article {
            id: ArticleId::new(&self.id).map_err(Error::internal("read a stored article"))?,
            text,
            segments: segments.collect(),
            source: self.source,
            section: self.section,
            authors: self.authors,
            url: self.url,
            published: self.published.map(|date| Published {
                date: date.date,
                precision: match date.precision {
                    DatePrecision::Year => Precision::Year,
                    DatePrecision::Month => Precision::Month,
                    DatePrecision::Day => Precision::Day,
                    DatePrecision::Second => Precision::Second,
                },
                origin: if date.from_text {
                    DateOrigin::Text
                } else {
                    DateOrigin::Metadata
                },
                confidence: match date.confidence {
                    DateConfidence::Certain => Confidence::Certain,
                    DateConfidence::Likely => Confidence::Likely,
                    DateConfidence::Guess => Confidence::Guess,
                },
                timestamp_seconds: date.timestamp,
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn meta(segments: Vec<(u8, usize, usize)>) -> Meta<'static> {
        let segments = segments
            .into_iter()
            .map(|(kind, start, end)| (KindNumber(kind), start, end))
            .collect();
        Meta {
            id: "a".into(),
            source: None,
            section: None,
            authors: Vec::new(),
            url: None,
            published: None,
            segments,
        }
    }

    proptest! {
        #[test]
        fn segments_come_back(segments in prop::collection::vec((any::<u8>(), any::<usize>(), 0..9_000usize), 0..9)) {
            let (bare, bytes) = meta(segments.clone()).split_segments();
            let again = bare.with_segments(&bytes).expect("segments");
            let again: Vec<_> = again.segments.into_iter().map(|(KindNumber(kind), start, end)| (kind, start, end)).collect();
            prop_assert_eq!(again, segments);
        }

        #[test]
        fn any_bytes_come_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            meta(Vec::new()).with_segments(&bytes);
        }
    }

    #[test]
    fn dates_that_were_stored_without_confidence_are_certain() {
        let stored = r#"{"date":"2020","timestamp":1577836800,"precision":"y","from_text":false}"#;
        let date: StoredDate = serde_json::from_str(stored).expect("as it was stored");
        assert!(date.confidence.is_certain());
        assert_eq!(
            serde_json::to_string(&date).expect("as it is stored"),
            stored
        );
    }
}
