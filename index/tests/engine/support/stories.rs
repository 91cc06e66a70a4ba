//! Five short articles, written for the tests of queries.

use fihrist_index::document::{Confidence, DateOrigin, Precision, Published, Segment, SegmentKind};
use fihrist_index::{Article, Index, Span};

use super::articles::untitled;
use super::indexes::write;
use super::location::TestLocation;

pub struct Story {
    pub id: &'static str,
    pub title: &'static str,
    pub body: &'static str,
    pub caption: &'static str,
    pub source: &'static str,
    pub author: &'static str,
    /// The date is the first of January of this year.
    pub year: i16,
}

pub const STORIES: [Story; 5] = [
    Story {
        id: "truce",
        title: "هدنة في الجنوب",
        body: "رحب حفتر بوقف اطلاق النار في ليبيا. ثم التقى في باريس الرئيس الفرنسي ماكرون.",
        caption: "حفتر في باريس",
        source: "صحيفة المرفأ",
        author: "سالم الكاتب",
        year: 2020,
    },
    Story {
        id: "wheat",
        title: "حفتر وأسعار القمح",
        body: "ارتفعت أسعار القمح في ليبيا. وقالت الحكومة إن حكومات أخرى تشتري القمح.",
        caption: "سنابل القمح",
        source: "إذاعة الساقية",
        author: "ليلى الراوي",
        year: 2019,
    },
    Story {
        id: "press",
        title: "مؤتمر صحفي",
        body: "عقد ماكرون مؤتمرا صحفيا في تونس. وتحدث بعده عن السلام وعن القمح وعن البحر وعن الصيد وعن السفن ثم ذكر حفتر.",
        caption: "",
        source: "صحيفة المرفأ",
        author: "سالم الكاتب",
        year: 2021,
    },
    Story {
        id: "sea",
        title: "رحلة بحرية",
        body: "أبحرت السفن من تونس إلى مالطا. وكان البحر هادئا.",
        caption: "ميناء تونس",
        source: "وكالة النيل",
        author: "ليلى الراوي",
        year: 2018,
    },
    Story {
        id: "fire",
        title: "حريق الميناء",
        body: "أطفأت الفرق النار بعد توقف العمل. ثم جرى إطلاق سراح الحارس وقف عند الباب.",
        caption: "",
        source: "وكالة النيل للأنباء",
        author: "سالم",
        year: 2020,
    },
];

pub fn article(story: &Story) -> Article {
    let mut text = String::new();
    let mut segments = Vec::new();
    for (kind, part) in [
        (SegmentKind::Title, story.title),
        (SegmentKind::Body, story.body),
        (SegmentKind::Caption, story.caption),
    ] {
        if !part.is_empty() {
            let start = text.len();
            text.push_str(part);
            segments.push(Segment {
                kind,
                span: Span::new(start, text.len()),
            });
            text.push('\n');
        }
    }
    Article {
        segments,
        source: Some(story.source.to_owned()),
        section: Some("أخبار".to_owned()),
        authors: vec![story.author.to_owned()],
        published: Some(Published {
            date: story.year.to_string(),
            precision: Precision::Year,
            origin: DateOrigin::Metadata,
            confidence: Confidence::Certain,
            timestamp_seconds: jiff::civil::date(story.year, 1, 1)
                .duration_since(jiff::civil::date(1970, 1, 1))
                .as_secs(),
        }),
        ..untitled(story.id, text)
    }
}

/// An index of the stories.
pub struct World {
    _data: TestLocation,
    pub index: Index,
}

impl World {
    pub fn new() -> Self {
        let data = TestLocation::new();
        write(data.at(), &STORIES.each_ref().map(article), STORIES.len());
        let index = Index::open(data.at()).expect("an index");
        Self { _data: data, index }
    }
}
