//! Every route with every kind of key, with and without required keys.

use std::fs;

use super::{KeyedServer, unknown};
use crate::support::server::Server;

/// Routes that show nothing of the articles. All other routes are closed, also new ones.
const OPEN: &[&str] = &[
    "/healthz",
    "/readyz",
    "/version",
    "/openapi.json",
    "/docs",
    "/help",
    "/opensearch.xml",
    "/style.css",
    "/page.js",
    "/favicon.svg",
    "/favicon.ico",
];
const WRITING: &[(&str, &str)] = &[
    ("POST", "/api/v1/articles"),
    ("PUT", "/api/v1/articles/{id}"),
    ("DELETE", "/api/v1/articles/{id}"),
];

/// Returns all routes: those of the description, and those that only the sources name.
fn routes(server: &Server) -> Vec<(String, String)> {
    let document = server.get("/openapi.json").json();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        let methods = methods
            .as_object()
            .expect("methods")
            .keys()
            .map(|method| method.to_uppercase());
        routes.extend(methods.map(|method| (method, path.clone())));
    }
    for file in ["src/server/router.rs", "src/page/mod.rs"] {
        let text = fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
            .expect(file);
        let text = text.replace(".route_service(", ".route(");
        let named = text
            .split(".route(")
            .skip(1)
            .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
        routes.extend(named.map(|path| ("GET".to_owned(), path.to_owned())));
    }
    routes
}

/// Returns the address of a route with the parameters that it needs.
fn address(path: &str) -> String {
    format!(
        "{}?q=a",
        path.replace("{id}", "truce").replace("{field}", "source")
    )
}

/// The status and the code of a refusal; `None` if the key is accepted.
type Refusal = Option<(u16, &'static str)>;

fn expected(method: &str, path: &str, who: &str, is_closed: bool) -> Refusal {
    let scope = if WRITING.contains(&(method, path)) {
        "ingest"
    } else if OPEN.contains(&path) || !is_closed {
        return None;
    } else if path == "/metrics" {
        "admin"
    } else {
        "search"
    };
    match who {
        "nobody" => Some((401, "key_missing")),
        "unknown" | "revoked" => Some((401, "key_unknown")),
        other if other == scope => None,
        _ => Some((403, "scope_missing")),
    }
}

fn try_all(keyed: &KeyedServer, is_closed: bool) {
    let routes = routes(&keyed.server);
    assert!(routes.len() >= 17, "{routes:?}");
    let unknown = unknown();
    let callers = [
        ("nobody", ""),
        ("unknown", unknown.as_str()),
        ("revoked", &keyed.revoked),
        ("ingest", &keyed.ingest),
        ("admin", &keyed.admin),
        ("search", &keyed.search),
    ];
    for (method, path) in &routes {
        for (who, key) in callers {
            let key = if key.is_empty() {
                vec![]
            } else {
                vec![("x-api-key", key)]
            };
            let answer = keyed.server.send(method, &address(path), &key, b"");
            let is_refused = matches!(answer.status, 401 | 403 | 429);
            let refusal = is_refused.then(|| {
                (
                    answer.status,
                    answer.json()["code"].as_str().unwrap_or("").to_owned(),
                )
            });
            let refusal = refusal
                .as_ref()
                .map(|(status, code)| (*status, code.as_str()));
            assert_eq!(
                refusal,
                expected(method, path, who, is_closed),
                "{method} {path} by {who}"
            );
            assert_ne!(
                answer.status, 500,
                "{method} {path} by {who}: {}",
                answer.body
            );
        }
    }
}

#[test]
fn every_route_requires_its_scope_when_keys_are_required() {
    try_all(&KeyedServer::closed(&[]), true);
}

#[test]
fn only_writing_requires_a_key_by_default() {
    try_all(&KeyedServer::with(&[]), false);
}

#[test]
fn other_methods_require_a_key_too() {
    let keyed = KeyedServer::closed(&[]);
    for (_, path) in routes(&keyed.server) {
        if OPEN.contains(&path.as_str()) {
            continue;
        }
        for method in [
            "HEAD", "OPTIONS", "PATCH", "TRACE", "POST", "PUT", "DELETE", "PROPFIND",
        ] {
            let (status, answer) = super::raw::get(
                &keyed.server,
                method,
                &address(&path),
                "content-length: 0\r\n",
            );
            assert_eq!(status, 401, "{method} {path}: {answer}");
        }
    }
}

#[test]
fn the_description_says_where_a_key_is_needed() {
    let keyed = KeyedServer::with(&[]);
    let document = keyed.server.get("/openapi.json").json();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            if ["/healthz", "/readyz", "/version"].contains(&path.as_str()) {
                continue;
            }
            for status in ["401", "403", "429"] {
                // Metrics are not rate limited.
                if (path.as_str(), status) != ("/metrics", "429") {
                    assert!(
                        operation["responses"][status].is_object(),
                        "{method} {path} does not describe {status}"
                    );
                }
            }
        }
    }
    let schemes = document["components"]["securitySchemes"]
        .as_object()
        .expect("schemes");
    assert_eq!(schemes.keys().collect::<Vec<_>>(), ["basic", "bearer"]);
    assert_eq!(
        document["security"],
        serde_json::json!([{}, {"bearer": []}, {"basic": []}])
    );
}
