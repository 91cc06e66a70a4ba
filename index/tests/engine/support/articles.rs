//! Articles for tests that need only a title and a body.

use fihrist_index::document::{Confidence, DateOrigin, Precision, Published, Segment, SegmentKind};
use fihrist_index::{Article, ArticleId, Span};

/// Returns an article without source, section, authors, address and date.
pub fn article(id: &str, title: &str, body: &str) -> Article {
    let text = format!("{title}\n\n{body}");
    let body = Span::new(title.len() + 2, text.len());
    Article {
        segments: vec![
            Segment {
                kind: SegmentKind::Title,
                span: Span::new(0, title.len()),
            },
            Segment {
                kind: SegmentKind::Body,
                span: body,
            },
        ],
        ..untitled(id, text)
    }
}

/// Returns an article of one body segment.
pub fn untitled(id: &str, text: String) -> Article {
    Article {
        id: ArticleId::new(id).expect("an id"),
        segments: vec![Segment {
            kind: SegmentKind::Body,
            span: Span::new(0, text.len()),
        }],
        text,
        source: None,
        section: None,
        authors: Vec::new(),
        url: None,
        published: None,
        unmapped: None,
    }
}

/// Sets the date of publication to a day of May 2021.
pub fn of_day(day: i64, article: Article) -> Article {
    let published = Published {
        date: format!("2021-05-{day:02}"),
        precision: Precision::Day,
        origin: DateOrigin::Metadata,
        confidence: Confidence::Certain,
        timestamp_seconds: 1_619_827_200 + (day - 1) * 86_400,
    };
    Article {
        published: Some(published),
        ..article
    }
}
