//! The service as a process: headers, compression, the log, starting, following the index,
//! stopping.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;

use super::server;
use crate::support::server::{Server, fihrist, wait_until};
use crate::support::{articles, encoded};

#[test]
fn every_answer_carries_the_security_headers() {
    let server = server();
    for path in [
        "/",
        "/search?q=a",
        "/a/truce",
        "/style.css",
        "/favicon.svg",
        "/api/v1/stats",
        "/healthz",
        "/nothing",
    ] {
        let answer = server.get(path);
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
             img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "{path}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
    }
}

#[test]
fn a_valid_request_id_is_kept_and_an_invalid_one_replaced() {
    let server = Server::without_index(&[]);
    let check = |given: &str, is_kept: bool| {
        let answer = server.get_with("/healthz", &[("x-request-id", given)]);
        assert_eq!(answer.header("x-request-id") == given, is_kept, "{given}");
    };
    check("trace-7f:3", true);
    check("two words", false);
    check("<b>", false);
    check(&"x".repeat(65), false);
}

#[test]
fn assets_are_cached_and_revalidated_by_their_tag() {
    let server = Server::without_index(&[]);
    let home = server.get("/").body;
    let href = home
        .split('"')
        .find(|part| part.starts_with("/style.css?v="))
        .expect("a stylesheet");
    assert!(
        server
            .get(href)
            .header("cache-control")
            .contains("immutable")
    );
    let plain = server.get("/style.css");
    assert!(plain.header("cache-control").contains("no-cache"));
    let again = server.get_with("/style.css", &[("if-none-match", plain.header("etag"))]);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(
        server.get("/favicon.ico").header("content-type"),
        "image/svg+xml"
    );
}

#[test]
fn answers_are_compressed_for_clients_that_accept_it() {
    let server = server();
    assert_eq!(server.get("/openapi.json").header("content-encoding"), "");
    let mut stream = server.connect();
    stream
        .write_all(b"GET /openapi.json HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n")
        .expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    assert!(String::from_utf8_lossy(&answer).contains("content-encoding: gzip"));
}

#[test]
fn the_log_holds_the_route_and_the_status_but_not_the_query() {
    let server = Server::with(&articles(), &["--log-format", "json"]);
    server.get_with(
        &format!("/api/v1/search?q={}", encoded("زيتون")),
        &[("x-request-id", "my-request")],
    );
    server.terminate();
    let (status, log) = server.wait();
    assert!(status.success());
    let line = log
        .lines()
        .find(|line| line.contains("my-request"))
        .expect("a line");
    let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(
        (
            &line["method"],
            &line["route"],
            &line["status"],
            &line["request_id"]
        ),
        (
            &json!("GET"),
            &json!("/api/v1/search"),
            &json!(200),
            &json!("my-request")
        )
    );
    assert!(line["duration_ms"].is_number());
    assert!(
        !log.contains("زيتون") && !log.contains(&encoded("زيتون")),
        "{log}"
    );
}

#[test]
fn a_running_service_follows_the_index() {
    let server = Server::without_index(&[]);
    server.index(&articles()[..2]);
    wait_until(|| (server.get("/readyz").status == 200).then_some(()));
    // The server may open the index before the first job has committed.
    wait_until(|| (server.search("الميناء", "")["total"]["value"] == 2).then_some(()));
    server.index(&articles());
    wait_until(|| (server.search("الميناء", "")["total"]["value"] == 13).then_some(()));
    assert_eq!(server.get("/version").json()["name"], "fihrist");
}

#[test]
fn running_requests_finish_before_the_server_stops() {
    let server = server();
    let body = json!({"q": "زيتون"}).to_string();
    let mut stream = server.connect();
    let head = format!(
        "POST /api/v1/search HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("a request");
    // The handler now waits for the body, and the signal arrives before it.
    std::thread::sleep(Duration::from_millis(200));
    server.terminate();
    let address = server.url.trim_start_matches("http://").to_owned();
    wait_until(|| TcpStream::connect(&address).is_err().then_some(()));
    stream.write_all(body.as_bytes()).expect("the rest");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(
        answer.starts_with("HTTP/1.1 200 OK") && answer.contains("\"garden\""),
        "{answer}"
    );
    assert!(server.wait().0.success());
}

#[test]
fn a_slow_request_times_out() {
    let server = Server::without_index(&["--request-timeout", "100ms"]);
    let mut stream = server.connect();
    stream
        .write_all(b"POST /api/v1/search HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\nconnection: close\r\n\r\n{")
        .expect("a request");
    let mut answer = String::new();
    // The server may reset the connection after the answer, since the body never arrives.
    let _ = stream.read_to_string(&mut answer);
    assert!(
        answer.starts_with("HTTP/1.1 504") && answer.contains("\"timed_out\""),
        "{answer}"
    );
}

#[test]
fn a_failed_start_prints_one_line() {
    let server = server();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let check = |flags: &[&str], expected: &[&str]| {
        let output = fihrist(&folder)
            .arg("serve")
            .args(flags)
            .output()
            .expect("the binary runs");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert_eq!(error.trim_end().lines().count(), 1, "{error}");
        assert!(expected.iter().all(|part| error.contains(part)), "{error}");
    };
    let taken = server.url.trim_start_matches("http://");
    check(&["--listen", taken], &["cannot listen on", taken, "in use"]);
    let other = folder.path().join("data/generations/000001");
    std::fs::create_dir_all(&other).expect("a folder of ours");
    std::fs::write(folder.path().join("data/CURRENT"), "000001\n").expect("a file of ours");
    let stamp = r#"{"schema":99,"analysis":1,"model":"none"}"#;
    std::fs::write(other.join("stamp.json"), stamp).expect("a file of ours");
    check(&["--listen", "127.0.0.1:0"], &["data"]);
}

#[test]
fn health_asks_a_running_server() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let check = |url: &str, code: i32, expected: &str| {
        let output = fihrist(&folder)
            .args(["health", "--url", url])
            .output()
            .expect("the binary runs");
        assert_eq!(output.status.code(), Some(code));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            error.contains(expected) && error.lines().count() <= 1,
            "{error}"
        );
    };
    check(&server().url, 0, "");
    check(&Server::without_index(&[]).url, 2, "no index");
    check("http://127.0.0.1:1", 2, "no answer from http://127.0.0.1:1");

    // In a container, the environment holds the address of the server.
    let server = server();
    let (_, port) = server.url.rsplit_once(':').expect("a port");
    let mut health = fihrist(&folder);
    let output = health
        .env("FIHRIST_LISTEN", format!("0.0.0.0:{port}"))
        .arg("health")
        .output()
        .expect("the binary runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    // This server accepts the connection and sends nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let started = std::time::Instant::now();
    let output = fihrist(&folder)
        .args(["health", "--timeout", "200ms", "--url", &url])
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(started.elapsed() < Duration::from_secs(5));
}
