//! The service over a cluster: its messages while the cluster is unreachable, and a real cluster
//! that loses a node during indexing and searching. The engine's tests run on both backends and
//! compare their answers.

mod life;
mod losses;
mod proxy;

use std::process::{Output, Stdio};

use crate::support::server::{Server, fihrist};
use crate::support::unused_address;

/// Runs a command with the backend `opensearch`; returns its exit code and its standard error.
fn run(arguments: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = fihrist(&folder);
    let Output { status, stderr, .. } = command
        .args(arguments)
        .args(["--backend", "opensearch"])
        .envs(environment.iter().copied())
        .stderr(Stdio::piped())
        .output()
        .expect("the binary runs");
    (status.code(), String::from_utf8_lossy(&stderr).into_owned())
}

#[test]
fn missing_and_malformed_settings_are_explained() {
    let check = |flags: &[&str], environment: &[(&str, &str)], expected: &str| {
        let (code, stderr) = run(&[&["stats"], flags].concat(), environment);
        assert!(
            code == Some(2) && stderr.contains(expected),
            "{flags:?}: {code:?} {stderr}"
        );
    };
    check(&[], &[], "needs --opensearch-url");
    check(
        &["--opensearch-url", "http://user:secret@host:9200"],
        &[],
        "in the environment",
    );
    check(
        &["--opensearch-url", "host:9200"],
        &[],
        "expected an address",
    );
    let url = ["--opensearch-url", "http://127.0.0.1:1"];
    check(
        &[&url[..], &["--opensearch-index", "Press"]].concat(),
        &[],
        "lower-case letters",
    );
    check(
        &url,
        &[("FIHRIST_OPENSEARCH_USER", "u")],
        "FIHRIST_OPENSEARCH_PASSWORD",
    );
}

#[test]
fn a_command_names_the_address_of_an_unreachable_cluster() {
    let url = format!("http://{}", unused_address());
    let flags = ["--opensearch-url", &url, "--opensearch-timeout", "300ms"];
    for command in ["stats", "rebuild", "index"] {
        let path: &[&str] = if command == "index" { &["."] } else { &[] };
        let (code, stderr) = run(&[&[command], path, &flags[..]].concat(), &[]);
        assert!(
            code == Some(2) && stderr.contains(&url) && stderr.lines().count() == 1,
            "{command}: {code:?} {stderr}"
        );
    }
}

#[test]
fn a_service_starts_without_its_cluster_and_reports_it() {
    let url = format!("http://{}", unused_address());
    let flags = [
        "--backend",
        "opensearch",
        "--opensearch-url",
        &url,
        "--opensearch-timeout",
        "200ms",
    ];
    let server = Server::without_index(&flags);
    crate::support::server::wait_until(|| {
        let answer = server.get("/api/v1/search?q=%D8%A8%D8%AD%D8%B1");
        assert_eq!(answer.status, 503, "{}", answer.body);
        (answer.json()["code"] == "index_unavailable" && answer.header("retry-after") == "5")
            .then_some(())
    });
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.get("/readyz").status, 503);
    let authorization = format!("Bearer {}", server.key("ingest"));
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/x-ndjson"),
    ];
    let article = r#"{"id":"1","title":"خبر","body":"نص"}"#;
    let written = server.send("POST", "/api/v1/articles", &headers, article.as_bytes());
    assert_eq!(
        (written.status, written.json()["code"].as_str()),
        (503, Some("index_unavailable")),
        "{}",
        written.body
    );
}
