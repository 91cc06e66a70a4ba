//! Backups of an index that is being written to: each holds one whole commit.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use fihrist_index::backup::{BackedUp, backup};
use fihrist_index::progress::{NoProgress, Phase, Progress, ProgressUpdate};
use fihrist_index::{ArticleId, Index, IndexWriter, rebuild};
use tempfile::TempDir;

use super::article;
use crate::support::backups::{GOES_ON, back_up, files, indexed, restore};
use crate::support::indexes::total;

/// Runs an action once, after the commit is pinned and before any of its files is read.
struct WhenPinned<F>(F, AtomicBool);

impl<F: Fn() + Sync> WhenPinned<F> {
    fn new(act: F) -> Self {
        Self(act, AtomicBool::new(false))
    }
}

impl<F: Fn() + Sync> Progress for WhenPinned<F> {
    fn advanced(&self, now: ProgressUpdate) {
        if now.phase == Phase::Checking && !self.1.swap(true, Ordering::Relaxed) {
            (self.0)();
        }
    }
}

#[test]
fn a_pinned_commit_survives_merges_that_remove_its_files() {
    let home = indexed(20);
    let data = home.path().join("data");
    let is_missing = AtomicUsize::new(0);
    let merge = WhenPinned::new(|| {
        let pinned = files(&data.join("generations/000001"));
        let mut writer = IndexWriter::open(&data).expect("a writer");
        for id in 20..400 {
            writer.upsert(&article(id)).expect("written");
            writer.commit().expect("committed");
            let now = files(&data.join("generations/000001"));
            let gone = pinned
                .keys()
                .filter(|name| name.ends_with(".cfs") && !now.contains_key(*name))
                .count();
            is_missing.store(gone, Ordering::Relaxed);
            if gone > 0 {
                return;
            }
        }
    });
    let mut archive = Vec::new();
    let done = backup(
        &data,
        &[],
        (&mut archive, Path::new("memory")),
        &merge,
        &GOES_ON,
    )
    .expect("backed up");
    assert!(is_missing.into_inner() > 0, "no merge has removed a file");
    assert_eq!(done.expect("not cancelled").manifest.articles, 20);
    let other = TempDir::new().expect("a folder");
    restore(other.path(), &archive, false).expect("restored");
    assert_eq!(total(other.path(), "المرفأ"), 20);
}

#[test]
fn a_pinned_commit_survives_its_generation() {
    let home = indexed(30);
    let data = home.path().join("data");
    let replace = WhenPinned::new(|| {
        rebuild(&data, &NoProgress, &GOES_ON).expect("rebuilt");
        assert!(!data.join("generations/000001").exists());
    });
    let mut archive = Vec::new();
    let done = backup(
        &data,
        &[],
        (&mut archive, Path::new("memory")),
        &replace,
        &GOES_ON,
    )
    .expect("backed up");
    assert_eq!(done.expect("not cancelled").manifest.generation, "000001");
    let other = TempDir::new().expect("a folder");
    restore(other.path(), &archive, false).expect("restored");
    assert_eq!(total(other.path(), "المرفأ"), 30);
}

#[test]
fn every_backup_during_a_job_holds_one_commit() {
    const ARTICLES: usize = 120;
    const COMMIT_EVERY: usize = 3;
    const MAX_RESTORED: usize = 12;
    let home = indexed(COMMIT_EVERY);
    let data = home.path().join("data");
    let is_over = AtomicBool::new(false);
    let mut archives = Vec::new();
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for ids in (COMMIT_EVERY..ARTICLES)
                .collect::<Vec<_>>()
                .chunks(COMMIT_EVERY * 9)
            {
                // Several jobs run in turn, so that some merges end with a job and some with a
                // commit.
                let mut writer = IndexWriter::open(&data).expect("a writer");
                for few in ids.chunks(COMMIT_EVERY) {
                    for id in few {
                        writer.upsert(&article(*id)).expect("written");
                    }
                    writer.commit().expect("committed");
                }
                writer.finish().expect("finished");
            }
            rebuild(&data, &NoProgress, &GOES_ON).expect("rebuilt");
            rebuild(&data, &NoProgress, &GOES_ON).expect("rebuilt");
        });
        while !is_over.load(Ordering::Relaxed) {
            is_over.store(writing.is_finished(), Ordering::Relaxed);
            let (archive, BackedUp { manifest, .. }) = back_up(&data).expect("backed up");
            // One backup of each commit is enough.
            let of = (manifest.articles, manifest.generation);
            if archives.last().is_none_or(|(_, last)| *last != of) {
                archives.push((archive, of));
            }
        }
        writing.join().expect("written");
    });
    let counts: Vec<u64> = archives.iter().map(|(_, (count, _))| *count).collect();
    assert!(
        counts.is_sorted() && counts.last() == Some(&(ARTICLES as u64)),
        "{counts:?}"
    );
    assert!(
        counts.len() > 5,
        "too few commits were backed up: {counts:?}"
    );
    let generations: BTreeSet<&str> = archives
        .iter()
        .map(|(_, (_, generation))| generation.as_str())
        .collect();
    assert!(generations.len() > 1, "{generations:?}");
    for (archive, (count, _)) in archives
        .iter()
        .step_by(archives.len().div_ceil(MAX_RESTORED))
    {
        let count = *count;
        assert_eq!(
            count as usize % COMMIT_EVERY,
            0,
            "not the number of articles of a commit"
        );
        let other = TempDir::new().expect("a folder");
        restore(other.path(), archive, false)
            .unwrap_or_else(|error| panic!("{count} articles: {error}"));
        assert_eq!(total(other.path(), "المرفأ"), count);
        let index = Index::open(other.path()).expect("an index");
        let holds = |id: usize| {
            index
                .article(&ArticleId::new(&id.to_string()).expect("an id"))
                .expect("read")
                .is_some()
        };
        assert!(
            holds(count as usize - 1) && !holds(count as usize),
            "not the articles of that commit"
        );
    }
}
