//! Facets and histograms: they count the articles that the search finds.

use std::collections::BTreeMap;

use fihrist_index::query::Keyword;
use fihrist_index::search::{Interval, SearchRequest};

use super::{DAY, index_of, search};

#[test]
fn facets_and_histogram_count_the_articles_found() {
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
    let histogram = hits.histogram.expect("a histogram was requested");
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
