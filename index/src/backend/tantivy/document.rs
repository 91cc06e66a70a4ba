//! Articles as Tantivy documents and back. The text is stored as it is; all else of an article is one small JSON
//! object beside it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;
use tantivy::schema::{Field, Value};

use super::schema::Fields;
use crate::article::{Article, ArticleId, Confidence, DateOrigin, Precision, Published, Segment, SegmentKind};
use crate::backend::AnalyzedArticle;
use crate::error::{Error, Result};
use crate::span::Span;

/// What is stored of an article beside its text. Short names: every article carries them.
#[derive(Serialize, Deserialize)]
struct Meta<'a> {
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
    published: Option<Date>,
    segments: Vec<(Kind, usize, usize)>,
}

#[derive(Serialize, Deserialize)]
struct Date {
    date: String,
    timestamp: i64,
    precision: DatePrecision,
    from_text: bool,
    #[serde(default, skip_serializing_if = "DateConfidence::is_certain")]
    confidence: DateConfidence,
}

/// Articles that were stored before there was another have certain dates.
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

/// A segment kind by its place in [`SegmentKind::ALL`].
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Kind(u8);

/// The document of an article.
pub fn to_document(analyzed: &AnalyzedArticle<'_>, fields: &Fields) -> Result<TantivyDocument> {
    let article = analyzed.article;
    let mut document = TantivyDocument::new();
    document.add_text(fields.id, article.id.as_str());
    document.add_u64(fields.content_hash, analyzed.content_hash);
    if let Some(signature) = analyzed.signature() {
        document.add_bytes(fields.signature, &signature.to_bytes());
    }
    document.add_text(fields.text, &article.text);
    let meta = serde_json::to_vec(&meta(article)).map_err(Error::internal("encode an article"))?;
    document.add_bytes(fields.meta, &meta);
    if let Some(source) = &article.source {
        document.add_text(fields.source, source);
    }
    if let Some(section) = &article.section {
        document.add_text(fields.section, section);
    }
    for author in &article.authors {
        document.add_text(fields.author, author);
    }
    if let Some(published) = &article.published {
        document.add_i64(fields.published, published.timestamp_seconds);
    }
    for (levels, terms) in fields.levels.iter().zip(&analyzed.fields) {
        if !terms.form.is_empty() {
            document.add_text(levels.form, &terms.form);
            document.add_text(levels.stem, &terms.stem);
        }
    }
    Ok(document)
}

/// The article of a stored document.
pub fn to_article(document: &TantivyDocument, fields: &Fields) -> Result<Article> {
    article_of(document, fields.text, fields.meta)
}

/// The article that is stored in two fields, of whatever schema.
pub fn article_of(document: &TantivyDocument, text: Field, meta: Field) -> Result<Article> {
    let damaged = || Error::internal("read a stored article")("its stored fields are incomplete");
    let text = document.get_first(text).and_then(|value| value.as_str()).ok_or_else(damaged)?;
    let meta = document.get_first(meta).and_then(|value| value.as_bytes()).ok_or_else(damaged)?;
    let meta: Meta<'_> = serde_json::from_slice(meta).map_err(Error::internal("read a stored article"))?;
    let segments = meta.segments.iter().filter_map(|(Kind(kind), start, end)| {
        let kind = *SegmentKind::ALL.get(usize::from(*kind))?;
        Some(Segment { kind, span: Span::new(*start, *end) })
    });
    Ok(Article {
        id: ArticleId::new(&meta.id).map_err(Error::internal("read a stored article"))?,
        text: text.to_owned(),
        segments: segments.collect(),
        source: meta.source,
        section: meta.section,
        authors: meta.authors,
        url: meta.url,
        published: meta.published.map(|date| Published {
            date: date.date,
            precision: match date.precision {
                DatePrecision::Year => Precision::Year,
                DatePrecision::Month => Precision::Month,
                DatePrecision::Day => Precision::Day,
                DatePrecision::Second => Precision::Second,
            },
            origin: if date.from_text { DateOrigin::Text } else { DateOrigin::Metadata },
            confidence: match date.confidence {
                DateConfidence::Certain => Confidence::Certain,
                DateConfidence::Likely => Confidence::Likely,
                DateConfidence::Guess => Confidence::Guess,
            },
            timestamp_seconds: date.timestamp,
        }),
    })
}

fn meta(article: &Article) -> Meta<'_> {
    let kind =
        |kind: SegmentKind| Kind((0..).zip(SegmentKind::ALL).find(|(_, each)| *each == kind).map_or(0, |(i, _)| i));
    Meta {
        id: article.id.as_str().into(),
        source: article.source.clone(),
        section: article.section.clone(),
        authors: article.authors.clone(),
        url: article.url.clone(),
        published: article.published.as_ref().map(|published| Date {
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
        segments: article.segments.iter().map(|s| (kind(s.kind), s.span.start, s.span.end)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_were_stored_without_confidence_are_certain() {
        let stored = r#"{"date":"2020","timestamp":1577836800,"precision":"y","from_text":false}"#;
        let date: Date = serde_json::from_str(stored).expect("as it was stored");
        assert!(date.confidence.is_certain());
        assert_eq!(serde_json::to_string(&date).expect("as it is stored"), stored);
    }
}
