//! The writing half of the façade: analyses articles, skips what has not changed, hands terms to a backend.

use std::path::Path;

use crate::article::Article;
use crate::backend::tantivy::EmbeddedWriter;
use crate::backend::{AnalyzedArticle, Writer};
use crate::error::{Error, Result};

/// What became of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upserted {
    /// It is new or has changed, and was written.
    Indexed,
    /// The index already holds it, word for word.
    Unchanged,
}

/// Writes articles to an index. One at a time and for as long as it lives; upserts may come from many threads.
pub struct IndexWriter {
    backend: Box<dyn Writer>,
}

impl IndexWriter {
    /// Opens the index at `data`, or makes one there.
    pub fn open(data: &Path) -> Result<Self> {
        Ok(Self { backend: Box::new(EmbeddedWriter::open(data)?) })
    }

    /// Starts a new generation that replaces the current one at [`finish`](Self::finish).
    pub fn open_fresh(data: &Path) -> Result<Self> {
        Ok(Self { backend: Box::new(EmbeddedWriter::open_fresh(data)?) })
    }

    /// Stores an article in place of the one with the same id. Searched after the next commit.
    pub fn upsert(&self, article: &Article) -> Result<Upserted> {
        let hash = crate::backend::content_hash(article);
        if self.backend.content_hash(&article.id)? == Some(hash) {
            return Ok(Upserted::Unchanged);
        }
        let analyzed = AnalyzedArticle::new(article, hash, self.backend.analyzer());
        if analyzed.is_blank() {
            return Err(Error::Invalid(format!("article `{}` holds no word to search for", article.id)));
        }
        self.backend.upsert(&analyzed)?;
        Ok(Upserted::Indexed)
    }

    /// Makes what was written so far durable and visible.
    pub fn commit(&mut self) -> Result<()> {
        self.backend.commit()
    }

    /// Commits, waits for merges and makes a new generation current.
    pub fn finish(self) -> Result<()> {
        self.backend.finish()
    }
}
