//! Caches the articles that were read last, in their stored encoding. The hits of frequent queries are read again and
//! again, and reading an article takes as long as finding it.
//!
//! The cache has two halves. New articles go into the recent half. When that is full, it becomes the old half, and
//! the previous old half is dropped. An article of the old half that is read again moves to the recent half. For
//! example, a half has room for two articles, and `a b c a d e` are read. The cache keeps `a`, which was read again
//! in time, and drops `b`.

use parking_lot::Mutex;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::DocAddress;

use crate::backend::tantivy::format::EncodedArticle;

/// The greatest size of the recent half, in bytes of encoded text. That is about 5,000 articles.
const MAX_BYTES: usize = 3 << 20;

/// The cached articles of one view.
#[derive(Default)]
pub struct ArticleCache {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    recent: FxHashMap<DocAddress, Arc<EncodedArticle>>,
    recent_bytes: usize,
    before: FxHashMap<DocAddress, Arc<EncodedArticle>>,
}

impl ArticleCache {
    /// Returns the article at an address. If it is not cached, `read` reads it.
    pub fn get<E>(
        &self,
        address: DocAddress,
        read: impl FnOnce() -> Result<EncodedArticle, E>,
    ) -> Result<Arc<EncodedArticle>, E> {
        if let Some(article) = self.known(address) {
            return Ok(article);
        }
        let article = Arc::new(read()?);
        self.inner.lock().add(address, &article);
        Ok(article)
    }

    fn known(&self, address: DocAddress) -> Option<Arc<EncodedArticle>> {
        let mut inner = self.inner.lock();
        if let Some(article) = inner.recent.get(&address) {
            return Some(Arc::clone(article));
        }
        let article = inner.before.remove(&address)?;
        inner.add(address, &article);
        Some(article)
    }
}

impl Inner {
    fn add(&mut self, address: DocAddress, article: &Arc<EncodedArticle>) {
        if self.recent_bytes > MAX_BYTES {
            self.before = std::mem::take(&mut self.recent);
            self.recent_bytes = 0;
        }
        if self.recent.insert(address, Arc::clone(article)).is_none() {
            self.recent_bytes += article.text_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::tantivy::format::TextEncoding;
    use crate::document::{Article, ArticleId};

    fn article(number: u32) -> Result<EncodedArticle, ()> {
        let id = ArticleId::new(&number.to_string()).map_err(drop)?;
        let text = String::new();
        let segments = Vec::new();
        let authors = Vec::new();
        let source = None;
        let section = None;
        let url = None;
        let published = None;
        let article = Article {
            id,
            text,
            segments,
            source,
            section,
            authors,
            url,
            published,
            unmapped: None,
        };
        Ok(EncodedArticle::new(article, vec![b'a'; 50_000].into()))
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let hot = ArticleCache::default();
        let mut read = 0;
        for number in 0..1_000 {
            for wanted in [7, number] {
                let found = hot.get(DocAddress::new(0, wanted), || {
                    read += 1;
                    article(wanted)
                });
                let found = found
                    .expect("read")
                    .decode(&TextEncoding::Letters)
                    .expect("a text")
                    .article;
                assert_eq!(
                    (found.id.to_string(), found.text.len()),
                    (wanted.to_string(), 50_000)
                );
            }
        }
        assert_eq!(read, 1_000, "the seventh was read once");
        let inner = hot.inner.lock();
        assert!(inner.recent.len() + inner.before.len() < 150, "50 kB each");
    }

    #[test]
    fn what_cannot_be_read_is_no_article() {
        let hot = ArticleCache::default();
        assert_eq!(
            hot.get(DocAddress::new(0, 1), || Err("damaged")),
            Err("damaged")
        );
    }
}
