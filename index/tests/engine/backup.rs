//! Backups of an index that is being written to, and what restoring them gives: one commit, whole, or nothing at all.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use fihrist_index::backup::{BackedUp, Restore, backup, inspect};
use fihrist_index::document::{Segment, SegmentKind};
use fihrist_index::progress::{NoProgress, Phase, Progress, ProgressUpdate};
use fihrist_index::{Article, ArticleId, ErrorKind, Index, IndexWriter, Span, rebuild};
use tempfile::TempDir;

use crate::backups::{GOES_ON, back_up, files, index, indexed, restore, total};

#[test]
fn a_restored_index_is_the_one_that_was_backed_up() {
    let home = indexed(300);
    let data = home.path().join("data");
    let (archive, done) = back_up(&data).expect("backed up");
    assert_eq!(
        (done.manifest.articles, done.archive_bytes),
        (300, archive.len() as u64)
    );
    assert_eq!(
        inspect(archive.as_slice(), &NoProgress, &GOES_ON).expect("whole"),
        Some(done.manifest.clone())
    );

    let elsewhere = TempDir::new().expect("a folder");
    let other = elsewhere.path().join("new/data");
    let restored = restore(&other, &archive, false).expect("restored");
    assert_eq!(
        (
            restored.generation.as_str(),
            restored.replaced,
            restored.rebuilt
        ),
        ("000001", None, None)
    );
    assert_eq!(total(&other, "المرفأ"), 300);
    let stats = |data: &Path| {
        Index::open(data)
            .expect("an index")
            .stats()
            .expect("figures")
    };
    assert_eq!(
        fihrist_index::search::Stats {
            size_bytes: 0,
            changed: None,
            ..stats(&other)
        },
        fihrist_index::search::Stats {
            size_bytes: 0,
            changed: None,
            ..stats(&data)
        }
    );
    // Whatever is not a lock or one of Tantivy's lists has come along, byte for byte.
    let generation = |data: &Path| {
        let mut files = files(&data.join("generations/000001"));
        files.remove(".managed.json");
        files
    };
    assert_eq!(
        generation(&other).keys().collect::<Vec<_>>(),
        generation(&data).keys().collect::<Vec<_>>()
    );
    assert_eq!(generation(&other), generation(&data));
    for name in [
        "model",
        "words",
        "ledger",
        "graph",
        "recurring",
        "stamp.json",
        "meta.json",
    ] {
        assert!(generation(&other).contains_key(name), "{name}");
    }
}

#[test]
fn a_restored_index_is_written_to_and_merges_leave_nothing_behind() {
    let home = indexed(40);
    let (archive, _) = back_up(&home.path().join("data")).expect("backed up");
    let other = TempDir::new().expect("a folder");
    restore(other.path(), &archive, false).expect("restored");
    let before = files(&other.path().join("generations/000001"));
    let mut writer = IndexWriter::open(other.path()).expect("a writer");
    for id in 40..60 {
        writer.upsert(&article(id)).expect("written");
        writer.commit().expect("committed");
    }
    writer.finish().expect("merged");
    // Removes what the last merge has left.
    IndexWriter::open(other.path())
        .expect("a writer")
        .finish()
        .expect("committed");
    assert_eq!(total(other.path(), "المرفأ"), 60);
    let after = files(&other.path().join("generations/000001"));
    for name in ["model", "words", "stamp.json", "recurring", "ledger"] {
        assert_eq!(after.get(name), before.get(name), "{name}");
    }
    let gone = before
        .keys()
        .filter(|name| name.ends_with(".store"))
        .any(|name| !after.contains_key(name));
    assert!(
        gone,
        "the segments from the archive were never merged away: {:?}",
        after.keys()
    );
}

fn article(id: usize) -> Article {
    let text = format!("عاد القارب {id} إلى المرفأ.");
    Article {
        id: ArticleId::new(&id.to_string()).expect("an id"),
        segments: vec![Segment {
            kind: SegmentKind::Body,
            span: Span::new(0, text.len()),
        }],
        text,
        source: None,
        section: None,
        authors: Vec::new(),
        url: None,
        published: None,
    }
}

/// Does something once the commit is held and before any of it is read.
struct WhenHeld<F>(F, AtomicBool);

impl<F: Fn() + Sync> WhenHeld<F> {
    fn new(act: F) -> Self {
        Self(act, AtomicBool::new(false))
    }
}

impl<F: Fn() + Sync> Progress for WhenHeld<F> {
    fn advanced(&self, now: ProgressUpdate) {
        if now.phase == Phase::Checking && !self.1.swap(true, Ordering::Relaxed) {
            (self.0)();
        }
    }
}

#[test]
fn a_commit_that_is_held_outlives_the_merges_that_remove_its_files() {
    let home = indexed(20);
    let data = home.path().join("data");
    let is_missing = AtomicUsize::new(0);
    let merge = WhenHeld::new(|| {
        let held = files(&data.join("generations/000001"));
        let mut writer = IndexWriter::open(&data).expect("a writer");
        for id in 20..400 {
            writer.upsert(&article(id)).expect("written");
            writer.commit().expect("committed");
            let now = files(&data.join("generations/000001"));
            let gone = held
                .keys()
                .filter(|name| name.ends_with(".store") && !now.contains_key(*name))
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
fn a_commit_that_is_held_outlives_its_generation() {
    let home = indexed(30);
    let data = home.path().join("data");
    let replace = WhenHeld::new(|| {
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
fn every_backup_beside_a_job_is_one_commit() {
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
                // One job after the other, so that some merges end at a job's end and some at a commit.
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
            // One of each commit is as good as all of them.
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
        assert_eq!(count as usize % COMMIT_EVERY, 0, "not what a commit had");
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

#[test]
fn an_index_is_replaced_only_on_demand_and_only_when_the_other_is_whole() {
    let home = indexed(10);
    let data = home.path().join("data");
    let (ten, _) = back_up(&data).expect("backed up");
    index(&home, 0..15);
    let index = Index::open(&data).expect("an index");
    let before = files(&data);

    let error = restore(&data, &ten, false).expect_err("there is an index");
    assert!(
        error.kind() == ErrorKind::Invalid && error.to_string().contains("already"),
        "{error}"
    );
    let writer = IndexWriter::open(&data).expect("a writer");
    let error = restore(&data, &ten, true).expect_err("somebody writes");
    assert!(
        error.kind() == ErrorKind::Busy && error.to_string().contains("process "),
        "{error}"
    );
    drop(writer);
    let unpacked =
        Restore::unpack(&data, ten.as_slice(), true, &NoProgress, &GOES_ON).expect("whole");
    assert!(data.join("generations/000002").exists());
    drop(unpacked);
    assert!(files(&data) == before, "something has changed");

    let restored = restore(&data, &ten, true).expect("restored");
    assert_eq!(
        (restored.generation.as_str(), restored.replaced.as_deref()),
        ("000002", Some("000001"))
    );
    assert!(!data.join("generations/000001").exists());
    index.refresh().expect("a running service follows");
    assert_eq!(index.stats().expect("figures").articles, 10);
    assert_eq!(total(&data, "المرفأ"), 10);
}

#[test]
fn an_archive_of_another_version_is_rebuilt_before_it_takes_its_place() {
    let home = indexed(12);
    let data = home.path().join("data");
    let stamp = data.join("generations/000001/stamp.json");
    let written = fs::read_to_string(&stamp).expect("a stamp");
    let with = |name: &str, number: &str| {
        fs::write(
            &stamp,
            written.replace(&format!("\"{name}\":"), &format!("\"{name}\":{number}")),
        )
        .expect("ours");
        back_up(&data).expect("backed up").0
    };
    let other = TempDir::new().expect("a folder");
    let restored = restore(other.path(), &with("analysis", "8"), false).expect("restored");
    assert_eq!(
        (
            restored.generation.as_str(),
            restored.rebuilt.map(|done| done.articles)
        ),
        ("000002", Some(12))
    );
    assert!(!other.path().join("generations/000001").exists());
    assert_eq!(total(other.path(), "المرفأ"), 12);

    let cancelled = AtomicBool::new(true);
    let unpacked = Restore::unpack(
        &data,
        with("analysis", "8").as_slice(),
        true,
        &NoProgress,
        &GOES_ON,
    );
    let before = fs::read_to_string(data.join("CURRENT")).expect("a name");
    assert!(
        unpacked
            .expect("whole")
            .expect("whole")
            .finish(&NoProgress, &cancelled)
            .expect("stopped")
            .is_none()
    );
    assert_eq!(
        fs::read_to_string(data.join("CURRENT")).expect("a name"),
        before
    );
    assert!(!data.join("generations/000002").exists());

    let unreadable = with("schema", "9");
    let another = TempDir::new().expect("a folder");
    let error = restore(another.path(), &unreadable, false).expect_err("fields of the future");
    assert!(
        error
            .to_string()
            .contains("schema version 96, this program reads"),
        "{error}"
    );
    assert!(files(another.path()).is_empty());
}

#[test]
fn a_backup_or_a_restore_can_be_stopped() {
    let home = indexed(10);
    let data = home.path().join("data");
    let (archive, _) = back_up(&data).expect("backed up");
    let before = files(&data);
    let stopped = AtomicBool::new(true);
    assert!(
        backup(
            &data,
            &[],
            (std::io::sink(), Path::new("-")),
            &NoProgress,
            &stopped
        )
        .expect("stopped")
        .is_none()
    );
    assert!(
        inspect(archive.as_slice(), &NoProgress, &stopped)
            .expect("stopped")
            .is_none()
    );
    assert!(
        Restore::unpack(&data, archive.as_slice(), true, &NoProgress, &stopped)
            .expect("stopped")
            .is_none()
    );
    assert!(files(&data) == before, "something has changed");
}

#[test]
fn a_damaged_index_is_not_backed_up() {
    let home = indexed(10);
    let data = home.path().join("data");
    let store = files(&data)
        .into_keys()
        .find(|name| name.ends_with(".store"))
        .expect("a store");
    let whole = fs::read(data.join(&store)).expect("a file");
    let mut flipped = whole.clone();
    flipped[5] ^= 1;
    fs::write(data.join(&store), flipped).expect("our file");
    let error = back_up(&data).map(drop).expect_err("a flipped bit");
    assert!(error.to_string().contains("checksum"), "{error}");
    fs::remove_file(data.join(&store)).expect("our file");
    let error = back_up(&data).map(drop).expect_err("a file less");
    assert!(error.to_string().contains(".store` is missing"), "{error}");
    fs::write(data.join(&store), whole).expect("our file");
    back_up(&data).expect("whole again");
    assert_eq!(
        back_up(home.path()).map(drop).expect_err("no index").kind(),
        ErrorKind::NotFound
    );
}
