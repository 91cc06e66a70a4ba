//! The life of a collection's graph: the same articles teach the same in any order, a search uses it, it is learnt anew
//! without indexing anything again. Which pairs are right is tested where they are learnt.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use fihrist_index::ingest::{
    IngestJob, IngestReport, Input, NoProgress, Phase, Progress, ProgressUpdate,
};
use fihrist_index::learning::graph::{Graph, Relation};
use fihrist_index::search::{Matching, SearchRequest, Stats};
use fihrist_index::{Index, IndexWriter, TrainingSize, rebuild, rebuild_graph};
use tempfile::TempDir;

/// An invented singular and its broken plural, which no model and no graph knows.
const SINGULAR: &str = "غظض";
const PLURAL: &str = "اغظاض";

/// An article that speaks of one of the two, in the same company, and of other things.
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
        let mut writer = IndexWriter::open(self.data()).expect("a writer");
        let report = IngestJob::new(vec![Input::Path(path)])
            .run(&mut writer, &NoProgress)
            .expect("a report");
        writer.finish().expect("finished");
        report
    }

    fn stats(&self) -> Stats {
        Index::open(self.data())
            .expect("an index")
            .stats()
            .expect("figures")
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
fn a_collection_teaches_words_that_nobody_knew() {
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
        "nor is the base forgotten"
    );
    let learnt = home.stats().graph_learnt.expect("a graph of its own");
    assert_eq!(learnt, home.stats().learnt);
}

#[test]
fn the_same_articles_in_any_order_and_copies_teach_the_same() {
    let forward = records(0..80);
    let backward: Vec<_> = forward.iter().rev().cloned().collect();
    // Other copies before the ones that count, and those that count twice.
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
        rebuild(home.data(), &NoProgress, &AtomicBool::new(false))
            .expect("rebuilt")
            .expect("not cancelled");
        assert_eq!(
            home.stats().graph_hash,
            hash,
            "a rebuild learns by the same rules"
        );
        learn(&home.data());
        assert_eq!(
            home.stats().graph_hash,
            hash,
            "and so does learning the graph alone"
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
        "79 of 40 are not twice as many"
    );
    home.index(&records(79..110));
    let figures = home.stats();
    assert_eq!(
        (figures.generation.as_str(), figures.learnt.articles),
        ("000001", 40),
        "110 are not four times as many"
    );
    assert_eq!(
        figures.graph_learnt.map(|learnt| learnt.articles),
        Some(110)
    );
    assert!(!knows_the_plural(&index));
    index.refresh().expect("refreshed");
    assert!(knows_the_plural(&index), "an open index follows");
    assert_eq!(total(&index, PLURAL, Matching::Auto), 70);

    home.index(&records(110..112));
    assert_eq!(learn(&home.data()).articles, 112);
}

#[test]
fn a_damaged_graph_costs_no_search_and_is_learnt_anew() {
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
fn learning_that_is_cancelled_leaves_the_graph_as_it_was() {
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
fn there_is_nothing_to_learn_from_where_there_is_no_index() {
    let home = Home::new();
    let error =
        rebuild_graph(home.data(), &NoProgress, &AtomicBool::new(false)).expect_err("a refusal");
    assert_eq!(error.kind(), fihrist_index::ErrorKind::NotFound);
    assert!(!home.data().exists());
}
