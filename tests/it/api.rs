//! The HTTP API over a real index: searches, articles and statistics.

mod examples;
mod narrowing;
mod operations;
pub mod problems;
mod service;
mod texts;
mod writing;

use serde_json::{Value, json};

use crate::support::server::Server;
use crate::support::{AWKWARD_ID, HOSTILE_ID, articles, encoded};

fn server() -> Server {
    Server::with(&articles(), &[])
}

fn joined(fragments: &Value, wanted: Option<bool>) -> Vec<String> {
    let fragments = fragments.as_array().expect("fragments").iter();
    let wanted =
        fragments.filter(|fragment| wanted.is_none_or(|wanted| fragment["match"] == wanted));
    wanted
        .map(|fragment| fragment["text"].as_str().expect("a text").to_owned())
        .collect()
}

fn ids(answer: &Value) -> Vec<&str> {
    answer["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .map(|hit| hit["id"].as_str().expect("an id"))
        .collect()
}

#[test]
fn a_search_answers_with_marked_fragments() {
    let mut answer = server().search("\"وقف إطلاق النار\" الوسطاء", "");
    let hit = &answer["hits"][0];
    assert_eq!(
        joined(&hit["title"], Some(true)),
        ["الوسطاء", "وقف إطلاق النار"]
    );
    let marked: Vec<_> = hit["snippets"]
        .as_array()
        .expect("snippets")
        .iter()
        .flat_map(|s| joined(&s["fragments"], Some(true)))
        .collect();
    assert!(marked.contains(&"بوقف اطلاق النار".to_owned()), "{marked:?}");
    answer["took_ms"] = json!(0);
    answer["hits"][0]["score"] = json!(1.5);
    insta::assert_json_snapshot!("search", answer);
}

#[test]
fn joined_fragments_are_the_text_of_their_range() {
    let server = server();
    for query in ["الميناء", "\"وقف إطلاق النار\"", "زيتون", "الصيادون الشمس"]
    {
        let answer = server.search(query, "&limit=100&fragments=20&fragment_chars=40");
        assert!(!ids(&answer).is_empty(), "{query}");
        for hit in answer["hits"].as_array().expect("hits") {
            let id = hit["id"].as_str().expect("an id");
            let article = server
                .get(&format!(
                    "/api/v1/articles/{}?q={}",
                    encoded(id),
                    encoded(query)
                ))
                .json();
            let text = article["text"].as_str().expect("a text");
            let slice = |range: &Value| {
                let at = |i: usize| {
                    usize::try_from(range[i].as_u64().expect("a number")).expect("an offset")
                };
                text.get(at(0)..at(1))
                    .expect("a range of the text")
                    .to_owned()
            };
            for snippet in hit["snippets"].as_array().expect("snippets") {
                assert_eq!(
                    joined(&snippet["fragments"], None).concat(),
                    slice(&snippet["range"])
                );
            }
            for segment in article["segments"].as_array().expect("segments") {
                assert_eq!(segment["text"], slice(&segment["range"]));
            }
            assert!(
                !article["matches"].as_array().expect("matches").is_empty(),
                "{query} in {id}"
            );
        }
    }
}

#[test]
fn get_and_post_give_the_same_answer() {
    let server = server();
    let mut asked = server.search("الميناء", "&limit=3&offset=2&fragments=1&fragment_chars=60");
    let body =
        json!({"q": "الميناء", "limit": 3, "offset": 2, "fragments": 1, "fragment_chars": 60})
            .to_string();
    let sent = server.post("/api/v1/search", "application/json; charset=utf-8", &body);
    assert_eq!(sent.status, 200, "{}", sent.body);
    let mut sent = sent.json();
    (asked["took_ms"], sent["took_ms"]) = (json!(0), json!(0));
    assert_eq!(asked, sent);
    assert_eq!(ids(&asked).len(), 3);
}

#[test]
fn pages_of_a_result_do_not_overlap_and_share_their_total() {
    let server = server();
    let all = server.search("الميناء", "&limit=100");
    let (first, second) = (
        server.search("الميناء", ""),
        server.search("الميناء", "&offset=10"),
    );
    assert_eq!(
        [&first["total"], &second["total"]],
        [&json!({"value": 13, "relation": "eq"}); 2]
    );
    assert_eq!([ids(&first), ids(&second)].concat(), ids(&all));
    assert_eq!(ids(&first).len(), 10);
}

#[test]
fn every_string_is_a_query() {
    let server = server();
    for query in [
        "",
        " ",
        "\"",
        "((",
        "\u{0}",
        "a:b:c",
        "-",
        "\u{202E}\u{200F}",
        "🚢",
        "%",
        "\\",
        "'; --",
        &"و".repeat(2_000),
    ] {
        server.search(query, "");
    }
    let answer = server.search("\"الميناء", "");
    assert_eq!(answer["query"]["notices"][0]["code"], "unclosed_quote");
    assert_eq!(answer["query"]["notices"][0]["range"], json!([0, 1]));
    assert_eq!(answer["total"]["value"], 13);
}

#[test]
fn a_relaxed_search_says_so() {
    let server = server();
    assert_eq!(
        server.search("الميناء", "")["query"]["relaxed"],
        Value::Null
    );
    let relaxed = &server.search("زيتون الصيادون", "")["query"]["relaxed"];
    assert_eq!(*relaxed, json!({"to": "any_word", "with_all_words": 0}));
}

#[test]
fn an_article_has_typed_segments_and_matches() {
    let server = server();
    let article = server.get("/api/v1/articles/truce").json();
    assert_eq!(article.get("matches"), None);
    let found = server
        .get(&format!(
            "/api/v1/articles/truce?q={}",
            encoded("\"وقف إطلاق النار\"")
        ))
        .json();
    assert_eq!(found["matches"].as_array().map(Vec::len), Some(3));
    insta::assert_json_snapshot!("article", found);
}

#[test]
fn any_id_can_stand_in_an_address() {
    let server = server();
    for id in [AWKWARD_ID, HOSTILE_ID] {
        let answer = server.get(&format!("/api/v1/articles/{}", encoded(id)));
        assert_eq!((answer.status, &answer.json()["id"]), (200, &json!(id)));
    }
}

#[test]
fn half_a_word_is_completed() {
    let answer = server()
        .get(&format!("/api/v1/suggest?limit=3&q={}", encoded("وقف إطل")))
        .json();
    let suggestions = answer["suggestions"].as_array().expect("a list");
    assert!(
        !suggestions.is_empty() && suggestions.len() <= 3,
        "{answer}"
    );
    assert!(
        suggestions
            .iter()
            .any(|one| one["text"] == "وقف إطلاق" && one["kind"] == "completion"),
        "{answer}"
    );
}

#[test]
fn copies_are_collapsed_on_request() {
    let story = "عاد الصيادون الثلاثة الذين فُقدوا قبل يومين إلى ميناء الرملة سالمين، بعد أن قطرت سفينة شحن قاربهم الذي \
                 تعطل محركه على بعد عشرين ميلاً من الساحل، وقال أحدهم إنهم عاشوا على ما كان معهم من تمر وماء.";
    let copy = |id: &str, source: &str, body: &str| json!({"id": id, "title": "عودة الصيادين", "source": source, "body": body});
    let longer = format!("الرملة (وكالة الساحل) {story}");
    let mut articles = articles();
    articles.extend([
        copy("one", "نشرة الساحل", story),
        copy("two", "مجلة الشاطئ", &longer),
    ]);
    let server = Server::with(&articles, &[]);
    let (all, collapsed) = (
        server.search("الرملة", ""),
        server.search("الرملة", "&collapse=duplicates"),
    );
    assert_eq!(
        (&all["total"]["value"], &collapsed["total"]["value"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(ids(&collapsed), ids(&all)[..1]);
    assert_eq!(
        (
            &all["hits"][1]["duplicates"],
            &collapsed["hits"][0]["duplicates"]
        ),
        (&json!(1), &json!(1))
    );
    assert_eq!(ids(&server.search("الرملة", "&collapse=none")), ids(&all));
    let listed = server.get("/api/v1/articles/one/duplicates").json();
    let two = json!({"id": "two", "title": "عودة الصيادين", "source": "مجلة الشاطئ", "published": null, "url": null});
    assert_eq!(
        listed,
        json!({"id": "one", "total": 1, "duplicates": [two]})
    );
    let alone = server
        .get("/api/v1/articles/garden/duplicates?limit=5")
        .json();
    assert_eq!(alone, json!({"id": "garden", "total": 0, "duplicates": []}));
    let unknown = server.get("/api/v1/articles/nobody/duplicates");
    assert_eq!(
        (unknown.status, &unknown.json()["code"]),
        (404, &json!("no_such_article"))
    );
    let stats = server.get("/api/v1/stats").json();
    assert_eq!(
        (&stats["duplicate_clusters"], &stats["duplicate_articles"]),
        (&json!(1), &json!(2))
    );
}

#[test]
fn a_search_explains_itself() {
    let server = server();
    let query = encoded("\"وقف إطلاق النار\" الوسطاء -زيتون");
    let mut answer = server
        .get(&format!("/api/v1/explain?id=truce&q={query}"))
        .json();
    let hits = server
        .get(&format!("/api/v1/search?explain=true&q={query}"))
        .json();
    let hit = hits["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .find(|hit| hit["id"] == "truce")
        .expect("a hit");
    assert_eq!(hit["explanation"], answer["explanation"]);
    assert_eq!(hit["score"], answer["explanation"]["score"]["total"]);
    hide_scores(&mut answer);
    insta::assert_json_snapshot!("explain", answer);
    let unknown = server.get(&format!("/api/v1/explain?id=nobody&q={query}"));
    assert_eq!(
        (unknown.status, &unknown.json()["code"]),
        (404, &json!("no_such_article"))
    );
}

/// Hides the scores, which depend on all articles. The engine's tests check their sums.
fn hide_scores(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(hide_scores),
        Value::Array(items) => items.iter_mut().for_each(hide_scores),
        Value::Number(number) if number.is_f64() => *value = json!("[score]"),
        Value::Number(_) | Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[test]
fn stats_describe_the_index() {
    let stats = server().get("/api/v1/stats").json();
    assert_eq!(stats["articles"], 14);
    assert!(stats["size_bytes"].as_u64() > Some(1_000));
    let names: Vec<_> = stats
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    let figures = [
        "analysis_version",
        "articles",
        "duplicate_articles",
        "duplicate_clusters",
        "first_published",
        "generation",
    ];
    let learnt = [
        "graph_hash",
        "graph_learnt_articles",
        "graph_pairs",
        "last_published",
        "learnt_articles",
        "learnt_words",
    ];
    assert_eq!(
        names,
        [
            &figures[..],
            &learnt,
            &["model_hash", "segments", "size_bytes", "sources"]
        ]
        .concat()
    );
    let published = (&stats["first_published"], &stats["last_published"]);
    assert_eq!(
        (&stats["sources"], published),
        (&json!(4), (&json!("2020-03-05"), &json!("2023-05-10")))
    );
    assert_eq!(
        (&stats["learnt_articles"], &stats["graph_learnt_articles"]),
        (&json!(14), &json!(14))
    );
}

#[test]
fn the_api_describes_itself() {
    let mut document = Server::without_index(&[]).get("/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    let text = document.to_string();
    for reference in text
        .split("\"$ref\":\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert!(
            document.pointer(reference).is_some(),
            "{reference} leads nowhere"
        );
    }
    document["info"]["version"] = json!("[version]");
    insta::assert_json_snapshot!("openapi", document);
}
