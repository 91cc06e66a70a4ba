//! Searches that show each story once: the best copy stands for the others.

use std::collections::{BTreeMap, BTreeSet};

use fihrist_index::Article;
use fihrist_index::search::SearchRequest;

use super::{FERRY, MARKET, index_of, invented};
use crate::support::articles::article;
use crate::support::indexes::ids;

fn collapsed(query: &str) -> SearchRequest {
    SearchRequest {
        collapses: true,
        ..SearchRequest::new(query)
    }
}

#[test]
fn a_collapsed_search_shows_the_best_copy_of_each_story_in_the_same_order() {
    let story = |seed: usize, copy: usize| {
        let mention = "القنطرة ".repeat(1 + (seed + copy) % 3);
        article(
            &format!("{seed}-{copy}"),
            &format!("خبر {seed}"),
            &format!("{mention}{}", invented(seed, 0..90 + seed)),
        )
    };
    let sizes: BTreeMap<usize, u64> =
        BTreeMap::from([(1, 1), (2, 3), (3, 1), (4, 2), (5, 6), (6, 1), (7, 2)]);
    let articles: Vec<Article> = sizes
        .iter()
        .flat_map(|(seed, size)| (0..*size as usize).map(|copy| story(*seed, copy)))
        .collect();
    let (_data, index) = index_of(&articles);
    let all = index
        .search(&SearchRequest {
            limit: 100,
            ..SearchRequest::new("القنطرة")
        })
        .expect("an answer");
    assert_eq!(all.total, 16);
    let seed_of = |id: &str| {
        id.split_once('-')
            .and_then(|(seed, _)| seed.parse::<usize>().ok())
            .expect("a story")
    };
    for hit in &all.hits {
        assert_eq!(
            hit.duplicates + 1,
            sizes[&seed_of(hit.article.id.as_str())],
            "{}",
            hit.article.id
        );
    }
    let mut shown = BTreeSet::new();
    let expected: Vec<&str> = ids(&all)
        .into_iter()
        .filter(|id| shown.insert(seed_of(id)))
        .collect();
    let one = index.search(&collapsed("القنطرة")).expect("an answer");
    assert_eq!((one.total, ids(&one)), (7, expected.clone()));
    assert!(
        one.hits
            .iter()
            .all(|hit| hit.duplicates + 1 == sizes[&seed_of(hit.article.id.as_str())])
    );
    let pages = [0, 3, 6, 9].map(|offset| {
        let page = index
            .search(&SearchRequest {
                limit: 3,
                offset,
                ..collapsed("القنطرة")
            })
            .expect("an answer");
        assert_eq!(page.total, 7);
        ids(&page)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    assert_eq!(pages.concat(), expected);
    let none = index
        .search(&SearchRequest {
            limit: 0,
            ..collapsed("القنطرة")
        })
        .expect("an answer");
    assert_eq!((none.total, none.hits.len()), (7, 0));
}

#[test]
fn hundreds_of_copies_do_not_hide_other_stories() {
    // The copies repeat the word, so all of them rank above the other stories.
    let copy = |id: usize| {
        article(
            &format!("copy-{id}"),
            "قنطرة قنطرة",
            &format!("{FERRY} القنطرة {id}"),
        )
    };
    let other = |id: usize| {
        article(
            &format!("other-{id}"),
            "خبر",
            &format!("{} القنطرة", invented(id, 0..200)),
        )
    };
    let articles: Vec<Article> = (0..450).map(copy).chain((0..12).map(other)).collect();
    let (_data, index) = index_of(&articles);
    let found = index.search(&collapsed("القنطرة")).expect("an answer");
    assert_eq!(
        (found.total, found.hits.len(), found.hits[0].duplicates),
        (13, 10, 449)
    );
    assert_eq!(
        ids(&found)
            .iter()
            .filter(|id| id.starts_with("other-"))
            .count(),
        9
    );
    let rest = index
        .search(&SearchRequest {
            offset: 10,
            ..collapsed("القنطرة")
        })
        .expect("an answer");
    assert_eq!(rest.hits.len(), 3);
}

#[test]
fn a_relaxed_search_that_collapses_counts_stories() {
    let copy = |id: usize| article(&format!("copy-{id}"), "عبّارة", FERRY);
    let articles: Vec<Article> = (0..25)
        .map(copy)
        .chain([article("market", "سوق", MARKET)])
        .collect();
    let (_data, index) = index_of(&articles);
    // All copies hold both words and are one story. The market holds one of the words, so it is
    // shown as well.
    let found = index.search(&collapsed("ميناء عبارة")).expect("an answer");
    assert_eq!(
        (
            found.total,
            found.relaxed.map(|relaxed| relaxed.with_all_words())
        ),
        (2, Some(1))
    );
    let plain = index
        .search(&SearchRequest::new("ميناء عبارة"))
        .expect("an answer");
    assert_eq!((plain.total, plain.relaxed), (25, None));
}
