//! A damaged index from outside: `fihrist check`, `fihrist salvage`, `serve --check`, and what other
//! commands say. The engine's tests damage every file in every way.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::json;

use crate::cli::command::Workspace;

/// Returns a folder with an index of ten boats.
fn indexed() -> Workspace {
    let workspace = Workspace::new();
    let lines = (0..10).map(|id| {
        let title = format!("القارب {id}");
        format!(
            "{}\n",
            json!({"id": format!("boat-{id}"), "title": title, "body": "عاد القارب إلى المرفأ."})
        )
    });
    workspace.write("boats.jsonl", lines.collect::<String>());
    workspace.run(&["index", "boats.jsonl"]).ends_with(0);
    workspace
}

/// Returns the path of a file of the index.
fn file_of(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.path("data/generations/000001").join(name)
}

/// Flips a bit of a file.
fn flip(path: &Path, place: usize) {
    let mut bytes = fs::read(path).expect("a file of the index");
    bytes[place] ^= 4;
    fs::write(path, bytes).expect("a file of ours");
}

/// Flips a bit of the stored articles, which are the first frame of Zstandard in a compound file.
/// Returns the name of the file.
fn flip_articles(workspace: &Workspace) -> String {
    let entries = fs::read_dir(workspace.path("data/generations/000001")).expect("a generation");
    let mut paths = entries.map(|entry| entry.expect("an entry").path());
    let compound = paths.find(|path| path.extension().is_some_and(|own| own == "cfs"));
    let compound = compound.expect("a compound file");
    let bytes = fs::read(&compound).expect("a file of the index");
    let mut places = bytes.windows(4).enumerate();
    let frame = places.find(|(_, bytes)| *bytes == [0x28, 0xB5, 0x2F, 0xFD]);
    flip(&compound, frame.expect("a frame").0 + 30);
    let name = compound.file_name().expect("a name");
    name.to_string_lossy().into_owned()
}

#[test]
fn a_whole_index_passes() {
    let workspace = indexed();
    let run = workspace.run(&["check"]).ends_with(0);
    assert!(
        run.stdout
            .contains("generation 000001 is whole: checked 10 articles"),
        "{run}"
    );
    let report = workspace.run(&["check", "--json"]).ends_with(0).json();
    assert_eq!(
        (&report["is_whole"], &report["articles"]),
        (&true.into(), &10.into()),
        "{report}"
    );
    let quick = workspace
        .run(&["check", "--quick", "--json"])
        .ends_with(0)
        .json();
    assert_eq!(quick["is_quick"], true, "{quick}");
    workspace
        .run(&["check", "--data", "none"])
        .ends_with(2)
        .says(&["no index at `none`"]);
    assert!(!workspace.path("none").exists());
}

#[test]
fn damaged_articles_are_named_saved_around_and_never_carried_on() {
    let workspace = indexed();
    let name = flip_articles(&workspace);
    let run = workspace.run(&["check"]).ends_with(1);
    assert!(
        run.stdout.contains(&name) && run.stdout.contains("boat-3"),
        "{run}"
    );
    let report = workspace.run(&["check", "--json"]).ends_with(1).json();
    assert_eq!(
        (&report["is_whole"], &report["lost_articles"]),
        (&false.into(), &10.into()),
        "{report}"
    );
    assert_eq!(
        report["lost_ids"].as_array().map(Vec::len),
        Some(10),
        "{report}"
    );

    let advice = ["fihrist check", "fihrist salvage"];
    let said = |run: &crate::cli::command::Run| {
        assert!(run.stderr.contains(&name), "{run}");
        assert!(!run.stderr.contains("--fresh"), "{run}");
    };
    for arguments in [&["rebuild"][..], &["backup", "boats.tar.zst"]] {
        let run = workspace.run(arguments).ends_with(2);
        run.says(&advice);
        said(&run);
    }
    assert!(!workspace.path("boats.tar.zst").exists());
    let run = workspace
        .run(&["serve", "--check", "--listen", "127.0.0.1:0"])
        .ends_with(2);
    said(&run);

    let run = workspace
        .run(&["salvage", "data", "saved", "--json"])
        .ends_with(1);
    let report = run.json();
    assert_eq!(
        (&report["articles"], &report["lost_articles"]),
        (&0.into(), &10.into()),
        "{report}"
    );
    assert!(
        !workspace.path("saved").exists(),
        "an index without articles was created"
    );
}

#[test]
fn a_salvage_makes_a_whole_index_that_can_be_searched() {
    let workspace = indexed();
    flip(&file_of(&workspace, "model"), 20);
    workspace.run(&["check"]).ends_with(1);
    let run = workspace.run(&["salvage", "data", "saved"]).ends_with(0);
    assert!(
        run.stdout
            .contains("saved 10 articles of generation 000001 into saved"),
        "{run}"
    );
    workspace.run(&["check", "--data", "saved"]).ends_with(0);
    let found = workspace
        .run(&["search", "المرفأ", "--data", "saved", "--json"])
        .ends_with(0)
        .json();
    assert_eq!(found["total"]["value"], 10, "{found}");
    workspace
        .run(&["salvage", "data", "saved"])
        .ends_with(2)
        .says(&["`saved` has an index already"]);
}

#[test]
fn a_lost_current_file_is_named_and_its_generation_is_checked_and_saved() {
    let workspace = indexed();
    fs::remove_file(workspace.path("data/CURRENT")).expect("a file of the index");
    let run = workspace.run(&["check"]).ends_with(1);
    assert!(
        run.stdout.contains("CURRENT` is damaged") && run.stdout.contains("10 articles"),
        "{run}"
    );
    workspace.run(&["salvage", "data", "saved"]).ends_with(0);
    workspace.run(&["check", "--data", "saved"]).ends_with(0);
}

#[test]
fn damage_that_stops_a_command_is_said_once() {
    let workspace = indexed();
    flip(&file_of(&workspace, "meta.json"), 20);
    let listen = ["--listen", "127.0.0.1:0"];
    for command in [
        [&["serve"], &listen[..]].concat(),
        [&["serve", "--check"], &listen[..]].concat(),
        [&["up"], &listen[..]].concat(),
        [&["up", "boats.jsonl"], &listen[..]].concat(),
        vec!["index", "boats.jsonl"],
        vec!["search", "المرفأ"],
    ] {
        let run = workspace.run(&command).ends_with(2);
        let times = run.all().matches("meta.json` is damaged").count();
        assert_eq!(times, 1, "{command:?}: {run}");
    }
}

#[test]
fn damage_that_does_not_stop_a_server_is_logged_once() {
    let workspace = indexed();
    flip(&file_of(&workspace, "recurring"), 5);
    let mut server = workspace
        .command(&["serve", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let lines = BufReader::new(server.stderr.take().expect("a pipe")).lines();
    let mut lines = lines.map(|line| line.expect("text"));
    let log: Vec<String> = lines
        .by_ref()
        .take_while(|line| !line.contains("listens"))
        .collect();
    server.kill().expect("killed");
    server.wait().expect("ended");
    let is_named = |line: &&String| line.contains("recurring` is damaged");
    assert_eq!(log.iter().filter(is_named).count(), 1, "{log:?}");
}

#[test]
fn a_damaged_file_that_is_derived_is_left_out_of_a_backup() {
    let workspace = indexed();
    flip(&file_of(&workspace, "words"), 20);
    workspace
        .run(&["backup", "boats.tar.zst"])
        .ends_with(0)
        .says(&[
            "`words` was left out, because it is damaged",
            "backed up 10 articles",
        ]);
    workspace
        .run(&["restore", "boats.tar.zst", "--dry-run"])
        .ends_with(0);
    workspace
        .run(&["restore", "boats.tar.zst", "--data", "other"])
        .ends_with(0);
    workspace.run(&["check", "--data", "other"]).ends_with(0);
}

#[test]
fn leftovers_of_killed_backups_are_removed() {
    let workspace = indexed();
    for name in [".fihrist-backup-old", ".fihrist-backup-new"] {
        workspace.write(name, "half an archive");
    }
    let old = fs::File::open(workspace.path(".fihrist-backup-old")).expect("our file");
    let hour = std::time::Duration::from_secs(3600);
    old.set_modified(std::time::SystemTime::now() - hour)
        .expect("our file");
    workspace.run(&["backup", "boats.tar.zst"]).ends_with(0);
    assert!(!workspace.path(".fihrist-backup-old").exists());
    assert!(
        workspace.path(".fihrist-backup-new").exists(),
        "it may be in use"
    );
    workspace
        .run(&["restore", "boats.tar.zst", "--dry-run"])
        .ends_with(0);
    let names = fs::read_dir(workspace.path("data")).expect("a folder");
    let mut names = names.map(|entry| entry.expect("an entry").file_name());
    assert!(names.all(|name| !name.to_string_lossy().starts_with(".fihrist")));
}
