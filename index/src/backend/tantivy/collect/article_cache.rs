//! The articles that were read last, as short as they come out of the store: hits of common queries are asked for again and
//! again, and to read one takes as long as to find it. It reads nothing itself.

use parking_lot::Mutex;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::DocAddress;

use crate::backend::tantivy::format::document::EncodedArticle;

/// Text of the articles that are kept since others were let go of, as it is stored: as much again may be there of those before.
/// It is that of some five thousand articles.
const MAX_BYTES: usize = 3 << 20;

/// Articles of one view. Those that are asked for stay; when there is no room, all that were not for a while go at once.
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
    /// The article at an address, read by `read` if it is not there.
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
    use crate::backend::tantivy::format::document::TextEncoding;
    use crate::document::{Article, ArticleId};

    fn article(number: u32) -> Result<EncodedArticle, ()> {
        let id = ArticleId::new(&number.to_string()).map_err(drop)?;
        let (text, segments, authors) = (String::new(), Vec::new(), Vec::new());
        let (source, section, url, published) = (None, None, None, None);
        let article = Article {
            id,
            text,
            segments,
            source,
            section,
            authors,
            url,
            published,
        };
        Ok(EncodedArticle::new(article, vec![b'a'; 50_000].into()))
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let (hot, mut read) = (ArticleCache::default(), 0);
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
