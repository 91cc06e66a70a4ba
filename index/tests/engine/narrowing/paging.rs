//! Pages that follow one another: every hit is on exactly one page, even while articles are
//! written.

use fihrist_index::search::{Cursor, Order, SearchRequest};
use fihrist_index::{Article, Index};
use proptest::prelude::*;

use super::{article, ids, index_of, search, write};
use crate::support::location::TestLocation;

/// Returns the ids of all hits, page by page, and calls `between` after each page but the last.
fn walk(index: &Index, request: &SearchRequest, mut between: impl FnMut(usize)) -> Vec<String> {
    let mut request = request.clone();
    let mut all = Vec::new();
    for page in 0.. {
        let hits = search(index, &request);
        all.extend(ids(&hits));
        let Some(cursor) = hits.next_cursor else {
            break;
        };
        assert!(!hits.hits.is_empty(), "a page without hits has a next page");
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
fn pages_do_not_change_while_articles_are_written() {
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
            "new searches find the articles written meanwhile"
        );
    }
}

#[test]
fn pages_by_date_continue_in_a_reopened_index() {
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_pages_hold_every_hit_once(
        days in proptest::collection::vec(proptest::option::of(18_000..18_004i64), 1..40),
        limit in 1..9usize,
        which in 0..4usize,
        collapses: bool,
    ) {
        let data = TestLocation::new();
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
