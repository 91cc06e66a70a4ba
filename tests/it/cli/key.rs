//! `fihrist key` from outside: its output, the key file, and the exit codes.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::command::Workspace;

#[test]
fn a_key_is_shown_once() {
    let workspace = Workspace::new();
    let created = workspace
        .run(&[
            "key",
            "create",
            "--scope",
            "ingest",
            "--name",
            "نشرة المرفأ",
        ])
        .ends_with(0);
    let secret = created.stdout.trim().to_owned();
    assert!(
        secret.starts_with("fih_") && secret.len() == 68 && created.stdout.lines().count() == 1,
        "{created}"
    );
    assert!(
        created.stderr.contains("ingest") && created.stderr.contains("only this once"),
        "{created}"
    );

    let file = workspace.path("data/keys.json");
    assert!(
        !fs::read_to_string(&file)
            .expect("the keys")
            .contains(&secret[4..])
    );
    assert_eq!(
        fs::metadata(&file).expect("the keys").permissions().mode() & 0o777,
        0o600
    );

    let listed = workspace.run(&["key", "list"]).ends_with(0);
    assert!(
        listed.stdout.contains("ingest") && listed.stdout.contains("نشرة المرفأ"),
        "{listed}"
    );
    let as_json = workspace.run(&["key", "list", "--json"]).ends_with(0);
    for run in [&listed, &as_json] {
        assert!(
            !run.all().contains("fih_") && !run.all().contains("sha256"),
            "{run}"
        );
    }
    let keys = as_json.json();
    let names: Vec<_> = keys[0].as_object().expect("a key").keys().collect();
    assert_eq!(names, ["created", "id", "name", "scopes"]);
    assert_eq!(keys[0]["scopes"], serde_json::json!(["ingest"]));
}

#[test]
fn keys_have_scopes_and_are_revoked_by_id() {
    let workspace = Workspace::new();
    let create = |flags: &[&str]| -> Value {
        let run = workspace
            .run(&[&["key", "create", "--json"], flags].concat())
            .ends_with(0);
        run.json()
    };
    assert_eq!(create(&[])["scopes"], serde_json::json!(["search"]));
    let both = create(&["--scope", "ingest", "--scope", "search"]);
    assert_eq!(both["scopes"], serde_json::json!(["search", "ingest"]));
    assert!(
        both["key"]
            .as_str()
            .is_some_and(|key| key.starts_with("fih_")),
        "{both}"
    );
    let id = both["id"].as_str().expect("an id");
    let revoked = workspace.run(&["key", "revoke", id]).ends_with(0);
    assert!(revoked.stderr.contains(id), "{revoked}");
    let again = workspace.run(&["key", "revoke", id]).ends_with(1);
    assert!(
        again.stderr.contains("no key has the id") && again.stderr.lines().count() == 1,
        "{again}"
    );
    assert_eq!(
        workspace
            .run(&["key", "list"])
            .ends_with(0)
            .stdout
            .lines()
            .count(),
        1
    );
}

#[test]
fn wrong_use_and_damaged_files_are_explained() {
    let workspace = Workspace::new();
    assert!(
        workspace
            .run(&["key", "list"])
            .ends_with(0)
            .stderr
            .contains("no keys")
    );
    workspace.run(&["key", "revoke", "nobody"]).ends_with(1);
    assert!(
        !workspace.path("data").exists(),
        "listing keys creates no folder"
    );
    workspace
        .run(&["key", "create", "--scope", "everything"])
        .ends_with(2);
    workspace
        .run(&["key", "create", "--name", "a\nb"])
        .ends_with(2);
    workspace.run(&["key"]).ends_with(2);
    workspace.write("data/keys.json", "{\"version\": 1, \"keys\": [{]}");
    for command in [
        &["key", "list"][..],
        &["key", "create"],
        &["key", "revoke", "x"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let run = workspace.run(command).ends_with(2);
        assert!(
            run.stderr.contains("keys.json") && run.stderr.contains("damaged"),
            "{run}"
        );
        assert_eq!(run.stderr.lines().count(), 1, "{run}");
    }
    assert_eq!(
        fs::read(workspace.path("data/keys.json"))
            .expect("a file")
            .len(),
        27,
        "the damaged file is not overwritten"
    );
}
