//! The examples of `docs/clients`, each run against a service of its own: they print what the
//! documentation promises.

use std::path::Path;
use std::process::{Command, Output};

use crate::support::server::Server;
use crate::support::{articles, skip_without};

/// Runs an example without and with a key; returns the server and the output with the key. `None`
/// if this machine cannot run it.
fn run(program: &str, example: &str) -> Option<(Server, String)> {
    if let Err(error) = Command::new(program).arg("--version").output() {
        skip_without(program, &error);
        return None;
    }
    let server = Server::with(&articles(), &[]);
    let key = server.key("ingest");
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/clients")
        .join(example);
    let program = if program == "curl" { "sh" } else { program };
    let run = |key: &str| {
        let mut command = Command::new(program);
        command
            .arg(&script)
            .arg("الميناء")
            .env("FIHRIST_URL", &server.url)
            .env("FIHRIST_KEY", key);
        checked(
            example,
            &command
                .env("PYTHONIOENCODING", "utf-8")
                .output()
                .expect("it starts"),
        )
    };
    let (reading, writing) = (run(""), run(&key));
    assert!(
        writing.len() > reading.len(),
        "with a key the example also writes: {writing}"
    );
    Some((server, writing))
}

fn checked(example: &str, output: &Output) -> String {
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{example}: {printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    printed
}

#[track_caller]
fn check(printed: &str, lines: &[&str]) {
    for line in lines {
        assert!(printed.contains(line), "`{line}` in {printed}");
    }
}

/// Checks that a search finds the article that the example wrote.
#[track_caller]
fn check_put(server: &Server, id: &str) {
    let found = server.search("قارب الصيادون", "");
    assert_eq!(found["hits"][0]["id"], id, "{found}");
}

#[test]
fn the_shell_example_does_what_it_says() {
    let Some((server, printed)) = run("curl", "curl.sh") else {
        return;
    };
    check(
        &printed,
        &[
            "total: 13",
            "[الميناء]",
            "page: \"id\":\"diary-1\"",
            "error: 400 \"code\":\"invalid_parameter\"",
        ],
    );
    assert_eq!(printed.matches("page: ").count(), 13);
    check_put(&server, "curl-1");
}

#[test]
fn the_python_example_does_what_it_says() {
    let Some((server, printed)) = run("python3", "python.py") else {
        return;
    };
    check(
        &printed,
        &[
            "diary-1 | يوميات [الميناء]، الحلقة 1",
            "total: 13",
            "error: 400 invalid_parameter",
            "put: ",
        ],
    );
    assert_eq!(
        printed.lines().filter(|line| line.contains(" | ")).count(),
        13,
        "{printed}"
    );
    check_put(&server, "python/1");
}

#[test]
fn the_javascript_example_does_what_it_says() {
    let Some((server, printed)) = run("node", "javascript.mjs") else {
        return;
    };
    check(
        &printed,
        &[
            "diary-1 | يوميات [الميناء]، الحلقة 1",
            "total: 13",
            "error: 400 invalid_parameter",
            "put: ",
        ],
    );
    check_put(&server, "javascript/1");
}
