//! The orders of a search: by date, by relevance, and by relevance that decays with age.

use fihrist_index::document::{Segment, SegmentKind};
use fihrist_index::search::{Order, SearchRequest};
use fihrist_index::{Index, Span};

use super::{article, ids, index_of, search, write};
use crate::support::location::TestLocation;

#[test]
fn articles_are_ordered_by_date_and_undated_ones_come_last() {
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
fn a_half_life_ranks_newer_articles_above_better_matches() {
    let data = TestLocation::new();
    let dated = |number, day, text: &str| {
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
            dated(1, Some(18_000), often),
            dated(2, Some(18_100), once),
            dated(3, None, often),
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
fn an_order_by_date_lists_only_articles_with_all_words() {
    let data = TestLocation::new();
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
