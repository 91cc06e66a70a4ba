//! Learning: the same articles give the same model in any order and in any batches.

use fihrist_index::Index;
use fihrist_index::ingest::Rebuild;
use tempfile::TempDir;

use super::{file, invented_word, record, records, run, run_without_rebuild, samples};
use crate::support::indexes::{rebuilt, stats, total};

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
            "the model is learnt from the first batch alone"
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
    // Copies 1 and 2 of every other article come before the last copy. Of some articles, the last
    // copy comes first as well.
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
