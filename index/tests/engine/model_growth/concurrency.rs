//! Open indexes while a rebuild replaces their generation, and rebuilds that end early.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use fihrist_index::ingest::{NoProgress, Phase, Progress, ProgressUpdate};
use fihrist_index::{ErrorKind, Index, IndexWriter, rebuild};
use tempfile::TempDir;

use super::{file, records, run, run_without_rebuild};
use crate::support::indexes::{rebuilt, stats};

#[test]
fn a_cancelled_or_killed_rebuild_leaves_the_index_unchanged() {
    struct CancelIn(Phase, AtomicBool);
    impl Progress for CancelIn {
        fn advanced(&self, now: ProgressUpdate) {
            self.1.fetch_or(now.phase == self.0, Ordering::Relaxed);
        }
    }
    let home = TempDir::new().expect("a directory");
    let data = home.path().join("data");
    run(
        &data,
        vec![file(&home, "articles.jsonl", &records(0..1_000))],
    );
    let before = stats(&data);
    for phase in [Phase::RecountingWords, Phase::Rebuilding] {
        let watch = CancelIn(phase, AtomicBool::new(false));
        assert_eq!(
            rebuild(&data, &watch, &watch.1).expect("no failure"),
            None,
            "{phase:?}"
        );
        assert_eq!(
            fs::read_dir(data.join("generations"))
                .expect("generations")
                .count(),
            1
        );
        assert_eq!(stats(&data), before);
    }
    // A killed rebuild leaves the next generation half written.
    fs::create_dir(data.join("generations/000002")).expect("a directory");
    fs::write(data.join("generations/000002/model"), "half").expect("written");
    assert_eq!(stats(&data), before);
    assert_eq!(rebuilt(&data).model_hash, before.model_hash);
    assert_eq!(
        fs::read_dir(data.join("generations"))
            .expect("generations")
            .count(),
        1
    );
}

#[test]
fn an_open_index_follows_rebuilds_and_its_snapshots_stay_whole() {
    let home = TempDir::new().expect("a directory");
    let data = home.path().join("data");
    run_without_rebuild(&data, vec![file(&home, "articles.jsonl", &records(0..200))]);
    let index = Index::open(&data).expect("an index");
    let size = index.stats().expect("figures").size_bytes;
    for generation in ["000002", "000003"] {
        rebuilt(&data);
        // The files of the open generation are deleted already.
        let figures = index.stats().expect("figures");
        assert!(
            figures.generation != generation && figures.size_bytes >= size / 2,
            "{figures:?}"
        );
        index.refresh().expect("refreshed");
        assert_eq!(index.stats().expect("figures").generation, generation);
    }
    // A folder that is emptied and filled again reuses the names of the generations.
    fs::remove_dir_all(&data).expect("removed");
    run(&data, vec![file(&home, "others.jsonl", &records(500..510))]);
    rebuilt(&data);
    rebuilt(&data);
    index.refresh().expect("refreshed");
    assert_eq!(index.stats().expect("figures"), stats(&data));
}

#[test]
fn opening_and_refreshing_never_fail_however_often_the_generation_changes() {
    let home = TempDir::new().expect("a directory");
    let data = home.path().join("data");
    run(&data, vec![file(&home, "articles.jsonl", &records(0..20))]);
    let (index, is_over) = (
        Index::open(&data).expect("an index"),
        AtomicBool::new(false),
    );
    std::thread::scope(|scope| {
        let (is_over, data) = (&is_over, &data);
        let again_and_again = |step: &dyn Fn()| {
            while !is_over.load(Ordering::Relaxed) {
                step();
            }
        };
        let refreshing = scope.spawn(move || {
            again_and_again(&|| index.refresh().expect("refreshed"));
            index
        });
        let opening =
            scope.spawn(move || again_and_again(&|| assert_eq!(stats(data).articles, 20)));
        let rebuilding = scope
            .spawn(move || (0..8).for_each(|_| drop(rebuilt(data))))
            .join();
        is_over.store(true, Ordering::Relaxed);
        rebuilding.expect("no failure");
        opening.join().expect("no failure");
        let index = refreshing.join().expect("no failure");
        index.refresh().expect("refreshed");
        assert_eq!(index.stats().expect("figures").generation, "000009");
    });
    // At most the generations that readers kept open are left; the next writer removes them.
    drop(IndexWriter::open(&data).expect("a writer"));
    assert_eq!(
        fs::read_dir(data.join("generations"))
            .expect("generations")
            .count(),
        1
    );
}

#[test]
fn a_rebuild_without_an_index_is_an_error() {
    let home = TempDir::new().expect("a directory");
    let data = home.path().join("data");
    let error = rebuild(&data, &NoProgress, &AtomicBool::new(false)).expect_err("a refusal");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(!data.exists());
}
