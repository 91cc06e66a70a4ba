//! Writing over HTTP: permissions, the fate of articles, and when searches find them.

mod bodies;
mod concurrent;
mod current_lost;
mod disk;
mod queue;

use serde_json::{Value, json};

use super::problems::problem;
use crate::support::articles;
use crate::support::server::{Answer, Server};

const JSON: &str = "application/json";
const NDJSON: &str = "application/x-ndjson";

/// A server without an index, and a key that may write.
struct WritingClient {
    server: Server,
    authorization: String,
}

impl WritingClient {
    fn new() -> Self {
        Self::with(&[])
    }

    fn with(flags: &[&str]) -> Self {
        Self::over(Server::without_index(flags))
    }

    fn over(server: Server) -> Self {
        let authorization = format!("Bearer {}", server.key("ingest"));
        Self {
            server,
            authorization,
        }
    }

    fn put(&self, id: &str, article: &Value) -> Answer {
        self.send(
            "PUT",
            &format!("/api/v1/articles/{id}?refresh=wait"),
            JSON,
            article.to_string().as_bytes(),
        )
    }

    fn post(&self, lines: &str) -> Answer {
        self.send(
            "POST",
            "/api/v1/articles?refresh=wait",
            NDJSON,
            lines.as_bytes(),
        )
    }

    fn delete(&self, id: &str) -> Answer {
        let headers = [("authorization", self.authorization.as_str())];
        self.server.send(
            "DELETE",
            &format!("/api/v1/articles/{id}?refresh=wait"),
            &headers,
            b"",
        )
    }

    fn send(&self, method: &str, path: &str, content_type: &str, body: &[u8]) -> Answer {
        let headers = [
            ("authorization", self.authorization.as_str()),
            ("content-type", content_type),
        ];
        self.server.send(method, path, &headers, body)
    }

    /// Returns the number of articles that match a query.
    fn total(&self, query: &str) -> u64 {
        self.server.search(query, "")["total"]["value"]
            .as_u64()
            .expect("a number")
    }
}

fn story(place: &str) -> Value {
    json!({"title": format!("افتتاح سوق السمك في {place}"), "body": "حضر الافتتاح صيادون وتجار.", "date": "2024-05-11"})
}

#[track_caller]
fn says(answer: &Answer, status: u16, expected: &Value) {
    assert_eq!((answer.status, &answer.json()), (status, expected));
}

#[test]
fn an_article_is_put_changed_and_deleted() {
    let client = WritingClient::new();
    let is = |status: &str| json!({"id": "market", "status": status, "notes": []});
    says(&client.put("market", &story("طبرق")), 201, &is("created"));
    assert_eq!(
        (client.total("طبرق"), client.server.get("/readyz").status),
        (1, 200)
    );
    says(&client.put("market", &story("طبرق")), 200, &is("unchanged"));
    says(&client.put("market", &story("زوارة")), 200, &is("updated"));
    assert_eq!((client.total("طبرق"), client.total("زوارة")), (0, 1));
    let stored = client.server.get("/api/v1/articles/market").json();
    assert_eq!(
        (&stored["title"], &stored["published"]["date"]),
        (&json!("افتتاح سوق السمك في زوارة"), &json!("2024-05-11"))
    );

    says(&client.delete("market"), 200, &is("deleted"));
    assert_eq!(client.total("زوارة"), 0);
    problem(
        &client.server.get("/api/v1/articles/market"),
        404,
        "no_such_article",
    );
    problem(&client.delete("market"), 404, "no_such_article");
    problem(&client.delete(&"x".repeat(600)), 404, "no_such_article");
    says(&client.put("market", &story("زوارة")), 201, &is("created"));
    assert_eq!(client.total("زوارة"), 1);
}

#[test]
fn deleting_without_an_index_is_not_found() {
    let client = WritingClient::new();
    problem(&client.delete("market"), 404, "no_such_article");
    problem(&client.server.get("/readyz"), 503, "no_index");
}

#[test]
fn the_path_names_the_article() {
    let client = WritingClient::new();
    let named = |id: Value| {
        let mut article = story("درنة");
        article["id"] = id;
        article["url"] = json!("https://example.org/derna");
        article
    };
    let awkward = crate::support::encoded(crate::support::AWKWARD_ID);
    assert_eq!(
        client.put(&awkward, &story("غات")).json()["id"],
        crate::support::AWKWARD_ID
    );
    assert_eq!(
        client.put("7", &named(json!(7))).json(),
        json!({"id": "7", "status": "created", "notes": []})
    );
    assert_eq!(client.put("8", &named(Value::Null)).json()["id"], "8");
    assert_eq!(client.put("9", &named(json!(" "))).json()["id"], "9");
    let errors = problem(
        &client.put("10", &named(json!("11"))),
        400,
        "invalid_parameter",
    )["errors"]
        .clone();
    assert_eq!(
        errors,
        json!([{"pointer": "#/id", "hint": "expected `10` as in the path, or no id"}])
    );
    problem(&client.put("%01", &story("غات")), 400, "invalid_parameter");
    problem(
        &client.put(&"x".repeat(513), &story("غات")),
        400,
        "invalid_parameter",
    );
    assert_eq!(client.total("سوق السمك"), 4);
}

#[test]
fn an_unreadable_date_is_noted() {
    let client = WritingClient::new();
    let mut article = story("سرت");
    article["date"] = json!("ذات يوم");
    let note = json!({"code": "unreadable_date", "text": "ذات يوم"});
    says(
        &client.put("a", &article),
        201,
        &json!({"id": "a", "status": "created", "notes": [note]}),
    );
}

#[test]
fn a_write_without_waiting_is_durable_and_soon_visible() {
    let client = WritingClient::new();
    let put = |id: &str| {
        client.send(
            "PUT",
            &format!("/api/v1/articles/{id}"),
            JSON,
            story("ودان").to_string().as_bytes(),
        )
    };
    assert_eq!(put("a").status, 201);
    let stats = client.server.run_json(&["stats", "--json"]);
    assert_eq!(
        stats["articles"], 1,
        "another process sees the article at once"
    );
    crate::support::server::wait_until(|| {
        (client.server.get("/api/v1/articles/a").status == 200).then_some(())
    });
    let wrong = client.send("PUT", "/api/v1/articles/a?refresh=now", JSON, b"{}");
    assert_eq!(
        problem(&wrong, 400, "invalid_parameter")["detail"],
        "refresh: expected one of wait"
    );
    problem(
        &client.send("POST", "/api/v1/articles?wait=1", NDJSON, b"{}"),
        400,
        "invalid_parameter",
    );
}

#[test]
fn without_keys_there_are_no_routes_for_writing() {
    let server = super::server();
    let article = story("مصراتة").to_string();
    for headers in [
        &[("content-type", JSON)][..],
        &[("content-type", JSON), ("authorization", "Bearer fih_0")],
    ] {
        problem(
            &server.send("PUT", "/api/v1/articles/truce", headers, article.as_bytes()),
            404,
            "unknown_route",
        );
        problem(
            &server.send("POST", "/api/v1/articles", headers, article.as_bytes()),
            404,
            "unknown_route",
        );
        problem(
            &server.send("DELETE", "/api/v1/articles/truce", headers, b""),
            404,
            "unknown_route",
        );
    }
    assert_eq!(server.get("/api/v1/articles/truce").status, 200);
    let answer = server.send("PATCH", "/api/v1/articles/truce", &[], b"");
    problem(&answer, 405, "method_not_allowed");
}

#[test]
fn a_key_of_the_right_scope_is_needed() {
    let server = Server::with(&articles(), &[]);
    let (ingests, reads) = (server.key("ingest"), server.key("search,admin"));
    let ask = |headers: &[(&str, &str)]| {
        let headers = [&[("content-type", JSON)][..], headers].concat();
        server.send(
            "PUT",
            "/api/v1/articles/new?refresh=wait",
            &headers,
            story("الخمس").to_string().as_bytes(),
        )
    };
    let refused = |answer: &Answer, status: u16, code: &str, challenge: &str| {
        problem(answer, status, code);
        assert_eq!(answer.header("www-authenticate"), challenge);
    };
    let unknown = "Bearer error=\"invalid_token\"";
    refused(&ask(&[]), 401, "key_missing", "Bearer");
    refused(
        &ask(&[("authorization", "Basic eDp5")]),
        401,
        "key_missing",
        "Bearer",
    );
    refused(
        &ask(&[("authorization", "Bearer fih_nonsense")]),
        401,
        "key_unknown",
        unknown,
    );
    let other = format!("Bearer fih_{}", "0".repeat(64));
    refused(
        &ask(&[("authorization", &other)]),
        401,
        "key_unknown",
        unknown,
    );
    let challenge = "Bearer error=\"insufficient_scope\", scope=\"ingest\"";
    refused(
        &ask(&[("x-api-key", &reads)]),
        403,
        "scope_missing",
        challenge,
    );
    refused(
        &server.send(
            "DELETE",
            "/api/v1/articles/truce",
            &[("x-api-key", &reads)],
            b"",
        ),
        403,
        "scope_missing",
        challenge,
    );
    assert_eq!(ask(&[("x-api-key", &ingests)]).status, 201);
    assert_eq!(
        ask(&[("authorization", &format!("bearer {ingests}"))]).status,
        200
    );
    assert_eq!(
        server.get("/api/v1/stats").status,
        200,
        "reading is open to all"
    );
}

#[test]
fn a_running_server_follows_the_keys() {
    let client = WritingClient::new();
    assert_eq!(client.put("a", &story("براك")).status, 201);
    let keys = client.server.run_json(&["key", "list", "--json"]);
    let second = client.server.key("ingest");
    client
        .server
        .run(&["key", "revoke", keys[0]["id"].as_str().expect("an id")]);
    problem(&client.put("a", &story("براك")), 401, "key_unknown");
    let client = WritingClient {
        authorization: format!("Bearer {second}"),
        ..client
    };
    assert_eq!(client.put("a", &story("براك")).status, 200);

    // A damaged key file allows no writing and does not affect reading.
    let file = client.server.path("data/keys.json");
    let whole = std::fs::read(&file).expect("the keys");
    std::fs::write(&file, "{\"version\": 1").expect("a file of ours");
    problem(&client.put("a", &story("براك")), 500, "internal");
    assert_eq!(client.total("براك"), 1);
    std::fs::write(&file, whole).expect("a file of ours");
    assert_eq!(client.put("a", &story("براك")).status, 200);

    let keys = client.server.run_json(&["key", "list", "--json"]);
    client
        .server
        .run(&["key", "revoke", keys[0]["id"].as_str().expect("an id")]);
    problem(&client.put("a", &story("براك")), 404, "unknown_route");
    client.server.terminate();
    let (status, log) = client.server.wait();
    assert!(
        status.success() && log.contains("cannot use the keys in"),
        "{log}"
    );
    assert!(
        !log.contains(&second) && !log.contains("fih_"),
        "a secret is in the log: {log}"
    );
}
