//! Articles for the differential test: the samples of the repository, and made-up ones.

use std::ops::Range;

use fihrist_arabic::Span;
use proptest::prelude::*;
use proptest::sample::select;

use super::writers::Draft;
use crate::document::{
    Article, ArticleId, Confidence, DateOrigin, Precision, Published, Segment, SegmentKind,
};

const SAMPLES: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../static/samples/articles.jsonl"
));

/// Returns the sample articles once for each number in `copies`, with different ids.
pub fn samples(copies: Range<usize>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for copy in copies {
        for (number, line) in SAMPLES.lines().enumerate() {
            let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let text = |name: &str| value[name].as_str().map(str::to_owned);
            let mut draft = draft(
                copy * 1_000 + number,
                &text("title").expect("a title"),
                &text("body").expect("a body"),
            );
            draft.article.source = text("source");
            draft.article.section = text("section");
            draft.article.authors = text("author").into_iter().collect();
            draft.article.url = text("url");
            draft.article.published = Some(published(number as i64));
            draft.is_removed = number % 13 == 5;
            draft.is_deleted = number % 11 == 3;
            drafts.push(draft);
        }
    }
    drafts
}

/// Returns an article with a title and a body.
pub fn draft(id: usize, title: &str, body: &str) -> Draft {
    let parts = [(SegmentKind::Title, title), (SegmentKind::Body, body)];
    Draft {
        article: article(id, parts),
        is_removed: false,
        is_deleted: false,
    }
}

fn article<'a>(id: usize, parts: impl IntoIterator<Item = (SegmentKind, &'a str)>) -> Article {
    let mut text = String::new();
    let mut segments = Vec::new();
    for (kind, part) in parts {
        if !part.is_empty() {
            let span = Span::new(text.len(), text.len() + part.len());
            segments.push(Segment { kind, span });
            text.push_str(part);
            text.push('\n');
        }
    }
    Article {
        id: ArticleId::new(&format!("article-{id}")).expect("an id"),
        text,
        segments,
        source: None,
        section: None,
        authors: Vec::new(),
        url: None,
        published: None,
        unmapped: None,
    }
}

fn published(day: i64) -> Published {
    Published {
        date: "2021-05-01".to_owned(),
        precision: Precision::Day,
        origin: DateOrigin::Metadata,
        confidence: Confidence::Certain,
        timestamp_seconds: 1_619_827_200 + day * 86_400,
    }
}

/// Words of the language that share stems, abbreviations, words with signs, and wholes such as
/// hashtags and addresses.
const WORDS: [&str; 22] = [
    "كتاب",
    "الكتاب",
    "وكتابه",
    "كتب",
    "مدرسة",
    "المدرسة",
    "مدرسه",
    "إطلاق",
    "اطلاق",
    "في",
    "قال",
    "وقال",
    "أ.ف.ب",
    "افب",
    "ا.ل.ك.ت.ا.ب",
    "BBC",
    "2019",
    "٢٠١٩",
    "#وسم_طويل",
    "كوفيد-19",
    "info@example.com",
    "https://example.com/خبر",
];

/// Made-up words: a few roots with clitics and endings, so that many of them share a stem.
fn made_up_word() -> impl Strategy<Value = String> {
    let root = select(vec!["غزطب", "ضنقش", "ثخذل"]);
    ("[وفبلك]?", "(ال)?", root, "(ه|ها|ات|ون|ين)?")
        .prop_map(|(first, article, root, ending)| format!("{first}{article}{root}{ending}"))
}

fn words(count: Range<usize>) -> impl Strategy<Value = String> {
    let known = select(WORDS.to_vec()).prop_map(str::to_owned);
    let word = prop_oneof![3 => known, 2 => made_up_word(), 1 => "[ا-ي]{1,6}"];
    prop::collection::vec(word, count).prop_map(|words| words.join(" "))
}

/// A value of a keyword field; few different ones, so that articles share them.
fn value() -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(0.6, "[أبت]{1,2}|Agency")
}

fn any_draft() -> impl Strategy<Value = Draft> {
    let texts = (
        words(0..5),
        prop::collection::vec(words(0..15), 0..4),
        prop::collection::vec(words(0..4), 0..3),
    );
    let meta = (
        value(),
        value(),
        prop::collection::vec("[سع]{1,2}", 0..3),
        prop::option::of(-40_000..40_000_i64),
    );
    let fate = (prop::bool::weighted(0.15), prop::bool::weighted(0.15));
    (texts, meta, fate).prop_map(
        |((title, body, captions), meta, (is_removed, is_deleted))| {
            let mut parts = vec![(SegmentKind::Title, title.as_str())];
            parts.extend(body.iter().map(|text| (SegmentKind::Body, text.as_str())));
            parts.extend(
                captions
                    .iter()
                    .map(|text| (SegmentKind::Caption, text.as_str())),
            );
            let mut article = article(0, parts);
            let (source, section, authors, day) = meta;
            article.source = source;
            article.section = section;
            article.authors = authors;
            article.published = day.map(published);
            Draft {
                article,
                is_removed,
                is_deleted,
            }
        },
    )
}

/// Up to three batches of a few articles; each becomes a segment.
pub fn any_batches() -> impl Strategy<Value = Vec<Vec<Draft>>> {
    let batches = prop::collection::vec(prop::collection::vec(any_draft(), 0..6), 1..4);
    batches.prop_map(|mut batches| {
        for (id, draft) in batches.iter_mut().flatten().enumerate() {
            draft.article.id = ArticleId::new(&format!("article-{id}")).expect("an id");
        }
        batches
    })
}
