//! The articles that were read last, as they come out of the store: hits of common queries are asked for again and again, and
//! to read one takes as long as to find it. It reads nothing itself.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::DocAddress;

use crate::article::Article;

/// Text of the articles that are kept since others were let go of: as much again may be there of those before.
const MAX_BYTES: usize = 6 << 20;

/// Articles of one view. Those that are asked for stay; when there is no room, all that were not for a while go at once.
#[derive(Default)]
pub struct HotArticles {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    recent: FxHashMap<DocAddress, Arc<Article>>,
    recent_bytes: usize,
    before: FxHashMap<DocAddress, Arc<Article>>,
}

impl HotArticles {
    /// The article at an address, read by `read` if it is not there.
    pub fn get<E>(&self, address: DocAddress, read: impl FnOnce() -> Result<Article, E>) -> Result<Arc<Article>, E> {
        if let Some(article) = self.known(address) {
            return Ok(article);
        }
        let article = Arc::new(read()?);
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).add(address, &article);
        Ok(article)
    }

    fn known(&self, address: DocAddress) -> Option<Arc<Article>> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(article) = inner.recent.get(&address) {
            return Some(Arc::clone(article));
        }
        let article = inner.before.remove(&address)?;
        inner.add(address, &article);
        Some(article)
    }
}

impl Inner {
    fn add(&mut self, address: DocAddress, article: &Arc<Article>) {
        if self.recent_bytes > MAX_BYTES {
            self.before = std::mem::take(&mut self.recent);
            self.recent_bytes = 0;
        }
        if self.recent.insert(address, Arc::clone(article)).is_none() {
            self.recent_bytes += article.text.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::ArticleId;

    fn article(number: u32) -> Result<Article, ()> {
        let id = ArticleId::new(&number.to_string()).map_err(drop)?;
        let (segments, authors) = (Vec::new(), Vec::new());
        Ok(Article {
            id,
            text: "ك".repeat(50_000),
            segments,
            source: None,
            section: None,
            authors,
            url: None,
            published: None,
        })
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let (hot, mut read) = (HotArticles::default(), 0);
        for number in 0..1_000 {
            for wanted in [7, number] {
                let found = hot.get(DocAddress::new(0, wanted), || {
                    read += 1;
                    article(wanted)
                });
                assert_eq!(found.map(|article| article.id.to_string()), Ok(wanted.to_string()));
            }
        }
        assert_eq!(read, 1_000, "the seventh was read once");
        let inner = hot.inner.lock().expect("nothing panicked");
        assert!(inner.recent.len() + inner.before.len() < 150, "100 kB each");
    }

    #[test]
    fn what_cannot_be_read_is_no_article() {
        let hot = HotArticles::default();
        assert_eq!(hot.get(DocAddress::new(0, 1), || Err("damaged")), Err("damaged"));
    }
}
