//! `CURRENT` is missing, unreadable, or names the wrong generation: nothing is written or removed,
//! and the error says which generation to name.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use fihrist_index::ingest::NoProgress;
use fihrist_index::{Error, ErrorKind, Index, IndexWriter, Remedy, rebuild};
use tempfile::TempDir;

use crate::support::articles::article;
use crate::support::backups::{back_up, files, restore};
use crate::support::indexes::{rebuilt, stats};

/// Writes articles with these ids.
fn write(writer: &mut IndexWriter, ids: std::ops::Range<usize>) {
    for id in ids {
        let article = article(&id.to_string(), "قارب", "عاد القارب إلى المرفأ.");
        writer.upsert(&article).expect("written");
    }
    writer.commit().expect("committed");
}

/// Returns an index of five articles.
fn indexed() -> TempDir {
    let data = TempDir::new().expect("a directory");
    let mut writer = IndexWriter::open(data.path()).expect("a writer");
    write(&mut writer, 0..5);
    writer.finish().expect("finished");
    data
}

/// Writes two articles to a new generation, and returns a copy of the index as a killed writer would
/// leave it.
fn killed(data: &Path) -> TempDir {
    let copy = TempDir::new().expect("a directory");
    let mut writer = IndexWriter::open_fresh(data).expect("a writer");
    write(&mut writer, 0..2);
    for (name, content) in files(data) {
        let path = copy.path().join(&name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("created");
        if !name.ends_with('/') {
            fs::write(path, content).expect("written");
        }
    }
    copy
}

/// Asserts that `CURRENT` is reported as lost by every call, and that no call changes a file.
fn check_lost(data: &Path, generation: &str, part: &str) {
    let before = files(data);
    let mut errors = vec![
        Index::open(data).err().expect("a refusal"),
        IndexWriter::open(data).err().expect("a refusal"),
        IndexWriter::open_fresh(data).err().expect("a refusal"),
        rebuild(data, &NoProgress, &AtomicBool::new(false)).expect_err("a refusal"),
        back_up(data).map(drop).expect_err("a refusal"),
    ];
    let other = indexed();
    let (archive, _) = back_up(other.path()).expect("backed up");
    errors.extend([true, false].map(|replaces| {
        restore(data, &archive, replaces)
            .map(|_| ())
            .expect_err("a refusal")
    }));
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
        assert_eq!(error.remedy(), Some(Remedy::NameGeneration), "{error}");
        assert!(
            matches!(&error, Error::CurrentLost { generation: named, .. } if named == generation),
            "{error}"
        );
        assert!(error.to_string().contains(part), "{error}");
    }
    assert!(files(data) == before, "a file was changed");
}

#[test]
fn nothing_happens_until_current_names_a_generation_again() {
    let data = indexed();
    let data = data.path();
    rebuilt(data);
    let current = data.join("CURRENT");
    assert_eq!(fs::read_to_string(&current).expect("a name"), "000002\n");
    for (content, part) in [
        ("", "is empty"),
        ("\n", "is empty"),
        ("000007\n", "names `000007`, which does not exist"),
        ("../data", "does not hold the name of a generation"),
        ("\u{fffd}\0\0", "does not hold the name of a generation"),
    ] {
        fs::write(&current, content).expect("written");
        check_lost(data, "000002", part);
    }
    fs::remove_file(&current).expect("removed");
    check_lost(data, "000002", "is missing");
    // The advice helps.
    fs::write(&current, "000002\n").expect("written");
    assert_eq!(stats(data).articles, 5);
}

#[test]
fn an_open_index_answers_and_an_open_writer_stops_while_current_is_lost() {
    let data = indexed();
    let data = data.path();
    let index = Index::open(data).expect("an index");
    let mut writer = IndexWriter::open(data).expect("a writer");
    let current = data.join("CURRENT");
    fs::remove_file(&current).expect("removed");
    writer
        .upsert(&article("9", "قارب", "غادر القارب."))
        .expect("written");
    for error in [
        writer.commit().expect_err("a refusal"),
        index.refresh().expect_err("a refusal"),
    ] {
        assert_eq!(error.remedy(), Some(Remedy::NameGeneration), "{error}");
    }
    assert_eq!(index.stats().expect("figures").articles, 5);
    fs::write(&current, "000001\n").expect("written");
    writer.commit().expect("committed");
    index.refresh().expect("refreshed");
    assert_eq!(index.stats().expect("figures").articles, 6);
}

#[test]
fn a_first_generation_that_was_never_finished_is_no_index() {
    let empty = TempDir::new().expect("a directory");
    let data = killed(empty.path());
    let data = data.path();
    assert!(data.join("generations/000001").exists());
    assert!(matches!(Index::open(data), Err(Error::NoIndex(_))));
    let mut writer = IndexWriter::open(data).expect("a writer");
    assert!(!data.join("generations/000001").exists());
    write(&mut writer, 0..2);
    writer.finish().expect("finished");
    assert_eq!(stats(data).articles, 2);
}

#[test]
fn an_unfinished_generation_is_never_current() {
    let data = killed(indexed().path());
    let data = data.path();
    fs::write(data.join("CURRENT"), "000002\n").expect("written");
    check_lost(data, "000001", "names `000002`, which is unfinished");
}

#[test]
fn a_generation_that_was_current_is_no_leftover() {
    let data = indexed();
    let data = data.path();
    let old = data.join("generations/000001");
    let kept = files(&old);
    rebuilt(data);
    fs::create_dir(&old).expect("created");
    for (name, content) in kept {
        fs::write(old.join(name), content).expect("written");
    }
    fs::write(data.join("CURRENT"), "000001\n").expect("written");
    check_lost(data, "000002", "names `000001`, but `000002` is newer");
    fs::write(data.join("CURRENT"), "000002\n").expect("written");
    drop(IndexWriter::open(data).expect("a writer"));
    assert!(!old.exists());
}

#[test]
fn a_killed_writer_leaves_the_old_or_the_new_generation() {
    let data = killed(indexed().path());
    let data = data.path();
    // The first step of three.
    fs::write(data.join("CURRENT.next"), "000002\n").expect("written");
    assert_eq!(stats(data).generation, "000001");
    // The second step.
    fs::remove_file(data.join("generations/000002/UNFINISHED")).expect("removed");
    assert_eq!(stats(data).generation, "000002");
    fs::write(data.join("CURRENT.tmp"), "00").expect("written");
    fs::write(data.join("generations/000002/graph.tmp"), "").expect("written");
    fs::create_dir(data.join("generations/000000.removed")).expect("created");
    drop(IndexWriter::open(data).expect("a writer"));
    let names: Vec<String> = files(data).into_keys().collect();
    for left in ["CURRENT.", "generations/000001", "graph.tmp", "removed"] {
        assert!(!names.iter().any(|name| name.contains(left)), "{names:?}");
    }
    assert_eq!(
        fs::read_to_string(data.join("CURRENT")).expect("a name"),
        "000002\n"
    );
    assert_eq!(stats(data).articles, 2);
}

#[test]
fn a_missing_index_may_be_begun_again_on_demand() {
    let data = indexed();
    let data = data.path();
    fs::remove_dir_all(data.join("generations")).expect("removed");
    let error = IndexWriter::open(data).err().expect("a refusal");
    assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
    let mut writer = IndexWriter::open_fresh(data).expect("a writer");
    write(&mut writer, 0..2);
    writer.finish().expect("finished");
    assert_eq!(stats(data).articles, 2);
}
