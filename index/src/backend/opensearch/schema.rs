//! The fields of an index in a cluster, and the documents of articles. The fields have the same names
//! as in the embedded index. This module runs no query.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::backend::Cluster;
use crate::document::{AnalyzedArticle, Article, Field, Meta, joined};
use crate::error::{OrInternal, Result};
use crate::query::{Keyword, Level};
use crate::ranking::Weights;

/// The version of the fields, and of the documents beside them. Every change of these raises it.
pub const SCHEMA_VERSION: u32 = 1;

/// The greatest number of hits that a search can skip and return together, so that they fit in a
/// node's memory.
pub const MAX_WINDOW: usize = 100_000;

/// Field names.
pub const CONTENT_HASH: &str = "content_hash";
pub const CLUSTER: &str = "cluster";
pub const SIGNATURE: &str = "signature";
pub const TEXT: &str = "text";
pub const META: &str = "meta";
pub const PUBLISHED: &str = "published";

/// Returns the name of a searched field at a level.
pub fn level_name(field: Field, level: Level) -> String {
    let level = match level {
        Level::Exact => "form",
        Level::Stem => "stem",
    };
    format!("{}_{level}", field.name())
}

/// Returns the settings and fields of a generation's index. `written_to` is the alias that articles are written to.
pub fn articles(cluster: &Cluster, written_to: &str) -> Value {
    let mut fields = json!({
        "source": {"type": "keyword"},
        "section": {"type": "keyword"},
        "author": {"type": "keyword"},
        PUBLISHED: {"type": "date", "format": "epoch_second"},
        CONTENT_HASH: {"type": "unsigned_long"},
        CLUSTER: {"type": "unsigned_long"},
        SIGNATURE: {"type": "binary", "doc_values": true},
        TEXT: {"type": "keyword", "index": false, "doc_values": false},
        META: {"type": "object", "enabled": false},
    });
    let mut excluded = vec![SIGNATURE.to_owned()];
    for field in Field::ALL {
        for level in [Level::Exact, Level::Stem] {
            let name = level_name(field, level);
            // A document holds this program's terms, joined by spaces. OpenSearch only splits them.
            fields[&name] = json!({"type": "text", "analyzer": "whitespace"});
            excluded.push(name);
        }
    }
    let Weights { k1, b, .. } = Weights::default();
    json!({
        "aliases": {written_to: {}},
        "settings": {"index": {
            "number_of_shards": cluster.shards,
            // A cluster with fewer nodes gets fewer replicas, so that its status can be green.
            "auto_expand_replicas": format!("0-{}", cluster.replicas),
            // OpenSearch need not refresh by itself, because each commit does.
            "refresh_interval": "-1",
            "max_result_window": MAX_WINDOW,
            "similarity": {"default": {"type": "BM25", "k1": round(k1), "b": round(b)}},
        }},
        "mappings": {
            "dynamic": "strict",
            // Fields that can be computed from the article are not stored.
            "_source": {"excludes": excluded},
            "properties": fields,
        },
    })
}

/// Returns the settings of the index for the documents beside a generation.
pub fn files(cluster: &Cluster) -> Value {
    json!({
        "settings": {"index": {
            "number_of_shards": 1,
            "auto_expand_replicas": format!("0-{}", cluster.replicas),
            "refresh_interval": "-1",
        }},
        "mappings": {"dynamic": false},
    })
}

/// Rounds a weight, because a single-precision number has too many digits as JSON.
fn round(weight: f32) -> f64 {
    (f64::from(weight) * 1e6).round() / 1e6
}

/// The stored part of a document.
#[derive(Deserialize)]
struct Stored<'a> {
    text: String,
    #[serde(borrow)]
    meta: Meta<'a>,
}

/// Returns the document of an article in a cluster of copies. An article without copies is in a cluster of its own.
pub fn to_document(analyzed: &AnalyzedArticle<'_>, cluster: u64) -> Vec<u8> {
    let article = analyzed.article;
    let mut document = json!({
        CONTENT_HASH: analyzed.content_hash,
        CLUSTER: cluster,
        TEXT: article.text,
        META: Meta::of(article),
    });
    let signature = analyzed.signature();
    let signature = signature.map(|signature| STANDARD.encode(signature.to_bytes()));
    let published = article.published.as_ref();
    for (name, value) in [
        (SIGNATURE, json!(signature)),
        (Keyword::Source.name(), json!(article.source)),
        (Keyword::Section.name(), json!(article.section)),
        (
            PUBLISHED,
            json!(published.map(|published| published.timestamp_seconds)),
        ),
    ] {
        if !value.is_null() {
            document[name] = value;
        }
    }
    if !article.authors.is_empty() {
        document[Keyword::Author.name()] = json!(article.authors);
    }
    for (field, terms) in Field::ALL.into_iter().zip(&analyzed.fields) {
        if !terms.is_empty() {
            document[level_name(field, Level::Exact)] = json!(joined(terms.forms()));
            document[level_name(field, Level::Stem)] = json!(joined(terms.stems()));
        }
    }
    document.to_string().into()
}

/// Reads the article of a document's `_source`.
pub fn to_article(source: &Value) -> Result<Article> {
    let Stored { text, meta } = Stored::deserialize(source).or_internal("read a stored article")?;
    meta.into_article(text)
}
