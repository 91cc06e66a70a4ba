//! The learnt graph of a collection: it does not depend on the order of articles, searches use it,
//! and it can be learnt again without indexing. Which pairs are right is tested where they are
//! learnt.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use fihrist_index::ingest::{
    IngestJob, IngestReport, Input, NoProgress, Phase, Progress, ProgressUpdate,
};
use fihrist_index::learning::graph::{Graph, Relation};
use fihrist_index::search::{Matching, SearchRequest, Stats};
use fihrist_index::{Index, TrainingSize, rebuild_graph};
use tempfile::TempDir;

use crate::support::indexes::{rebuilt, run_job, stats};

/// An invented singular and its broken plural, which no model and no graph knows.
const SINGULAR: &str = "غظض";
const PLURAL: &str = "اغظاض";

/// Returns an article with one of the two words in the same context, and with other subjects.
fn record(id: usize, word: &str) -> String {
    let others = [
        "البحر",
        "المدينة",
        "الجامعة",
        "المباراة",
        "الطقس",
        "الأسعار",
        "القطار",
    ];
    let other = others[id % others.len()];
    format!(
        "{{\"id\": \"{id}\", \"title\": \"خبر رقم {id}\", \"body\": \"اشترى الفلاح ال{word} من السوق القديم. كتب المراسل عن {other} في الصحيفة.\"}}\n"
    )
}

fn records(ids: std::ops::Range<usize>) -> Vec<String> {
    ids.map(|id| record(id, if id % 2 == 0 { SINGULAR } else { PLURAL }))
        .collect()
}

struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(TempDir::new().expect("a directory"))
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn graph_file(&self) -> PathBuf {
        let name = fs::read_to_string(self.data().join("CURRENT")).expect("a name");
        self.data()
            .join("generations")
            .join(name.trim())
            .join("graph")
    }

    fn index(&self, lines: &[String]) -> IngestReport {
        let path = self.0.path().join("articles.jsonl");
        fs::write(&path, lines.concat()).expect("written");
        run_job(
            self.data(),
            &IngestJob::new(vec![Input::Path(path)]),
            &NoProgress,
        )
    }

    fn stats(&self) -> Stats {
        stats(&self.data())
    }
}

fn learn(data: &Path) -> TrainingSize {
    rebuild_graph(data, &NoProgress, &AtomicBool::new(false))
        .expect("learnt")
        .expect("not cancelled")
        .learnt
}

fn knows_the_plural(index: &Index) -> bool {
    index
        .graph()
        .related(PLURAL)
        .any(|other| (other.stem, other.relation) == (SINGULAR, Relation::Plural))
}

fn total(index: &Index, query: &str, matching: Matching) -> u64 {
    let request = SearchRequest {
        limit: 1,
        matching,
        ..SearchRequest::new(query)
    };
    index.search(&request).expect("an answer").total
}

#[test]
fn a_graph_learns_words_that_the_base_graph_does_not_know() {
    let home = Home::new();
    home.index(&records(0..60));
    let index = Index::open(home.data()).expect("an index");
    assert!(knows_the_plural(&index));
    assert_eq!(
        [Matching::Auto, Matching::Stem].map(|matching| total(&index, SINGULAR, matching)),
        [60, 30]
    );
    assert_eq!(
        index
            .graph()
            .related("مدارس")
            .next()
            .map(|other| other.stem),
        Some("مدرسه"),
        "the pairs of the base graph are kept"
    );
    let learnt = home.stats().graph_learnt.expect("a graph of its own");
    assert_eq!(learnt, home.stats().learnt);
}

#[test]
fn the_same_articles_in_any_order_and_with_copies_give_the_same_graph() {
    let forward = records(0..80);
    let backward: Vec<_> = forward.iter().rev().cloned().collect();
    // Other copies come before the ones that count, and some articles come twice.
    let replaced = (0..40)
        .map(|id| record(id, "بحر"))
        .chain(forward.clone())
        .chain(forward[20..60].to_vec())
        .collect();
    let hashes = [forward, backward, replaced].map(|lines: Vec<String>| {
        let home = Home::new();
        home.index(&lines);
        let hash = home.stats().graph_hash;
        assert_ne!(hash, Graph::base().hash());
        rebuilt(home.data());
        assert_eq!(
            home.stats().graph_hash,
            hash,
            "a rebuild learns by the same rules"
        );
        learn(&home.data());
        assert_eq!(
            home.stats().graph_hash,
            hash,
            "learning the graph alone follows the same rules"
        );
        hash
    });
    assert!(hashes.iter().all(|hash| *hash == hashes[0]), "{hashes:?}");
}

#[test]
fn new_words_are_learnt_without_indexing_anything_again() {
    let home = Home::new();
    let others: Vec<_> = (0..40).map(|id| record(id, "بحر")).collect();
    home.index(&others);
    let index = Index::open(home.data()).expect("an index");
    assert_eq!(home.index(&records(40..79)).indexed, 39);
    assert_eq!(
        home.stats().graph_learnt.map(|learnt| learnt.articles),
        Some(40),
        "79 articles are less than twice 40"
    );
    home.index(&records(79..110));
    let figures = home.stats();
    assert_eq!(
        (figures.generation.as_str(), figures.learnt.articles),
        ("000001", 40),
        "110 articles are less than four times 40"
    );
    assert_eq!(
        figures.graph_learnt.map(|learnt| learnt.articles),
        Some(110)
    );
    assert!(!knows_the_plural(&index));
    index.refresh().expect("refreshed");
    assert!(
        knows_the_plural(&index),
        "a refreshed index reads the new graph"
    );
    assert_eq!(total(&index, PLURAL, Matching::Auto), 70);

    home.index(&records(110..112));
    assert_eq!(learn(&home.data()).articles, 112);
}

#[test]
fn a_damaged_graph_fails_no_search_and_is_learnt_again() {
    let home = Home::new();
    home.index(&records(0..60));
    let (path, expected) = (home.graph_file(), home.stats().graph_hash);
    let whole = fs::read(&path).expect("a graph");
    for damaged in [
        &whole[..whole.len() / 2],
        b"",
        b"{}\n",
        b"{\"articles\":1,\"words\":2}\n",
        &[0xFF; 40],
    ] {
        fs::write(&path, damaged).expect("written");
        let index = Index::open(home.data()).expect("an index");
        assert!(!knows_the_plural(&index));
        assert_eq!(total(&index, SINGULAR, Matching::Auto), 30);
        assert_eq!(home.stats().graph_learnt, None);
    }
    home.index(&records(0..60));
    assert_eq!(home.stats().graph_hash, expected);
}

#[test]
fn cancelled_learning_leaves_the_graph_unchanged() {
    struct CancelIn(Phase, AtomicBool);
    impl Progress for CancelIn {
        fn advanced(&self, now: ProgressUpdate) {
            self.1.fetch_or(now.phase == self.0, Ordering::Relaxed);
        }
    }
    let home = Home::new();
    home.index(&records(0..60));
    let before = home.stats();
    for phase in [Phase::RecountingWords, Phase::LearningGraph] {
        let watch = CancelIn(phase, AtomicBool::new(false));
        assert!(
            rebuild_graph(home.data(), &watch, &watch.1)
                .expect("no failure")
                .is_none(),
            "{phase:?}"
        );
        assert_eq!(home.stats(), before);
    }
}

#[test]
fn learning_a_graph_without_an_index_is_an_error() {
    let home = Home::new();
    let error =
        rebuild_graph(home.data(), &NoProgress, &AtomicBool::new(false)).expect_err("a refusal");
    assert_eq!(error.kind(), fihrist_index::ErrorKind::NotFound);
    assert!(!home.data().exists());
}
