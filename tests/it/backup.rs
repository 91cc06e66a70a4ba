//! `fihrist backup` and `fihrist restore` from outside: beside a running server and running jobs,
//! their messages, and the files after a failure. The engine's tests check the content of an
//! archive.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::cli::command::Workspace;
use crate::support::server::{Server, wait_until};

fn article(id: usize) -> Value {
    json!({"id": format!("boat-{id}"), "title": format!("القارب {id}"), "body": "عاد القارب إلى المرفأ قبل الغروب."})
}

fn lines(ids: std::ops::Range<usize>) -> String {
    ids.map(|id| format!("{}\n", article(id))).collect()
}

/// Returns a folder with an index of ten boats.
fn indexed() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("boats.jsonl", lines(0..10));
    workspace.run(&["index", "boats.jsonl"]).ends_with(0);
    workspace
}

fn names(workspace: &Workspace, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(workspace.path(folder)).into_iter().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn a_server_is_backed_up_and_restored_while_it_answers() {
    let articles: Vec<Value> = (0..30).map(article).collect();
    let server = Server::with(&articles[..20], &[]);
    let report = server.run_json(&["backup", "twenty.tar.zst", "--json"]);
    assert_eq!(
        (&report["articles"], &report["generation"]),
        (&20.into(), &"000001".into()),
        "{report}"
    );
    let archive_bytes = fs::metadata(server.path("twenty.tar.zst"))
        .expect("an archive")
        .len();
    assert_eq!(
        (&report["archive_bytes"], &report["with_keys"]),
        (&archive_bytes.into(), &false.into()),
        "{report}"
    );

    server.index(&articles);
    wait_until(|| (server.get("/api/v1/stats").json()["articles"] == 30).then_some(()));
    let report = server.run_json(&["restore", "twenty.tar.zst", "--force", "--json"]);
    assert_eq!(
        (&report["articles"], &report["replaced"]),
        (&20.into(), &"000001".into()),
        "{report}"
    );
    let stats = wait_until(|| {
        let stats = server.get("/api/v1/stats").json();
        (stats["generation"] == report["generation"]).then_some(stats)
    });
    assert_eq!(stats["articles"], 20, "{stats}");
    assert_eq!(server.search("القارب", "")["total"]["value"], 20);
    // The restored ledger is that of the backup, so later articles are indexed again.
    server.index(&articles);
    wait_until(|| (server.get("/api/v1/stats").json()["articles"] == 30).then_some(()));
}

#[test]
fn every_backup_during_a_committing_job_is_whole() {
    let workspace = indexed();
    workspace.write("more.jsonl", lines(10..400));
    let arguments = ["index", "more.jsonl", "--commit-every", "5", "--no-rebuild"];
    let mut job = workspace
        .command(&arguments)
        .stderr(Stdio::null())
        .spawn()
        .expect("a job");
    let mut counts = Vec::new();
    loop {
        let is_over = job.try_wait().expect("our job").is_some();
        let run = workspace
            .run(&["backup", "boats.tar.zst", "--json"])
            .ends_with(0);
        let report = run.json();
        let count = report["articles"].as_u64().expect("a count");
        let whole = workspace
            .run(&["restore", "boats.tar.zst", "--dry-run"])
            .ends_with(0);
        whole.says(&["the archive is complete", &format!("{count} articles")]);
        counts.push(count);
        if is_over {
            break;
        }
    }
    assert!(
        counts.is_sorted() && counts.last() == Some(&400),
        "{counts:?}"
    );
    workspace
        .run(&["restore", "boats.tar.zst", "--data", "other"])
        .ends_with(0);
    let found = workspace
        .run(&["search", "المرفأ", "--data", "other", "--limit", "1"])
        .ends_with(0);
    found.says(&["400 articles"]);
}

#[test]
fn an_archive_can_be_piped() {
    let workspace = indexed();
    let output = workspace
        .command(&["backup", "-", "--json"])
        .output()
        .expect("the binary runs");
    let report: Value =
        serde_json::from_slice(&output.stderr).expect("the report on standard error");
    assert_eq!(report["archive_bytes"], output.stdout.len(), "{report}");
    let arguments = ["restore", "-", "--data", "other"];
    let mut restore = workspace
        .command(&arguments)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    restore
        .stdin
        .take()
        .expect("a pipe")
        .write_all(&output.stdout)
        .expect("all of it");
    let output = restore.wait_with_output().expect("ended");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success()
            && words.contains(
                "restored 10 articles into other as generation 000001, from the backup of "
            ),
        "{words}"
    );
}

#[test]
fn an_archive_file_is_replaced_whole_or_not_at_all() {
    let workspace = indexed();
    fs::create_dir(workspace.path("backups")).expect("a folder");
    workspace.write("backups/boats.tar.zst", "the one before");
    workspace
        .run(&["backup", "backups/boats.tar.zst", "--data", "none"])
        .ends_with(2)
        .says(&["no index at `none`"]);
    assert_eq!(
        fs::read(workspace.path("backups/boats.tar.zst")).expect("a file"),
        b"the one before"
    );
    let run = workspace
        .run(&["backup", "backups/boats.tar.zst"])
        .ends_with(0);
    run.says(&[
        "backed up 10 articles, generation 000001, in ",
        " MB to backups/boats.tar.zst",
    ]);
    workspace
        .run(&["restore", "backups/boats.tar.zst", "--dry-run"])
        .ends_with(0);
    assert_eq!(names(&workspace, "backups"), ["boats.tar.zst"]);

    workspace
        .run(&["backup", "backups"])
        .ends_with(2)
        .says(&["is not a file"]);
    workspace
        .run(&["backup", "nowhere/boats.tar.zst"])
        .ends_with(2)
        .says(&["cannot write `nowhere/boats.tar.zst`"]);
    let full = workspace
        .command(&["backup", "-"])
        .stdout(fs::File::create("/dev/full").expect("Linux"))
        .output();
    let full = full.expect("the binary runs");
    let words = String::from_utf8_lossy(&full.stderr);
    assert!(
        full.status.code() == Some(2)
            && words.contains("cannot write `standard output`: the disk is full"),
        "{words}"
    );
}

#[test]
fn an_invalid_archive_is_refused_and_changes_nothing() {
    let workspace = indexed();
    workspace.run(&["backup", "boats.tar.zst"]).ends_with(0);
    let archive = fs::read(workspace.path("boats.tar.zst")).expect("an archive");
    workspace.write("cut.tar.zst", &archive[..archive.len() / 2]);
    workspace.write("text.tar.zst", "ليس نسخة احتياطية");
    let check =
        |arguments: &[&str], part: &str| workspace.run(arguments).ends_with(2).says(&[part]);
    check(
        &["restore", "boats.tar.zst"],
        "there is an index at `./data` already; `fihrist restore --force`",
    );
    check(
        &["restore", "cut.tar.zst", "--force"],
        "the archive is damaged",
    );
    check(
        &["restore", "cut.tar.zst", "--dry-run"],
        "the archive is damaged",
    );
    check(
        &["restore", "text.tar.zst", "--force"],
        "not a backup of an index",
    );
    check(
        &["restore", "gone.tar.zst", "--force"],
        "cannot open `gone.tar.zst`",
    );
    check(&["restore", "data", "--force"], "is a folder");
    check(
        &["restore", "text.tar.zst", "--data", "other"],
        "not a backup",
    );
    assert!(
        !workspace.path("other").exists(),
        "a failed restore left a folder"
    );
    assert_eq!(names(&workspace, "data/generations"), ["000001"]);
    assert_eq!(workspace.ids("المرفأ").len(), 10);
}

#[test]
fn keys_are_backed_up_and_restored_only_when_asked_for() {
    let workspace = indexed();
    workspace
        .run(&["key", "create", "--name", "newsroom"])
        .ends_with(0);
    workspace.run(&["backup", "without.tar.zst"]).ends_with(0);
    workspace
        .run(&["backup", "with.tar.zst", "--with-keys"])
        .ends_with(0);
    let mode = fs::metadata(workspace.path("with.tar.zst"))
        .expect("an archive")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600, "only the owner may read the archive");

    let run = workspace
        .run(&["restore", "with.tar.zst", "--data", "other"])
        .ends_with(0);
    run.says(&["the keys of the archive were not restored"]);
    workspace
        .run(&["key", "list", "--data", "other"])
        .ends_with(0)
        .says(&["no keys"]);
    let run = workspace
        .run(&[
            "restore",
            "with.tar.zst",
            "--data",
            "other",
            "--force",
            "--with-keys",
        ])
        .ends_with(0);
    run.says(&["in place of 000001", "1 key restored"]);
    workspace
        .run(&["key", "list", "--data", "other"])
        .ends_with(0)
        .says(&["newsroom"]);
    let run = workspace
        .run(&[
            "restore",
            "without.tar.zst",
            "--data",
            "other",
            "--force",
            "--with-keys",
        ])
        .ends_with(1);
    run.says(&["the archive contains no keys"]);
    workspace
        .run(&["key", "list", "--data", "other"])
        .ends_with(0)
        .says(&["newsroom"]);
    let run = workspace
        .run(&["restore", "with.tar.zst", "--dry-run", "--json"])
        .ends_with(0);
    let contents = run.json();
    assert_eq!(
        (&contents["with_keys"], &contents["articles"]),
        (&true.into(), &10.into()),
        "{run}"
    );
}
