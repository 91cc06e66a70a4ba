//! An article as a footnote: author, title, source, date, and the address.

use fihrist_index::Article;

use crate::page::frame::Frame;
use crate::page::words::date;

/// Returns the footnote; `address` is the address of the article.
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
    let published = article
        .published
        .as_ref()
        .map(|published| date(frame.display, published));
    let days = published
        .into_iter()
        .flat_map(|date| [Some(date.words), date.hijri])
        .flatten();
    let parts: Vec<String> = parts.chain(days).collect();
    format!("{}. {address}", parts.join(frame.pick("، ", ", ")))
}
