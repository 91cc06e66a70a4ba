//! An article as a footnote names it: who, what, where, when, and the address to find it again.

use super::super::arabic::date;
use fihrist_index::Article;

/// The footnote; `address` is where the article can be read.
pub fn citation(article: &Article, address: &str) -> String {
    let title = article.title();
    let title = if title.is_empty() { "بلا عنوان".to_owned() } else { format!("«{title}»") };
    let parts = article.authors.iter().cloned().chain([title]).chain(article.source.clone());
    let parts: Vec<_> = parts.chain(article.published.as_ref().map(|published| date(published).words)).collect();
    format!("{}. {address}", parts.join("، "))
}
