//! The articles of the sequences. Each text has a word that all articles have, a word of its id,
//! and a number of its id and version.

use crate::document::{Segment, SegmentKind};
use crate::{Article, ArticleId, Span};

/// The number of ids.
pub const IDS: usize = WORDS.len();
/// The number of texts that each id can have.
pub const VERSIONS: u32 = 8;
/// The word that all articles have.
pub const COMMON_WORD: &str = "المنارة";

const WORDS: [&str; 5] = ["قارب", "نخلة", "جسر", "مطر", "سفينة"];

/// Returns the word that only the article with this id has.
pub fn word_of(id: usize) -> &'static str {
    WORDS[id]
}

/// Returns the number that only this version of the article has.
pub fn number_of(id: usize, version: u32) -> String {
    format!("{}", 70_000 + 100 * id as u32 + version)
}

pub fn article_id(id: usize) -> ArticleId {
    ArticleId::new(&format!("article-{id}")).expect("an id")
}

pub fn article(id: usize, version: u32) -> Article {
    let title = format!("خبر عن {}", word_of(id));
    let body = format!(
        "شوهد من {COMMON_WORD} عند الفجر {} وسجل الحارس الرقم {} في دفتره.",
        word_of(id),
        number_of(id, version)
    );
    let text = format!("{title}\n\n{body}");
    let segment = |kind, start, end| Segment {
        kind,
        span: Span::new(start, end),
    };
    Article {
        id: article_id(id),
        segments: vec![
            segment(SegmentKind::Title, 0, title.len()),
            segment(SegmentKind::Body, title.len() + 2, text.len()),
        ],
        text,
        source: None,
        section: None,
        authors: Vec::new(),
        url: None,
        published: None,
        unmapped: None,
    }
}
