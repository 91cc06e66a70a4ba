//! Bodies of write requests: good and bad lines, compressed or not, and bodies that no client
//! should send.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::{JSON, NDJSON, WritingClient, problem, story};
use crate::support::server::Answer;

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn post_compressed(client: &WritingClient, encoding: &str, body: &[u8]) -> Answer {
    let headers = [
        ("authorization", client.authorization.as_str()),
        ("content-type", NDJSON),
        ("content-encoding", encoding),
    ];
    client
        .server
        .send("POST", "/api/v1/articles?refresh=wait", &headers, body)
}

const MIXED: &str = "{\"id\": \"a\", \"title\": \"مركب جديد\"}\r\n\n{\"id\": \"b\", \"title\": \n\
                     {\"id\": \"c\", \"title\": \"مركب قديم\", \"date\": \"أمس\"}\n{\"id\": \"d\"}\n[]\n\
                     {\"id\": \"a\", \"title\": \"مركب جديد\"}";

fn mixed_answer() -> Value {
    let rejected = |line: u64, reason: &str| json!({"line": line, "id": null, "status": "rejected", "reason": reason});
    json!({
        "indexed": 2, "unchanged": 1, "rejected": 3,
        "lines": [
            {"line": 1, "id": "a", "status": "indexed"},
            rejected(3, "broken JSON at column 20: EOF while parsing a value"),
            {"line": 4, "id": "c", "status": "indexed"},
            rejected(5, "no field is known as title or body; the fields are `id`; none of them holds a text"),
            rejected(6, "a list where an object was expected"),
            {"line": 7, "id": "a", "status": "unchanged"},
        ],
        "notes": [{"line": 4, "code": "unreadable_date", "text": "أمس"}],
    })
}

#[test]
fn good_lines_are_indexed_and_bad_ones_reported() {
    let client = WritingClient::new();
    let answer = client.post(MIXED);
    assert_eq!((answer.status, answer.json()), (200, mixed_answer()));
    assert_eq!(client.total("مركب"), 2);
    let again = client.post(MIXED).json();
    assert_eq!(
        (&again["indexed"], &again["unchanged"], &again["rejected"]),
        (&json!(0), &json!(3), &json!(3))
    );
}

#[test]
fn lines_may_be_compressed() {
    let client = WritingClient::new();
    let answer = post_compressed(&client, "gzip", &compressed(MIXED.as_bytes()));
    assert_eq!((answer.status, answer.json()), (200, mixed_answer()));
    let two = [
        compressed(b"{\"id\": 1, \"title\": \"\xD8\xA8\xD8\xA7\xD8\xA8\"}\n"),
        compressed(b"{\"id\": 2}"),
    ]
    .concat();
    let answer = post_compressed(&client, "x-gzip", &two).json();
    assert_eq!(
        (&answer["indexed"], &answer["rejected"]),
        (&json!(1), &json!(1)),
        "a body may consist of several gzip members"
    );
}

#[test]
fn a_large_body_is_written_in_order() {
    let client = WritingClient::new();
    // Every article comes twice: the second one stays, whichever thread wrote it.
    let line = |i: usize, place: &str| {
        format!("{{\"id\": {i}, \"title\": \"رصيف رقم {i} في {place}\"}}\n")
    };
    let lines: String = (0..400)
        .map(|i| line(i % 200, if i < 200 { "شحات" } else { "توكرة" }))
        .collect();
    let answer = client.post(&lines).json();
    assert_eq!(
        (&answer["indexed"], answer["lines"].as_array().map(Vec::len)),
        (&json!(400), Some(400))
    );
    assert_eq!(
        answer["lines"][399],
        json!({"line": 400, "id": "199", "status": "indexed"})
    );
    assert_eq!((client.total("شحات"), client.total("توكرة")), (0, 200));
}

#[test]
fn a_body_that_is_not_ndjson_is_refused() {
    let client = WritingClient::new();
    let check = |body: &[u8], reason: &str| {
        let answer = client.send("POST", "/api/v1/articles", NDJSON, body);
        let detail = problem(&answer, 400, "invalid_ndjson")["detail"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert!(detail.contains(reason), "{detail}");
    };
    check(b"", "it is empty");
    check(b"\n \n", "it is empty");
    check(b"<html></html>", "line 1: broken JSON");
    check(
        b"[{\"id\": 1}]",
        "line 1: a list where an object was expected",
    );
    check(b"{\"title\": \"\xFF\"}", "line 1: not UTF-8: byte 11");
    check("[".repeat(100_000).as_bytes(), "line 1: broken JSON");
    check(
        format!("{{\"body\": {}", "{\"a\":".repeat(50_000)).as_bytes(),
        "line 1: broken JSON",
    );
    let check_compressed = |encoding: &str, body: &[u8], status: u16, code: &str| {
        problem(&post_compressed(&client, encoding, body), status, code)
    };
    check_compressed("gzip", b"no gzip at all", 400, "invalid_ndjson");
    check_compressed(
        "gzip",
        &[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF],
        400,
        "invalid_ndjson",
    );
    for encoding in ["br", "gzip, gzip", "zstd"] {
        let answer = post_compressed(&client, encoding, b"x");
        problem(&answer, 415, "unsupported_content_encoding");
        assert_eq!(answer.header("accept-encoding"), "gzip");
    }
    for content_type in [
        "text/plain",
        JSON,
        "application/x-www-form-urlencoded",
        "",
        "multipart/form-data; boundary=x",
    ] {
        problem(
            &client.send("POST", "/api/v1/articles", content_type, b"{}"),
            415,
            "unsupported_media_type",
        );
    }
    problem(&client.server.get("/readyz"), 503, "no_index");
}

#[test]
fn every_line_is_reported_when_none_is_an_article() {
    let client = WritingClient::new();
    let answer = client.post("{\"id\": \"a\"}\n{\"title\": 5}\nnull");
    let report = answer.json();
    assert_eq!(
        (answer.status, &report["rejected"], &report["indexed"]),
        (200, &json!(3), &json!(0)),
        "{report}"
    );
    problem(&client.server.get("/readyz"), 503, "no_index");
    assert!(
        !client.server.path("data/writer.lock").exists(),
        "the index was locked although nothing was written"
    );
}

#[test]
fn a_truncated_body_keeps_the_lines_before_the_cut() {
    let client = WritingClient::new();
    let lines: String = (0..2_000)
        .map(|i| format!("{{\"id\": {i}, \"title\": \"قارب رقم {}\"}}\n", i * 7_919))
        .collect();
    let whole = compressed(lines.as_bytes());
    let answer = post_compressed(&client, "gzip", &whole[..whole.len() / 2]);
    let report = answer.json();
    let (indexed, lines) = (
        report["indexed"].as_u64().expect("a number"),
        report["lines"].as_array().expect("lines"),
    );
    assert!(
        answer.status == 200 && indexed > 100 && report["rejected"] == 1,
        "{}",
        &answer.body[..200]
    );
    let last = lines.last().expect("per line");
    assert!(
        last["reason"]
            .as_str()
            .is_some_and(|reason| reason.starts_with("cut off or damaged")),
        "{last}"
    );
    assert_eq!(client.total("قارب"), indexed);
}

#[test]
fn one_very_long_line_is_an_article_too() {
    let client = WritingClient::new();
    let long = json!({"id": "long", "title": "كتاب", "body": "موجة ".repeat(400_000)}).to_string();
    let answer = client.post(&format!(
        "{long}\n{{\"id\": \"next\", \"title\": \"زورق\"}}"
    ));
    assert_eq!(
        (answer.status, &answer.json()["indexed"]),
        (200, &json!(2)),
        "{}",
        answer.body
    );
    let stored = client.server.get("/api/v1/articles/long").json();
    assert_eq!(
        stored["text"].as_str().map(str::len),
        Some("كتاب\n\n".len() + 400_000 * "موجة ".len())
    );
    assert_eq!(client.total("زورق"), 1);
}

#[test]
fn the_size_of_a_body_is_limited() {
    let client = WritingClient::with(&["--max-body", "64KiB"]);
    let at = |bytes: usize| {
        json!({"id": "a", "title": "سد", "body": "م ".repeat((bytes - 40) / 3)}).to_string()
    };
    let post = |lines: &str| client.post(lines);
    assert_eq!(post(&at(60 << 10)).status, 200);
    problem(&post(&at(70 << 10)), 413, "body_too_large");
    problem(
        &client.put("a", &json!({"title": "س".repeat(40 << 10)})),
        413,
        "body_too_large",
    );
    // A bomb: a few hundred bytes that expand to ten million. Its first line is an article, which
    // must not be written.
    let bomb = format!(
        "{{\"id\": \"bomb\", \"title\": \"قنبلة\"}}\n{}",
        " ".repeat(10_000_000)
    );
    let bomb = compressed(bomb.as_bytes());
    assert!(bomb.len() < 32 << 10);
    problem(
        &post_compressed(&client, "gzip", &bomb),
        413,
        "body_too_large",
    );
    problem(
        &client.server.get("/api/v1/articles/bomb"),
        404,
        "no_such_article",
    );
}

#[test]
fn only_an_article_can_be_put() {
    let client = WritingClient::new();
    let check = |content_type: &str, body: &[u8], status: u16, code: &str| {
        problem(
            &client.send("PUT", "/api/v1/articles/a", content_type, body),
            status,
            code,
        );
    };
    check(JSON, b"", 400, "invalid_json");
    check(JSON, b"{\"title\": ", 400, "invalid_json");
    check(JSON, b"[1]", 400, "invalid_json");
    check(JSON, b"{\"title\": \"\xFF\"}", 400, "invalid_json");
    check(JSON, "[".repeat(100_000).as_bytes(), 400, "invalid_json");
    check(JSON, b"{\"title\": 5}", 400, "invalid_article");
    check(JSON, b"{}", 400, "invalid_article");
    check(
        JSON,
        "{\"body\": \"اقرأ أيضا: خبر\"}".as_bytes(),
        400,
        "invalid_article",
    );
    check("text/plain", b"{}", 415, "unsupported_media_type");
    check(NDJSON, b"{}", 415, "unsupported_media_type");
    let pretty = serde_json::to_string_pretty(&story("صبراتة")).expect("JSON");
    let answer = client.send(
        "PUT",
        "/api/v1/articles/a",
        "application/json; charset=utf-8",
        format!("\n{pretty}\n").as_bytes(),
    );
    assert_eq!(answer.status, 201, "{}", answer.body);
}
