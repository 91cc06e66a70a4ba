//! `fihrist eval` from outside, on a corpus so small that every figure is worked out by hand.

mod lemmas;
mod runs;

use serde_json::Value;

use super::command::Workspace;

const ARTICLES: &str = r#"{"id": "wool", "title": "سوق الصوف", "body": "باع الرعاة صوف الخراف في السوق."}
{"id": "honey", "title": "موسم العسل", "body": "جمع النحالون العسل من الجبل قبل المطر."}
{"id": "clock", "title": "ساعة الميدان", "body": "أصلح العمال ساعة الميدان بعد عام."}
{"id": "bridge", "title": "جسر خشبي", "body": "عبر التلاميذ جسراً من خشب إلى المدرسة."}
"#;

/// `late` finds an article that is not relevant to it; `unjudged` has no relevant article, and
/// `unknown` has no judgment.
const QUERIES: &str = r#"{"id": "wool", "text": "الصوف"}
{"id": "sweet", "text": "العسل"}
{"id": "late", "text": "ساعة"}
{"id": "unjudged", "text": "المطر"}
{"id": "unknown", "text": "المدرسة"}
"#;

/// `never asked` is not among the queries.
const QRELS: &str = "wool\twool\t1\nsweet\thoney\t1\nsweet\tbridge\t2\nlate\tbridge\t1\nunjudged\thoney\t0\nnever asked\twool\t1\n";

/// The ranks and the scores disagree, and three scores are equal, so the order of the lines
/// decides. `c` has no line.
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
    check_means(&run.json(), means);
    assert_eq!(
        (&run.json()["queries"], &run.json()["queries_without_hits"]),
        (&4.into(), &1.into()),
        "{run}"
    );
    assert!(
        run.json()["queries_per_second"]
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
    check_means(&run.json(), means);

    let run = workspace.run(&arguments).ends_with(0);
    for said in [
        "4 queries in ",
        "queries/s",
        "1 of them without hits",
        "nDCG@10      0.3450   0.0000 … 0.",
    ] {
        assert!(run.stdout.contains(said), "no `{said}` in {run}");
    }
}

#[test]
fn other_weights_change_the_ranking() {
    let workspace = Workspace::new();
    // One article begins with the word, the other repeats it at its end.
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
        run.json()["metrics"]["P@1"]["mean"].as_f64()
    };
    assert_eq!(best(&[]), Some(1.0));
    assert_eq!(best(&["--weight", "lead=0", "--weight", "k1=2"]), Some(0.0));
    for (wrong, said) in [
        ("lead", "NAME=NUMBER"),
        ("leed=0", "the weights are k1, b, "),
        ("lead=x", "not a number"),
        ("b=-1", "negative"),
    ] {
        let run = workspace
            .run(&["eval", "--queries", "q", "--qrels", "q", "--weight", wrong])
            .ends_with(2);
        assert!(run.all().contains(said), "no `{said}` in {run}");
    }
}

#[test]
fn explains_unreadable_input() {
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
