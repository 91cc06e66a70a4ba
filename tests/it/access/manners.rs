//! What a client may rely on beside the API: the host header, the end of a connection, and links
//! that stay on this server.

use std::io::Write;

use super::raw::{get, read, send};
use crate::support::articles;
use crate::support::server::Server;

/// Sends lines as a request, and returns the status and the answer.
fn lines(server: &Server, lines: &[&str]) -> (u16, String) {
    send(server, (lines.join("\r\n") + "\r\n\r\n").as_bytes())
}

#[test]
fn a_request_names_one_valid_host() {
    let server = Server::with(&articles(), &[]);
    let check = |request: &[&str], expected: u16| {
        let (status, answer) = lines(&server, &[request, &["connection: close"]].concat());
        assert_eq!(status, expected, "{request:?}: {answer}");
    };
    for path in ["/", "/api/v1/search?q=a", "/healthz", "/nothing"] {
        let first = format!("GET {path} HTTP/1.1");
        check(&[&first], 400);
        check(&[&first, "host: a", "host: b"], 400);
        check(&[&first, "host: a", "host: a"], 400);
        for invalid in [
            "", "a b", "user@a", "a/b", "a,b", "a:b:c", "مضيف", "a\\b", "<a>",
        ] {
            check(&[&first, &format!("host: {invalid}")], 400);
        }
    }
    for valid in [
        "a",
        "a.example:7700",
        "127.0.0.1:7700",
        "[::1]:7700",
        "my_host",
    ] {
        check(&["GET /healthz HTTP/1.1", &format!("host: {valid}")], 200);
    }
    check(&["GET /healthz HTTP/1.0"], 200);
    check(&["GET /healthz HTTP/1.0", "host: a b"], 400);
    // A whole address as the target needs the header as well, and its host counts.
    check(&["GET http://a/healthz HTTP/1.1"], 400);
    check(&["GET http://a/healthz HTTP/1.1", "host: b"], 200);
    check(&["GET http://user@a/healthz HTTP/1.1", "host: b"], 400);
    let (_, feed) = lines(
        &server,
        &[
            "GET http://a.example/feed.atom?q=a HTTP/1.1",
            "host: b.example",
            "connection: close",
        ],
    );
    assert!(
        feed.contains("http://a.example/search") && !feed.contains("b.example"),
        "{feed}"
    );
}

#[test]
fn an_answer_says_that_the_connection_will_be_closed() {
    let server = Server::with(&articles(), &[]);
    let check = |request: &str, is_closed: bool| {
        let last = "GET /healthz HTTP/1.1\r\nhost: last\r\nconnection: close\r\n\r\n";
        let mut stream = server.connect();
        stream.write_all(request.as_bytes()).expect("sent");
        // The server may have closed the connection by now.
        let _ = stream.write_all(last.as_bytes());
        let (_, answers) = read(&mut stream);
        let (first, rest) = answers.split_once("\r\n\r\n").expect("an answer");
        let says = first.to_lowercase().contains("connection: close");
        let has_second = rest.contains("HTTP/1.1 200");
        assert_eq!(
            (says, has_second),
            (is_closed, !is_closed),
            "{request}: {answers}"
        );
    };
    let head = |method: &str, path: &str, headers: &str| {
        format!("{method} {path} HTTP/1.1\r\nhost: a\r\n{headers}\r\n")
    };
    check(&head("GET", "/healthz", ""), false);
    check(&head("GET", "/nothing", ""), false);
    check(&head("DELETE", "/api/v1/stats", ""), false);
    let analyze = "content-type: application/json\r\ncontent-length: 13\r\n";
    let body = "{\"text\": \"a\"}";
    check(&(head("POST", "/api/v1/analyze", analyze) + body), false);
    // The key is missing, so the body is not read.
    check(&(head("PUT", "/api/v1/articles/1", analyze) + body), true);
    check(&(head("POST", "/nothing", analyze) + body), true);
    check(
        &(head("POST", "/api/v1/analyze", "content-length: 99999999\r\n") + body),
        true,
    );
    check(
        &head(
            "PUT",
            "/api/v1/articles/1",
            "content-length: 10\r\nexpect: 100-continue\r\n",
        ),
        true,
    );
    check(
        &head("POST", "/nothing", "transfer-encoding: chunked\r\n"),
        true,
    );
}

#[test]
fn a_body_that_comes_too_slowly_ends_the_connection() {
    let server = Server::with(&articles(), &["--request-timeout", "1s"]);
    let (status, answer) = send(
        &server,
        b"POST /api/v1/analyze HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
    );
    assert_eq!(status, 504, "{answer}");
    assert!(
        answer.to_lowercase().contains("connection: close"),
        "{answer}"
    );
}

#[test]
fn no_link_leads_to_another_server() {
    let server = Server::with(&articles(), &[]);
    let foreign = "elsewhere.example";
    let targets = [
        "//elsewhere.example/",
        "///elsewhere.example/",
        "/\\elsewhere.example/",
        "//elsewhere.example",
        "/\\/elsewhere.example/x?lang=en",
        "//elsewhere.example/?lang=en",
        "//elsewhere.example/..",
        "/.//elsewhere.example/",
        "//elsewhere.example/search?q=a",
        "//elsewhere.example/a/truce",
        "/%2F/elsewhere.example/",
        "/search?q=&lang=en",
        "/a//elsewhere.example/",
        "/help//elsewhere.example/",
        "//elsewhere.example/\"><a>",
    ];
    let headers = [
        "accept: text/html\r\n".to_owned(),
        format!(
            "accept: text/html\r\nx-forwarded-host: {foreign}\r\nx-forwarded-proto: https\r\nforwarded: host={foreign}\r\nx-original-url: //{foreign}/\r\n"
        ),
    ];
    for (target, headers) in targets
        .iter()
        .flat_map(|target| headers.iter().map(move |headers| (target, headers)))
    {
        let (_, answer) = get(&server, "GET", target, headers);
        let links = answer
            .split("href=\"")
            .chain(answer.split("action=\""))
            .chain(answer.split("location: "))
            .skip(1);
        for link in links {
            let link = link.split(['"', '\r']).next().expect("a link");
            let is_foreign = ["//", "/\\", "\\", "http://e", "https:", "http:/e"]
                .iter()
                .any(|start| link.starts_with(start));
            assert!(!is_foreign, "{target}: {link}");
        }
    }
}

#[test]
fn methods_and_heads_get_their_status() {
    let server = Server::with(&articles(), &[]);
    let check = |method: &str, target: &str, headers: &str, expected: u16| {
        let (status, answer) = get(&server, method, target, headers);
        assert_eq!(status, expected, "{method} {target}: {answer}");
        answer
    };
    let head = check("HEAD", "/api/v1/stats", "", 200);
    assert!(
        head.contains("content-length: ") && head.ends_with("\r\n\r\n"),
        "{head}"
    );
    check("HEAD", "/nothing", "", 404);
    for method in ["OPTIONS", "TRACE", "FOO", "POST", "get"] {
        let answer = check(method, "/api/v1/stats", "", 405);
        assert!(
            answer.to_lowercase().contains("allow: get,head"),
            "{answer}"
        );
    }
    check("OPTIONS", "*", "", 404);
    assert!(matches!(
        get(&server, "CONNECT", "a:80", "").0,
        400 | 404 | 405
    ));
    check(
        "GET",
        "/healthz",
        &format!("x: {}\r\n", "x".repeat(70_000)),
        431,
    );
    check("GET", "/healthz", &"x: x\r\n".repeat(1_000), 431);
    check("GET", &format!("/{}", "x".repeat(70_000)), "", 431);
    for broken in [
        "GET /healthz\r\n\r\n",
        "GET /healthz HTTP/9.9\r\n\r\n",
        "\u{0}\r\n\r\n",
        "GET /a b HTTP/1.1\r\n\r\n",
    ] {
        let (status, answer) = send(&server, broken.as_bytes());
        assert_eq!(status, 400, "{broken}: {answer}");
    }
}
