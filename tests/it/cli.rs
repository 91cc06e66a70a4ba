//! The command line from outside: the real binary, a real index, the reports, messages and exit codes that people and
//! scripts see. What is found and how it ranks is for the engine's own tests.

pub mod command;
mod eval;
mod job;
mod key;
mod model;

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use command::{Run, Workspace};
use serde_json::{Value, json};

const README: &str = include_str!("../../README.md");
const API: &str = include_str!("../../docs/api.md");

const HARBOUR: &str = "افتتاح ميناء الصيد في الخابورة

صيادون على الرصيف تصوير: سالم الريامي

افتتحت وزارة الثروة السمكية ميناء جديداً في الخابورة بعد ثلاث سنوات من العمل.

مئة قارب

ويتسع الميناء لمئة قارب، وفيه مصنع للثلج وسوق للأسماك.وقال الصيادون إن الطريق إليه ما زال ترابياً.

اترك رد

لن يتم نشر عنوان بريدك الإلكتروني.
";
const SCHOOL: &str = r#"{"id": "school", "title": "مدرسة في كل قرية", "body": "أعلنت الحكومة خطة لبناء أربعين مدرسة."}"#;
const RAIN: &str = r#"{"id": "rain", "title": "أمطار غزيرة على الساحل", "body": "هطلت أمطار غزيرة فجر الأحد.", "date": "2020-01-12"}"#;
const EMPTY: &str = r#"{"id": "empty", "title": "", "body": "  "}"#;

/// A folder with one article of each kind of file.
fn articles() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("articles/news/harbour.txt", HARBOUR);
    workspace.write("articles/two.jsonl", format!("{SCHOOL}\n{RAIN}\n"));
    for name in ["library.jsonl.gz", "boats.jsonl.xz", "olives.jsonl.zst"] {
        let compressed = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/compressed");
        workspace.write(
            &format!("articles/{name}"),
            fs::read(format!("{compressed}/{name}")).expect("a test article"),
        );
    }
    workspace
}

fn report(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run}"))
}

#[test]
fn indexes_a_folder_once() {
    let workspace = articles();
    let first = workspace.run(&["index", "articles", "--json"]).ends_with(0);
    assert_eq!(
        (&report(&first)["indexed"], &report(&first)["unchanged"]),
        (&6.into(), &0.into()),
        "{first}"
    );

    let second = workspace.run(&["index", "articles", "--json"]).ends_with(0);
    assert_eq!(
        (&report(&second)["indexed"], &report(&second)["unchanged"]),
        (&0.into(), &6.into()),
        "{second}"
    );

    workspace.write(
        "articles/two.jsonl",
        format!("{SCHOOL}\n{}\n", RAIN.replace("الأحد", "الاثنين")),
    );
    let third = workspace.run(&["index", "articles", "--json"]).ends_with(0);
    assert_eq!(
        (&report(&third)["indexed"], &report(&third)["unchanged"]),
        (&1.into(), &5.into()),
        "{third}"
    );

    for (query, id) in [
        ("بنزرت", "gzip-1"),
        ("قوارب صور", "xz-1"),
        ("الزيتون", "zstd-1"),
        ("الاثنين", "rain"),
        ("مدرسة", "school"),
    ] {
        assert_eq!(workspace.ids(query), [id], "{query}");
    }
    assert_eq!(workspace.ids("\"ميناء الصيد\"").len(), 1, "the text file");
    assert_eq!(
        workspace.ids("\"اترك رد\"").len(),
        0,
        "furniture is not searched"
    );
}

#[test]
fn reports_in_words() {
    let workspace = articles();
    let run = workspace.run(&["index", "articles"]).ends_with(0);
    for said in ["6 indexed", "0 unchanged", "0 rejected"] {
        assert!(run.all().contains(said), "no `{said}` in {run}");
    }
}

#[test]
fn rejects_with_reasons_and_keeps_the_rest() {
    let workspace = articles();
    workspace.write(
        "articles/mixed.jsonl",
        format!(
            "{}\n{{\"id\": broken\n{EMPTY}\n",
            SCHOOL.replace("\"school\"", "\"kept\"")
        ),
    );
    workspace.write("articles/empty.txt", "\n \n");
    workspace.write(
        "articles/noise.txt",
        [0u8, 159, 146, 150, 0, 1, 2, 3, 255, 254, 0, 0, 7].repeat(40),
    );
    workspace.write("articles/cut.jsonl.gz", b"\x1f\x8b\x08\x00cut");
    workspace.write("articles/README.md", "# Not an article");

    let run = workspace.run(&["index", "articles", "--json"]).ends_with(1);
    let report = report(&run);
    assert_eq!(report["indexed"], 7, "{run}");
    let rejected = report["rejected"].as_array().expect("a list");
    for source in [
        "mixed.jsonl:2",
        "mixed.jsonl:3",
        "empty.txt",
        "noise.txt",
        "cut.jsonl.gz",
    ] {
        let line = rejected.iter().find(|line| {
            line["source"]
                .as_str()
                .is_some_and(|name| name.ends_with(source))
        });
        let reason = line
            .and_then(|line| line["reason"].as_str())
            .unwrap_or_default();
        assert!(
            !reason.is_empty() && !reason.contains('\n'),
            "no reason for {source}: {run}"
        );
    }
    assert_eq!(rejected.len(), 5, "{run}");

    let run = workspace.run(&["index", "articles"]).ends_with(1);
    assert!(run.all().contains("mixed.jsonl:2"), "{run}");
    assert_eq!(
        workspace.ids("مدرسة").len(),
        2,
        "the good line of a bad file is kept"
    );
}

#[test]
fn rejects_what_it_may_not_read() {
    let workspace = articles();
    workspace.write("articles/locked.txt", HARBOUR);
    workspace.forbid("articles/locked.txt");
    // Nothing is forbidden to root: a dangling link is what it can't read either.
    workspace.link("articles/nowhere.txt", "gone.txt");
    let run = workspace.run(&["index", "articles", "--json"]).ends_with(1);
    assert!(run.stdout.contains("nowhere.txt"), "{run}");
    assert_eq!(
        report(&run)["rejected_count"],
        if workspace.is_root() { 1 } else { 2 },
        "{run}"
    );
}

#[test]
fn reads_other_encodings() {
    let workspace = Workspace::new();
    let text = "أسعار الخضروات ترتفع في السوق المركزي\n\nقال تجار في السوق إن أسعار الخضروات ارتفعت هذا الأسبوع بسبب قلة الأمطار.\n";
    let utf16: Vec<u8> = std::iter::once(0xFEFF)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    workspace.write("articles/utf16.txt", utf16);
    workspace.write(
        "articles/windows.txt",
        command::windows_1256(&text.replace("الخضروات", "الفواكه")),
    );
    workspace.run(&["index", "articles"]).ends_with(0);
    assert_eq!(workspace.ids("الخضروات").len(), 1);
    assert_eq!(workspace.ids("الفواكه").len(), 1);
}

#[test]
fn explains_wrong_use() {
    let check = |arguments: &[&str], said: &str| {
        let run = Workspace::new().run(arguments).ends_with(2);
        assert!(
            run.stderr.contains(said),
            "{arguments:?} does not say `{said}`: {run}"
        );
    };
    check(&["index"], "PATH");
    check(&["index", "no-such-folder"], "no-such-folder");
    check(&["frobnicate"], "frobnicate");
    check(&["search", "ليبيا"], "fihrist index");
    check(&["stats"], "fihrist index");
    check(&["serve", "--listen", "nowhere"], "nowhere");
    check(
        &["health", "--url", "http://127.0.0.1:1"],
        "http://127.0.0.1:1",
    );
}

#[test]
fn one_job_at_a_time() {
    let workspace = articles();
    let many: String = (0..20_000)
        .map(|i| format!("{}\n", SCHOOL.replace("\"school\"", &format!("\"{i}\""))))
        .collect();
    workspace.write("many.jsonl", many);
    let mut first = workspace
        .command(&["index", "many.jsonl"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a job");
    workspace.wait_for("data/writer.lock");
    signal("STOP", first.id());

    let second = workspace.run(&["index", "articles"]);
    signal("KILL", first.id());
    first.wait().expect("the job that was killed");
    let second = second.ends_with(2);
    assert!(
        second.stderr.contains(&format!("process {}", first.id())),
        "the holder is not named: {second}"
    );
    assert_eq!(second.stderr.lines().count(), 1, "{second}");

    let third = workspace.run(&["index", "articles", "--json"]).ends_with(0);
    assert_eq!(
        report(&third)["indexed"],
        6,
        "a killed job holds nothing back: {third}"
    );
}

fn signal(name: &str, process: u32) {
    let status = Command::new("kill")
        .args([format!("-{name}"), process.to_string()])
        .status()
        .expect("kill");
    assert!(status.success(), "kill -{name} {process}");
}

#[test]
fn a_port_in_use_is_named() {
    let workspace = articles();
    workspace.run(&["index", "articles"]).ends_with(0);
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let run = workspace.run(&["serve", "--listen", &address]).ends_with(2);
    assert!(
        run.stderr.contains(&address) && run.stderr.contains("in use"),
        "{run}"
    );
    assert_eq!(run.stderr.lines().count(), 1, "{run}");
}

#[test]
fn an_index_of_another_version_is_refused() {
    let workspace = articles();
    workspace.run(&["index", "articles"]).ends_with(0);
    let stamp = workspace.path("data/generations/000001/stamp.json");
    let mut versions: Value =
        serde_json::from_slice(&fs::read(&stamp).expect("a stamp")).expect("JSON");
    versions["analysis"] = 999.into();
    fs::write(&stamp, versions.to_string()).expect("our own file");

    workspace.write("words.txt", "ميناء\n");
    for command in [
        &["search", "ميناء"][..],
        &["serve", "--listen", "127.0.0.1:0"],
        &["index", "articles"],
        &["stats"],
        &["analyze", "ميناء"],
        &["analyze", "--words", "words.txt"],
    ] {
        let run = workspace.run(command).ends_with(2);
        assert!(
            run.stderr.contains("999") && run.stderr.contains("--fresh"),
            "{command:?}: {run}"
        );
        assert!(
            run.stderr.contains("fihrist rebuild --data"),
            "{command:?}: {run}"
        );
        assert_eq!(run.stderr.lines().count(), 1, "{command:?}: {run}");
    }
    workspace
        .run(&["index", "articles", "--fresh"])
        .ends_with(0);
    assert_eq!(workspace.ids("بنزرت"), ["gzip-1"]);
}

#[test]
fn searches_in_the_terminal() {
    let workspace = articles();
    workspace.run(&["index", "articles"]).ends_with(0);
    let found = workspace.run(&["search", "\"أربعين مدرسة\""]).ends_with(0);
    assert!(found.stdout.contains("مدرسة في كل قرية"), "{found}");
    assert!(
        !found.stdout.contains('\u{1b}'),
        "colours where no terminal is: {found}"
    );

    let found = workspace
        .run(&["search", "أمطار", "--json", "--limit", "1"])
        .ends_with(0);
    assert_eq!(
        report(&found)["hits"].as_array().map(Vec::len),
        Some(1),
        "{found}"
    );
    assert_eq!(report(&found)["hits"][0]["id"], "rain", "{found}");

    workspace.run(&["search", "زرافة"]).ends_with(1);
}

#[test]
fn narrows_and_sorts_in_the_terminal() {
    let workspace = Workspace::new();
    let article = |id: &str, source: &str, date: &str| {
        format!(
            r#"{{"id": "{id}", "title": "خبر {id}", "body": "وصل القارب.", "source": "{source}", "date": "{date}"}}"#
        )
    };
    let lines = [
        article("a", "الشاطئ", "2020-05-01"),
        article("b", "المرفأ", "2021-05-01"),
        article("c", "الشاطئ", "2022-05-01"),
    ];
    workspace.write("boats.jsonl", lines.join("\n"));
    workspace.run(&["index", "boats.jsonl"]).ends_with(0);
    let ids = |more: &[&str]| -> Vec<String> {
        let found = workspace
            .run(&[&["search", "القارب", "--json"], more].concat())
            .ends_with(0);
        let hits = report(&found)["hits"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        hits.iter()
            .filter_map(|hit| hit["id"].as_str().map(str::to_owned))
            .collect()
    };
    assert_eq!(ids(&["--sort", "oldest"]), ["a", "b", "c"]);
    assert_eq!(ids(&["--sort", "newest", "--source", "الشاطئ"]), ["c", "a"]);
    assert_eq!(ids(&["--from", "2021", "--to", "2021-06"]), ["b"]);
    let wrong = workspace
        .run(&["search", "القارب", "--from", "2021-13"])
        .ends_with(2);
    assert!(
        wrong.stderr.contains("--from: there is no month 13"),
        "{wrong}"
    );
}

#[test]
fn shows_the_analysis() {
    let run = Workspace::new()
        .run(&["analyze", "بوقف", "إطلاقِ النار"])
        .ends_with(0);
    for term in ["بوقف", "اطلاق", "النار", "نار"] {
        assert!(run.stdout.contains(term), "no {term} in {run}");
    }
}

#[test]
fn analyzes_a_list_of_words_with_and_without_an_index() {
    let workspace = articles();
    workspace.write("words.txt", "بالعسل\nوزير\n");
    let words = ["analyze", "--words", "words.txt"];
    let stems = "بالعسل\tعسل\nوزير\tوزير\n";
    let without = workspace.run(&words).ends_with(0);
    assert_eq!(
        (without.stdout.as_str(), without.stderr.as_str()),
        (stems, "")
    );
    let elsewhere = workspace
        .run(&[&words[..], &["--data", "nowhere"]].concat())
        .ends_with(0);
    assert_eq!(elsewhere.stdout, stems);
    assert!(
        elsewhere.stderr.contains("no index at `nowhere`"),
        "{elsewhere}"
    );
    workspace.run(&["index", "articles"]).ends_with(0);
    let with = workspace.run(&words).ends_with(0);
    assert_eq!((with.stdout.as_str(), with.stderr.as_str()), (stems, ""));
}

#[test]
fn tells_what_the_index_holds() {
    let workspace = articles();
    workspace.run(&["index", "articles"]).ends_with(0);
    let run = workspace.run(&["stats"]).ends_with(0);
    assert!(run.stdout.contains('6'), "{run}");
}

#[test]
fn up_serves_the_samples_and_stops_on_a_signal() {
    let workspace = Workspace::new();
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let url = format!("http://127.0.0.1:{port}");
    let listen = format!("127.0.0.1:{port}");
    let mut up = workspace
        .command(&["up", "--listen", &listen])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("up");
    let started = Instant::now();
    while workspace.run(&["health", "--url", &url]).code != Some(0) {
        assert!(
            up.try_wait().expect("a child").is_none(),
            "`fihrist up` has ended"
        );
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "`fihrist up` does not answer"
        );
        sleep(Duration::from_millis(50));
    }
    let query = ureq::get(format!("{url}/api/v1/search")).query("q", "\"وقف إطلاق النار\" جربة");
    let mut answer = query
        .query("limit", "1")
        .query("fragments", "1")
        .call()
        .expect("an answer");
    let found: Value = answer.body_mut().read_json().expect("JSON");
    assert_eq!(
        without_figures(found),
        without_figures(documented_answer()),
        "the answer in docs/api.md"
    );

    signal("TERM", up.id());
    assert_eq!(
        up.wait().expect("the server").code(),
        Some(0),
        "a signal is a normal end"
    );
}

/// Returns the first JSON in `docs/api.md`, which is the answer to the request above it.
fn documented_answer() -> Value {
    let block = API
        .split("```json\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    serde_json::from_str(block.expect("an answer in docs/api.md")).expect("JSON in docs/api.md")
}

/// Leaves out what depends on the machine or on every other article.
fn without_figures(mut answer: Value) -> Value {
    answer["took_ms"] = Value::Null;
    answer["hits"][0]["score"] = Value::Null;
    answer["next_cursor"] = json!(answer["next_cursor"].is_string());
    answer
}

#[test]
fn the_examples_of_the_readme_are_true() {
    let rows: Vec<Vec<&str>> = README
        .lines()
        .filter(|line| line.starts_with("| `") && line.matches('|').count() == 6)
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() >= 5, "the table of examples has moved");
    let workspace = Workspace::new();
    for (i, row) in rows.iter().enumerate() {
        workspace.write(
            &format!("articles/{i}.txt"),
            format!("خبر\n\n{}.\n", row[2]),
        );
    }
    workspace.run(&["index", "articles"]).ends_with(0);
    for (i, row) in rows.iter().enumerate() {
        let is_found = workspace
            .found(row[1].trim_matches('`'))
            .iter()
            .any(|text| text.contains(row[2].split(' ').next().expect("a word")));
        assert_eq!(
            is_found,
            row[4] == "yes",
            "row {} of the README: {}",
            i + 1,
            row[1]
        );
    }
}

#[test]
fn up_says_that_the_port_is_in_use_before_it_indexes() {
    let workspace = articles();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let run = workspace
        .run(&["up", "articles", "--listen", &address])
        .ends_with(2);
    assert!(run.stderr.contains("the port is in use"), "{run}");
    assert!(!workspace.path("data").exists(), "it indexed first: {run}");
}
