//! Attempts to bypass the key: other spellings of a path, a header or a method; and attempts to
//! bypass a limit by another identity.

use super::{KeyedServer, problem, raw, unknown};
use crate::support::server::Answer;

#[test]
fn no_spelling_of_a_path_bypasses_the_key() {
    let keyed = KeyedServer::closed(&[]);
    for target in [
        "/%61pi/v1/stats",
        "/api/v1/%73tats",
        "/api%2Fv1%2Fstats",
        "//api/v1/stats",
        "/api//v1/stats",
        "/api/v1/stats/",
        "/api/v1/stats//",
        "/API/v1/stats",
        "/./api/v1/stats",
        "/healthz/../api/v1/stats",
        "/healthz/%2e%2e/api/v1/stats",
        "/healthz/api/v1/stats",
        "/healthz/",
        "/healthz;/api/v1/stats",
        "/api/v1/stats;/healthz",
        "/api/v1/stats?/healthz",
        "/api/v1/articles/..%2Fhealthz",
        "/api/v1/articles/%68ealthz",
        "/style.css/../search?q=a",
        "/openapi.json/../search?q=a",
        "/a/healthz",
        "/a/style.css",
        "http://x/api/v1/stats",
        "http://healthz/search?q=a",
    ] {
        let (status, answer) = raw::get(&keyed.server, "GET", target, "");
        assert_eq!(status, 401, "{target}: {answer}");
        assert!(
            !answer.contains("learnt_articles") && !answer.contains("الميناء"),
            "{target}: {answer}"
        );
    }
    // The host and the query of an open path do not matter.
    assert_eq!(
        raw::get(&keyed.server, "GET", "http://other/healthz?x=1", "").0,
        200
    );
    assert!(matches!(
        raw::get(&keyed.server, "OPTIONS", "*", "").0,
        400 | 401
    ));
}

#[test]
fn no_other_header_bypasses_the_key() {
    let keyed = KeyedServer::closed(&[]);
    let key = &keyed.search;
    let check = |headers: &str, expected: u16| {
        let (status, answer) = raw::get(&keyed.server, "GET", "/api/v1/stats", headers);
        assert_eq!(status, expected, "{headers}: {answer}");
    };
    check(&format!("authorization: Bearer {key}\r\n"), 200);
    check(&format!("AUTHORIZATION: bEARER {key}\r\n"), 200);
    check(&format!("X-API-KEY: {key}\r\n"), 200);
    // Two keys count as none, even if both are right.
    check(
        &format!("authorization: Bearer {key}\r\nauthorization: Bearer {key}\r\n"),
        401,
    );
    check(
        &format!("x-api-key: {key}\r\nx-api-key: {}\r\n", unknown()),
        401,
    );
    check(&format!("x-api-key: {}, {key}\r\n", unknown()), 401);
    // A second, valid key does not make up for a wrong one.
    check(
        &format!(
            "authorization: Bearer {}\r\nx-api-key: {key}\r\n",
            unknown()
        ),
        401,
    );
    check(&format!("authorization: {key}\r\n"), 401);
    check(&format!("authorization: Token {key}\r\n"), 401);
    check(
        &format!("cookie: key={key}; authorization=Bearer {key}\r\n"),
        401,
    );
    check(&format!("proxy-authorization: Bearer {key}\r\n"), 401);
    check(
        &format!("authorization: Bearer {}\r\n", key.to_uppercase()),
        401,
    );
    check(
        &format!("authorization: Bearer {}\r\n", &key[..key.len() - 1]),
        401,
    );
    check("authorization: Bearer fih_*\r\n", 401);
    check("authorization: Basic Og==\r\n", 401);
    check(
        "x-original-url: /healthz\r\nx-rewrite-url: /healthz\r\nx-forwarded-uri: /healthz\r\n",
        401,
    );
    check(
        "x-forwarded-for: 127.0.0.1\r\nforwarded: for=127.0.0.1\r\nx-real-ip: 127.0.0.1\r\n",
        401,
    );
    check("x-http-method-override: OPTIONS\r\n", 401);
    check(
        "origin: http://127.0.0.1\r\naccess-control-request-method: GET\r\n",
        401,
    );
    let in_address = format!("/api/v1/stats?key={key}&access_token={key}");
    problem(&keyed.server.get(&in_address), 401, "key_missing");
}

#[test]
fn a_refused_request_changes_nothing() {
    let keyed = KeyedServer::closed(&[]);
    let article = b"{\"title\": \"x\"}";
    for method in ["PUT", "DELETE", "PATCH", "POST"] {
        for key in [keyed.search.as_str(), &keyed.admin, &keyed.revoked, ""] {
            let headers = [
                ("content-type", "application/json"),
                ("x-api-key", key),
                ("x-http-method-override", "DELETE"),
            ];
            let answer = keyed
                .server
                .send(method, "/api/v1/articles/truce", &headers, article);
            assert!(
                matches!(answer.status, 401 | 403 | 405),
                "{method}: {}",
                answer.body
            );
        }
    }
    assert_eq!(
        keyed.get("/api/v1/articles/truce", &keyed.search).json()["source"],
        "صحيفة المنارة"
    );
}

/// Asks until the answer is 429; returns the number of other answers.
fn answered(mut ask: impl FnMut(usize) -> Answer) -> usize {
    (0..100).find(|i| ask(*i).status == 429).expect("a limit")
}

#[test]
fn a_client_sees_its_rate_limit_and_is_then_asked_to_wait() {
    let keyed = KeyedServer::with(&["--rate-limit", "6/m", "--rate-burst", "3"]);
    let limits = |answer: &Answer| {
        ["limit", "remaining", "policy"]
            .map(|name| answer.header(&format!("ratelimit-{name}")).to_owned())
    };
    let first = keyed.server.get("/api/v1/stats");
    assert_eq!(
        (first.status, limits(&first)),
        (200, ["3", "2", "3;w=30"].map(str::to_owned))
    );
    assert_eq!(first.header("ratelimit-reset"), "10");
    assert_eq!(
        keyed.server.get("/search?q=a").status,
        200,
        "the page counts as well"
    );
    assert_eq!(
        limits(&keyed.server.get("/nothing"))[1],
        "0",
        "an unknown path counts as well"
    );
    let refused = keyed.server.get("/api/v1/search?q=a");
    let body = problem(&refused, 429, "rate_limited");
    assert_eq!(limits(&refused)[1], "0");
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=10).contains(&wait), "{wait}");
    assert!(
        body["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("retry in")),
        "{body}"
    );
    let page = keyed.server.get_with("/", &[super::HTML]);
    assert_eq!(
        (page.status, page.body.contains("طلبات كثيرة")),
        (429, true)
    );
    assert_eq!(
        keyed.server.send("HEAD", "/api/v1/stats", &[], b"").status,
        429
    );
    assert_eq!(
        keyed
            .server
            .post("/api/v1/search", "application/json", "{")
            .status,
        429
    );
    for path in ["/healthz", "/readyz", "/version"] {
        let answer = keyed.server.get(path);
        assert_eq!(
            (answer.status, answer.header("ratelimit-limit")),
            (200, ""),
            "{path} is not counted"
        );
    }
}

#[test]
fn forged_headers_give_no_second_allowance() {
    let keyed = KeyedServer::with(&["--rate-limit", "1/m", "--rate-burst", "4"]);
    let address = |i: usize| format!("198.51.100.{i}");
    let count = answered(|i| {
        let (address, forwarded) = (address(i), format!("for={}", address(i)));
        let id = format!("id-{i}");
        let headers = [
            ("x-forwarded-for", address.as_str()),
            ("forwarded", &forwarded),
            ("x-real-ip", &address),
            ("true-client-ip", &address),
            ("x-request-id", &id),
            ("user-agent", &id),
        ];
        keyed
            .server
            .get_with(&format!("/api/v1/search?q={i}"), &headers)
    });
    assert_eq!(count, 4);
    // Each key has its own allowance, whatever its scope.
    assert_eq!(answered(|_| keyed.get("/api/v1/stats", &keyed.search)), 4);
    assert_eq!(answered(|_| keyed.get("/api/v1/stats", &keyed.ingest)), 4);
    // An unknown key has no allowance.
    assert_eq!(answered(|_| keyed.get("/api/v1/stats", &unknown())), 0);
    assert_eq!(answered(|_| keyed.get("/api/v1/stats", &keyed.revoked)), 0);
}

#[test]
fn behind_a_proxy_the_last_untrusted_address_is_the_client() {
    let keyed = KeyedServer::with(&[
        "--rate-limit",
        "1/m",
        "--rate-burst",
        "4",
        "--trusted-proxies",
        "127.0.0.0/8,10.0.0.0/8",
    ]);
    let from = |address: &str| {
        keyed
            .server
            .get_with("/api/v1/stats", &[("x-forwarded-for", address)])
    };
    assert_eq!(answered(|_| from("198.51.100.1")), 4);
    assert_eq!(
        answered(|_| from("198.51.100.2, 10.1.2.3")),
        4,
        "this is another client"
    );
    assert_eq!(
        answered(|i| from(&format!("203.0.113.{i}, 198.51.100.3"))),
        4,
        "an address before the client's own does not count"
    );
    assert_eq!(
        answered(|i| from(&format!("2001:db8:0:7::{i}"))),
        4,
        "an IPv6 network is one client"
    );
    assert_eq!(
        answered(|i| from(&format!("not an address {i}"))),
        4,
        "without an address the proxy is the client"
    );
    let both = |i: usize| {
        [
            format!("203.0.113.{i}"),
            format!("for=198.51.100.{}", 100 + i),
        ]
    };
    let answer = |i: usize| {
        let [x, standard] = both(i);
        keyed.server.get_with(
            "/api/v1/stats",
            &[("x-forwarded-for", x.as_str()), ("forwarded", &standard)],
        )
    };
    assert_eq!(
        answered(answer),
        0,
        "two headers count as the proxy, whose allowance is used up"
    );
}

#[test]
fn clients_with_wrong_keys_are_limited_sooner() {
    let keyed = KeyedServer::closed(&["--rate-limit", "1/m", "--rate-burst", "12"]);
    assert_eq!(
        answered(|i| keyed.get("/api/v1/stats", &format!("fih_{i:064}"))),
        2
    );
    let keyed = KeyedServer::closed(&["--rate-limit", "1/m", "--rate-burst", "12"]);
    assert_eq!(
        answered(|i| keyed.get("/api/v1/stats", &format!("guess-{i}"))),
        2,
        "malformed keys count as well"
    );
    let keyed = KeyedServer::closed(&["--rate-limit", "1/m", "--rate-burst", "12"]);
    let tries = |i: usize| {
        keyed.server.get_with(
            "/",
            &[("authorization", &super::basic("", &format!("{i}")))],
        )
    };
    assert_eq!(answered(tries), 2, "passwords for the page count as well");
    assert_eq!(
        keyed.get("/", &keyed.search).status,
        200,
        "a valid key is not limited by wrong ones"
    );
    let keyed = KeyedServer::with(&["--rate-limit", "1/m", "--rate-burst", "12"]);
    let put = |i: usize| {
        let key = format!("fih_{i:064}");
        keyed.server.send(
            "DELETE",
            "/api/v1/articles/truce",
            &[("x-api-key", key.as_str())],
            b"",
        )
    };
    assert_eq!(answered(put), 2, "writing counts as well");
    // If no key is required, a token for a proxy is not a wrong key.
    let keyed = KeyedServer::with(&["--rate-limit", "1/m", "--rate-burst", "12"]);
    assert_eq!(
        answered(|_| keyed.get("/api/v1/stats", "token-of-a-proxy")),
        12
    );
}

#[test]
fn loopback_is_not_limited_unless_configured() {
    let keyed = KeyedServer::with(&[]);
    for _ in 0..250 {
        let answer = keyed.server.get("/api/v1/suggest?q=a");
        assert_eq!((answer.status, answer.header("ratelimit-limit")), (200, ""));
    }
    // Other clients are limited, also by default.
    let keyed = KeyedServer::with(&["--trusted-proxies", "127.0.0.1"]);
    let mut statuses = (0..300).map(|_| {
        let answer = keyed
            .server
            .get_with("/favicon.ico", &[("x-forwarded-for", "198.51.100.1")]);
        assert_eq!(answer.header("ratelimit-limit"), "200");
        answer.status
    });
    let refused_at = statuses.position(|status| status == 429);
    assert!(
        refused_at.is_some_and(|count| count >= 200),
        "{refused_at:?}"
    );
    let keyed = KeyedServer::with(&["--rate-limit", "off", "--trusted-proxies", "127.0.0.1"]);
    let ask = || {
        keyed
            .server
            .get_with("/favicon.ico", &[("x-forwarded-for", "198.51.100.1")])
            .status
    };
    assert!((0..250).all(|_| ask() == 200));
}
