//! The API for texts: articles similar to one article, and the tokens of a text.

use serde_json::{Value, json};

use super::problems::problem;
use super::server;
use crate::support::encoded;
use crate::support::server::Server;

fn post(server: &Server, body: &Value) -> crate::support::server::Answer {
    server.post("/api/v1/analyze", "application/json", &body.to_string())
}

#[test]
fn articles_on_the_same_subject_are_listed() {
    let server = server();
    let answer = server
        .get("/api/v1/articles/diary-3/similar?limit=4")
        .json();
    let similar = answer["similar"].as_array().expect("a list");
    assert_eq!((&answer["id"], similar.len()), (&json!("diary-3"), 4));
    // Among equal scores the newest come first. The diaries are not copies, since each has its own
    // title.
    let shared = similar[0]["shared"].as_array().expect("words");
    assert!(
        shared.contains(&json!("الصيادون")) && similar.iter().all(|one| one["id"] != "diary-3"),
        "{answer}"
    );
    assert!(
        similar
            .iter()
            .all(|one| one["score"].as_f64() > Some(0.0) && one["score"].as_f64() <= Some(1.0))
    );
    let names: Vec<_> = similar[0]
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        names,
        [
            "duplicates",
            "id",
            "published",
            "score",
            "shared",
            "source",
            "title",
            "url"
        ]
    );
    assert_eq!(
        server.get("/api/v1/articles/garden/similar").json(),
        json!({"id": "garden", "similar": []})
    );
    problem(
        &server.get("/api/v1/articles/nobody/similar"),
        404,
        "no_such_article",
    );
    problem(
        &server.get("/api/v1/articles/truce/similar?limit=51"),
        400,
        "invalid_parameter",
    );
    problem(
        &server.get("/api/v1/articles/truce/similar?q=a"),
        400,
        "invalid_parameter",
    );
}

#[test]
fn a_text_becomes_tokens_with_positions() {
    let text = "زارَ وزراؤنا بيروت. #سلام_دائم 12";
    let answer = post(&server(), &json!({"text": text})).json();
    let tokens = answer["texts"][0]["tokens"].as_array().expect("tokens");
    for token in tokens {
        let at = |i: usize| {
            usize::try_from(token["range"][i].as_u64().expect("a number")).expect("an offset")
        };
        assert_eq!(token["text"], text[at(0)..at(1)]);
    }
    let of = |name: &str| {
        tokens
            .iter()
            .map(|token| token[name].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("text")[..3],
        [json!("زارَ"), json!("وزراؤنا"), json!("بيروت")]
    );
    assert_eq!(
        (&tokens[0]["surface"], &tokens[2]["stem"]),
        (&json!("زار"), &json!("بيروت"))
    );
    assert_eq!(of("kind")[2..4], [json!("arabic"), json!("whole")]);
    assert_eq!(
        (&tokens[3]["position"], &tokens[4]["position"]),
        (&json!(3), &json!(3)),
        "a whole and its first part share a position"
    );
    assert_eq!(
        (&tokens[0]["sentence"], &tokens[3]["sentence"]),
        (&json!(0), &json!(1))
    );
}

#[test]
fn several_texts_keep_their_order_and_no_index_is_needed() {
    let server = Server::without_index(&[]);
    let answer = post(&server, &json!({"texts": ["ميناء", "", "في"]})).json();
    let texts = answer["texts"].as_array().expect("texts");
    let counts: Vec<_> = texts
        .iter()
        .map(|text| text["tokens"].as_array().map(Vec::len))
        .collect();
    assert_eq!(counts, [Some(1), Some(0), Some(1)]);
    let is_stop_word = |i: usize| &texts[i]["tokens"][0]["is_stop_word"];
    assert_eq!(
        (is_stop_word(0), is_stop_word(2)),
        (&json!(false), &json!(true))
    );
    assert!(
        answer["model_hash"]
            .as_str()
            .is_some_and(|hash| !hash.is_empty())
    );
}

#[test]
fn wrong_texts_are_explained() {
    let server = Server::without_index(&[]);
    let check = |body: Value, pointer: &str| {
        let found = problem(&post(&server, &body), 400, "invalid_parameter");
        assert_eq!(found["errors"][0]["pointer"], pointer, "{found}");
    };
    check(json!({}), "#/text");
    check(json!({"text": "a", "texts": []}), "#/texts");
    check(json!({"text": 5}), "#/text");
    check(json!({"texts": "a"}), "#/texts");
    check(json!({"texts": ["a", 5]}), "#/texts");
    check(json!({"texts": []}), "#/texts");
    check(json!({"texts": vec!["a"; 101]}), "#/texts");
    check(json!({"text": "و".repeat(20_001)}), "#/text");
    check(json!({"text": "a", "language": "ar"}), "#/language");
    assert_eq!(
        post(&server, &json!({"text": "و".repeat(20_000)})).status,
        200
    );
    problem(
        &server.post("/api/v1/analyze", "text/plain", "{}"),
        415,
        "unsupported_media_type",
    );
    problem(
        &server.get(&format!("/api/v1/analyze?text={}", encoded("ميناء"))),
        405,
        "method_not_allowed",
    );
}
