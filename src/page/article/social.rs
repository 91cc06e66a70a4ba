//! Metadata in the head of an article page, for link previews: its canonical address, its kind, and
//! its beginning.

use fihrist_index::Article;
use fihrist_index::document::{Precision, SegmentKind};

/// Maximum length of a preview, in characters.
const MAX_DESCRIPTION_CHARS: usize = 200;

pub struct Social<'a> {
    /// The address of the page without its query string, if the address of the server is known.
    pub canonical: Option<&'a str>,
    /// The beginning of the article.
    pub description: String,
    /// The date of publication, if the day is known.
    pub published: Option<&'a str>,
}

impl<'a> Social<'a> {
    pub fn new(article: &'a Article, canonical: Option<&'a str>) -> Self {
        let beginning = [SegmentKind::Dek, SegmentKind::Body]
            .into_iter()
            .find_map(|kind| article.segments_of(kind).next());
        let published =
            article
                .published
                .as_ref()
                .and_then(|published| match published.precision {
                    Precision::Day | Precision::Second => Some(published.date.as_str()),
                    Precision::Month | Precision::Year => None,
                });
        let description = beginning.map_or_else(String::new, |segment| {
            shortened(segment.span.slice(&article.text))
        });
        Self {
            canonical,
            description,
            published,
        }
    }
}

/// Returns the beginning of a text, cut between words. White space is collapsed.
fn shortened(text: &str) -> String {
    let mut short = String::new();
    let mut chars = 0;
    for word in text.split_whitespace() {
        chars += word.chars().count() + 1;
        if chars > MAX_DESCRIPTION_CHARS {
            short.push('…');
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_ends_between_words() {
        let check = |text: &str, expected: &str| assert_eq!(shortened(text), expected);
        check("", "");
        check("  غادرت\n السفينة ", "غادرت السفينة");
        check(
            &"ميناء ".repeat(50),
            &format!("{}…", ["ميناء"; 33].join(" ")),
        );
        check(&"م".repeat(500), "…");
    }
}
