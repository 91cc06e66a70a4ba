//! Metadata in the head of an article page, for link previews: its canonical address, its kind, and
//! its beginning.

use fihrist_index::Article;
use fihrist_index::document::{Precision, SegmentKind};

/// Maximum length of a preview, in characters.
const MAX_DESCRIPTION_CHARS: usize = 200;

/// Returns the beginning of an article; empty if the article has no text.
pub fn description(article: &Article) -> String {
    let beginning = [SegmentKind::Dek, SegmentKind::Body]
        .into_iter()
        .find_map(|kind| article.segments_of(kind).next());
    beginning.map_or_else(String::new, |segment| {
        shortened(segment.span.slice(&article.text))
    })
}

/// Returns the date of publication, if the day is known.
pub fn published_day(article: &Article) -> Option<&str> {
    let published = article.published.as_ref()?;
    match published.precision {
        Precision::Day | Precision::Second => Some(&published.date),
        Precision::Month | Precision::Year => None,
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
