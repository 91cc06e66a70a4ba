//! Filters, orders, pages, facets and histograms of a real index: what is counted is what is found, and whoever turns pages
//! sees every hit once.

use std::collections::{BTreeMap, BTreeSet};

use fihrist_index::arabic::calendar::Period;
use fihrist_index::document::{Confidence, DateOrigin, Precision, Published, Segment, SegmentKind};
use fihrist_index::query::Keyword;
use fihrist_index::search::{Cursor, Filters, Hits, Interval, Order, SearchRequest};
use fihrist_index::{Article, Index, IndexWriter, Span};
use proptest::prelude::*;

use crate::support::articles;
use crate::support::location::Place;

const SOURCES: [&str; 3] = ["صحيفة المنارة", "نشرة الساحل", "إذاعة الميناء"];
const DAY: i64 = 86_400;

fn article(number: usize, day: Option<i64>) -> Article {
    let title = format!("خبر السوق رقم {number}");
    // The more often, the better the match.
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

/// Every seventh has no date; the others are of the days from 18,000 on, two a day.
fn numbered(number: usize) -> Article {
    article(
        number,
        (!number.is_multiple_of(7)).then_some(18_000 + number as i64 / 2),
    )
}

fn write(data: &Place, articles: &[Article]) {
    let writer = IndexWriter::open(data.at()).expect("a writer");
    for article in articles {
        writer.upsert(article).expect("indexed");
    }
    writer.finish().expect("finished");
}

fn index_of(count: usize) -> (Place, Index) {
    let data = Place::new();
    write(&data, &(0..count).map(numbered).collect::<Vec<_>>());
    let index = Index::open(data.at()).expect("an index");
    (data, index)
}

fn search(index: &Index, request: &SearchRequest) -> Hits {
    index.search(request).expect("an answer")
}

fn ids(hits: &Hits) -> Vec<String> {
    hits.hits
        .iter()
        .map(|hit| hit.article.id.as_str().to_owned())
        .collect()
}

/// All hits, page by page.
fn walk(index: &Index, request: &SearchRequest, mut between: impl FnMut(usize)) -> Vec<String> {
    let mut request = request.clone();
    let mut all = Vec::new();
    for page in 0.. {
        let hits = search(index, &request);
        all.extend(ids(&hits));
        let Some(cursor) = hits.next_cursor else {
            break;
        };
        assert!(!hits.hits.is_empty(), "a page without hits leads on");
        request.cursor = Some(Cursor::parse(&cursor, &request).expect("a cursor of this search"));
        between(page);
    }
    all
}

const ORDERS: [Order; 4] = [
    Order::Relevance,
    Order::Recency {
        half_life_seconds: 10 * 86_400,
    },
    Order::Newest,
    Order::Oldest,
];

fn in_order(order: Order) -> SearchRequest {
    SearchRequest {
        order,
        limit: 7,
        ..SearchRequest::new("السوق القمح")
    }
}

#[test]
fn pages_hold_every_hit_once_in_the_order_of_one_long_page() {
    let (_data, index) = index_of(150);
    for order in ORDERS {
        for collapses in [false, true] {
            let request = SearchRequest {
                collapses,
                ..in_order(order)
            };
            let whole = search(
                &index,
                &SearchRequest {
                    limit: 1_000,
                    ..request.clone()
                },
            );
            assert_eq!(walk(&index, &request, |_| ()), ids(&whole), "{order:?}");
            assert_eq!(whole.total as usize, whole.hits.len());
            assert_eq!(whole.next_cursor, None);
        }
    }
}

#[test]
fn pages_stay_as_they_were_while_articles_are_written() {
    let (data, index) = index_of(120);
    for (round, order) in ORDERS.into_iter().enumerate() {
        let whole = ids(&search(
            &index,
            &SearchRequest {
                limit: 1_000,
                ..in_order(order)
            },
        ));
        let walked = walk(&index, &in_order(order), |page| {
            let number = 1_000 * (round + 1) + page;
            write(&data, &[article(number, Some(18_000 + page as i64))]);
            index.refresh().expect("refreshed");
        });
        assert_eq!(walked, whole, "{order:?}");
        let now = search(
            &index,
            &SearchRequest {
                limit: 1_000,
                ..in_order(order)
            },
        );
        assert!(
            now.hits.len() > whole.len(),
            "what was written is found by new searches"
        );
    }
}

#[test]
fn pages_by_date_go_on_in_an_index_that_was_opened_anew() {
    let (data, index) = index_of(60);
    for order in [Order::Newest, Order::Oldest] {
        let request = in_order(order);
        let whole = ids(&search(
            &index,
            &SearchRequest {
                limit: 1_000,
                ..request.clone()
            },
        ));
        let first = search(&index, &request);
        write(
            &data,
            &[article(2_000, Some(10_000)), article(2_001, Some(30_000))],
        );
        let reopened = Index::open(data.at()).expect("an index");
        let cursor = Cursor::parse(&first.next_cursor.expect("more"), &request);
        let second = ids(&search(&reopened, &SearchRequest { cursor, ..request }));
        assert_eq!(second, whole[7..14], "{order:?}");
    }
}

#[test]
fn dates_order_and_the_undated_come_last() {
    let (_data, index) = index_of(40);
    let dates = |order| -> Vec<Option<i64>> {
        let request = SearchRequest {
            limit: 100,
            blank_finds_all: true,
            order,
            ..SearchRequest::new("")
        };
        let hits = search(&index, &request);
        hits.hits
            .iter()
            .map(|hit| {
                hit.article
                    .published
                    .as_ref()
                    .map(|date| date.timestamp_seconds)
            })
            .collect()
    };
    let (newest, oldest) = (dates(Order::Newest), dates(Order::Oldest));
    assert_eq!(newest.len(), 40);
    assert!(newest.is_sorted_by(|one, other| one >= other), "{newest:?}");
    let dated = oldest.iter().take_while(|date| date.is_some()).count();
    assert!(
        oldest[..dated].is_sorted() && oldest[dated..].iter().all(Option::is_none),
        "{oldest:?}"
    );
    assert_eq!(oldest[dated..].len(), 6);
}

#[test]
fn a_half_life_lets_newer_articles_pass_better_ones() {
    let data = Place::new();
    let told = |number, day, text: &str| {
        let mut article = article(number, day);
        article.text = format!("عنوان\n\n{text}");
        article.segments = vec![Segment {
            kind: SegmentKind::Body,
            span: Span::new(12, article.text.len()),
        }];
        article
    };
    let (often, once) = ("القمح ثم القمح ثم القمح", "وصل القمح أمس إلى السوق");
    write(
        &data,
        &[
            told(1, Some(18_000), often),
            told(2, Some(18_100), once),
            told(3, None, often),
        ],
    );
    let index = Index::open(data.at()).expect("an index");
    let order = |order| {
        ids(&search(
            &index,
            &SearchRequest {
                order,
                ..SearchRequest::new("القمح")
            },
        ))
    };
    assert_eq!(order(Order::Relevance), ["n1", "n3", "n2"]);
    assert_eq!(
        order(Order::Recency {
            half_life_seconds: 30 * 86_400
        }),
        ["n2", "n1", "n3"]
    );
    assert_eq!(
        order(Order::Recency {
            half_life_seconds: 36_500 * 86_400
        }),
        ["n1", "n2", "n3"]
    );
}

#[test]
fn filters_keep_what_they_name_however_it_is_spelled() {
    let (_data, index) = index_of(40);
    let found = |filters: Filters| -> BTreeSet<String> {
        let request = SearchRequest {
            limit: 100,
            filters,
            ..SearchRequest::new("السوق")
        };
        ids(&search(&index, &request)).into_iter().collect()
    };
    let check = |filters: Filters, expected: &dyn Fn(&Article) -> bool| {
        let expected: BTreeSet<String> = (0..40)
            .map(numbered)
            .filter(|article| expected(article))
            .map(|article| article.id.as_str().to_owned())
            .collect();
        assert_eq!(found(filters), expected);
    };
    let texts = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    let is_of = |article: &Article, source: &str| article.source.as_deref() == Some(source);
    check(
        Filters {
            sources: texts(&["صحيفة المنارة"]),
            ..Filters::default()
        },
        &|a| is_of(a, SOURCES[0]),
    );
    check(
        Filters {
            sources: texts(&["صحيفه المناره"]),
            ..Filters::default()
        },
        &|a| is_of(a, SOURCES[0]),
    );
    check(
        Filters {
            sources: texts(&["صحيفة"]),
            ..Filters::default()
        },
        &|_| false,
    );
    check(
        Filters {
            sources: texts(&SOURCES[1..]),
            sections: texts(&["سياسة"]),
            ..Filters::default()
        },
        &|a| {
            (is_of(a, SOURCES[1]) || is_of(a, SOURCES[2])) && a.section.as_deref() == Some("سياسة")
        },
    );
    check(
        Filters {
            authors: texts(&["سليم الاحمد"]),
            ..Filters::default()
        },
        &|a| a.authors.iter().any(|author| author == "سليم الأحمد"),
    );
    let day = |day: i64| {
        jiff::civil::date(1970, 1, 1)
            .checked_add(jiff::Span::new().days(day))
            .ok()
    };
    let period = Period {
        from: day(18_004),
        before: day(18_006),
    };
    check(
        Filters {
            published: Some(("".to_owned(), period)),
            ..Filters::default()
        },
        &|a| {
            a.published
                .as_ref()
                .is_some_and(|date| [18_004, 18_005].contains(&(date.timestamp_seconds / DAY)))
        },
    );
}

#[test]
fn a_search_that_its_filters_empty_says_so() {
    let (_data, index) = index_of(20);
    let filters = Filters {
        sources: vec!["صحيفة أخرى".to_owned()],
        ..Filters::default()
    };
    let hits = search(
        &index,
        &SearchRequest {
            filters,
            ..SearchRequest::new("السوق")
        },
    );
    let codes: Vec<_> = hits
        .query
        .notices
        .iter()
        .map(|notice| notice.code.name())
        .collect();
    assert_eq!((hits.total, codes), (0, vec!["narrow_settings"]));
}

#[test]
fn nothing_typed_finds_all_or_nothing() {
    let (_data, index) = index_of(20);
    let total = |blank_finds_all| {
        let hits = search(
            &index,
            &SearchRequest {
                blank_finds_all,
                ..SearchRequest::new(" ")
            },
        );
        (hits.total, hits.query.notices.len())
    };
    assert_eq!(total(true), (20, 0));
    assert_eq!(total(false), (0, 1));
    let signs = SearchRequest {
        blank_finds_all: true,
        ..SearchRequest::new("؟!")
    };
    assert_eq!(
        search(&index, &signs).total,
        0,
        "signs are no wish for everything"
    );
}

#[test]
fn facets_and_histogram_count_what_is_found() {
    let (_data, index) = index_of(100);
    let request = SearchRequest {
        limit: 1_000,
        facets: vec![Keyword::Source, Keyword::Author],
        histogram: Some(Interval::Day),
        ..SearchRequest::new("السوق -\"رقم 3\"")
    };
    let hits = search(&index, &request);
    let mut sources: BTreeMap<String, u64> = BTreeMap::new();
    let mut days: BTreeMap<i64, u64> = BTreeMap::new();
    for hit in &hits.hits {
        hit.article
            .source
            .iter()
            .for_each(|source| *sources.entry(source.clone()).or_default() += 1);
        let date = hit.article.published.as_ref();
        date.into_iter()
            .for_each(|date| *days.entry(date.timestamp_seconds / DAY).or_default() += 1);
    }
    let [of_source, of_author] = hits.facets.as_slice() else {
        panic!("two facets")
    };
    assert_eq!(
        (of_source.field, of_author.field),
        (Keyword::Source, Keyword::Author)
    );
    let counted: BTreeMap<String, u64> = of_source
        .values
        .iter()
        .map(|v| (v.value.clone(), v.count))
        .collect();
    assert_eq!(counted, sources);
    assert!(
        of_source
            .values
            .is_sorted_by(|one, other| one.count >= other.count)
    );
    assert_eq!(
        of_author
            .values
            .iter()
            .map(|v| v.value.as_str())
            .collect::<Vec<_>>(),
        ["هند السالم", "سليم الأحمد"]
    );
    let histogram = hits.histogram.expect("it was asked");
    let counts: Vec<u64> = histogram
        .buckets
        .iter()
        .map(|b| b.count)
        .filter(|count| *count > 0)
        .collect();
    assert_eq!(counts, days.values().copied().collect::<Vec<_>>());
    assert_eq!(counts.iter().sum::<u64>() + histogram.undated, hits.total);

    let facet = index
        .facet(&SearchRequest::new("السوق"), Keyword::Source, "الساح", 10)
        .expect("an answer");
    assert_eq!(
        facet
            .values
            .iter()
            .map(|v| v.value.as_str())
            .collect::<Vec<_>>(),
        ["نشرة الساحل"]
    );
    let facet = index
        .facet(&SearchRequest::new("السوق"), Keyword::Source, "", 2)
        .expect("an answer");
    assert_eq!((facet.value_count, facet.values.len()), (3, 2));
    let all = SearchRequest {
        blank_finds_all: true,
        ..SearchRequest::new("")
    };
    let histogram = index.histogram(&all, Interval::Auto).expect("an answer");
    assert_eq!(
        histogram.buckets.iter().map(|b| b.count).sum::<u64>() + histogram.undated,
        100
    );
}

#[test]
fn by_date_the_articles_with_all_words_are_not_mixed_with_others() {
    let data = Place::new();
    let mut both = article(1, Some(18_000));
    both.text.push_str(" زيتون وليمون");
    both.segments[1].span = Span::new(both.segments[1].span.start, both.text.len());
    let mut one = article(2, Some(18_010));
    one.text.push_str(" زيتون");
    one.segments[1].span = Span::new(one.segments[1].span.start, one.text.len());
    write(&data, &[both, one]);
    let index = Index::open(data.at()).expect("an index");
    let found = |order| {
        ids(&search(
            &index,
            &SearchRequest {
                order,
                ..SearchRequest::new("زيتون ليمون")
            },
        ))
    };
    assert_eq!(found(Order::Relevance), ["n1", "n2"]);
    assert_eq!(found(Order::Newest), ["n1"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_pages_hold_every_hit_once(
        days in proptest::collection::vec(proptest::option::of(18_000..18_004i64), 1..40),
        limit in 1..9usize,
        which in 0..4usize,
        collapses: bool,
    ) {
        let data = Place::new();
        let articles: Vec<Article> = days.iter().enumerate().map(|(number, day)| article(number, *day)).collect();
        write(&data, &articles);
        let index = Index::open(data.at()).expect("an index");
        let request = SearchRequest { limit, collapses, ..in_order(ORDERS[which]) };
        let whole = search(&index, &SearchRequest { limit: 1_000, ..request.clone() });
        prop_assert_eq!(walk(&index, &request, |_| ()), ids(&whole));
        let by_offset: Vec<String> = (0..whole.hits.len())
            .step_by(limit)
            .flat_map(|offset| ids(&search(&index, &SearchRequest { offset, ..request.clone() })))
            .collect();
        prop_assert_eq!(by_offset, ids(&whole));
    }
}
