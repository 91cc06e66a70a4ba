//! The protocol below the tools: the handshake, and the requests that are refused.

use serde_json::json;

use super::{ACCEPT, CONTENT_TYPE, ask, send, server};
use crate::support::articles;
use crate::support::server::Server;

#[test]
fn an_assistant_connects_and_sees_the_tools() {
    let server = server();
    let client = json!({"name": "test", "version": "1"});
    for version in ["2025-11-25", "2025-06-18", "2025-03-26"] {
        let hello = json!({"protocolVersion": version, "capabilities": {}, "clientInfo": client});
        let result = &ask(&server, "initialize", &hello)["result"];
        assert_eq!(
            (&result["protocolVersion"], &result["serverInfo"]["name"]),
            (&json!(version), &json!("fihrist"))
        );
        assert!(
            result["capabilities"]["tools"].is_object() && result["instructions"].is_string(),
            "{result}"
        );
    }
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string();
    assert_eq!(
        send(&server, &[ACCEPT, CONTENT_TYPE], ready.as_bytes()).status,
        202
    );
    let result = ask(&server, "tools/list", &json!({}))["result"].clone();
    let tools = result["tools"].as_array().expect("tools");
    let names: Vec<_> = tools
        .iter()
        .map(|tool| tool["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, ["search", "article", "histogram"]);
    for tool in tools {
        assert_eq!(
            (&tool["inputSchema"]["type"], &tool["outputSchema"]["type"]),
            (&json!("object"), &json!("object"))
        );
        assert_eq!(tool["annotations"]["readOnlyHint"], true);
        assert!(
            tool["description"]
                .as_str()
                .is_some_and(|text| text.contains("To cite")),
            "{tool}"
        );
    }
}

#[test]
fn invalid_requests_are_refused() {
    let server = server();
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let text = list.to_string();
    let status =
        |headers: &[(&str, &str)], body: &str| send(&server, headers, body.as_bytes()).status;
    assert_eq!(status(&[ACCEPT, CONTENT_TYPE], &text), 200);
    assert_eq!(status(&[CONTENT_TYPE], &text), 406);
    assert_eq!(status(&[("accept", "text/html"), CONTENT_TYPE], &text), 406);
    assert_eq!(
        status(&[ACCEPT, ("content-type", "text/plain")], &text),
        415
    );
    for body in [
        "{",
        "[]",
        "5",
        "{\"jsonrpc\": \"1.0\", \"id\": 1, \"method\": \"tools/list\"}",
        &json!([list, list]).to_string(),
    ] {
        let status = status(&[ACCEPT, CONTENT_TYPE], body);
        assert!((400..500).contains(&status), "{status}: {body}");
    }
    assert_eq!(
        status(
            &[ACCEPT, CONTENT_TYPE, ("mcp-protocol-version", "1999-01-01")],
            &text
        ),
        400
    );
    let huge = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search", "arguments": {"query": "a".repeat(1 << 20)}}});
    assert_eq!(status(&[ACCEPT, CONTENT_TYPE], &huge.to_string()), 413);
    for method in ["GET", "DELETE", "PUT"] {
        let answer = server.send(method, "/mcp", &[ACCEPT], b"");
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, "POST"),
            "{method}"
        );
    }
    assert_eq!(
        server.get("/healthz").status,
        200,
        "the server still answers"
    );
}

#[test]
fn only_known_hosts_and_origins_are_served() {
    let articles = articles();
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).to_string();
    let status = |server: &Server, name: &str, value: &str| {
        send(
            server,
            &[ACCEPT, CONTENT_TYPE, (name, value)],
            list.as_bytes(),
        )
        .status
    };
    let server = Server::with(&articles, &[]);
    assert_eq!(status(&server, "host", "localhost:7700"), 200);
    assert_eq!(status(&server, "host", "rebound.example"), 403);
    assert_eq!(status(&server, "origin", "http://localhost:3000"), 200);
    assert_eq!(status(&server, "origin", "https://evil.example"), 403);
    assert_eq!(status(&server, "origin", "null"), 403);
    let named = Server::with(
        &articles,
        &[
            "--allowed-host",
            "archive.example",
            "--public-url",
            "https://press.example",
        ],
    );
    for host in ["archive.example", "press.example", "127.0.0.1"] {
        assert_eq!(status(&named, "host", host), 200, "{host}");
    }
    assert_eq!(status(&named, "origin", "https://archive.example"), 200);
    assert_eq!(status(&named, "host", "rebound.example"), 403);
    assert_eq!(
        status(
            &Server::with(&articles, &["--allowed-host", "*"]),
            "host",
            "any.example"
        ),
        200
    );
}
