//! The view of an operator: metrics, logs, and the behaviour under overload.

mod overload;

use std::collections::BTreeMap;
use std::io::{Read, Write};

use serde_json::{Value, json};

use crate::support::exposition::{Figures, parse};
use crate::support::server::{Server, wait_until};
use crate::support::{articles, encoded};

const NDJSON: &str = "application/x-ndjson";

fn figures(server: &Server) -> Figures {
    let answer = server.get("/metrics");
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/plain; version=0.0.4; charset=utf-8")
    );
    parse(&answer.body).unwrap_or_else(|error| panic!("{error}\n{}", answer.body))
}

#[test]
fn counters_count_requests_and_articles() {
    let server = Server::with(&articles(), &[]);
    let key = server.key("ingest");
    let bearer = format!("Bearer {key}");
    let before = figures(&server);
    let search = |query: &str| {
        server
            .get(&format!("/api/v1/search?q={}", encoded(query)))
            .status
    };
    for _ in 0..3 {
        assert_eq!(search("الميناء"), 200);
    }
    assert_eq!(server.get("/api/v1/search?limit=0&q=a").status, 400);
    assert_eq!(server.get("/api/v1/articles/nobody").status, 404);
    assert_eq!(server.get("/no/such/path/1").status, 404);
    // No client library sends such a method.
    let mut stream = server.connect();
    stream
        .write_all(b"BREW /no/such/path/2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    let lines = "{\"id\": \"new\", \"title\": \"منارة\"}\n{\"id\": \"garden\"}\n{broken\n";
    let headers = [("authorization", bearer.as_str()), ("content-type", NDJSON)];
    assert_eq!(
        server
            .send(
                "POST",
                "/api/v1/articles?refresh=wait",
                &headers,
                lines.as_bytes()
            )
            .status,
        200
    );
    assert_eq!(
        server
            .send("DELETE", "/api/v1/articles/new", &headers[..1], b"")
            .status,
        200
    );
    let after = figures(&server);

    let moved = |name: &str| after.value(name) - before.value(name);
    let check = |name: &str, expected: f64| assert_eq!(moved(name), expected, "{name}");
    let requests = |route: &str, method: &str, status: u16| {
        format!(
            "fihrist_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}"
        )
    };
    check(&requests("/api/v1/search", "GET", 200), 3.0);
    check(&requests("/api/v1/search", "GET", 400), 1.0);
    check(&requests("/api/v1/articles/{id}", "GET", 404), 1.0);
    check(&requests("/api/v1/articles/{id}", "DELETE", 200), 1.0);
    check(&requests("unmatched", "GET", 404), 1.0);
    check(&requests("unmatched", "other", 404), 1.0);
    check(
        "fihrist_http_request_duration_seconds_count{route=\"/api/v1/search\"}",
        4.0,
    );
    check(
        "fihrist_http_request_duration_seconds_bucket{le=\"+Inf\",route=\"/api/v1/search\"}",
        4.0,
    );
    for stage in ["understand", "find", "rank", "snippets"] {
        check(
            &format!("fihrist_search_stage_seconds_count{{stage=\"{stage}\"}}"),
            3.0,
        );
    }
    // Three searches, and the article that does not exist.
    check("fihrist_search_stage_seconds_count{stage=\"wait\"}", 4.0);
    check("fihrist_ingest_articles_total{result=\"created\"}", 1.0);
    check("fihrist_ingest_articles_total{result=\"rejected\"}", 2.0);
    check("fihrist_ingest_articles_total{result=\"deleted\"}", 1.0);
    check("fihrist_ingest_articles_total{result=\"unchanged\"}", 0.0);
    check("fihrist_ingest_commits_total", 2.0);
    check("fihrist_ingest_commit_duration_seconds_count", 2.0);
    assert_eq!(after.value("fihrist_ingest_queue"), 0.0);
    // This request for the metrics.
    assert_eq!(after.value("fihrist_http_requests_in_flight"), 1.0);
    wait_until(|| (figures(&server).value("fihrist_index_articles") == 14.0).then_some(()));
}

#[test]
fn metrics_describe_the_service_and_its_index() {
    let server = Server::with(&articles(), &["--max-searches", "6"]);
    let figures = figures(&server);
    let check = |name: &str, expected: f64| assert_eq!(figures.value(name), expected, "{name}");
    check("fihrist_index_open", 1.0);
    check("fihrist_index_following", 1.0);
    check("fihrist_index_articles", 14.0);
    check("fihrist_index_generation", 1.0);
    check("fihrist_pool_capacity{class=\"search\"}", 6.0);
    check("fihrist_pool_capacity{class=\"costly\"}", 3.0);
    check("fihrist_pool_capacity{class=\"quick\"}", 3.0);
    check("fihrist_pool_running{class=\"search\"}", 0.0);
    check(
        "fihrist_pool_refused_total{class=\"search\",reason=\"queue_full\"}",
        0.0,
    );
    let version = server.get("/version").json();
    check(
        &format!(
            "fihrist_build_info{{analysis_version=\"{}\",version=\"{}\"}}",
            version["analysis_version"],
            version["version"].as_str().expect("a version")
        ),
        1.0,
    );
    let since = |name: &str| {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .expect("a clock that runs");
        now.as_secs_f64() - figures.value(name)
    };
    assert!((-2.0..600.0).contains(&since("fihrist_index_changed_timestamp_seconds")));
    assert!((-2.0..600.0).contains(&since("process_start_time_seconds")));
    assert!(figures.value("process_resident_memory_bytes") > 1e6);
    assert!(figures.value("process_open_fds") >= 3.0 && figures.value("process_open_fds") < 500.0);
    assert!(
        figures.value("fihrist_index_size_bytes") > 0.0
            && figures.value("fihrist_uptime_seconds") > 0.0
    );

    let empty = Server::without_index(&[]);
    let answer = parse(&empty.get("/metrics").body).expect("figures");
    assert_eq!(answer.value("fihrist_index_open"), 0.0);
    assert!(
        answer.find("fihrist_index_articles").is_none(),
        "without an index there is no count"
    );
}

#[test]
fn every_log_line_is_a_json_object() {
    let server = Server::with(&articles(), &["--log-format", "json"]);
    let secret = "زيتون";
    let search = format!("/api/v1/search?q={}", encoded(secret));
    let answer = server.get_with(&search, &[("x-request-id", "one-search")]);
    server.get_with("/nothing", &[("x-request-id", "a-stray")]);
    server.get_with(
        "/api/v1/search?limit=0&q=a",
        &[("x-request-id", "a-mistake")],
    );
    // An unreadable key file is an error of the server.
    std::fs::write(server.path("data/keys.json"), "{").expect("a file of ours");
    let headers = [
        ("x-request-id", "our-mistake"),
        ("content-type", NDJSON),
        ("authorization", "Bearer x"),
    ];
    assert_eq!(
        server
            .send("POST", "/api/v1/articles", &headers, b"{}")
            .status,
        500
    );
    server.terminate();
    let (status, log) = server.wait();
    assert!(status.success());
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let of = |id: &str| {
        lines
            .iter()
            .filter(|line| line["request_id"] == id)
            .collect::<Vec<_>>()
    };
    let check = |id: &str, route: &str, status: u16| {
        let answered: Vec<_> = of(id)
            .into_iter()
            .filter(|line| line["message"] == "answered")
            .collect();
        let [line] = answered.as_slice() else {
            panic!("{id}: {answered:?}")
        };
        let named: BTreeMap<_, _> = ["method", "route", "status"]
            .map(|name| (name, &line[name]))
            .into();
        let method = if id == "our-mistake" { "POST" } else { "GET" };
        assert_eq!(
            named,
            BTreeMap::from([
                ("method", &json!(method)),
                ("route", &json!(route)),
                ("status", &json!(status))
            ])
        );
        assert!(
            line["duration_ms"].is_number() && line["bytes"].is_u64(),
            "{line}"
        );
        assert_eq!(
            (&line["level"], line["timestamp"].is_string()),
            (&json!("INFO"), true)
        );
        line["bytes"].as_u64().unwrap_or(0)
    };
    assert_eq!(
        check("one-search", "/api/v1/search", 200),
        answer.body.len() as u64
    );
    check("a-stray", "unmatched", 404);
    check("a-mistake", "/api/v1/search", 400);
    check("our-mistake", "/api/v1/articles", 500);
    let errors: Vec<_> = lines
        .iter()
        .filter(|line| line["level"] == "ERROR")
        .collect();
    let [error] = errors.as_slice() else {
        panic!("{errors:?}")
    };
    assert_eq!(error["request_id"], "our-mistake");
    assert!(
        error["cause"]
            .as_str()
            .is_some_and(|cause| !cause.is_empty()),
        "{error}"
    );
    assert!(
        !log.contains(secret) && !log.contains(&encoded(secret)),
        "{log}"
    );
}
