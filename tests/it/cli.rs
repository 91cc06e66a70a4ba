//! The command line from outside: the real binary and a real index; reports, messages and exit
//! codes. The engine's tests check hits and ranking.

pub mod command;
mod eval;
mod index;
mod job;
mod key;
mod model;
mod pipe;
mod up;

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use command::Workspace;
use serde_json::Value;

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

/// Returns a folder with one article of each kind of file.
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
    let written = fs::read_to_string(&stamp).expect("a stamp");
    let mut versions: Value =
        serde_json::from_str(written.lines().next().expect("a line")).expect("JSON");
    versions["analysis"] = 999.into();
    // The stamps of older formats have no checksum.
    versions["schema"] = 6.into();
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
            run.stderr.contains("999") && !run.stderr.contains("--fresh"),
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
fn a_lost_current_is_named_by_every_command() {
    let workspace = articles();
    workspace.run(&["index", "articles"]).ends_with(0);
    let current = workspace.path("data/CURRENT");
    let name = fs::read_to_string(&current).expect("a name");
    workspace.write("words.txt", "ميناء\n");
    for (content, part) in [(None, "is missing"), (Some("\0\0\0"), "does not hold")] {
        match content {
            Some(content) => fs::write(&current, content).expect("our own file"),
            None => fs::remove_file(&current).expect("our own file"),
        }
        for command in [
            &["search", "ميناء"][..],
            &["serve", "--listen", "127.0.0.1:0"],
            &["index", "articles"],
            &["index", "articles", "--fresh"],
            &["up", "articles", "--listen", "127.0.0.1:0"],
            &["rebuild"],
            &["backup", "archive.tar.zst"],
            &["stats"],
            &["analyze", "ميناء"],
        ] {
            let run = workspace.run(command).ends_with(2);
            run.says(&[
                part,
                "the last whole generation is `000001`",
                "echo 000001 > ",
            ]);
        }
        assert!(workspace.path("data/generations/000001/meta.json").exists());
    }
    fs::write(&current, name).expect("our own file");
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
        found.json()["hits"].as_array().map(Vec::len),
        Some(1),
        "{found}"
    );
    assert_eq!(found.json()["hits"][0]["id"], "rain", "{found}");

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
        let hits = found.json()["hits"].as_array().cloned().unwrap_or_default();
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
fn shows_the_statistics_of_the_index() {
    let workspace = articles();
    workspace.run(&["index", "articles"]).ends_with(0);
    let run = workspace.run(&["stats"]).ends_with(0);
    assert!(run.stdout.contains('6'), "{run}");
}
