//! Backups and restores: an archive holds one whole commit, and a restore replaces an index with it
//! or changes nothing.

mod concurrency;
mod damaged;

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use fihrist_index::backup::{Restore, backup, inspect};
use fihrist_index::progress::NoProgress;
use fihrist_index::{Article, ErrorKind, Index, IndexWriter};
use tempfile::TempDir;

use crate::support::articles::untitled;
use crate::support::backups::{GOES_ON, back_up, files, index, indexed, restore};
use crate::support::indexes::{set_in_stamp, stats, total};

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
    // Every file is restored byte for byte, except the files of segments and their list. Those get
    // or lose page checksums.
    let generation = |data: &Path| {
        let mut files = files(&data.join("generations/000001"));
        files.retain(|name, _| !name.contains('.') || name == "stamp.json");
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
    ] {
        assert!(generation(&other).contains_key(name), "{name}");
    }
}

#[test]
fn a_restored_index_takes_writes_and_merges_remove_its_old_files() {
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
    // Opening the index removes the files that the last merge replaced.
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
        .filter(|name| name.ends_with(".cfs"))
        .any(|name| !after.contains_key(name));
    assert!(
        gone,
        "the segments from the archive were never merged away: {:?}",
        after.keys()
    );
}

fn article(id: usize) -> Article {
    untitled(&id.to_string(), format!("عاد القارب {id} إلى المرفأ."))
}

#[test]
fn an_index_is_replaced_only_on_demand_and_only_by_a_whole_archive() {
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
    let error = restore(&data, &ten, true).expect_err("a writer is open");
    assert!(
        error.kind() == ErrorKind::Busy && error.to_string().contains("process "),
        "{error}"
    );
    drop(writer);
    let unpacked =
        Restore::unpack(&data, ten.as_slice(), true, &NoProgress, &GOES_ON).expect("whole");
    assert!(data.join("generations/000002").exists());
    drop(unpacked);
    assert!(files(&data) == before, "the index has changed");

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
fn an_archive_of_another_version_is_rebuilt_before_it_replaces_the_index() {
    let home = indexed(12);
    let data = home.path().join("data");
    let with_version = |name: &str, number: u32| {
        set_in_stamp(&data.join("generations/000001"), name, number);
        back_up(&data).expect("backed up").0
    };
    let other = TempDir::new().expect("a folder");
    let restored = restore(other.path(), &with_version("analysis", 98), false).expect("restored");
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
        with_version("analysis", 98).as_slice(),
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

    let unreadable = with_version("schema", 99);
    let another = TempDir::new().expect("a folder");
    let error = restore(another.path(), &unreadable, false).expect_err("a later schema");
    assert!(
        error
            .to_string()
            .contains("schema version 99, this program reads"),
        "{error}"
    );
    assert!(files(another.path()).is_empty());
}

#[test]
fn a_backup_or_a_restore_can_be_cancelled() {
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
    assert!(files(&data) == before, "the index has changed");
}

#[test]
fn a_damaged_index_is_not_backed_up() {
    let home = indexed(10);
    let data = home.path().join("data");
    let store = files(&data)
        .into_keys()
        .find(|name| name.ends_with(".cfs"))
        .expect("a compound file");
    let whole = fs::read(data.join(&store)).expect("a file");
    let mut flipped = whole.clone();
    flipped[5] ^= 1;
    fs::write(data.join(&store), flipped).expect("our file");
    let error = back_up(&data).map(drop).expect_err("a flipped bit");
    assert!(error.to_string().contains("checksum"), "{error}");
    fs::remove_file(data.join(&store)).expect("our file");
    let error = back_up(&data).map(drop).expect_err("a missing file");
    assert!(error.to_string().contains("is missing"), "{error}");
    fs::write(data.join(&store), whole).expect("our file");
    back_up(&data).expect("whole again");
    assert_eq!(
        back_up(home.path()).map(drop).expect_err("no index").kind(),
        ErrorKind::NotFound
    );
}
