//! Filters, orders, pages, facets and histograms of a real index. Counts agree with the hits, and
//! pages show every hit once.

mod facets;
mod filters;
mod orders;
mod paging;

use fihrist_index::document::{Confidence, DateOrigin, Precision, Published};
use fihrist_index::search::{Hits, SearchRequest};
use fihrist_index::{Article, Index};

use crate::support::articles;
use crate::support::indexes;
use crate::support::location::TestLocation;

const SOURCES: [&str; 3] = ["صحيفة المنارة", "نشرة الساحل", "إذاعة الميناء"];

const DAY: i64 = 86_400;

fn article(number: usize, day: Option<i64>) -> Article {
    let title = format!("خبر السوق رقم {number}");
    // More occurrences make a better match.
    let body = format!(
        "{} في مدينة تبيع السمك. {}",
        "القمح ".repeat(number % 5),
        "كلمات أخرى ".repeat(number % 7)
    );
    Article {
        source: SOURCES.get(number % 4).map(|source| (*source).to_owned()),
        section: Some(
            if number.is_multiple_of(2) {
                "سياسة"
            } else {
                "اقتصاد"
            }
            .to_owned(),
        ),
        authors: [("هند السالم", 3), ("سليم الأحمد", 5)]
            .into_iter()
            .filter(|(_, every)| number.is_multiple_of(*every))
            .map(|(name, _)| name.to_owned())
            .collect(),
        published: day.map(|day| Published {
            date: "2020-01-01".to_owned(),
            precision: Precision::Day,
            origin: DateOrigin::Metadata,
            confidence: Confidence::Certain,
            timestamp_seconds: day * DAY,
        }),
        ..articles::article(&format!("n{number}"), &title, &body)
    }
}

/// Returns an article by number. Every seventh has no date; the others have dates from day 18,000
/// on, two articles a day.
fn numbered(number: usize) -> Article {
    article(
        number,
        (!number.is_multiple_of(7)).then_some(18_000 + number as i64 / 2),
    )
}

fn write(data: &TestLocation, articles: &[Article]) {
    indexes::write(data.at(), articles, articles.len());
}

fn index_of(count: usize) -> (TestLocation, Index) {
    let data = TestLocation::new();
    write(&data, &(0..count).map(numbered).collect::<Vec<_>>());
    let index = Index::open(data.at()).expect("an index");
    (data, index)
}

fn search(index: &Index, request: &SearchRequest) -> Hits {
    index.search(request).expect("an answer")
}

fn ids(hits: &Hits) -> Vec<String> {
    indexes::ids(hits).into_iter().map(str::to_owned).collect()
}
