//! Turns articles into Tantivy documents and back. It holds the stored fields and the fast fields;
//! the terms of an article are written by [`segment`](super::segment).

use std::sync::Arc;

use tantivy::TantivyDocument;
use tantivy::schema::{Field, Schema, Value};

use super::schema::{Fields, SEGMENTS};
use super::text_codec::{decode, decode_schema_5, decode_without_words, encode};
use crate::document::{AnalyzedArticle, Article, Meta, Segment, SegmentKind, StoredArticle};
use crate::error::{Error, OrInternal, Result};
use fihrist_arabic::{CommonWords, Pretokenized, Span};

const READ: &str = "read a stored article";

/// Returns the document of an article, without the terms of its text. `words` must be the common
/// words of the model that made the terms. Fails when the metadata cannot be encoded.
pub fn to_document(
    analyzed: &AnalyzedArticle<'_>,
    fields: &Fields,
    words: &CommonWords,
) -> Result<TantivyDocument> {
    let article = analyzed.article;
    let mut document = TantivyDocument::new();
    document.add_text(fields.id, article.id.as_str());
    document.add_u64(fields.content_hash, analyzed.content_hash);
    if let Some(signature) = analyzed.signature() {
        document.add_bytes(fields.signature, &signature.to_bytes());
    }
    let text = encode(&article.text, &analyzed.pretokenized, words);
    document.add_bytes(fields.text, &text);
    let (meta, segments) = Meta::of(article).split_segments();
    let meta = serde_json::to_vec(&meta).or_internal("encode an article")?;
    document.add_bytes(fields.meta, &meta);
    document.add_bytes(fields.segments, &segments);
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
    Ok(document)
}

/// The fields of the document store.
#[derive(Clone, Copy)]
pub struct StoredFields {
    pub text: Field,
    pub meta: Field,
    /// `None` for schemas before 5, which store the segments in `meta`.
    pub segments: Option<Field>,
}

impl StoredFields {
    /// Returns the stored fields of an index with this schema, which any version of this program may
    /// have written. If it has none that this program can read, returns the reason.
    pub fn in_schema(schema: &Schema) -> Result<Self, String> {
        let field = |name: &str| {
            let found = schema.get_field(name);
            found.map_err(|error| format!("stores no articles that this program can read: {error}"))
        };
        Ok(Self {
            text: field("text")?,
            meta: field("meta")?,
            segments: schema.get_field(SEGMENTS).ok(),
        })
    }

    /// Returns the stored fields of the current schema.
    pub fn of(fields: &Fields) -> Self {
        Self {
            text: fields.text,
            meta: fields.meta,
            segments: Some(fields.segments),
        }
    }
}

/// How a generation encodes its stored texts.
#[derive(Clone)]
pub enum TextEncoding {
    /// UTF-8: schemas before 5.
    Plain,
    /// One byte for each letter: schema 5.
    Letters,
    /// The [text codec](super::text_codec) with the numbers of these words.
    Words(Arc<CommonWords>),
    /// The text codec with words that are lost: each becomes `…`, and the text is one segment.
    LostWords,
}

/// A stored article whose text is still encoded, so that it takes little memory.
#[derive(Debug, PartialEq)]
pub struct EncodedArticle {
    /// The article with an empty text.
    article: Article,
    text: Box<[u8]>,
}

impl EncodedArticle {
    /// Combines an article with an empty text and its encoded text.
    pub fn new(article: Article, text: Box<[u8]>) -> Self {
        Self { article, text }
    }

    /// Reads the article from a document of any readable schema. Fails when a stored field is
    /// missing or damaged.
    pub fn of(document: &TantivyDocument, fields: StoredFields) -> Result<Self> {
        let text = document.get_first(fields.text).ok_or_else(damaged)?;
        let text = text.as_bytes().or_else(|| text.as_str().map(str::as_bytes));
        let text = text.ok_or_else(damaged)?;
        let meta = document.get_first(fields.meta);
        let meta = meta
            .and_then(|value| value.as_bytes())
            .ok_or_else(damaged)?;
        let mut meta: Meta<'_> = serde_json::from_slice(meta).or_internal(READ)?;
        if let Some(segments) = fields.segments.and_then(|field| document.get_first(field)) {
            let segments = segments.as_bytes().ok_or_else(damaged)?;
            meta = meta.with_segments(segments).ok_or_else(damaged)?;
        }
        Ok(Self::new(meta.into_article(String::new())?, text.into()))
    }

    /// Returns the article with its text, and the common words that the encoded text names. Fails
    /// when the text is damaged.
    pub fn decode(&self, encoding: &TextEncoding) -> Result<StoredArticle> {
        let without_words = |text| (text, Pretokenized::default());
        let decoded = match encoding {
            TextEncoding::Plain => {
                let text = String::from_utf8(self.text.to_vec()).ok();
                text.map(without_words)
            }
            TextEncoding::Letters => decode_schema_5(&self.text).map(without_words),
            TextEncoding::Words(words) => decode(&self.text, words),
            TextEncoding::LostWords => decode_without_words(&self.text).map(without_words),
        };
        let (text, pretokenized) = decoded.ok_or_else(damaged)?;
        let mut article = Article {
            text,
            ..self.article.clone()
        };
        if let TextEncoding::LostWords = encoding {
            let span = Span::new(0, article.text.len());
            let kind = SegmentKind::Body;
            article.segments = vec![Segment { kind, span }];
        } else if !segments_fit(&article.segments, &article.text) {
            return Err(damaged());
        }
        Ok(StoredArticle {
            article,
            pretokenized,
        })
    }

    /// Returns the size of the encoded text.
    pub fn text_bytes(&self) -> usize {
        self.text.len()
    }
}

/// Returns whether the segments slice the text, are in order and do not overlap.
fn segments_fit(segments: &[Segment], text: &str) -> bool {
    let mut end = 0;
    segments.iter().all(|segment| {
        let is_behind = segment.span.start >= end;
        end = segment.span.end;
        is_behind && text.get(segment.span.range()).is_some()
    })
}

fn damaged() -> Error {
    Error::internal(READ)("its stored fields are incomplete")
}
