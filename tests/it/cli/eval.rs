//! `fihrist eval` from outside, on a corpus so small that every figure is worked out by hand.

use std::fs;

use serde_json::Value;

use super::command::{Run, Workspace};

const ARTICLES: &str = r#"{"id": "wool", "title": "سوق الصوف", "body": "باع الرعاة صوف الخراف في السوق."}
{"id": "honey", "title": "موسم العسل", "body": "جمع النحالون العسل من الجبل قبل المطر."}
{"id": "clock", "title": "ساعة الميدان", "body": "أصلح العمال ساعة الميدان بعد عام."}
{"id": "bridge", "title": "جسر خشبي", "body": "عبر التلاميذ جسراً من خشب إلى المدرسة."}
"#;
/// `late` asks for what is not relevant to it; `unjudged` has no relevant article and `unknown` no judgment.
const QUERIES: &str = r#"{"id": "wool", "text": "الصوف"}
{"id": "sweet", "text": "العسل"}
{"id": "late", "text": "ساعة"}
{"id": "unjudged", "text": "المطر"}
{"id": "unknown", "text": "المدرسة"}
"#;
/// `never asked` is not among the queries.
const QRELS: &str = "wool\twool\t1\nsweet\thoney\t1\nsweet\tbridge\t2\nlate\tbridge\t1\nunjudged\thoney\t0\nnever asked\twool\t1\n";

/// The ranks and scores disagree, and three scores are equal: the order of the lines decides. Nothing for `c`.
const RUN: &str = "a Q0 d1 1 2 x\na Q0 d5 2 3 x\nb Q0 d2 3 1 x\nb Q0 d7 2 1 x\nb Q0 d1 1 1 x\n";
const RUN_QRELS: &str = "a 0 d1 1\nb 0 d1 1\nb 0 d2 1\nc 0 d9 1\n";

fn indexed() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("articles.jsonl", ARTICLES);
    workspace.write("queries.jsonl", QUERIES);
    workspace.write("qrels.tsv", QRELS);
    workspace.run(&["index", "articles.jsonl"]).ends_with(0);
    workspace
}

fn with_a_run() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("qrels.txt", RUN_QRELS);
    workspace.write("a.run", RUN);
    workspace
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run}"))
}

/// Checks the means of nDCG@10, MRR@10, P@1 and Recall@100 to five decimals, and that their intervals hold them.
#[track_caller]
fn check_means(report: &Value, expected: [f64; 4]) {
    for (name, expected) in ["nDCG@10", "MRR@10", "P@1", "Recall@100"]
        .into_iter()
        .zip(expected)
    {
        let metric = &report["metrics"][name];
        let number = |value: &Value| {
            value
                .as_f64()
                .unwrap_or_else(|| panic!("no number {name} in {report:#}"))
        };
        let mean = number(&metric["mean"]);
        assert!(
            (mean - expected).abs() < 5e-6,
            "{name} is {mean}, not {expected}"
        );
        let (low, high) = (
            number(&metric["interval"][0]),
            number(&metric["interval"][1]),
        );
        assert!(
            0.0 <= low && low <= mean && mean <= high && high <= 1.0,
            "{name}: {low} {mean} {high}"
        );
    }
}

#[test]
fn measures_the_index() {
    // Four queries have a relevant article:
    //   wool         finds it alone: 1, 1, 1, 1
    //   sweet        finds honey, not bridge: (1 / log₂ 2) / (2 / log₂ 2 + 1 / log₂ 3) = 0.3800938, 1, 1, 1/2
    //   late         finds clock, not bridge: 0, 0, 0, 0
    //   never asked  0, 0, 0, 0
    let means = [(1.0 + 0.380_093_8) / 4.0, 0.5, 0.5, 0.375];
    let workspace = indexed();
    let arguments = ["eval", "--queries", "queries.jsonl", "--qrels", "qrels.tsv"];
    let run = workspace
        .run(&[&arguments[..], &["--json"]].concat())
        .ends_with(0);
    check_means(&json(&run), means);
    assert_eq!(
        (&json(&run)["queries"], &json(&run)["queries_without_hits"]),
        (&4.into(), &1.into()),
        "{run}"
    );
    assert!(
        json(&run)["queries_per_second"]
            .as_f64()
            .is_some_and(|number| number > 0.0),
        "{run}"
    );

    let columns = QUERIES.lines().map(|line| {
        let query: Value = serde_json::from_str(line).expect("a query");
        format!(
            "{}\t{}\n",
            query["id"].as_str().expect("an id"),
            query["text"].as_str().expect("a text")
        )
    });
    workspace.write("queries.tsv", columns.collect::<String>());
    let run = workspace
        .run(&[
            "eval",
            "--queries",
            "queries.tsv",
            "--qrels",
            "qrels.tsv",
            "--json",
        ])
        .ends_with(0);
    check_means(&json(&run), means);

    let run = workspace.run(&arguments).ends_with(0);
    for said in [
        "4 queries in ",
        "queries/s",
        "1 of them without any hit",
        "nDCG@10      0.3450   0.0000 … 0.",
    ] {
        assert!(run.stdout.contains(said), "no `{said}` in {run}");
    }
}

#[test]
fn other_weights_rank_otherwise() {
    let workspace = Workspace::new();
    // One article says it at once, the other again and again.
    workspace.write(
        "articles.jsonl",
        r#"{"id": "first", "title": "", "body": "المنارة بناها الصيادون قبل مئة عام وما زال ضوؤها يرشد القوارب العائدة إلى المرفأ"}
{"id": "often", "title": "", "body": "بناها الصيادون قبل مئة عام وما زال ضوؤها يرشد القوارب قرب المنارة تلك المنارة والمنارة"}
"#,
    );
    workspace.write("queries.jsonl", "{\"id\": \"q\", \"text\": \"المنارة\"}\n");
    workspace.write("qrels.tsv", "q\tfirst\t1\n");
    workspace.run(&["index", "articles.jsonl"]).ends_with(0);
    let best = |weights: &[&str]| {
        let arguments = [
            "eval",
            "--queries",
            "queries.jsonl",
            "--qrels",
            "qrels.tsv",
            "--json",
        ];
        let run = workspace
            .run(&[&arguments[..], weights].concat())
            .ends_with(0);
        json(&run)["metrics"]["P@1"]["mean"].as_f64()
    };
    assert_eq!(best(&[]), Some(1.0));
    assert_eq!(best(&["--weight", "lead=0", "--weight", "k1=2"]), Some(0.0));
    for (wrong, says) in [
        ("lead", "NAME=NUMBER"),
        ("leed=0", "there are k1, b, "),
        ("lead=x", "not a number"),
        ("b=-1", "negative"),
    ] {
        let run = workspace
            .run(&["eval", "--queries", "q", "--qrels", "q", "--weight", wrong])
            .ends_with(2);
        assert!(run.all().contains(says), "no `{says}` in {run}");
    }
}

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
    assert_eq!(json(&again)["metrics"], json(&run)["metrics"]);
    for name in ["nDCG@10", "MRR@10", "P@1", "Recall@100"] {
        let metric = &json(&again)["against"]["metrics"][name];
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
    check_means(&json(&run), means);
    assert_eq!(json(&run)["queries_without_hits"], 1, "{run}");
    assert!(
        json(&run)["elapsed_ms"].is_null(),
        "nothing was timed: {run}"
    );
}

#[test]
fn compares_two_runs() {
    // The other run has a's document first and is worse nowhere: one loss, two ties. Whatever the sign of the only
    // difference, its size is the same: p = 1.
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
    let against = &json(&run)["against"];
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

#[test]
fn measures_stems_on_gold_lemmas() {
    // حكومة three times as two forms, and حكومات under a lemma of its own though it has the same stem: of six ordered
    // pairs of the three forms two are right, none is missed. A ministry beside them is one alone; في does not count.
    let workspace = indexed();
    let word = |surface: &str, lemma: &str, part: &str| {
        format!("{surface}\t\t0\t\t{lemma}\t{part}\tSing\t{surface}\n")
    };
    let gold = [
        ("حكومة", "ح"),
        ("الحكومة", "ح"),
        ("حكومة", "ح"),
        ("حكومات", "غ"),
        ("وزير", "و"),
    ];
    let gold: String = gold
        .map(|(surface, lemma)| word(surface, lemma, "NOUN"))
        .concat()
        + &word("في", "ف", "ADP");
    workspace.write("gold.tsv", gold);

    let run = workspace
        .run(&["eval", "--lemmas", "gold.tsv", "--json"])
        .ends_with(0);
    let report = json(&run);
    assert_eq!(
        (&report["tokens"], &report["words"]),
        (&5.into(), &4.into()),
        "{run}"
    );
    let number = |name: &str, part: &str| {
        report[name][part]
            .as_f64()
            .unwrap_or_else(|| panic!("no {name} in {run}"))
    };
    let expected = [
        ("pairs", "precision", 2.0 / 6.0),
        ("pairs", "recall", 1.0),
        ("pairs", "f1", 0.5),
        // ح three times finds four tokens of which three are its own, غ one of four, و itself.
        ("weighted", "precision", (3.0 * 0.75 + 0.25 + 1.0) / 5.0),
        ("weighted", "recall", 1.0),
    ];
    for (name, part, expected) in expected {
        assert!(
            (number(name, part) - expected).abs() < 1e-9,
            "{name} {part}: {run}"
        );
    }

    let run = workspace
        .run(&["eval", "--lemmas", "gold.tsv"])
        .ends_with(0);
    for said in ["model of ./data", "33.3", "100.0", "50.0"] {
        assert!(run.stdout.contains(said), "no `{said}` in {run}");
    }
    fs::remove_dir_all(workspace.path("data")).expect("our own index");
    let run = workspace
        .run(&["eval", "--lemmas", "gold.tsv"])
        .ends_with(0);
    assert!(run.stdout.contains("base model"), "{run}");
    let run = workspace
        .run(&["eval", "--lemmas", "gold.tsv", "--data", "nowhere"])
        .ends_with(2);
    assert!(run.stderr.contains("no index at `nowhere`"), "{run}");
}

#[test]
fn explains_what_it_cannot_read() {
    let workspace = with_a_run();
    workspace.write("queries.tsv", "a\tقمر\n");
    workspace.write(
        "bad-queries.jsonl",
        "{\"id\": \"a\", \"text\": \"x\"}\n{\"id\": \"b\"}\n",
    );
    workspace.write("other-queries.tsv", "z\tقمر\n");
    workspace.write("other.run", "z Q0 d1 1 2 x\n");
    workspace.write("bad-qrels.tsv", "a\td1\t1\nb\td1\n");
    workspace.write("none.tsv", "a\td1\t0\n");
    workspace.write("bad.run", "a Q0 d1 1 2 x\n\na Q0 d1 2 1 x\n");
    workspace.write("latin.run", b"a Q0 d1 1 2 x\na Q0 \xff 1 2 x\n");
    workspace.write("bad.lemmas", "بيت\tبيت\n");
    let check = |arguments: &[&str], said: &str| {
        let run = workspace.run(&[&["eval"], arguments].concat()).ends_with(2);
        assert!(
            run.stderr.contains(said),
            "{arguments:?} does not say `{said}`: {run}"
        );
        assert!(run.stdout.is_empty(), "{run}");
    };
    check(&[], "--queries");
    check(&["--queries", "queries.tsv"], "--qrels");
    check(
        &[
            "--queries",
            "queries.tsv",
            "--score",
            "a.run",
            "--qrels",
            "qrels.txt",
        ],
        "cannot be used with",
    );
    check(
        &[
            "--score",
            "a.run",
            "--qrels",
            "qrels.txt",
            "--run",
            "out.run",
        ],
        "cannot be used with",
    );
    check(
        &["--lemmas", "bad.lemmas", "--qrels", "qrels.txt"],
        "cannot be used with",
    );
    check(
        &["--queries", "queries.tsv", "--qrels", "gone.tsv"],
        "`gone.tsv`",
    );
    check(
        &["--queries", "queries.tsv", "--qrels", "bad-qrels.tsv"],
        "bad-qrels.tsv:2: ",
    );
    check(
        &["--queries", "queries.tsv", "--qrels", "none.tsv"],
        "no query has a relevant document",
    );
    check(
        &["--queries", "bad-queries.jsonl", "--qrels", "qrels.txt"],
        "bad-queries.jsonl:2: ",
    );
    check(
        &["--queries", "other-queries.tsv", "--qrels", "qrels.txt"],
        "`other-queries.tsv`",
    );
    check(
        &["--queries", "queries.tsv", "--qrels", "qrels.txt"],
        "fihrist index",
    );
    check(
        &["--score", "bad.run", "--qrels", "qrels.txt"],
        "bad.run:3: ",
    );
    check(
        &["--score", "latin.run", "--qrels", "qrels.txt"],
        "latin.run:2: not UTF-8",
    );
    check(
        &[
            "--score",
            "a.run",
            "--against",
            "bad.run",
            "--qrels",
            "qrels.txt",
        ],
        "bad.run:3: ",
    );
    check(
        &["--score", "other.run", "--qrels", "qrels.txt"],
        "no query of `other.run`",
    );
    check(
        &[
            "--score",
            "a.run",
            "--against",
            "other.run",
            "--qrels",
            "qrels.txt",
        ],
        "no query of `other.run`",
    );
    check(&["--lemmas", "bad.lemmas"], "bad.lemmas:1: ");
}
