//! Clusters of copies while articles are added and replaced, in any order and in any batches.

use std::collections::BTreeSet;

use fihrist_index::{Article, ArticleId, Index, IndexWriter, Location};

use super::{FERRY, MARKET, copies, index_of, invented};
use crate::support::articles::article;
use crate::support::indexes::{rebuilt, write};
use crate::support::location::TestLocation;

/// Returns the clusters of two or more copies, and checks them against the statistics.
fn clusters(data: &Location, articles: &[Article]) -> BTreeSet<BTreeSet<String>> {
    let index = Index::open(data).expect("an index");
    let together = articles.iter().map(|article| {
        let id = article.id.as_str();
        copies(&index, id)
            .into_iter()
            .chain([id.to_owned()])
            .collect::<BTreeSet<_>>()
    });
    let clusters: BTreeSet<_> = together.filter(|cluster| cluster.len() > 1).collect();
    let stats = index.stats().expect("stats");
    assert_eq!(stats.duplicate_clusters as usize, clusters.len());
    assert_eq!(
        stats.duplicate_articles as usize,
        clusters.iter().map(BTreeSet::len).sum::<usize>()
    );
    clusters
}

#[test]
fn a_new_copy_joins_its_cluster_at_the_next_commit_and_a_replaced_one_leaves_it() {
    let (data, index) = index_of(&[article("1", "عبّارة", FERRY), article("2", "سوق", MARKET)]);
    assert!(copies(&index, "1").is_empty());
    let commit = |mut writer: IndexWriter| {
        writer.commit().expect("committed");
        if data.folder().is_none() {
            // In a cluster, copies are found at the end of a job.
            writer.finish().expect("finished");
            writer = IndexWriter::open(data.at()).expect("a writer");
        }
        index.refresh().expect("refreshed");
        writer
    };
    let writer = IndexWriter::open(data.at()).expect("a writer");
    writer
        .upsert(&article("3", "رحلة أولى", FERRY))
        .expect("indexed");
    let writer = commit(writer);
    assert_eq!(
        (copies(&index, "1"), copies(&index, "3")),
        (vec!["3".to_owned()], vec!["1".to_owned()])
    );
    writer
        .upsert(&article("3", "سوق السمك", MARKET))
        .expect("indexed");
    let writer = commit(writer);
    assert_eq!(
        (copies(&index, "1"), copies(&index, "3")),
        (vec![], vec!["2".to_owned()])
    );
    writer.finish().expect("finished");
    let nobody = ArticleId::new("nobody").expect("an id");
    assert_eq!(index.duplicates(&nobody, 10).expect("an answer"), None);
}

#[test]
fn clusters_do_not_depend_on_order_batches_or_replaced_articles() {
    // Chains of copies: each one loses its beginning and gains words, so the first and the last do
    // not resemble each other.
    let copy = |seed: usize, step: usize| invented(seed, 20 * step..20 * step + 160);
    let mut articles: Vec<Article> = (0..12)
        .flat_map(|seed| (0..=seed % 5).map(move |step| (seed, step)))
        .map(|(seed, step)| {
            article(
                &format!("{seed}-{step}"),
                &format!("خبر {seed}"),
                &copy(seed, step),
            )
        })
        .collect();
    let expected = clusters(index_of(&articles).0.at(), &articles);
    assert!(
        expected.iter().any(|cluster| cluster.len() == 5),
        "{expected:?}"
    );
    for (turn, batch) in [5, 30].into_iter().enumerate() {
        articles.reverse();
        articles.rotate_left(5 * turn);
        let data = TestLocation::new();
        // Every third article has another text at first, which would form other clusters.
        let earlier: Vec<Article> = articles
            .iter()
            .step_by(3)
            .map(|later| article(later.id.as_str(), "مسودة", &copy(99, 0)))
            .collect();
        write(data.at(), &earlier, 4);
        write(data.at(), &articles, batch);
        assert_eq!(
            clusters(data.at(), &articles),
            expected,
            "batches of {batch}"
        );
        rebuilt(data.at());
        assert_eq!(clusters(data.at(), &articles), expected, "rebuilt");
    }
}

#[test]
fn a_cluster_splits_when_the_article_that_linked_it_is_replaced() {
    let gone_on = |id: &str, words: usize| {
        let body = [invented(1, 0..160 - words), invented(3, 0..words)].join(" ");
        article(id, "خبر", &body)
    };
    let articles = [
        gone_on("first", 0),
        gone_on("middle", 30),
        gone_on("last", 60),
    ];
    let (data, index) = index_of(&articles);
    assert_eq!(copies(&index, "first"), ["last", "middle"]);
    write(
        data.at(),
        &[article("middle", "خبر", &invented(2, 0..160))],
        1,
    );
    index.refresh().expect("refreshed");
    assert!(copies(&index, "first").is_empty() && copies(&index, "last").is_empty());
}
