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
use serde_json::value::RawValue;

use super::{
    Article, ArticleId, Confidence, DateOrigin, Precision, Published, Segment, SegmentKind,
};
use crate::error::{OrInternal, Result};
use crate::varint;
use fihrist_arabic::Span;

/// The metadata of a stored article. Empty fields are left out to save space, since every article
/// has this object.
#[derive(Serialize, Deserialize)]
pub struct Meta<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    authors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<StoredDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unmapped: Option<Box<RawValue>>,
    /// For each segment, its kind as an index in [`SegmentKind::ALL`], and its span.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    segments: Vec<(u8, usize, usize)>,
}

#[derive(Serialize, Deserialize)]
struct StoredDate {
    date: String,
    timestamp: i64,
    precision: Precision,
    from_text: bool,
    /// Left out if the date is certain: older versions stored no other dates.
    #[serde(default, skip_serializing_if = "Confidence::is_certain")]
    confidence: Confidence,
}

impl Confidence {
    fn is_certain(&self) -> bool {
        *self == Self::Certain
    }
}

impl<'a> Meta<'a> {
    /// Returns the metadata to store for an article: everything but its text.
    pub fn of(article: &'a Article) -> Self {
        Meta {
            id: article.id.as_str().into(),
            source: article.source.clone(),
            section: article.section.clone(),
            authors: article.authors.clone(),
            url: article.url.clone(),
            published: article.published.as_ref().map(|published| StoredDate {
                date: published.date.clone(),
                timestamp: published.timestamp_seconds,
                precision: published.precision,
                from_text: published.origin == DateOrigin::Text,
                confidence: published.confidence,
            }),
            unmapped: article.unmapped.as_deref().map(|fields| {
                RawValue::from_string(fields.to_owned()).expect("unmapped fields are JSON")
            }),
            segments: article
                .segments
                .iter()
                .map(|segment| (segment.kind as u8, segment.span.start, segment.span.end))
                .collect(),
        }
    }

    /// Removes the segments and returns them as bytes. For each segment these have its kind, the
    /// gap after the previous segment, and its length.
    pub fn split_segments(mut self) -> (Self, Vec<u8>) {
        let mut bytes = Vec::new();
        let mut last_end = 0;
        for (kind, start, end) in std::mem::take(&mut self.segments) {
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
            self.segments.push((*kind, start, last_end));
        }
        Some(self)
    }

    /// Returns the article with this metadata and `text`. Fails if the id is invalid; skips
    /// segments of unknown kinds.
    pub fn into_article(self, text: String) -> Result<Article> {
        let segments = self.segments.iter().filter_map(|(kind, start, end)| {
            let kind = *SegmentKind::ALL.get(usize::from(*kind))?;
            Some(Segment {
                kind,
                span: Span::new(*start, *end),
            })
        });
        Ok(Article {
            id: ArticleId::new(&self.id).or_internal("read a stored article")?,
            text,
            segments: segments.collect(),
            source: self.source,
            section: self.section,
            authors: self.authors,
            url: self.url,
            published: self.published.map(|date| Published {
                date: date.date,
                precision: date.precision,
                origin: if date.from_text {
                    DateOrigin::Text
                } else {
                    DateOrigin::Metadata
                },
                confidence: date.confidence,
                timestamp_seconds: date.timestamp,
            }),
            unmapped: self.unmapped.map(|fields| fields.get().into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn meta(segments: Vec<(u8, usize, usize)>) -> Meta<'static> {
        Meta {
            id: "a".into(),
            source: None,
            section: None,
            authors: Vec::new(),
            url: None,
            published: None,
            unmapped: None,
            segments,
        }
    }

    proptest! {
        #[test]
        fn segments_come_back(segments in prop::collection::vec((any::<u8>(), any::<usize>(), 0..9_000usize), 0..9)) {
            let (bare, bytes) = meta(segments.clone()).split_segments();
            let again = bare.with_segments(&bytes).expect("segments");
            prop_assert_eq!(again.segments, segments);
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
