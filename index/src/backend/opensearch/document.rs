//! Converts articles to documents of a cluster and back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::schema::{CLUSTER, CONTENT_HASH, META, PUBLISHED, SIGNATURE, TEXT, level_name};
use crate::document::{AnalyzedArticle, Article, Field, Meta, joined};
use crate::error::{Error, Result};
use crate::query::{Keyword, Level};

const ENCODE: &str = "encode an article";

/// The stored part of a document.
#[derive(Deserialize)]
struct Stored<'a> {
    text: String,
    #[serde(borrow)]
    meta: Meta<'a>,
}

/// Returns the document of an article in a cluster of copies. An article without copies is in a cluster of its own.
pub fn to_document(analyzed: &AnalyzedArticle<'_>, cluster: u64) -> Result<Vec<u8>> {
    let article = analyzed.article;
    let meta = serde_json::to_value(Meta::of(article)).map_err(Error::internal(ENCODE))?;
    let mut document = json!({
        CONTENT_HASH: analyzed.content_hash,
        CLUSTER: cluster,
        TEXT: article.text,
        META: meta,
    });
    if let Some(signature) = analyzed.signature() {
        document[SIGNATURE] = json!(STANDARD.encode(signature.to_bytes()));
    }
    for (keyword, value) in [
        (Keyword::Source, &article.source),
        (Keyword::Section, &article.section),
    ] {
        if let Some(value) = value {
            document[keyword.name()] = json!(value);
        }
    }
    if !article.authors.is_empty() {
        document[Keyword::Author.name()] = json!(article.authors);
    }
    if let Some(published) = &article.published {
        document[PUBLISHED] = json!(published.timestamp_seconds);
    }
    for (field, terms) in Field::ALL.into_iter().zip(&analyzed.fields) {
        if !terms.is_empty() {
            document[level_name(field, Level::Exact)] = json!(joined(terms.forms()));
            document[level_name(field, Level::Stem)] = json!(joined(terms.stems()));
        }
    }
    serde_json::to_vec(&document).map_err(Error::internal(ENCODE))
}

/// Reads the article of a document's `_source`.
pub fn to_article(source: &Value) -> Result<Article> {
    let Stored { text, meta } =
        Stored::deserialize(source).map_err(Error::internal("read a stored article"))?;
    meta.into_article(text)
}
