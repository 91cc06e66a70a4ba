//! Converts articles to documents of a cluster and back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::schema::{self, CLUSTER, CONTENT_HASH, META, PUBLISHED, SIGNATURE, TEXT};
use crate::document::{AnalyzedArticle, Meta, joined};
use crate::document::{Article, Field};
use crate::error::{Error, Result};
use crate::query::{Keyword, Level};

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
    let mut document = Map::new();
    let mut add = |name: &str, value: Value| drop(document.insert(name.to_owned(), value));
    add(CONTENT_HASH, json!(analyzed.content_hash));
    add(CLUSTER, json!(cluster));
    if let Some(signature) = analyzed.signature() {
        add(SIGNATURE, json!(STANDARD.encode(signature.to_bytes())));
    }
    add(TEXT, json!(article.text));
    add(
        META,
        serde_json::to_value(Meta::of(article)).map_err(Error::internal("encode an article"))?,
    );
    for (keyword, value) in [
        (Keyword::Source, &article.source),
        (Keyword::Section, &article.section),
    ] {
        if let Some(value) = value {
            add(keyword.name(), json!(value));
        }
    }
    if !article.authors.is_empty() {
        add(Keyword::Author.name(), json!(article.authors));
    }
    if let Some(published) = &article.published {
        add(PUBLISHED, json!(published.timestamp_seconds));
    }
    for (field, terms) in Field::ALL
        .into_iter()
        .zip(&analyzed.fields)
        .filter(|(_, terms)| !terms.is_empty())
    {
        add(
            &schema::level_name(field, Level::Exact),
            json!(joined(terms.forms())),
        );
        add(
            &schema::level_name(field, Level::Stem),
            json!(joined(terms.stems())),
        );
    }
    serde_json::to_vec(&document).map_err(Error::internal("encode an article"))
}

/// Reads the article of a document's `_source`.
pub fn to_article(source: &Value) -> Result<Article> {
    let Stored { text, meta } =
        Stored::deserialize(source).map_err(Error::internal("read a stored article"))?;
    meta.into_article(text)
}
