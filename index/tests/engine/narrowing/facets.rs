//! Facets and histograms: they count the articles that the search finds.

use std::collections::BTreeMap;

use fihrist_index::query::Keyword;
use fihrist_index::search::{Interval, SearchRequest};
use fihrist_index::{Article, ArticleId, Index, IndexWriter};
use tempfile::TempDir;

use super::{DAY, index_of, search};
use crate::support::articles::article;

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

/// Returns article `number`, whose source has the number `source`.
fn of_source(number: usize, source: usize) -> Article {
    Article {
        source: Some(format!("صحيفة {source}")),
        ..article(&number.to_string(), "خبر السوق", "متن الخبر")
    }
}

#[test]
fn values_are_counted_over_several_segments_and_without_deleted_articles() {
    let data = TempDir::new().expect("a folder");
    let mut writer = IndexWriter::open(data.path()).expect("a writer");
    // Each commit has other sources, and some in common.
    for commit in 0..3 {
        for number in 0..100 {
            let article = of_source(commit * 100 + number, commit * 40 + number);
            writer.upsert(&article).expect("written");
        }
        writer.commit().expect("committed");
    }
    for number in 0..10 {
        let id = ArticleId::new(&number.to_string()).expect("an id");
        assert!(writer.delete(&id).expect("deleted"));
    }
    writer.commit().expect("committed");
    writer.finish().expect("finished");
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for number in (0..300).filter(|number| *number >= 10) {
        let source = format!("صحيفة {}", number / 100 * 40 + number % 100);
        *expected.entry(source).or_default() += 1;
    }
    let mut ordered: Vec<(String, u64)> = expected.into_iter().collect();
    ordered.sort_by_key(|(_, count)| std::cmp::Reverse(*count));

    let index = Index::open(data.path()).expect("an index");
    assert_eq!(
        index.stats().expect("figures").sources,
        ordered.len() as u64
    );
    let check = |prefix: &str, limit: usize, is_wanted: &dyn Fn(&str) -> bool| {
        let request = SearchRequest::new("السوق");
        let facet = index.facet(&request, Keyword::Source, prefix, limit);
        let facet = facet.expect("an answer");
        let wanted = ordered.iter().filter(|(source, _)| is_wanted(source));
        assert_eq!(facet.value_count, wanted.clone().count(), "{prefix}");
        let values = facet.values.into_iter();
        let values: Vec<_> = values.map(|value| (value.value, value.count)).collect();
        assert_eq!(
            values,
            wanted.take(limit).cloned().collect::<Vec<_>>(),
            "{prefix}"
        );
    };
    check("", 1, &|_| true);
    check("", 15, &|_| true);
    check("", 1_000, &|_| true);
    check("صحيفه", 20, &|_| true);
    check("١٢", 20, &|source| source.starts_with("صحيفة 12"));
    check("12", 3, &|source| source.starts_with("صحيفة 12"));
    check("جريدة", 3, &|_| false);
}
