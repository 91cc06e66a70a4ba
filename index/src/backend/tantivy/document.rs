//! Articles as Tantivy documents and back.

use tantivy::TantivyDocument;
use tantivy::schema::{Field, Value};

use super::schema::Fields;
use crate::article::Article;
use crate::backend::{AnalyzedArticle, Meta};
use crate::error::{Error, Result};

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
    let meta = serde_json::to_vec(&Meta::of(article)).map_err(Error::internal("encode an article"))?;
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
    meta.into_article(text.to_owned())
}
