//! An article as a backend returns it, with the common words that its stored form reveals.

use super::Article;
use fihrist_arabic::Pretokenized;

/// A stored article. The snippet takes its pre-tokenised form and analyses the text several times
/// as fast.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredArticle {
    /// The article.
    pub article: Article,
    /// The common words of its text; none if the backend stores the plain text.
    pub pretokenized: Pretokenized,
}

impl From<Article> for StoredArticle {
    fn from(article: Article) -> Self {
        Self {
            article,
            pretokenized: Pretokenized::default(),
        }
    }
}
