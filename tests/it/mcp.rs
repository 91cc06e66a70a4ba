//! The tools for assistants over plain HTTP: the handshake, the list of tools, answers with quotes,
//! and every mistake of a caller.

mod protocol;

use serde_json::{Value, json};

use crate::support::server::{Answer, Server};
use crate::support::{AWKWARD_ID, articles, encoded};

const ACCEPT: (&str, &str) = ("accept", "application/json, text/event-stream");

const CONTENT_TYPE: (&str, &str) = ("content-type", "application/json");

fn server() -> Server {
    Server::with(&articles(), &[])
}

fn send(server: &Server, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    server.send("POST", "/mcp", headers, body)
}

fn ask(server: &Server, method: &str, params: &Value) -> Value {
    let body = json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}).to_string();
    let answer = send(server, &[ACCEPT, CONTENT_TYPE], body.as_bytes());
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/json"),
        "{}",
        answer.body
    );
    let answer = answer.json();
    assert_eq!(
        (&answer["jsonrpc"], &answer["id"]),
        (&json!("2.0"), &json!(7))
    );
    answer
}

/// Returns the result of a tool, which may be an error of the tool but not of the protocol.
fn call(server: &Server, tool: &str, arguments: Value) -> Value {
    let answer = ask(
        server,
        "tools/call",
        &json!({"name": tool, "arguments": arguments}),
    );
    assert!(answer["error"].is_null(), "{answer}");
    answer["result"].clone()
}

fn text_of(result: &Value) -> &str {
    result["content"][0]["text"].as_str().expect("a text")
}

fn slice<'a>(text: &'a str, range: &Value) -> &'a str {
    let at = |i: usize| usize::try_from(range[i].as_u64().expect("a number")).expect("an offset");
    text.get(at(0)..at(1)).expect("a range of the text")
}

#[test]
fn passages_are_slices_of_the_stored_text() {
    let server = server();
    for query in ["\"وقف إطلاق النار\"", "الميناء", "صياد شمس", "زيتون"]
    {
        let found = call(
            &server,
            "search",
            json!({"query": query, "limit": 20, "passages": 10}),
        );
        let hits = found["structuredContent"]["hits"].as_array().expect("hits");
        assert!(!hits.is_empty(), "{query}");
        for hit in hits {
            let id = hit["id"].as_str().expect("an id");
            let article = server
                .get(&format!("/api/v1/articles/{}", encoded(id)))
                .json();
            let text = article["text"].as_str().expect("a text");
            for passage in hit["passages"].as_array().expect("passages") {
                assert_eq!(passage["text"], slice(text, &passage["range"]));
                assert!(
                    text_of(&found).contains(passage["text"].as_str().expect("a text")),
                    "the text holds every structured passage"
                );
                for matched in passage["matches"].as_array().expect("matches") {
                    assert_eq!(matched["text"], slice(text, &matched["range"]));
                }
            }
            let read = call(&server, "article", json!({"id": id, "query": query}));
            let read = &read["structuredContent"];
            assert!(
                !read["matches"].as_array().expect("matches").is_empty(),
                "{query} in {id}"
            );
            for quote in ["parts", "matches"]
                .iter()
                .flat_map(|name| read[name].as_array().expect("quotes"))
            {
                assert_eq!(quote["text"], slice(text, &quote["range"]));
            }
        }
    }
}

#[test]
fn a_search_returns_all_that_a_citation_needs() {
    let server = server();
    let found = call(
        &server,
        "search",
        json!({"query": "\"وقف إطلاق النار\" الوسطاء", "limit": 1}),
    );
    let hit = &found["structuredContent"]["hits"][0];
    assert_eq!(
        (&hit["id"], &hit["source"]),
        (&json!("truce"), &json!("صحيفة المنارة"))
    );
    assert_eq!(
        (&hit["date"], &hit["url"]),
        (&json!("2020-03-05"), &json!("https://example.org/truce"))
    );
    assert_eq!(hit["page"], format!("{}/a/truce", server.url));
    for word in [
        "truce",
        "صحيفة المنارة",
        "2020-03-05",
        "https://example.org/truce",
    ] {
        assert!(
            text_of(&found).contains(word),
            "{word} in {}",
            text_of(&found)
        );
    }
    let pages = [0, 5].map(|offset| {
        call(
            &server,
            "search",
            json!({"query": "الميناء", "limit": 5, "offset": offset}),
        )
    });
    let ids = pages
        .each_ref()
        .map(|page| page["structuredContent"]["hits"].clone());
    assert_ne!(ids[0][0]["id"], ids[1][0]["id"]);
    assert!(
        text_of(&pages[1]).contains("\n6. "),
        "{}",
        text_of(&pages[1])
    );
    let odd = call(&server, "search", json!({"query": "\"زيتون الصيادون"}));
    assert!(
        !odd["structuredContent"]["remarks"]
            .as_array()
            .expect("remarks")
            .is_empty()
            && text_of(&odd).contains("Remark: ")
    );
}

#[test]
fn searches_are_narrowed_and_counted_over_time() {
    let server = server();
    let ids = |arguments: Value| -> Vec<Value> {
        let found = call(&server, "search", arguments);
        let hits = found["structuredContent"]["hits"]
            .as_array()
            .unwrap_or_else(|| panic!("{found}"))
            .clone();
        hits.iter().map(|hit| hit["id"].clone()).collect()
    };
    let newest = ids(json!({"query": "الميناء", "sort": "newest", "limit": 2}));
    assert_eq!(newest, ["diary-10", "diary-9"]);
    assert_eq!(
        ids(json!({"query": "الميناء", "source": ["صحيفة المنارة"]})),
        ["truce"]
    );
    assert_eq!(
        ids(json!({"query": "", "from": "2022", "to": "2022-12"})),
        ["garden"]
    );
    let counted = call(
        &server,
        "histogram",
        json!({"query": "الميناء", "interval": "year"}),
    );
    let buckets = [
        ("2020-01-01", 1),
        ("2021-01-01", 1),
        ("2022-01-01", 0),
        ("2023-01-01", 10),
    ];
    let buckets = buckets.map(|(from, count)| json!({"from": from, "count": count}));
    assert_eq!(
        counted["structuredContent"],
        json!({"interval": "year", "buckets": buckets, "undated": 1})
    );
    assert!(
        text_of(&counted).contains("2023-01-01: 10\n") && !text_of(&counted).contains("2022"),
        "{}",
        text_of(&counted)
    );
    let wrong = call(
        &server,
        "histogram",
        json!({"interval": "decade", "to": "2020-13"}),
    );
    assert!(
        wrong["isError"] == true
            && text_of(&wrong).contains("interval: ")
            && text_of(&wrong).contains("to: "),
        "{wrong}"
    );
}

#[test]
fn an_article_is_read_whole_or_in_pieces() {
    let paragraph = "وصلت السفينة إلى الرصيف بعد رحلة طويلة. ".repeat(200);
    let body: Vec<_> = (1..=6)
        .map(|number| format!("{number}. {paragraph}"))
        .collect();
    let server = Server::with(
        &[json!({"id": AWKWARD_ID, "title": "رحلة", "body": body.join("\n")})],
        &[],
    );
    let (mut from, mut parts, mut pieces) = (json!(0), Vec::new(), 0);
    while !from.is_null() {
        let read = call(
            &server,
            "article",
            json!({"id": AWKWARD_ID, "from_part": from}),
        );
        let piece = read["structuredContent"]["parts"]
            .as_array()
            .expect("parts")
            .clone();
        assert!(
            piece
                .iter()
                .map(|part| part["text"].as_str().map_or(0, |text| text.chars().count()))
                .sum::<usize>()
                <= 20_000
        );
        parts.extend(piece);
        from = read["structuredContent"]["next_part"].clone();
        pieces += 1;
    }
    assert!(pieces > 1);
    let segments = server
        .get(&format!("/api/v1/articles/{}", encoded(AWKWARD_ID)))
        .json()["segments"]
        .clone();
    assert_eq!(json!(parts), segments);
}

#[test]
fn mistakes_of_an_assistant_are_explained_to_it() {
    let server = server();
    let check = |tool: &str, arguments: Value, expected: &str| {
        let result = call(&server, tool, arguments);
        assert_eq!(result["isError"], true, "{result}");
        assert!(
            text_of(&result).contains(expected),
            "{expected} in {}",
            text_of(&result)
        );
    };
    check("search", json!({}), "query: this parameter is required");
    check("search", json!({"query": 5}), "query: expected a string");
    check(
        "search",
        json!({"query": "a", "limit": 0, "offsets": 1}),
        "did you mean `offset`",
    );
    check(
        "search",
        json!({"query": "a", "limit": "many"}),
        "limit: expected an integer from 1 to 50",
    );
    check(
        "search",
        json!({"query": "و".repeat(2_001)}),
        "at most 2000 characters",
    );
    check(
        "article",
        json!({"id": "nobody"}),
        "no article has the id `nobody`",
    );
    check(
        "article",
        json!({"id": "truce", "from_part": -1}),
        "from_part",
    );
    let unknown = ask(
        &server,
        "tools/call",
        &json!({"name": "delete", "arguments": {}}),
    );
    assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
    let unknown = ask(&server, "articles/delete", &json!({}));
    assert_eq!(unknown["error"]["code"], -32601, "{unknown}");
    let empty = Server::without_index(&[]);
    let none = call(&empty, "search", json!({"query": "a"}));
    assert!(
        none["isError"] == true && text_of(&none).contains("there is no index yet"),
        "{none}"
    );
}
