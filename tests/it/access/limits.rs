//! The limits of a request: the query, the answer, the body, the head, the time, the connections.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::{problem, raw};
use crate::support::server::Server;
use crate::support::{articles, encoded};

const JSON: &str = "application/json";

fn server(flags: &[&str]) -> Server {
    Server::with(&articles(), flags)
}

#[test]
fn the_length_of_a_query_is_limited_on_every_route() {
    let server = server(&["--max-query-chars", "20"]);
    let (fits, long) = ("و".repeat(20), "و".repeat(21));
    for path in [
        "/api/v1/search?q=",
        "/api/v1/suggest?q=",
        "/api/v1/explain?id=truce&q=",
        "/api/v1/articles/truce?q=",
    ] {
        assert_eq!(
            server.get(&format!("{path}{}", encoded(&fits))).status,
            200,
            "{path}"
        );
        let body = problem(
            &server.get(&format!("{path}{}", encoded(&long))),
            400,
            "invalid_parameter",
        );
        assert_eq!(
            body["errors"][0]["hint"], "expected at most 20 characters",
            "{path}"
        );
    }
    for path in ["/search?q=", "/a/truce?q="] {
        assert_eq!(
            server.get(&format!("{path}{}", encoded(&long))).status,
            400,
            "{path}"
        );
    }
    let post = |body: &str| server.post("/api/v1/search", JSON, body);
    assert_eq!(post(&json!({"q": fits}).to_string()).status, 200);
    problem(
        &post(&json!({"q": long}).to_string()),
        400,
        "invalid_parameter",
    );
    // The last of two members counts, and its length is checked.
    problem(
        &post(&format!("{{\"q\": \"{fits}\", \"q\": \"{long}\"}}")),
        400,
        "invalid_parameter",
    );
    problem(
        &server.get(&format!("/api/v1/search?q={fits}&q={}", encoded(&long))),
        400,
        "invalid_parameter",
    );
    // An escape is one character, in the address as in JSON.
    assert_eq!(
        post(&format!("{{\"q\": \"{}\"}}", "\\u0648".repeat(20))).status,
        200
    );
    problem(
        &post(&format!("{{\"q\": \"{}\"}}", "\\u0648".repeat(21))),
        400,
        "invalid_parameter",
    );
}

#[test]
fn the_size_of_an_answer_is_limited() {
    let server = server(&["--max-limit", "5", "--max-offset", "7"]);
    let get = |query: &str| server.get(&format!("/api/v1/search?q={}&{query}", encoded("الميناء")));
    let (most, usual) = (get("limit=5&offset=7").json(), get("").json());
    assert_eq!(
        (
            most["hits"].as_array().map(Vec::len),
            usual["hits"].as_array().map(Vec::len)
        ),
        (Some(5), Some(5))
    );
    for query in [
        "limit=6",
        "limit=0",
        "limit=+5",
        "limit=5.0",
        "limit=0x5",
        "limit=%D9%A5",
        "limit=5%00",
        "limit=-1",
        "limit=1e9",
        "limit=18446744073709551617",
        "limit=5&limit=100",
        "offset=8",
        "offset=-1",
        "offset=18446744073709551615",
        "offset=18446744073709551616",
        "offset=7&offset=8",
    ] {
        // A plus sign means a space, so the value is not a number.
        problem(&get(query), 400, "invalid_parameter");
    }
    for body in [
        json!({"limit": 6}),
        json!({"limit": -1}),
        json!({"limit": 5.5}),
        json!({"limit": "5"}),
        json!({"limit": [5]}),
        json!({"limit": 1e300}),
        json!({"offset": 8}),
        json!({"offset": u64::MAX}),
        json!({"limit": true}),
    ] {
        let mut body: Value = body;
        body["q"] = json!("a");
        problem(
            &server.post("/api/v1/search", JSON, &body.to_string()),
            400,
            "invalid_parameter",
        );
    }
    problem(
        &server.post(
            "/api/v1/search",
            JSON,
            "{\"q\": \"a\", \"limit\": 5, \"limit\": 6}",
        ),
        400,
        "invalid_parameter",
    );
    problem(
        &server.get("/api/v1/articles/truce/duplicates?limit=6"),
        400,
        "invalid_parameter",
    );
    // The offset limits the pages as well.
    assert_eq!(
        (
            server.get("/search?q=a&page=1").status,
            server.get("/search?q=a&page=2").status
        ),
        (200, 400)
    );
    let document = server.get("/openapi.json").json();
    let parameters = document["paths"]["/api/v1/search"]["get"]["parameters"]
        .as_array()
        .expect("parameters");
    let maximum = |name: &str| {
        let parameter = parameters
            .iter()
            .find(|parameter| parameter["name"] == name)
            .expect(name);
        parameter["schema"]["maximum"].clone()
    };
    assert_eq!(
        (maximum("limit"), maximum("offset")),
        (json!(5), json!(7)),
        "the description states the limits"
    );
}

#[test]
fn the_body_of_a_search_is_limited_however_it_is_sent() {
    let server = server(&[]);
    let head = format!(
        "POST /api/v1/search HTTP/1.1\r\nhost: x\r\ncontent-type: {JSON}\r\nconnection: close\r\n"
    );
    let long = json!({"q": "a".repeat(1 << 20)}).to_string();
    let (status, answer) = raw::send(
        &server,
        format!("{head}content-length: {}\r\n\r\n{long}", long.len()).as_bytes(),
    );
    assert_eq!(status, 413, "{answer}");
    // Chunks, whose total size is not announced.
    let piece = format!("{:x}\r\n{}\r\n", 1 << 16, " ".repeat(1 << 16)).repeat(17);
    let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n{piece}2\r\n{{}}\r\n0\r\n\r\n");
    let (status, answer) = raw::send(&server, chunked.as_bytes());
    assert_eq!(status, 413, "{answer}");
    // Two lengths are refused: the server must not guess where the next request begins.
    for twice in [
        "content-length: 2\r\ncontent-length: 3\r\n",
        "content-length: 2, 3\r\n",
        "content-length: +2\r\n",
    ] {
        assert_eq!(
            raw::send(&server, format!("{head}{twice}\r\n{{}}").as_bytes()).0,
            400,
            "{twice}"
        );
    }
    // Searches accept no compressed body, so a bomb is not unpacked.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(" ".repeat(10_000_000).as_bytes())
        .expect("memory");
    let bomb = encoder.finish().expect("memory");
    let headers = [("content-type", JSON), ("content-encoding", "gzip")];
    let answer = server.send("POST", "/api/v1/search", &headers, &bomb);
    assert!(matches!(answer.status, 400 | 415), "{}", answer.body);
    problem(
        &server.post("/api/v1/search", JSON, &"[".repeat(500_000)),
        400,
        "invalid_json",
    );
}

#[test]
fn the_head_of_a_request_is_limited() {
    let server = server(&[]);
    let check = |target: &str, headers: &str, expected: &[u16]| {
        let (status, answer) = raw::get(&server, "GET", target, headers);
        assert!(
            expected.contains(&status),
            "{status} {} {} bytes: {answer}",
            target.len(),
            headers.len()
        );
    };
    check(
        &format!("/api/v1/search?q={}", encoded(&"و".repeat(2_000))),
        "",
        &[200],
    );
    check(
        &format!("/api/v1/search?q={}", encoded(&"🚢".repeat(2_000))),
        "",
        &[200],
    );
    check(&format!("/{}", "a".repeat(60_000)), "", &[404]);
    check(&format!("/{}", "a".repeat(100_000)), "", &[414, 431]);
    check(
        "/healthz",
        &format!("x-a: {}\r\n", "a".repeat(60_000)),
        &[200],
    );
    check(
        "/healthz",
        &format!("x-a: {}\r\n", "a".repeat(70_000)),
        &[431],
    );
    check("/healthz", &"x-a: a\r\n".repeat(101), &[431]);
    check("/healthz", "no colon\r\n", &[400]);
    check("/healthz", "x a: 1\r\n", &[400]);
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn slow_connections_are_closed() {
    let server = Server::without_index(&["--request-timeout", "200ms"]);
    let started = Instant::now();
    let mut silent = server.connect();
    let mut slow = server.connect();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n")
        .expect("a request");
    let mut dripping = server.connect();
    let dripped = std::thread::spawn(move || {
        // A byte now and then does not extend the time.
        while dripping.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
            assert!(
                started.elapsed() < Duration::from_secs(15),
                "the connection is never closed"
            );
        }
    });
    for (name, stream) in [("silent", &mut silent), ("slow", &mut slow)] {
        let (status, answer) = raw::read(stream);
        assert!(matches!(status, 0 | 408), "{name}: {answer}");
    }
    dripped.join().expect("the connection was closed");
    assert!(
        started.elapsed() < Duration::from_secs(15),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn the_number_of_connections_is_limited() {
    let server = Server::without_index(&["--max-connections", "2"]);
    let ask = |stream: &mut TcpStream| {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    };
    let (first, second) = (server.connect(), server.connect());
    // Both are accepted before the third, in the order in which they connected.
    let mut third = server.connect();
    ask(&mut third).expect("a request");
    third
        .set_read_timeout(Some(Duration::from_millis(500)))
        .expect("a socket");
    assert_eq!(raw::read(&mut third).0, 0, "the third connection waits");
    drop(first);
    third
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a socket");
    assert_eq!(raw::read(&mut third).0, 200, "a connection was freed");
    drop(second);
    assert_eq!(server.get("/healthz").status, 200);
}
