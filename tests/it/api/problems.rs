//! Errors of the API: a problem document with a status, a stable code and a hint.

use serde_json::{Value, json};

use super::server;
use crate::support::encoded;
use crate::support::server::{Answer, Server};

/// Returns the problem document of an answer, after the checks that hold for all of them.
pub fn problem(answer: &Answer, status: u16, code: &str) -> Value {
    let body = answer.json();
    assert_eq!(answer.status, status, "{body}");
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(body["request_id"], answer.header("x-request-id"));
    assert_eq!(
        (&body["type"], &body["status"], &body["code"]),
        (&json!("about:blank"), &json!(status), &json!(code)),
        "{body}"
    );
    assert!(
        body["title"].is_string() && body["detail"].is_string(),
        "{body}"
    );
    body
}

#[test]
fn wrong_parameters_are_explained() {
    let server = server();
    let check = |query: &str, expected: &[(&str, &str)]| {
        let body = problem(
            &server.get(&format!("/api/v1/search?{query}")),
            400,
            "invalid_parameter",
        );
        let found: Vec<_> = body["errors"].as_array().expect("errors").iter().collect();
        let found: Vec<_> = found
            .iter()
            .map(|e| {
                (
                    e["pointer"].as_str().unwrap_or(""),
                    e["hint"].as_str().unwrap_or(""),
                )
            })
            .collect();
        assert_eq!(found, expected, "{query}");
    };
    check("", &[("#/q", "this parameter is required")]);
    check(
        "q=a&limits=5",
        &[("#/limits", "unknown parameter; did you mean `limit`?")],
    );
    check(
        "q=a&zzzzzz=5",
        &[(
            "#/zzzzzz",
            "unknown parameter; expected one of q, limit, offset, cursor, sort, half_life, source, section, author, from, to, match, operator, in, highlight, relax, collapse, facets, histogram, explain, fragments, fragment_chars",
        )],
    );
    check("q=a&q=b", &[("#/q", "give this parameter only once")]);
    let bounds = "expected an integer from 1 to 100";
    for limit in [
        "0",
        "101",
        "-1",
        "1.5",
        "ten",
        "",
        "99999999999999999999999",
    ] {
        check(&format!("q=a&limit={limit}"), &[("#/limit", bounds)]);
    }
    check(
        "q=a&offset=10001",
        &[("#/offset", "expected an integer from 0 to 10000")],
    );
    check(
        "q=a&fragment_chars=39&limit=0",
        &[
            ("#/limit", bounds),
            ("#/fragment_chars", "expected an integer from 40 to 1000"),
        ],
    );
    check(
        "q=a&in=title,footer",
        &[(
            "#/in",
            "expected some of title, body, caption, separated by commas",
        )],
    );
    check("q=a&explain=1", &[("#/explain", "expected true or false")]);
    check(
        "q=a&collapse=copies",
        &[("#/collapse", "expected one of duplicates, none")],
    );
    check(
        "q=a&highlight=all",
        &[("#/highlight", "expected one of word, stem")],
    );
    let long = encoded(&"و".repeat(2_001));
    check(
        &format!("q={long}"),
        &[("#/q", "expected at most 2000 characters")],
    );
    check(
        "q=a&a/b~c=1",
        &[(
            "#/a~1b~0c",
            "unknown parameter; expected one of q, limit, offset, cursor, sort, half_life, source, section, author, from, to, match, operator, in, highlight, relax, collapse, facets, histogram, explain, fragments, fragment_chars",
        )],
    );
}

#[test]
fn other_routes_check_their_parameters_too() {
    let server = server();
    problem(
        &server.get("/api/v1/stats?verbose=1"),
        400,
        "invalid_parameter",
    );
    problem(
        &server.get("/api/v1/articles/truce?query=x"),
        400,
        "invalid_parameter",
    );
    problem(
        &server.post("/api/v1/search?q=a", "application/json", r#"{"q": "a"}"#),
        400,
        "invalid_parameter",
    );
}

#[test]
fn wrong_bodies_are_explained() {
    let server = server();
    let check = |content_type: &str, body: &str, status: u16, code: &str| {
        problem(
            &server.post("/api/v1/search", content_type, body),
            status,
            code,
        );
    };
    let json = "application/json";
    check(json, "", 400, "invalid_json");
    check(json, r#"{"q": "#, 400, "invalid_json");
    check(json, "[1]", 400, "invalid_json");
    check(json, r#"{"q": "\ud800"}"#, 400, "invalid_json");
    check(json, &"[".repeat(10_000), 400, "invalid_json");
    check(json, "{}", 400, "invalid_parameter");
    check(json, r#"{"q": null, "limit": 5}"#, 400, "invalid_parameter");
    check(json, r#"{"q": 5}"#, 400, "invalid_parameter");
    check(
        json,
        r#"{"q": "a", "limit": "5"}"#,
        400,
        "invalid_parameter",
    );
    check(json, r#"{"q": "a", "limit": 1e400}"#, 400, "invalid_json");
    check(json, r#"{"q": "a", "size": 5}"#, 400, "invalid_parameter");
    check("text/plain", r#"{"q": "a"}"#, 415, "unsupported_media_type");
    check(
        json,
        &format!(r#"{{"q": "{}"}}"#, "a".repeat(1 << 20)),
        413,
        "body_too_large",
    );
}

#[test]
fn unknown_routes_and_articles_are_not_found() {
    let server = server();
    problem(&server.get("/api/v1/nothing"), 404, "unknown_route");
    problem(&server.get("/nothing"), 404, "unknown_route");
    for id in ["nobody", "%00", "%FF%FE", &"x".repeat(513)] {
        problem(
            &server.get(&format!("/api/v1/articles/{id}")),
            404,
            "no_such_article",
        );
    }
    let answer = server.post("/api/v1/stats", "application/json", "{}");
    problem(&answer, 405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[test]
fn without_an_index_the_service_says_so() {
    let server = Server::without_index(&[]);
    assert!(server.greeting.contains("no index"), "{}", server.greeting);
    assert_eq!(server.get("/healthz").json(), json!({"status": "ok"}));
    for path in [
        "/readyz",
        "/api/v1/search?q=a",
        "/api/v1/stats",
        "/api/v1/articles/a",
    ] {
        problem(&server.get(path), 503, "no_index");
    }
    // A mistake of the caller is reported with and without an index.
    problem(
        &server.get("/api/v1/search?q=a&limit=0"),
        400,
        "invalid_parameter",
    );
}

#[test]
fn a_full_pool_asks_clients_to_retry_in_a_second() {
    // Long articles make a search slow, since each is analysed again for its snippets.
    let sentence = "وصلت السفينة إلى الميناء صباح اليوم وعلى متنها حمولة كبيرة من القمح والسكر. ";
    let long = |i: usize| json!({"id": format!("long-{i}"), "title": "سفينة", "body": sentence.repeat(1_500)});
    let server = Server::with(
        &(0..20).map(long).collect::<Vec<_>>(),
        &["--max-searches", "1"],
    );
    let path = format!("/api/v1/search?limit=100&q={}", encoded("السفينة القمح"));
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..12).map(|_| scope.spawn(|| server.get(&path))).collect();
        asked
            .into_iter()
            .map(|asked| asked.join().expect("an answer"))
            .collect()
    });
    assert!(answers.iter().any(|answer| answer.status == 200));
    let busy = answers
        .iter()
        .find(|answer| answer.status != 200)
        .expect("a request that waited too long");
    problem(busy, 503, "busy");
    assert_eq!(busy.header("retry-after"), "1");
    assert_eq!(server.get(&path).status, 200, "the server recovers");
}
