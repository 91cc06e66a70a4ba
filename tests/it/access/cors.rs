//! Scripts of other web sites: which may send requests, which answers they may read, and preflight
//! requests without a key.

use super::{KeyedServer, raw};
use crate::support::server::{Answer, Server};

const SITE: &str = "https://kiosk.example";

/// Sends the preflight request of a browser.
fn preflight(server: &Server, path: &str, method: &str, origin: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", method),
        (
            "access-control-request-headers",
            "authorization,content-type",
        ),
    ];
    server.send("OPTIONS", path, &headers, b"")
}

fn allowed(answer: &Answer) -> &str {
    answer.header("access-control-allow-origin")
}

#[test]
fn by_default_no_other_site_may_ask() {
    let keyed = KeyedServer::with(&[]);
    let answer = keyed.server.get_with("/api/v1/stats", &[("origin", SITE)]);
    assert_eq!((answer.status, allowed(&answer)), (200, ""));
    let asked = preflight(&keyed.server, "/api/v1/search", "POST", SITE);
    assert_eq!((asked.status, allowed(&asked)), (405, ""));
}

#[test]
fn all_sites_may_read_and_none_may_write() {
    let keyed = KeyedServer::with(&["--cors-origin", "*"]);
    for path in [
        "/api/v1/search?q=a",
        "/api/v1/stats",
        "/api/v1/articles/truce",
        "/openapi.json",
        "/healthz",
    ] {
        let answer = keyed.server.get_with(path, &[("origin", SITE)]);
        assert_eq!((answer.status, allowed(&answer)), (200, SITE), "{path}");
        assert_eq!(
            answer.header("access-control-allow-credentials"),
            "",
            "{path}: no password is sent along"
        );
        let vary = answer
            .headers
            .get_all("vary")
            .iter()
            .any(|value| value.to_str().is_ok_and(|it| it.contains("origin")));
        assert!(vary, "{path}");
    }
    let wrong = keyed.server.get_with("/api/v1/search", &[("origin", SITE)]);
    assert_eq!(
        (wrong.status, allowed(&wrong)),
        (400, SITE),
        "a script can read errors as well"
    );
    assert_eq!(
        allowed(&preflight(&keyed.server, "/api/v1/search", "POST", SITE)),
        SITE
    );
    for (method, path) in [
        ("POST", "/api/v1/articles"),
        ("PUT", "/api/v1/articles/truce"),
        ("DELETE", "/api/v1/articles/truce"),
        ("GET", "/metrics"),
    ] {
        // A server without the route of metrics answers 404, which every site may read.
        if path == "/metrics" && keyed.server.get(path).status == 404 {
            continue;
        }
        assert_eq!(
            allowed(&preflight(&keyed.server, path, method, SITE)),
            "",
            "{method} {path}"
        );
        let sent = keyed.server.send(
            method,
            path,
            &[("origin", SITE), ("x-api-key", &keyed.search)],
            b"",
        );
        assert_eq!(allowed(&sent), "", "{method} {path}");
    }
}

#[test]
fn a_named_site_may_do_what_its_key_allows() {
    let keyed = KeyedServer::closed(&[
        "--cors-origin",
        SITE,
        "--cors-origin",
        "http://localhost:3000",
    ]);
    for site in [SITE, "http://localhost:3000"] {
        assert_eq!(
            allowed(&preflight(
                &keyed.server,
                "/api/v1/articles/truce",
                "PUT",
                site
            )),
            site
        );
    }
    for site in [
        "https://kiosk.example.evil.example",
        "http://kiosk.example",
        "https://kiosk.example:8443",
        "null",
        "*",
    ] {
        assert_eq!(
            allowed(&preflight(&keyed.server, "/api/v1/search", "GET", site)),
            "",
            "{site}"
        );
        let answer = keyed.server.get_with(
            "/api/v1/stats",
            &[("origin", site), ("x-api-key", &keyed.search)],
        );
        assert_eq!((answer.status, allowed(&answer)), (200, ""), "{site}");
    }
    let asked = preflight(&keyed.server, "/api/v1/search", "GET", SITE);
    let lists = |name: &str, wanted: &str| {
        let list = asked.header(name).to_lowercase();
        assert!(
            list.split(',').any(|word| word.trim() == wanted),
            "{name}: {list}"
        );
    };
    lists("access-control-allow-headers", "authorization");
    lists("access-control-allow-headers", "x-api-key");
    lists("access-control-allow-methods", "delete");
    let refused = keyed.server.get_with("/api/v1/stats", &[("origin", SITE)]);
    assert_eq!(
        (refused.status, allowed(&refused)),
        (401, SITE),
        "a script can read the reason"
    );
    let exposed = refused
        .header("access-control-expose-headers")
        .to_lowercase();
    for name in [
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
        "retry-after",
        "x-request-id",
    ] {
        assert!(exposed.contains(name), "{name} is not in {exposed}");
    }
}

#[test]
fn a_preflight_request_needs_no_key_and_is_not_counted() {
    let keyed = KeyedServer::closed(&[
        "--cors-origin",
        "*",
        "--rate-limit",
        "1/m",
        "--rate-burst",
        "2",
    ]);
    for _ in 0..5 {
        let asked = preflight(&keyed.server, "/api/v1/search", "GET", SITE);
        assert_eq!(
            (asked.status, allowed(&asked), asked.body.as_str()),
            (200, SITE, "")
        );
        assert!(
            !asked.header("x-request-id").is_empty()
                && !asked.header("content-security-policy").is_empty()
        );
    }
    assert_eq!(keyed.get("/api/v1/stats", &keyed.search).status, 200);
    // A preflight request opens nothing: OPTIONS always has this answer, and other methods need a
    // key.
    let (status, answer) = raw::get(
        &keyed.server,
        "OPTIONS",
        "/api/v1/stats",
        "x-http-method-override: GET\r\n",
    );
    assert!(status == 200 && answer.ends_with("\r\n\r\n"), "{answer}");
    assert_eq!(
        keyed
            .server
            .get_with("/api/v1/stats", &[("access-control-request-method", "GET")])
            .status,
        401
    );
    assert_eq!(
        keyed
            .server
            .get_with("/api/v1/stats", &[("origin", SITE)])
            .status,
        401
    );
    let limited = keyed.server.get_with("/api/v1/stats", &[("origin", SITE)]);
    assert_eq!(
        (limited.status, allowed(&limited)),
        (429, SITE),
        "a script can read when to retry"
    );
}
