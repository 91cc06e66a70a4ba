//! Writing beside other work: many requests at once, an indexing job, the shutdown of the server;
//! and the examples of `docs/writing.md`.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use super::{JSON, WritingClient, problem, says, story};
use crate::support::server::{Server, wait_until};
use crate::support::{articles, encoded, skip};

const EXAMPLES: &str = include_str!("../../../../docs/writing.md");

#[test]
fn concurrent_requests_share_commits() {
    let client = WritingClient::new();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let put = |i: usize| {
            client
                .put(&format!("boat-{i}"), &story(&format!("قرية{i}")))
                .status
        };
        let asked: Vec<_> = (0..100).map(|i| scope.spawn(move || put(i))).collect();
        asked
            .into_iter()
            .map(|asked| asked.join().expect("an answer"))
            .collect()
    });
    assert_eq!(statuses, [201; 100]);
    assert_eq!(
        (
            client.total("سوق السمك"),
            &client.server.get("/api/v1/stats").json()["articles"]
        ),
        (100, &json!(100))
    );
    client.server.terminate();
    let (_, log) = client.server.wait();
    let commits = log
        .lines()
        .filter(|line| line.contains("committed"))
        .count();
    assert!((1..=50).contains(&commits), "{commits} commits: {log}");
}

#[test]
fn a_long_job_makes_requests_fail() {
    let client = WritingClient::over(Server::with(&articles(), &["--write-timeout", "2s"]));
    // The process that locks this file is the writer.
    let lock = std::fs::File::options()
        .write(true)
        .open(client.server.path("data/writer.lock"))
        .expect("the lock");
    lock.lock().expect("no other process writes");
    let answers: Vec<_> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..3)
            .map(|i| {
                scope.spawn({
                    let client = &client;
                    move || client.put(&format!("new-{i}"), &story("ترهونة"))
                })
            })
            .collect();
        asked
            .into_iter()
            .map(|asked| asked.join().expect("an answer"))
            .collect()
    });
    for answer in &answers {
        problem(answer, 503, "index_busy");
        assert_eq!(answer.header("retry-after"), "5");
    }
    assert_eq!(client.total("ترهونة"), 0);
    lock.unlock().expect("our lock");
    assert_eq!(client.put("new-0", &story("ترهونة")).status, 201);
    assert_eq!(client.total("ترهونة"), 1);

    // The server releases the index by itself; a job that starts now waits for that.
    client.server.index(&articles());
    wait_until(|| (client.server.get("/api/v1/stats").json()["articles"] == 15).then_some(()));
    assert_eq!(client.put("new-1", &story("ترهونة")).status, 201);
    assert_eq!(client.total("ترهونة"), 2);
}

#[test]
fn a_write_that_arrived_before_the_shutdown_is_committed() {
    let client = WritingClient::new();
    let body = story("هون").to_string();
    let mut stream = client.server.connect();
    let head = format!(
        "PUT /api/v1/articles/last HTTP/1.1\r\nhost: x\r\nauthorization: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        client.authorization,
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("a request");
    std::thread::sleep(Duration::from_millis(200));
    client.server.terminate();
    std::thread::sleep(Duration::from_millis(200));
    stream.write_all(body.as_bytes()).expect("the rest");
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let WritingClient { mut server, .. } = client;
    let ended = server.ended();
    assert!(ended.success());
    let found = server.run_json(&["search", "--json", "هون"]);
    assert_eq!(found["hits"][0]["id"], "last");
}

#[test]
fn writing_has_a_timeout_of_its_own() {
    let client = WritingClient::with(&["--request-timeout", "100ms", "--write-timeout", "300ms"]);
    let mut stream = client.server.connect();
    let head = format!(
        "PUT /api/v1/articles/slow HTTP/1.1\r\nhost: x\r\nauthorization: {}\r\ncontent-type: application/json\r\ncontent-length: 9\r\nconnection: close\r\n\r\n",
        client.authorization
    );
    let started = std::time::Instant::now();
    stream.write_all(head.as_bytes()).expect("a request");
    let mut answer = String::new();
    // The server may reset the connection after the answer, since the body never arrives.
    let _ = std::io::Read::read_to_string(&mut stream, &mut answer);
    assert!(
        answer.starts_with("HTTP/1.1 504") && answer.contains("\"timed_out\""),
        "{answer}"
    );
    assert!(started.elapsed() >= Duration::from_millis(300));
    problem(&client.delete("slow"), 404, "no_such_article");
}

#[test]
fn the_documented_write_examples_work() {
    if Command::new("curl")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        skip("the examples of docs/writing.md are not run: curl is missing");
        return;
    }
    let block = EXAMPLES
        .split("```sh\n")
        .find(|block| block.starts_with("KEY="))
        .and_then(|block| block.split("```").next());
    let client = WritingClient::new();
    let lines: String = articles()
        .iter()
        .map(|article| format!("{article}\n"))
        .collect();
    std::fs::write(client.server.path("articles.jsonl"), lines).expect("a file of ours");
    let script = block
        .expect("the examples in docs/writing.md")
        .replace("http://127.0.0.1:7700", &client.server.url);
    let binaries = std::path::Path::new(env!("CARGO_BIN_EXE_fihrist"))
        .parent()
        .expect("a folder");
    let path = format!(
        "{}:{}",
        binaries.display(),
        std::env::var("PATH").expect("a path")
    );
    let output = Command::new("sh")
        .args([
            "-euc",
            &script.replace("curl ", "curl --silent --show-error --fail --noproxy '*' "),
        ])
        .env("PATH", path)
        .env_remove("FIHRIST_DATA")
        .current_dir(client.server.path("."))
        .output()
        .expect("a shell");
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{script}\n{stdout}\n{stderr}");
    for said in [
        "\"created\"",
        "\"indexed\":14",
        "\"unchanged\":14",
        "\"deleted\"",
    ] {
        assert!(stdout.contains(said), "no {said}: {stdout}");
    }
    let stats = wait_until(|| {
        Some(client.server.get("/api/v1/stats").json()).filter(|stats| stats["articles"] == 14)
    });
    assert_eq!(stats["articles"], 14);
    says(
        &client.put(&encoded("مرفأ 1"), &story("جالو")),
        201,
        &json!({"id": "مرفأ 1", "status": "created", "notes": []}),
    );
    let unknown = client.send("PUT", "/api/v1/nothing", JSON, b"{}");
    problem(&unknown, 404, "unknown_route");
}
