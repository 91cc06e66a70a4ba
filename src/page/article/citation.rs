//! An article as a footnote: author, title, source, date, and the address.

use fihrist_index::Article;

use crate::page::Frame;

/// Returns one line that cites the article, for a reader to paste into a footnote. It lists
/// authors, title, source, dates and `address`, the URL of the article.
pub fn citation(article: &Article, frame: &Frame, address: &str) -> String {
    let title = article.title();
    let title = if title.is_empty() {
        frame.untitled().to_owned()
    } else {
        format!("«{title}»")
    };
    let parts = article
        .authors
        .iter()
        .cloned()
        .chain([title])
        .chain(article.source.clone());
    let days = frame
        .date(article)
        .into_iter()
        .flat_map(|date| [Some(date.words), date.hijri])
        .flatten();
    let parts: Vec<String> = parts.chain(days).collect();
    format!("{}. {address}", frame.list(&parts))
}
