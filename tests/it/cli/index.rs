//! `fihrist index` from outside: the files that it reads and rejects, and its report.

use std::process::Stdio;

use super::command::{self, Workspace};
use super::{HARBOUR, RAIN, SCHOOL, articles, signal};

const EMPTY: &str = r#"{"id": "empty", "title": "", "body": "  "}"#;

#[test]
fn indexes_a_folder_once() {
    let workspace = articles();
    let first = workspace.run(&["index", "articles", "--json"]).ends_with(0);
    assert_eq!(
        (&first.json()["indexed"], &first.json()["unchanged"]),
        (&6.into(), &0.into()),
        "{first}"
    );

    let second = workspace.run(&["index", "articles", "--json"]).ends_with(0);
    assert_eq!(
        (&second.json()["indexed"], &second.json()["unchanged"]),
        (&0.into(), &6.into()),
        "{second}"
    );

    workspace.write(
        "articles/two.jsonl",
        format!("{SCHOOL}\n{}\n", RAIN.replace("الأحد", "الاثنين")),
    );
    let third = workspace.run(&["index", "articles", "--json"]).ends_with(0);
    assert_eq!(
        (&third.json()["indexed"], &third.json()["unchanged"]),
        (&1.into(), &5.into()),
        "{third}"
    );

    for (query, id) in [
        ("بنزرت", "gzip-1"),
        ("سباق", "xz-1"),
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
        "furniture is searched"
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
    let report = run.json();
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
fn rejects_unreadable_files() {
    let workspace = articles();
    workspace.write("articles/locked.txt", HARBOUR);
    workspace.forbid("articles/locked.txt");
    // Root may read every file; a dangling link is unreadable for root as well.
    workspace.link("articles/nowhere.txt", "gone.txt");
    let run = workspace.run(&["index", "articles", "--json"]).ends_with(1);
    assert!(run.stdout.contains("nowhere.txt"), "{run}");
    assert_eq!(
        run.json()["rejected_count"],
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

    let second = workspace.run(&["index", "articles", "--wait", "1s"]);
    signal("KILL", first.id());
    first.wait().expect("the job that was killed");
    let second = second.ends_with(2);
    assert!(
        second.stderr.contains(&format!("process {}", first.id())),
        "the message does not name the other process: {second}"
    );
    // One line says that the job waits, the other one that it failed.
    assert_eq!(second.stderr.lines().count(), 2, "{second}");

    let third = workspace.run(&["index", "articles", "--json"]).ends_with(0);
    assert_eq!(
        third.json()["indexed"],
        6,
        "a killed job releases the index: {third}"
    );
}
