//! Filters, orders, pages, facets and histograms over HTTP. The engine's tests check the counts and
//! the order.

use serde_json::{Value, json};

use super::problems::problem;
use super::{ids, server};
use crate::support::encoded;
use crate::support::server::Server;

fn values(facet: &Value) -> Vec<(&str, u64)> {
    let values = facet.as_array().expect("values").iter();
    values
        .map(|v| {
            (
                v["value"].as_str().expect("a value"),
                v["count"].as_u64().expect("a count"),
            )
        })
        .collect()
}

#[test]
fn filters_can_be_repeated_and_spelled_in_any_way() {
    let server = server();
    let found = |more: &str| {
        let answer = server.search("الميناء", &format!("&limit=100{more}"));
        let mut found: Vec<String> = ids(&answer).into_iter().map(str::to_owned).collect();
        found.retain(|id| !id.starts_with("diary"));
        (answer["total"]["value"].as_u64().expect("a total"), found)
    };
    let source = |name: &str| format!("&source={}", encoded(name));
    assert_eq!(
        found(&source("صحيفة المنارة")),
        (1, vec!["truce".to_owned()])
    );
    assert_eq!(
        found(&source("صحيفه المناره")),
        (1, vec!["truce".to_owned()])
    );
    assert_eq!(
        found(&(source("صحيفة المنارة") + &source("مجلة الشاطئ"))).0,
        11
    );
    assert_eq!(
        found(&(source("مجلة الشاطئ") + "&section=%D8%B3%D9%8A%D8%A7%D8%B3%D8%A9")).0,
        0
    );
    assert_eq!(found(&format!("&author={}", encoded("هند السالم"))).0, 1);
    assert_eq!(found("&from=2023-05-03&to=2023-05-04").0, 2);
    assert_eq!(found("&to=2020").1, ["truce"]);
    assert_eq!(found(&format!("&from={}", encoded("أيار 2023"))).0, 10);
    assert_eq!(found("&from=P1D").0, 0);
}

#[test]
fn articles_are_listed_without_a_query() {
    let server = server();
    let answer = server.get("/api/v1/search?q=&sort=newest&limit=3").json();
    assert_eq!(ids(&answer), ["diary-10", "diary-9", "diary-8"]);
    assert_eq!(answer["total"]["value"], 14);
    let answer = server.get("/api/v1/search?q=&sort=oldest&limit=1").json();
    assert_eq!(ids(&answer), ["truce"]);
    let answer = server
        .get(&format!(
            "/api/v1/search?q=&source={}",
            encoded("نشرة الساحل")
        ))
        .json();
    assert_eq!(ids(&answer), ["garden", crate::support::AWKWARD_ID]);
    assert_eq!(server.get("/api/v1/search?q=").json()["total"]["value"], 0);
}

#[test]
fn facets_and_histogram_come_with_a_search_and_alone() {
    let server = server();
    let answer = server.search("الميناء", "&facets=source,section&histogram=auto&limit=1");
    let sources = [
        ("مجلة الشاطئ", 10),
        ("<u>مصدر</u>", 1),
        ("صحيفة المنارة", 1),
        ("نشرة الساحل", 1),
    ];
    assert_eq!(values(&answer["facets"]["source"]), sources);
    assert_eq!(values(&answer["facets"]["section"])[0], ("ثقافة", 10));
    assert!(answer["facets"].get("author").is_none());
    assert_eq!(answer["histogram"]["interval"], "month");
    let buckets = answer["histogram"]["buckets"].as_array().expect("buckets");
    assert_eq!(
        (buckets.len(), &buckets[0], &buckets[38]),
        (
            39,
            &json!({"from": "2020-03-01", "count": 1}),
            &json!({"from": "2023-05-01", "count": 10})
        )
    );
    assert_eq!(answer["histogram"]["undated"], 1);
    let plain = server.search("الميناء", "");
    assert_eq!(
        (&plain["facets"], &plain["histogram"]),
        (&json!({}), &Value::Null)
    );

    let alone = server
        .get(&format!(
            "/api/v1/histogram?q={}&interval=month",
            encoded("الميناء")
        ))
        .json();
    assert_eq!(alone, answer["histogram"]);
    let all = server.get("/api/v1/histogram?interval=year").json();
    assert_eq!(all["buckets"].as_array().map(Vec::len), Some(4));
    assert_eq!(all["undated"], 1);

    let facet = server
        .get(&format!("/api/v1/facets/source?q={}", encoded("الميناء")))
        .json();
    assert_eq!(
        (values(&facet["values"]), &facet["total"]),
        (sources.to_vec(), &json!(4))
    );
    let facet = server
        .get(&format!(
            "/api/v1/facets/source?prefix={}&limit=1",
            encoded("الشاط")
        ))
        .json();
    assert_eq!(
        (values(&facet["values"]), &facet["field"]),
        (vec![("مجلة الشاطئ", 10)], &json!("source"))
    );
    let answer = server.get("/api/v1/facets/title");
    problem(&answer, 404, "no_such_field");
}

#[test]
fn a_cursor_visits_all_hits_while_articles_are_added() {
    let server = server();
    for sort in ["relevance", "relevance&half_life=30d", "newest", "oldest"] {
        let whole = server.search("الميناء", &format!("&limit=100&sort={sort}"));
        let (mut more, mut walked) = (String::new(), Vec::new());
        for page in 0.. {
            let answer = server.search("الميناء", &format!("&limit=4&sort={sort}{more}"));
            walked.extend(ids(&answer).into_iter().map(str::to_owned));
            let Some(cursor) = answer["next_cursor"].as_str() else {
                break;
            };
            more = format!("&cursor={cursor}");
            server.index(&[json!({"id": format!("late-{page}"), "title": "خبر من الميناء", "body": "ضجيج الميناء.", "date": "2023-05-05"})]);
            crate::support::server::wait_until(|| {
                let id = format!("/api/v1/articles/late-{page}");
                (server.get(&id).status == 200).then_some(())
            });
        }
        assert_eq!(walked, ids(&whole), "{sort}");
    }
}

#[test]
fn wrong_cursors_and_orders_are_explained() {
    let server = server();
    let cursor = server.search("الميناء", "&limit=2")["next_cursor"]
        .as_str()
        .expect("more")
        .to_owned();
    let check =
        |query: &str, pointer: &str, hint: &str| {
            let body = problem(
                &server.get(&format!("/api/v1/search?{query}")),
                400,
                "invalid_parameter",
            );
            let errors = body["errors"].as_array().expect("errors");
            assert!(
                errors.iter().any(|e| e["pointer"] == pointer
                    && e["hint"].as_str().is_some_and(|h| h.contains(hint))),
                "{query}: {body}"
            );
        };
    check(
        &format!("q=a&cursor={cursor}"),
        "#/cursor",
        "same parameters",
    );
    let harbour = encoded("الميناء");
    check(
        &format!("q={harbour}&sort=newest&cursor={cursor}"),
        "#/cursor",
        "same parameters",
    );
    check(
        &format!("q={harbour}&offset=2&cursor={cursor}"),
        "#/cursor",
        "not both",
    );
    check("q=a&cursor=x", "#/cursor", "same parameters");
    check(
        "q=a&sort=date",
        "#/sort",
        "expected one of relevance, newest, oldest",
    );
    check("q=a&half_life=month", "#/half_life", "as in 12h");
    check(
        "q=a&half_life=3d&sort=newest",
        "#/half_life",
        "it requires sort=relevance",
    );
    check("q=a&from=2020-13", "#/from", "no month 13");
    check("q=a&from=2021&to=2020", "#/to", "before from");
    check("q=a&source=%20", "#/source", "not a blank");
    check(
        "q=a&facets=title",
        "#/facets",
        "expected some of source, section, author",
    );
    check(
        "q=a&histogram=hour",
        "#/histogram",
        "expected one of auto, day, week, month, year",
    );
    let answer = server.get("/api/v1/histogram?sort=newest");
    problem(&answer, 400, "invalid_parameter");
    // The number and size of snippets are not part of the search.
    let answer = server.search("الميناء", &format!("&limit=5&fragments=0&cursor={cursor}"));
    assert_eq!(ids(&answer).len(), 5);
}

#[test]
fn a_body_may_hold_arrays_and_several_searches() {
    let server = server();
    let post = |body: &Value| server.post("/api/v1/search", "application/json", &body.to_string());
    let body = json!({"q": "الميناء", "source": ["مجلة الشاطئ", "صحيفة المنارة"], "section": "ثقافة",
        "facets": ["source"], "in": ["title", "body"], "sort": "newest", "limit": 1});
    let answer = post(&body).json();
    assert_eq!(
        (ids(&answer), &answer["total"]["value"]),
        (vec!["diary-10"], &json!(10))
    );
    assert_eq!(values(&answer["facets"]["source"]), [("مجلة الشاطئ", 10)]);

    let answers = post(&json!([{"q": "زيتون"}, body, {"q": "سفينة"}])).json();
    let found: Vec<_> = answers
        .as_array()
        .expect("answers")
        .iter()
        .map(ids)
        .collect();
    assert_eq!(
        found,
        [
            vec!["garden"],
            vec!["diary-10"],
            vec![crate::support::AWKWARD_ID]
        ]
    );
    assert_eq!(post(&json!([])).json(), json!([]));

    let body = problem(
        &post(&json!([{"q": "زيتون"}, {"q": "زيتون", "limit": 0}, {}])),
        400,
        "invalid_parameter",
    );
    let pointers: Vec<_> = body["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|e| &e["pointer"])
        .collect();
    assert_eq!(pointers, ["#/1/limit", "#/2/q"]);
    problem(&post(&json!([{"q": "a"}, 1])), 400, "invalid_json");
    problem(
        &post(&Value::Array(vec![json!({"q": "a"}); 51])),
        400,
        "invalid_request",
    );
    problem(
        &post(&json!({"q": "a", "source": [1]})),
        400,
        "invalid_parameter",
    );
    problem(
        &post(&json!({"q": "a", "source": vec!["a"; 101]})),
        400,
        "invalid_parameter",
    );
}

#[test]
fn counting_without_an_index_is_an_error() {
    let server = Server::without_index(&[]);
    problem(&server.get("/api/v1/histogram"), 503, "no_index");
    problem(&server.get("/api/v1/facets/source"), 503, "no_index");
}
