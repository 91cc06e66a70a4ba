//! The API against its own description: schemathesis derives valid and invalid requests from the
//! OpenAPI document, and compares every answer with it. `.ci/run` installs schemathesis. Without it
//! the test is skipped, but fails in CI.

use std::path::Path;
use std::process::Command;

use crate::support::server::Server;
use crate::support::{articles, skip_without};

/// Runs schemathesis against a service; returns whether it is installed.
fn examine(server: &Server, key: &str, arguments: &[&str]) -> bool {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemathesis");
    let mut command = Command::new("schemathesis");
    command
        .arg("--config-file")
        .arg(ours.join("schemathesis.toml"))
        .args(["run", &format!("{}/openapi.json", server.url)]);
    // The seed fixes the requests. Files that schemathesis writes go to the folder of the server.
    command.args(["--seed", "1", "--no-color", "--generation-database", "none"]);
    command
        .args(arguments)
        .env("FIHRIST_KEY", key)
        .env("SCHEMATHESIS_HOOKS", ours.join("hooks.py"))
        .current_dir(server.path("."));
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => {
            skip_without("schemathesis, which `.ci/run` installs,", &error);
            return false;
        }
    };
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{stdout}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    // Without requests there is no result: an unreadable document must not pass.
    let words: Vec<&str> = stdout.split_whitespace().collect();
    let generated = words
        .windows(2)
        .filter(|pair| pair[1].starts_with("generated"));
    let generated: u32 = generated
        .filter_map(|pair| pair[0].parse::<u32>().ok())
        .sum();
    assert!(generated > 200, "{stdout}");
    println!("{generated} requests");
    true
}

#[test]
fn every_answer_matches_the_document() {
    let (server, key) = Server::with_key(&articles(), "ingest", &["--rate-limit", "off"]);
    if examine(&server, &key, &["--max-examples", "60"]) {
        assert_eq!(server.get("/readyz").status, 200);
    }
}

#[test]
fn a_service_that_requires_keys_matches_the_document() {
    let flags = ["--rate-limit", "off", "--require-key"];
    let (server, key) = Server::with_key(&articles(), "search,ingest,admin", &flags);
    examine(
        &server,
        &key,
        &["--phases", "examples,coverage", "--max-examples", "10"],
    );
}
