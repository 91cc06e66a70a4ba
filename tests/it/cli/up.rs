//! `fihrist up` from outside, and the examples of README.md, which a reader tries first.

use std::net::TcpListener;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::command::Workspace;
use super::{articles, signal};
use crate::support::unused_address;

const README: &str = include_str!("../../../README.md");
const API: &str = include_str!("../../../docs/api.md");

#[test]
fn up_serves_the_samples_and_stops_on_a_signal() {
    let workspace = Workspace::new();
    let listen = unused_address().to_string();
    let url = format!("http://{listen}");
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
        "a signal ends the server normally"
    );

    workspace.write(
        "articles/harvest.txt",
        "حصاد القمح\n\nبدأ الحصاد في القرية.",
    );
    let run = workspace.run(&["index", "articles"]).ends_with(0);
    assert!(run.stderr.contains("sample articles"), "{run}");
    assert_eq!(workspace.run(&["stats", "--json"]).json()["articles"], 1);
}

/// Returns the first JSON in `docs/api.md`, which is the answer to the request above it.
fn documented_answer() -> Value {
    let block = API
        .split("```json\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    serde_json::from_str(block.expect("an answer in docs/api.md")).expect("JSON in docs/api.md")
}

/// Removes members that depend on the machine or on every other article.
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
