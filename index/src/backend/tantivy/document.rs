//! Articles as Tantivy documents and back.

use tantivy::TantivyDocument;
use tantivy::schema::{Field, Value};

use super::compact::{compact, expand};
use super::schema::Fields;
use crate::article::Article;
use crate::backend::{AnalyzedArticle, Meta};
use crate::error::{Error, Result};

/// The document of an article, but for its terms.
pub fn to_document(analyzed: &AnalyzedArticle<'_>, fields: &Fields) -> Result<TantivyDocument> {
    let article = analyzed.article;
    let mut document = TantivyDocument::new();
    document.add_text(fields.id, article.id.as_str());
    document.add_u64(fields.content_hash, analyzed.content_hash);
    if let Some(signature) = analyzed.signature() {
        document.add_bytes(fields.signature, &signature.to_bytes());
    }
    document.add_bytes(fields.text, &compact(&article.text));
    let (meta, segments) = Meta::of(article).split_segments();
    let meta = serde_json::to_vec(&meta).map_err(Error::internal("encode an article"))?;
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

/// The article of a stored document.
pub fn to_article(document: &TantivyDocument, fields: &Fields) -> Result<Article> {
    let Fields { text, meta, segments, .. } = *fields;
    article_of(document, StoredFields { text, meta, segments: Some(segments) })
}

/// The fields that an article is stored in.
#[derive(Clone, Copy)]
pub struct StoredFields {
    pub text: Field,
    pub meta: Field,
    /// Schemas before the fifth have the segments in `meta`.
    pub segments: Option<Field>,
}

/// The article that is stored in fields of whatever schema.
pub fn article_of(document: &TantivyDocument, fields: StoredFields) -> Result<Article> {
    let StoredFields { text, meta, segments } = fields;
    let damaged = || Error::internal("read a stored article")("its stored fields are incomplete");
    let text = document.get_first(text).and_then(|value| match value.as_bytes() {
        Some(bytes) => expand(bytes),
        // Schemas before the fifth store the text as it is.
        None => value.as_str().map(str::to_owned),
    });
    let text = text.ok_or_else(damaged)?;
    let meta = document.get_first(meta).and_then(|value| value.as_bytes()).ok_or_else(damaged)?;
    let meta: Meta<'_> = serde_json::from_slice(meta).map_err(Error::internal("read a stored article"))?;
    let meta = match segments.and_then(|field| document.get_first(field)) {
        Some(segments) => segments.as_bytes().and_then(|bytes| meta.with_segments(bytes)).ok_or_else(damaged)?,
        None => meta,
    };
    meta.into_article(text)
}
