//! The check that an article has text to search for.

use crate::document::Article;
use fihrist_arabic::chars::is_word;

/// Returns why the article is rejected; `None` if one of its searched segments holds a word.
pub fn emptiness(article: &Article) -> Option<&'static str> {
    for segment in &article.segments {
        if segment.kind.field().is_some() && has_word(segment.span.slice(&article.text)) {
            return None;
        }
    }
    Some("empty article: nothing in it but page furniture")
}

/// Returns whether the text holds a word.
pub fn has_word(text: &str) -> bool {
    text.chars().any(is_word)
}
