//! Damage to the small files of a generation: which damage is survived, and which is an error.

use std::fs;
use std::path::{Path, PathBuf};

use fihrist_index::ingest::{IngestJob, Input, NoProgress};
use fihrist_index::{Error, ErrorKind, Index, IndexWriter, Remedy};
use tempfile::TempDir;

use crate::support::articles::article;
use crate::support::indexes::{rebuilt, run_job, stats, strict_total};

/// A way to damage a file.
type Damage = (&'static str, fn(&Path));

const DAMAGES: [Damage; 5] = [
    ("flipped", |path| {
        let mut bytes = fs::read(path).expect("a file");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 4;
        fs::write(path, bytes).expect("written");
    }),
    ("cut", |path| {
        let bytes = fs::read(path).expect("a file");
        fs::write(path, &bytes[..bytes.len() - 5]).expect("written");
    }),
    ("empty", |path| fs::write(path, "").expect("written")),
    ("garbage", |path| {
        fs::write(path, "ليس هذا من ملفات الفهرس").expect("written");
    }),
    ("deleted", |path| fs::remove_file(path).expect("removed")),
];

/// Returns an index of some articles, and the directory of its generation.
fn indexed(home: &TempDir) -> (PathBuf, PathBuf) {
    let lines: String = (0..12)
        .map(|id| {
            format!("{{\"id\": \"{id}\", \"title\": \"قارب {id}\", \"body\": \"عاد القارب إلى المرفأ مساء.\"}}\n")
        })
        .collect();
    let file = home.path().join("articles.jsonl");
    fs::write(&file, lines).expect("written");
    let data = home.path().join("data");
    run_job(&data, &IngestJob::new(vec![Input::Path(file)]), &NoProgress);
    (data.clone(), data.join("generations/000001"))
}

/// Damages a file in each way, and calls `check` with the data directory and the path of the file.
fn for_each_damage(name: &str, check: impl Fn(&str, &Path, &Path)) {
    for (how, damage) in DAMAGES {
        let home = TempDir::new().expect("a directory");
        let (data, generation) = indexed(&home);
        let path = generation.join(name);
        damage(&path);
        check(how, &data, &path);
    }
}

/// Writes another article to the index.
fn write_another(data: &Path) {
    let mut writer = IndexWriter::open(data).expect("a writer");
    writer
        .upsert(&article("12", "قارب آخر", "عاد القارب الآخر إلى المرفأ."))
        .expect("written");
    writer.commit().expect("committed");
    writer.finish().expect("finished");
}

#[test]
fn files_that_can_be_derived_are_not_needed() {
    for (name, is_mended) in [
        ("recurring", true),
        ("graph", false),
        ("ledger", false),
        ("words", true),
        ("stamp.json", true),
    ] {
        for_each_damage(name, |how, data, path| {
            let case = format!("{name} {how}");
            assert_eq!(strict_total(data, "المرفأ"), 12, "{case}");
            let damaged = fs::read(path).ok();
            write_another(data);
            assert_eq!(strict_total(data, "المرفأ"), 13, "{case}");
            assert_eq!(fs::read(path).ok() != damaged, is_mended, "{case}");
            rebuilt(data);
            assert_eq!(strict_total(data, "المرفأ"), 13, "{case}");
        });
    }
}

#[test]
fn a_mended_file_is_the_one_that_was_damaged() {
    for name in ["words", "stamp.json"] {
        let home = TempDir::new().expect("a directory");
        let (data, generation) = indexed(&home);
        let whole = fs::read(generation.join(name)).expect("a file");
        fs::remove_file(generation.join(name)).expect("removed");
        write_another(&data);
        assert_eq!(fs::read(generation.join(name)).expect("a file"), whole);
    }
}

#[test]
fn the_next_job_reads_all_files_again_without_its_ledger() {
    for_each_damage("ledger", |how, data, _| {
        let file = data.with_file_name("articles.jsonl");
        let job = IngestJob::new(vec![Input::Path(file)]);
        let report = run_job(data, &job, &NoProgress);
        assert_eq!((report.indexed, report.unchanged), (0, 12), "{how}");
        assert_eq!(report.unchanged_files, 0, "{how}");
        let report = run_job(data, &job, &NoProgress);
        assert_eq!(report.unchanged_files, 1, "{how}");
    });
}

#[test]
fn an_index_without_its_model_is_rebuilt_from_the_words() {
    for_each_damage("model", |how, data, path| {
        for error in [
            Index::open(data).err().expect("a refusal"),
            IndexWriter::open(data).err().expect("a refusal"),
        ] {
            assert_eq!(error.kind(), ErrorKind::Incompatible, "{how}");
            assert_eq!(error.remedy(), Some(Remedy::Rebuild), "{how}");
            assert!(error.to_string().contains("model"), "{how}: {error}");
        }
        // Without model and words, the texts cannot be decoded.
        let words = path.with_file_name("words");
        let whole = fs::read(&words).expect("words");
        fs::write(&words, "").expect("written");
        let error = Index::open(data).err().expect("a refusal");
        assert!(
            matches!(&error, Error::Damaged { file, .. } if file == path),
            "{how}: {error}"
        );
        assert_eq!(error.remedy(), Some(Remedy::Salvage), "{how}");
        fs::write(&words, whole).expect("written");
        rebuilt(data);
        assert_eq!(stats(data).articles, 12, "{how}");
        assert_eq!(strict_total(data, "المرفأ"), 12, "{how}");
    });
}
