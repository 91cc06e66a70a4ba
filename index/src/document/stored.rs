//! An article that a backend returns, with the common words that its stored form reveals.

use super::Article;
use fihrist_arabic::Pretokenized;

/// A stored article. The snippet uses its pre-tokenised words, which makes the analysis of the text
/// several times as fast.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredArticle {
    /// The article.
    pub article: Article,
    /// The common words of the article's text, with their spans; none if the backend stores the
    /// plain text.
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
