//! When an index is rebuilt, and what a rebuild keeps.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use fihrist_index::ingest::{IngestJob, NoProgress, Rebuild};
use fihrist_index::{ErrorKind, Index, Remedy, rebuild};
use tempfile::TempDir;

use super::{file, invented_word, record, records, run, run_without_rebuild, samples};
use crate::support::indexes::{rebuilt, run_job, set_in_stamp, stats, total};

#[test]
fn a_job_that_outgrows_the_model_rebuilds_the_index() {
    let home = TempDir::new().expect("a directory");
    let (data, unwilling) = (home.path().join("data"), home.path().join("unwilling"));
    let (few, some) = (
        file(&home, "few.jsonl", &records(0..50)),
        file(&home, "some.jsonl", &records(50..199)),
    );
    let last = file(&home, "last.jsonl", &records(199..200));
    for data in [&data, &unwilling] {
        run(data, vec![few.clone()]);
        assert_eq!(
            run(data, vec![some.clone()]).rebuild,
            Rebuild::NotDue,
            "199 articles are less than four times 50"
        );
    }
    let Rebuild::Due(growth) = run_without_rebuild(&unwilling, vec![last.clone()]).rebuild else {
        panic!("200 articles are four times 50")
    };
    assert_eq!((growth.articles, growth.learnt_articles), (200, 50));
    let Rebuild::Done(rebuilt) = run(&data, vec![last.clone()]).rebuild else {
        panic!("200 articles are four times 50")
    };
    let figures = stats(&data);
    assert_eq!(
        (
            figures.articles,
            figures.learnt,
            figures.generation.as_str()
        ),
        (200, rebuilt.learnt, "000002")
    );
    assert_eq!(rebuilt.learnt.articles, 200);
    assert!(!data.join("generations/000001").exists());

    // The articles are the same, byte for byte, so the model is the same.
    let again = run(&data, vec![few, some, last]);
    assert_eq!(
        (again.indexed, again.unchanged, again.rebuild),
        (0, 200, Rebuild::NotDue)
    );
    assert_eq!(stats(&data).model_hash, figures.model_hash);
}

#[test]
fn a_rebuild_keeps_articles_and_deletions() {
    let home = TempDir::new().expect("a directory");
    let data = home.path().join("data");
    let mut job = IngestJob::new(vec![file(&home, "a.jsonl", &records(0..300)), samples()]);
    job.commit_every = 40;
    run_job(&data, &job, &NoProgress);
    run(
        &data,
        vec![file(
            &home,
            "b.jsonl",
            &(0..100).map(|id| record(id, 5)).collect::<Vec<_>>(),
        )],
    );
    let searches = [
        invented_word(7),
        invented_word(20_005),
        invented_word(20_000),
        "\"وقف إطلاق النار\"".to_owned(),
    ];
    let totals = || {
        searches
            .iter()
            .map(|query| total(&data, query))
            .collect::<Vec<_>>()
    };
    let before = totals();
    assert_eq!(before[1..3], [100, 200]);
    rebuilt(&data);
    assert_eq!(totals(), before);
}

#[test]
fn a_rebuild_repairs_another_version_and_a_damaged_model() {
    let home = TempDir::new().expect("a directory");
    let data = home.path().join("data");
    run(&data, vec![file(&home, "articles.jsonl", &records(0..30))]);
    let expected = stats(&data).model_hash;
    let generation = |name: &str| {
        data.join("generations")
            .join(current_name(&data))
            .join(name)
    };
    let refused = |part: &str| {
        let error = Index::open(&data).err().expect("a refusal");
        assert_eq!(error.kind(), ErrorKind::Incompatible);
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!(error.remedy(), Some(Remedy::Rebuild));
    };
    for (field, version, part) in [
        ("analysis", 98, "analysis version 98"),
        ("schema", 1, "format 1"),
    ] {
        set_in_stamp(&generation(""), field, version);
        refused(part);
        assert_eq!(rebuilt(&data).model_hash, expected);
        assert_eq!(total(&data, &invented_word(3)), 1);
    }

    let model = generation("model");
    let mut bytes = fs::read(&model).expect("a model");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    fs::write(&model, &bytes).expect("written");
    refused("model");
    fs::remove_file(&model).expect("removed");
    refused("model");
    // This model is undamaged but belongs to another corpus.
    let other = TempDir::new().expect("a directory");
    run(
        other.path(),
        vec![file(&home, "other.jsonl", &records(30..60))],
    );
    fs::copy(other.path().join("generations/000001/model"), &model).expect("copied");
    refused("has hash");
    assert_eq!(rebuilt(&data).model_hash, expected);
    assert_eq!(stats(&data).articles, 30);

    // Either the model or the words are enough to read the articles.
    fs::remove_file(generation("words")).expect("removed");
    assert_eq!(rebuilt(&data).model_hash, expected);
    fs::write(generation("model"), b"").expect("written");
    assert_eq!(rebuilt(&data).model_hash, expected);
    assert_eq!(
        (stats(&data).articles, total(&data, &invented_word(3))),
        (30, 1)
    );

    set_in_stamp(&generation(""), "schema", 99);
    let error = rebuild(&data, &NoProgress, &AtomicBool::new(false)).expect_err("a refusal");
    assert!(error.to_string().contains("format 99"), "{error}");
    assert_eq!(error.remedy(), Some(Remedy::UseNewerVersion));
}

/// Returns the name of the current generation of an index that cannot be opened.
fn current_name(data: &Path) -> String {
    fs::read_to_string(data.join("CURRENT"))
        .expect("a name")
        .trim()
        .to_owned()
}
