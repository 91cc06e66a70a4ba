//! Access and rate limits: each key, scope and limit has a test that tries to bypass it. The routes
//! come from the description of the service, so new ones are tested as well.

mod bounds;
mod cors;
mod limits;
mod manners;
mod raw;
mod routes;
mod start;
mod tricks;

use crate::api::problems::problem;
use crate::support::articles;
use crate::support::server::{Answer, Server};

const HTML: (&str, &str) = ("accept", "text/html");

/// A server, and a key of each kind.
struct KeyedServer {
    server: Server,
    search: String,
    ingest: String,
    admin: String,
    revoked: String,
}

impl KeyedServer {
    fn closed(flags: &[&str]) -> Self {
        Self::with(&[&["--require-key"], flags].concat())
    }

    fn with(flags: &[&str]) -> Self {
        let (server, search) = Server::with_key(&articles(), "search", flags);
        let [ingest, admin] = ["ingest", "admin"].map(|scope| server.key(scope));
        let created =
            server.run_json(&["key", "create", "--json", "--scope", "search,ingest,admin"]);
        server.run(&["key", "revoke", created["id"].as_str().expect("an id")]);
        let revoked = created["key"].as_str().expect("a key").to_owned();
        Self {
            server,
            search,
            ingest,
            admin,
            revoked,
        }
    }

    fn get(&self, path: &str, key: &str) -> Answer {
        self.server
            .get_with(path, &[("authorization", &format!("Bearer {key}"))])
    }
}

/// Returns a well-formed key that was never created.
fn unknown() -> String {
    format!("fih_{}", "5".repeat(64))
}

fn basic(name: &str, password: &str) -> String {
    use base64::Engine;
    format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(format!("{name}:{password}"))
    )
}

#[test]
fn a_browser_asks_for_the_key_and_reads_with_it() {
    let keyed = KeyedServer::closed(&[]);
    for path in ["/", "/search?q=a", "/a/truce", "/nothing"] {
        let answer = keyed.server.get_with(path, &[HTML]);
        assert_eq!(answer.status, 401, "{path}");
        assert_eq!(
            answer.header("www-authenticate"),
            "Basic realm=\"Fihrist\", charset=\"UTF-8\"",
            "{path}"
        );
        assert!(
            answer.body.contains("القراءة هنا بمفتاح") && !answer.body.contains("الميناء"),
            "{path}: {}",
            answer.body
        );
    }
    let with = |path: &str, authorization: &str| {
        keyed
            .server
            .get_with(path, &[HTML, ("authorization", authorization)])
    };
    let right = basic("هند", &keyed.search);
    assert!(with("/", &right).body.contains("في الفهرس 14 مقالة"));
    assert_eq!(
        (
            with("/a/truce", &right).status,
            with("/api/v1/stats", &right).status
        ),
        (200, 200)
    );
    let wrong = with("/", &basic("هند", &unknown()));
    assert_eq!(
        (wrong.status, wrong.body.contains("المفتاح غير معروف")),
        (401, true)
    );
    assert!(
        wrong.header("www-authenticate").starts_with("Basic "),
        "the browser must ask again"
    );
    assert_eq!(
        with("/", &basic(&keyed.search, "")).status,
        401,
        "a key in place of the name does not count"
    );
    let other = with("/", &basic("", &keyed.ingest));
    assert_eq!(
        (other.status, other.body.contains("ليس للقراءة")),
        (403, true)
    );
    // A request of a script opens no password prompt.
    assert_eq!(
        keyed.server.get("/api/v1/stats").header("www-authenticate"),
        "Bearer"
    );
}

#[test]
fn a_password_does_not_write() {
    let keyed = KeyedServer::closed(&[]);
    // A browser adds the password to forms of other sites as well.
    let headers = [
        ("authorization", basic("", &keyed.ingest)),
        ("content-type", "application/json".to_owned()),
    ];
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let answer = keyed.server.send(
        "PUT",
        "/api/v1/articles/new",
        &headers,
        b"{\"title\": \"x\"}",
    );
    problem(&answer, 401, "key_missing");
    assert_eq!(
        keyed
            .server
            .send("DELETE", "/api/v1/articles/truce", &headers, b"")
            .status,
        401
    );
}

#[test]
fn a_server_that_requires_keys_follows_them_and_stays_closed_without_them() {
    let keyed = KeyedServer::closed(&[]);
    assert_eq!(keyed.get("/api/v1/stats", &keyed.search).status, 200);
    let later = keyed.server.key("search");
    assert_eq!(keyed.get("/api/v1/stats", &later).status, 200);
    let keys = keyed.server.run_json(&["key", "list", "--json"]);
    for key in keys.as_array().expect("keys") {
        keyed
            .server
            .run(&["key", "revoke", key["id"].as_str().expect("an id")]);
    }
    problem(
        &keyed.get("/api/v1/stats", &keyed.search),
        401,
        "key_unknown",
    );
    problem(&keyed.server.get("/api/v1/stats"), 401, "key_missing");
    // With an unreadable or a missing key file, no key is accepted.
    let file = keyed.server.path("data/keys.json");
    std::fs::write(&file, "{").expect("a file of ours");
    problem(&keyed.get("/api/v1/stats", &keyed.search), 500, "internal");
    assert_eq!(
        (
            keyed.server.get("/").status,
            keyed.server.get("/healthz").status
        ),
        (500, 200)
    );
    std::fs::remove_file(&file).expect("a file of ours");
    problem(
        &keyed.get("/api/v1/stats", &keyed.search),
        401,
        "key_unknown",
    );
}
