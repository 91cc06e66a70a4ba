//! Articles as Tantivy documents and back.

use std::sync::Arc;

use tantivy::TantivyDocument;
use tantivy::schema::{Field, Value};

use super::schema::Fields;
use super::text_codec::{compact, expand, expand_fifth};
use crate::document::Article;
use crate::document::{AnalyzedArticle, Meta, StoredArticle};
use crate::error::{Error, Result};
use fihrist_arabic::{CommonWords, Pretokenized};

const READ: &str = "read a stored article";

/// The document of an article, but for its terms; `words` are those of the model that made them.
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
    document.add_bytes(
        fields.text,
        &compact(&article.text, &analyzed.pretokenized, words),
    );
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

/// The fields that an article is stored in.
#[derive(Clone, Copy)]
pub struct StoredFields {
    pub text: Field,
    pub meta: Field,
    /// Schemas before the fifth have the segments in `meta`.
    pub segments: Option<Field>,
}

impl StoredFields {
    /// Those of the present schema.
    pub fn of(fields: &Fields) -> Self {
        let Fields {
            text,
            meta,
            segments,
            ..
        } = *fields;
        Self {
            text,
            meta,
            segments: Some(segments),
        }
    }
}

/// How texts are stored.
#[derive(Clone)]
pub enum TextForm {
    /// As they are: schemas before the fifth.
    Plain,
    /// A byte a letter: the fifth.
    Letters,
    /// With these words as numbers.
    Words(Arc<CommonWords>),
}

/// A stored article whose text is as short as it is stored.
#[derive(Debug, PartialEq)]
pub struct ShortArticle {
    /// Without its text.
    article: Article,
    text: Box<[u8]>,
}

impl ShortArticle {
    /// An article whose text is kept apart.
    pub fn new(article: Article, text: Box<[u8]>) -> Self {
        Self { article, text }
    }

    /// Reads it from a document of whatever schema.
    pub fn of(document: &TantivyDocument, fields: StoredFields) -> Result<Self> {
        let StoredFields {
            text,
            meta,
            segments,
        } = fields;
        let text = document.get_first(text).and_then(|value| {
            value
                .as_bytes()
                .or_else(|| Some(value.as_str()?.as_bytes()))
        });
        let text = text.ok_or_else(damaged)?.into();
        let meta = document
            .get_first(meta)
            .and_then(|value| value.as_bytes())
            .ok_or_else(damaged)?;
        let meta: Meta<'_> = serde_json::from_slice(meta).map_err(Error::internal(READ))?;
        let meta = match segments.and_then(|field| document.get_first(field)) {
            Some(segments) => segments
                .as_bytes()
                .and_then(|bytes| meta.with_segments(bytes))
                .ok_or_else(damaged)?,
            None => meta,
        };
        Ok(Self::new(meta.into_article(String::new())?, text))
    }

    /// The article, with those common words of its text that are stored as such.
    pub fn in_full(&self, form: &TextForm) -> Result<StoredArticle> {
        let text = match form {
            TextForm::Plain => String::from_utf8(self.text.to_vec())
                .ok()
                .map(|text| (text, Pretokenized::default())),
            TextForm::Letters => {
                expand_fifth(&self.text).map(|text| (text, Pretokenized::default()))
            }
            TextForm::Words(words) => expand(&self.text, words),
        };
        let (text, pretokenized) = text.ok_or_else(damaged)?;
        let article = Article {
            text,
            ..self.article.clone()
        };
        Ok(StoredArticle {
            article,
            pretokenized,
        })
    }

    /// How much memory its text takes.
    pub fn text_bytes(&self) -> usize {
        self.text.len()
    }
}

fn damaged() -> Error {
    Error::internal(READ)("its stored fields are incomplete")
}
