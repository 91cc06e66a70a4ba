//! The bounds of what requests take together: bytes of answers, memory, lines, work.

use std::io::{Read, Write};
use std::net::Shutdown;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::{problem, raw};
use crate::support::exposition::{Figures, parse};
use crate::support::server::{Answer, Server, wait_until};
use crate::support::{articles, encoded};

const JSON: &str = "application/json";

fn figures(server: &Server) -> Figures {
    let answer = server.get("/metrics");
    parse(&answer.body).unwrap_or_else(|error| panic!("{error}\n{}", answer.body))
}

/// Sends compressed lines to a server, and returns its answer.
fn post_lines(server: &Server, key: &str, lines: &str) -> Answer {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(lines.as_bytes()).expect("memory");
    let authorization = format!("Bearer {key}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/x-ndjson"),
        ("content-encoding", "gzip"),
    ];
    let body = encoder.finish().expect("memory");
    server.send("POST", "/api/v1/articles", &headers, &body)
}

/// Returns articles that repeat a word.
fn long_articles(count: usize, words: usize) -> Vec<Value> {
    let body = "سفينة قمح ".repeat(words);
    let article =
        |i: usize| json!({"id": format!("long-{i}"), "title": format!("حمولة {i}"), "body": body});
    (0..count).map(article).collect()
}

#[test]
fn an_answer_that_is_too_large_is_refused_with_advice() {
    let server = Server::with(&long_articles(30, 300), &["--max-answer", "40KiB"]);
    let query = encoded("سفينة قمح حمولة");
    let fits = server.get(&format!("/api/v1/search?q={query}&limit=1"));
    assert_eq!(fits.status, 200, "{}", fits.body);
    for more in [
        "limit=30&fragments=5&fragment_chars=1000",
        "limit=30&explain=true&fragments=0",
    ] {
        let answer = server.get(&format!("/api/v1/search?q={query}&{more}"));
        let detail = problem(&answer, 400, "answer_too_large")["detail"].to_string();
        for advice in ["40960 bytes", "`limit`", "`fragments`", "`explain`"] {
            assert!(detail.contains(advice), "{detail}");
        }
    }
    // All searches of a request share the limit.
    let search = json!({"q": "سفينة", "limit": 2, "fragments": 1});
    let post = |count: usize| {
        let body = json!(vec![&search; count]).to_string();
        server.post("/api/v1/search", JSON, &body)
    };
    assert_eq!(post(2).status, 200);
    problem(&post(50), 400, "answer_too_large");
    // A long article is one answer as well.
    let server = Server::with(&long_articles(1, 10_000), &["--max-answer", "40KiB"]);
    problem(
        &server.get("/api/v1/articles/long-0"),
        400,
        "answer_too_large",
    );
    assert_eq!(server.get("/a/long-0").status, 400);
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn a_repeated_word_is_explained_once() {
    let server = Server::with(&articles(), &[]);
    let explained = |query: &str| {
        let answer = server.search(query, "&explain=true&limit=1");
        answer["hits"][0]["explanation"].clone()
    };
    let (once, often) = (
        explained("الميناء سفينة"),
        explained(&"الميناء سفينة ".repeat(40)),
    );
    let words = |explanation: &Value| {
        let words = explanation["words"].as_array().expect("words").iter();
        words
            .map(|word| (word["text"].clone(), word["forms"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(words(&once), words(&often));
    let total = |explanation: &Value| explanation["score"]["words"].as_f64().expect("a number");
    let ratio = total(&often) / total(&once);
    assert!((ratio - 40.0).abs() < 0.1, "{ratio}");
}

#[test]
fn searches_count_as_their_work() {
    let flags = ["--rate-limit", "1/m", "--rate-burst", "30"];
    let server = Server::with(&articles(), &flags);
    let left = |answer: &Answer| answer.header("ratelimit-remaining").to_owned();
    let plain = server.get(&format!("/api/v1/search?q={}", encoded("قمح")));
    assert_eq!(left(&plain), "29");
    let costly = server.get(&format!("/api/v1/search?q={}", encoded("حكوم*")));
    assert_eq!((costly.status, left(&costly).as_str()), (200, "24"));
    let post = |count: usize| {
        let body = json!(vec![json!({"q": "قمح"}); count]).to_string();
        server.post("/api/v1/search", JSON, &body)
    };
    assert_eq!(left(&post(10)), "14");
    problem(&post(20), 429, "rate_limited");
    let long = server.get(&format!(
        "/api/v1/search?q={}",
        encoded(&"قمح سكر ".repeat(120))
    ));
    assert_eq!((long.status, left(&long).as_str()), (200, "0"));
}

#[test]
fn bad_lines_are_listed_up_to_a_limit_and_counted() {
    let flags = ["--max-rejected-lines", "3"];
    let (server, key) = Server::with_key(&articles(), "ingest", &flags);
    let bomb = "x\n".repeat(200_000);
    let good = "{\"id\": \"new\", \"title\": \"مرفأ جديد\"}";
    let answer = post_lines(&server, &key, &format!("{bomb}{good}\n"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    let listed: Vec<_> = body["lines"].as_array().expect("lines").iter().collect();
    let numbers: Vec<_> = listed.iter().map(|line| line["line"].clone()).collect();
    assert_eq!(numbers, [json!(1), json!(2), json!(3), json!(200_001)]);
    assert_eq!(
        (&body["indexed"], &body["rejected"], &body["omitted_lines"]),
        (&json!(1), &json!(200_000), &json!(199_997))
    );
    problem(&post_lines(&server, &key, &bomb), 400, "invalid_ndjson");
}

#[test]
fn the_articles_of_a_request_are_charged_not_its_bytes() {
    let flags = ["--max-body", "200KiB"];
    let (server, key) = Server::with_key(&articles(), "ingest", &flags);
    let tiny: String = (0..6_000)
        .map(|i| format!("{{\"id\":{i},\"title\":\"ب\"}}\n"))
        .collect();
    let answer = post_lines(&server, &key, &tiny);
    let detail = problem(&answer, 413, "body_too_large")["detail"].to_string();
    assert!(detail.contains("send it in parts"), "{detail}");
    let part: String = tiny
        .lines()
        .take(300)
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(post_lines(&server, &key, &part).json()["indexed"], 300);
}

#[test]
fn a_request_that_exceeds_the_memory_limit_is_refused() {
    let flags = ["--memory-limit", "64MiB", "--max-answer", "30MiB"];
    let server = Server::with(&articles(), &flags);
    let query = encoded(&"قمح ".repeat(400));
    let answer = server.get(&format!("/api/v1/search?q={query}&limit=100&explain=true"));
    problem(&answer, 503, "busy");
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(server.get("/healthz").status, 200);
    let figures = figures(&server);
    assert!(figures.value("fihrist_memory_refused_total") >= 1.0);
    assert_eq!(figures.value("fihrist_memory_reserved_bytes"), 0.0);
    let limit = figures.value("fihrist_memory_limit_bytes");
    assert_eq!(limit, f64::from(64 << 20));
    assert!(figures.value("fihrist_memory_used_bytes") > 0.0);
}

#[test]
fn a_client_that_does_not_read_is_disconnected() {
    let flags = ["--send-timeout", "2s"];
    let server = Server::with(&long_articles(100, 300), &flags);
    let query = encoded("سفينة قمح");
    let path = format!("/api/v1/search?q={query}&limit=100&fragments=5&fragment_chars=1000");
    let size = server.get(&path).body.len();
    assert!(size > 400_000, "{size}");
    let mut deaf = server.connect();
    // More than the buffers of the system hold.
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    deaf.write_all(request.repeat(100).as_bytes())
        .expect("requests");
    let held = || figures(&server).value("fihrist_answers_held_bytes");
    wait_until(|| (held() > 100_000.0).then_some(()));
    // Nothing is held between two answers either, so that only a failing write shows the end.
    wait_until(|| deaf.write_all(b"\r\n").err());
    wait_until(|| (held() == 0.0).then_some(()));
    let mut received = Vec::new();
    // The connection may end with a reset.
    let _ = deaf.read_to_end(&mut received);
    assert!(received.len() < 100 * size, "{}", received.len());
    assert_eq!(server.get(&path).status, 200);
}

#[test]
fn a_body_that_is_cut_off_is_named() {
    let (server, key) = Server::with_key(&articles(), "ingest", &[]);
    let check = |path: &str, more: &str| {
        let mut stream = server.connect();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{more}content-length: 100\r\n\r\n{{"
        );
        stream.write_all(request.as_bytes()).expect("a request");
        stream.shutdown(Shutdown::Write).expect("a socket");
        let (status, answer) = raw::read(&mut stream);
        assert_eq!(status, 400, "{answer}");
        assert!(answer.contains("body_not_received"), "{answer}");
        assert!(answer.contains("before the body was complete"), "{answer}");
    };
    check("/api/v1/search", "content-type: application/json\r\n");
    let headers = format!("authorization: Bearer {key}\r\ncontent-type: application/x-ndjson\r\n");
    check("/api/v1/articles", &headers);
}
