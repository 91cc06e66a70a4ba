//! The life of the learnt model: the same articles give the same model in any order and batching, a rebuild learns
//! anew, an index that has outgrown its model is rebuilt by the job that notices. What a model does is tested elsewhere.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use fihrist_index::ingest::{
    IngestJob, IngestReport, Input, NoProgress, Phase, Progress, ProgressUpdate, Rebuild,
};
use fihrist_index::search::{SearchRequest, Stats};
use fihrist_index::{ErrorKind, Index, IndexWriter, RebuildReport, Remedy, rebuild};
use tempfile::TempDir;

/// A word of its own for each number: no model has counted it.
fn invented_word(number: usize) -> String {
    const LETTERS: [char; 8] = ['ظ', 'غ', 'ث', 'ذ', 'ض', 'خ', 'ط', 'ز'];
    (0..5)
        .map(|place| LETTERS[number >> (3 * place) & 7])
        .collect()
}

fn record(id: usize, copy: usize) -> String {
    let (own, shared, again) = (
        invented_word(id),
        invented_word(id % 37 + 9_000),
        invented_word(copy + 20_000),
    );
    format!(
        "{{\"id\": \"{id}\", \"title\": \"خبر عن {own}\", \"body\": \"قال المتحدث إن {shared} و{own} وصلا إلى المدينة. {again}\"}}\n"
    )
}

fn records(ids: impl Iterator<Item = usize>) -> Vec<String> {
    ids.map(|id| record(id, 0)).collect()
}

/// The sample articles as files, and our own as lines.
fn samples() -> Input {
    Input::Path(concat!(env!("CARGO_MANIFEST_DIR"), "/../static/samples").into())
}

fn file(home: &TempDir, name: &str, lines: &[String]) -> Input {
    let path = home.path().join(name);
    fs::write(&path, lines.concat()).expect("written");
    Input::Path(path)
}

fn run(data: &Path, inputs: Vec<Input>) -> IngestReport {
    run_job(data, &IngestJob::new(inputs), &NoProgress)
}

fn run_job(data: &Path, job: &IngestJob, progress: &dyn Progress) -> IngestReport {
    let mut writer = IndexWriter::open(data).expect("a writer");
    let report = job.run(&mut writer, progress).expect("a report");
    writer.finish().expect("finished");
    report
}

fn run_without_rebuild(data: &Path, inputs: Vec<Input>) -> IngestReport {
    let mut job = IngestJob::new(inputs);
    job.rebuilds = false;
    run_job(data, &job, &NoProgress)
}

fn rebuilt(data: &Path) -> RebuildReport {
    rebuild(data, &NoProgress, &AtomicBool::new(false))
        .expect("rebuilt")
        .expect("not cancelled")
}

fn stats(data: &Path) -> Stats {
    Index::open(data)
        .expect("an index")
        .stats()
        .expect("figures")
}

fn total(data: &Path, query: &str) -> u64 {
    let request = SearchRequest {
        limit: 1,
        ..SearchRequest::new(query)
    };
    Index::open(data)
        .expect("an index")
        .search(&request)
        .expect("an answer")
        .total
}

#[test]
fn the_same_corpus_in_any_order_gives_the_same_model() {
    let home = TempDir::new().expect("a directory");
    let forward = records(0..400);
    let backward: Vec<_> = forward.iter().rev().cloned().collect();
    let twice: Vec<_> = forward.iter().chain(&forward[100..300]).cloned().collect();
    let orders = [
        vec![samples(), file(&home, "forward.jsonl", &forward)],
        vec![file(&home, "backward.jsonl", &backward), samples()],
        vec![
            file(&home, "half.jsonl", &backward[..150]),
            samples(),
            file(&home, "twice.jsonl", &twice),
        ],
    ];
    let hashes = orders.map(|inputs| {
        let data = TempDir::new().expect("a directory");
        let report = run(data.path(), inputs);
        assert_eq!(report.rebuild, Rebuild::NotDue);
        let figures = stats(data.path());
        assert_eq!(figures.learnt.articles, figures.articles);
        figures.model_hash
    });
    assert!(hashes.iter().all(|hash| *hash == hashes[0]), "{hashes:?}");
}

#[test]
fn the_same_corpus_in_any_batches_gives_the_same_model_after_a_rebuild() {
    let home = TempDir::new().expect("a directory");
    let all = records(0..400);
    let whole = TempDir::new().expect("a directory");
    run(
        whole.path(),
        vec![file(&home, "all.jsonl", &all), samples()],
    );
    let expected = stats(whole.path());

    let (small, rest) = (
        file(&home, "small.jsonl", &all[..20]),
        file(&home, "rest.jsonl", &all[20..]),
    );
    let (first, second) = (
        file(&home, "first.jsonl", &all[..250]),
        file(&home, "second.jsonl", &all[250..]),
    );
    for batches in [
        [vec![small], vec![samples()], vec![rest]],
        [vec![samples()], vec![second, first], vec![]],
    ] {
        let data = TempDir::new().expect("a directory");
        for inputs in batches {
            run_without_rebuild(data.path(), inputs);
        }
        assert_ne!(
            stats(data.path()).model_hash,
            expected.model_hash,
            "learnt from the first batch alone"
        );
        let rebuilt = rebuilt(data.path());
        let figures = stats(data.path());
        assert_eq!(
            (&figures.model_hash, figures.learnt),
            (&expected.model_hash, expected.learnt)
        );
        assert_eq!(
            (&rebuilt.model_hash, rebuilt.articles),
            (&expected.model_hash, expected.articles)
        );
        assert_ne!(rebuilt.old_model_hash, rebuilt.model_hash);
    }
}

#[test]
fn only_the_last_copy_of_an_article_is_learnt_from() {
    let home = TempDir::new().expect("a directory");
    let last = records(0..60);
    // Copies 1 and 2 of every other article before the one that counts; of some, that very copy before them as well.
    let mut lines = records((0..60).step_by(4));
    lines.extend(
        (0..60)
            .step_by(2)
            .flat_map(|id| [record(id, 1), record(id, 2), record(id, 1)]),
    );
    lines.extend(last.iter().cloned());
    lines.extend(last[..10].iter().cloned());

    let (clean, replaced) = (
        TempDir::new().expect("a directory"),
        TempDir::new().expect("a directory"),
    );
    run(clean.path(), vec![file(&home, "last.jsonl", &last)]);
    run(replaced.path(), vec![file(&home, "lines.jsonl", &lines)]);
    let figures = stats(replaced.path());
    assert_eq!(
        (&figures.model_hash, figures.learnt),
        (&stats(clean.path()).model_hash, stats(clean.path()).learnt)
    );
    assert_eq!(
        rebuilt(replaced.path()).model_hash,
        figures.model_hash,
        "both count by the same rules"
    );
}

#[test]
fn a_model_learns_what_the_base_model_does_not_know() {
    let home = TempDir::new().expect("a directory");
    let word = invented_word(31_000);
    let lines: Vec<_> = (0..40)
        .map(|id| format!("{{\"id\": \"{id}\", \"title\": \"{word}\", \"body\": \"زار ال{word} أمس ثم ال{word}.\"}}\n"))
        .collect();
    let data = home.path().join("data");
    run(&data, vec![file(&home, "articles.jsonl", &lines)]);
    let model_count = Index::open(&data)
        .expect("an index")
        .analyzer()
        .model()
        .count(&word);
    assert!(model_count >= 38, "{model_count}");
    assert_eq!(total(&data, &format!("وال{word}")), 40);
}

#[test]
fn a_collection_that_has_outgrown_its_model_is_rebuilt_by_the_job_that_notices() {
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
            "199 of 50"
        );
    }
    let Rebuild::Due(growth) = run_without_rebuild(&unwilling, vec![last.clone()]).rebuild else {
        panic!("200 of 50")
    };
    assert_eq!((growth.articles, growth.learnt_articles), (200, 50));
    let Rebuild::Done(rebuilt) = run(&data, vec![last.clone()]).rebuild else {
        panic!("200 of 50")
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

    // The articles are the same to the last byte, and so is the model.
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
fn an_index_of_another_version_is_rebuilt_and_a_damaged_model_as_well() {
    let home = TempDir::new().expect("a directory");
    let data = home.path().join("data");
    run(&data, vec![file(&home, "articles.jsonl", &records(0..30))]);
    let expected = stats(&data).model_hash;
    let generation = |name: &str| {
        data.join("generations")
            .join(current_name(&data))
            .join(name)
    };
    let refused = |says: &str| {
        let error = Index::open(&data).err().expect("a refusal");
        assert_eq!(error.kind(), ErrorKind::Incompatible);
        assert!(error.to_string().contains(says), "{error}");
        assert_eq!(error.remedy(), Some(Remedy::Rebuild));
    };
    for (ours, theirs, says) in [
        ("\"analysis\":", "\"analysis\":9", "analysis version 9"),
        ("\"schema\":6", "\"schema\":1", "schema version 1"),
    ] {
        let stamp = generation("stamp.json");
        let written = fs::read_to_string(&stamp).expect("a stamp");
        fs::write(&stamp, written.replace(ours, theirs)).expect("written");
        refused(says);
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
    // A whole model, of another corpus.
    let other = TempDir::new().expect("a directory");
    run(
        other.path(),
        vec![file(&home, "other.jsonl", &records(30..60))],
    );
    fs::copy(other.path().join("generations/000001/model"), &model).expect("copied");
    refused("has hash");
    assert_eq!(rebuilt(&data).model_hash, expected);
    assert_eq!(stats(&data).articles, 30);

    // Either file is enough to read the articles.
    fs::remove_file(generation("words")).expect("removed");
    assert_eq!(rebuilt(&data).model_hash, expected);
    fs::write(generation("model"), b"").expect("written");
    assert_eq!(rebuilt(&data).model_hash, expected);
    assert_eq!(
        (stats(&data).articles, total(&data, &invented_word(3))),
        (30, 1)
    );

    let stamp = generation("stamp.json");
    let written = fs::read_to_string(&stamp).expect("a stamp");
    fs::write(&stamp, written.replace("\"schema\":6", "\"schema\":9")).expect("written");
    let error = rebuild(&data, &NoProgress, &AtomicBool::new(false)).expect_err("a refusal");
    assert!(error.to_string().contains("schema version 9"), "{error}");
    assert_eq!(error.remedy(), Some(Remedy::IndexAgain));
}

/// The current generation, of an index that cannot be opened.
fn current_name(data: &Path) -> String {
    fs::read_to_string(data.join("CURRENT"))
        .expect("a name")
        .trim()
        .to_owned()
}

#[test]
fn a_rebuild_that_is_cancelled_or_killed_leaves_the_index_as_it_was() {
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
    // What a killed rebuild leaves: the next generation, half written.
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
        // The files of what it has open are gone.
        let figures = index.stats().expect("figures");
        assert!(
            figures.generation != generation && figures.size_bytes >= size / 2,
            "{figures:?}"
        );
        index.refresh().expect("refreshed");
        assert_eq!(index.stats().expect("figures").generation, generation);
    }
    // A folder that was emptied and filled again has the names of before.
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
            .spawn(|| (0..8).for_each(|_| drop(rebuilt(data))))
            .join();
        is_over.store(true, Ordering::Relaxed);
        rebuilding.expect("no failure");
        opening.join().expect("no failure");
        let index = refreshing.join().expect("no failure");
        index.refresh().expect("refreshed");
        assert_eq!(index.stats().expect("figures").generation, "000009");
    });
    // At most what the readers held up is left, and the next writer removes it.
    drop(IndexWriter::open(&data).expect("a writer"));
    assert_eq!(
        fs::read_dir(data.join("generations"))
            .expect("generations")
            .count(),
        1
    );
}

#[test]
fn there_is_nothing_to_rebuild_where_there_is_no_index() {
    let home = TempDir::new().expect("a directory");
    let data = home.path().join("data");
    let error = rebuild(&data, &NoProgress, &AtomicBool::new(false)).expect_err("a refusal");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(!data.exists());
}
