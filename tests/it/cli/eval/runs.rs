//! Runs on disk: written, scored and compared, without an index.

use std::fs;

use super::{RUN, check_means, indexed, with_a_run};

#[test]
fn a_written_run_scores_the_same() {
    let workspace = indexed();
    let run = [
        "eval",
        "--queries",
        "queries.jsonl",
        "--qrels",
        "qrels.tsv",
        "--run",
        "out.run",
        "--json",
    ];
    let run = workspace.run(&run).ends_with(0);
    let written = fs::read_to_string(workspace.path("out.run")).expect("a run");
    let columns: Vec<Vec<&str>> = written
        .lines()
        .map(|line| line.split(' ').collect())
        .collect();
    assert_eq!(
        columns.len(),
        3,
        "three queries with one hit each: {written}"
    );
    for columns in columns {
        let [_, "Q0", _, "1", score, "fihrist"] = columns[..] else {
            panic!("no line of a run: {columns:?}")
        };
        assert!(
            score.parse().is_ok_and(|score: f64| score > 0.0),
            "{columns:?}"
        );
    }
    let again = [
        "eval",
        "--qrels",
        "qrels.tsv",
        "--score",
        "out.run",
        "--against",
        "out.run",
        "--json",
    ];
    let again = workspace.run(&again).ends_with(0);
    assert_eq!(again.json()["metrics"], run.json()["metrics"]);
    for name in ["nDCG@10", "MRR@10", "P@1", "Recall@100"] {
        let metric = &again.json()["against"]["metrics"][name];
        assert_eq!(
            (&metric["p"], &metric["difference"], &metric["ties"]),
            (&1.0.into(), &0.0.into(), &4.into())
        );
    }
}

#[test]
fn scores_a_run() {
    // a  d5 before d1: 1 / log₂ 3 = 0.6309298, 1/2, 0, 1
    // b  d2, d7, d1: (1 + 1 / log₂ 4) / (1 + 1 / log₂ 3) = 0.9197208, 1, 1, 1
    // c  left out: 0, 0, 0, 0
    let means = [(0.630_929_8 + 0.919_720_8) / 3.0, 0.5, 1.0 / 3.0, 2.0 / 3.0];
    let run = with_a_run()
        .run(&["eval", "--qrels", "qrels.txt", "--score", "a.run", "--json"])
        .ends_with(0);
    check_means(&run.json(), means);
    assert_eq!(run.json()["queries_without_hits"], 1, "{run}");
    assert!(
        run.json()["elapsed_ms"].is_null(),
        "nothing was timed: {run}"
    );
}

#[test]
fn compares_two_runs() {
    // `b.run` ranks the relevant document of query `a` first and is otherwise equal to `a.run`. So
    // `a.run` loses one query and ties on two. The randomization test changes the sign of the only
    // difference but not its size, so p = 1.
    let workspace = with_a_run();
    workspace.write("b.run", RUN.replace("a Q0 d1 1 2 x", "a Q0 d1 1 4 x"));
    let arguments = [
        "eval",
        "--qrels",
        "qrels.txt",
        "--score",
        "a.run",
        "--against",
        "b.run",
    ];
    let run = workspace
        .run(&[&arguments[..], &["--json"]].concat())
        .ends_with(0);
    let against = &run.json()["against"];
    assert_eq!(against["run"], "b.run");
    let metric = &against["metrics"]["nDCG@10"];
    let difference = metric["difference"].as_f64().expect("a number");
    assert!(
        (difference - (0.630_929_8 - 1.0) / 3.0).abs() < 5e-6,
        "{run}"
    );
    assert_eq!(
        (
            &metric["p"],
            &metric["wins"],
            &metric["ties"],
            &metric["losses"]
        ),
        (&1.0.into(), &0.into(), &2.into(), &1.into())
    );
    assert_eq!(against["metrics"]["Recall@100"]["difference"], 0.0);

    let run = workspace.run(&arguments).ends_with(0);
    for said in ["against b.run", "its mean", "-0.1230", "1.0000"] {
        assert!(run.stdout.contains(said), "no `{said}` in {run}");
    }
    let below = run.stdout.split("against").nth(1).expect("the comparison");
    let widths: Vec<usize> = below
        .lines()
        .skip(2)
        .map(|line| line.chars().count())
        .collect();
    assert_eq!(widths.len(), 5, "a heading and four metrics: {run}");
    assert!(
        widths.windows(2).all(|pair| pair[0] == pair[1]),
        "columns do not line up: {run}"
    );
}
