//! The feed of a query: valid Atom for any query, links back to the service, and no second transfer
//! of an unchanged feed.

use roxmltree::{Document, Node};

use crate::api::problems::problem;
use crate::support::server::{Answer, Server};
use crate::support::{articles, encoded};

const ATOM: &str = "http://www.w3.org/2005/Atom";

fn children<'a>(node: Node<'a, 'a>, name: &'static str) -> Vec<Node<'a, 'a>> {
    node.children()
        .filter(|child| child.has_tag_name((ATOM, name)))
        .collect()
}

/// Returns the text of the only child with a name.
fn text<'a>(node: Node<'a, 'a>, name: &'static str) -> &'a str {
    let found = children(node, name);
    assert_eq!(found.len(), 1, "{name}");
    found[0].text().unwrap_or_default()
}

fn link<'a>(node: Node<'a, 'a>, relation: &str) -> &'a str {
    let links = children(node, "link");
    let found: Vec<_> = links
        .iter()
        .filter(|link| link.attribute("rel") == Some(relation))
        .collect();
    assert_eq!(found.len(), 1, "{relation}");
    found[0].attribute("href").expect("a link leads somewhere")
}

/// Checks the rules of RFC 4287 for every feed; returns the number of entries.
#[track_caller]
fn check(answer: &Answer) -> usize {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(
        answer.header("content-type"),
        "application/atom+xml; charset=utf-8"
    );
    let document =
        Document::parse(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body));
    let feed = document.root_element();
    assert!(feed.has_tag_name((ATOM, "feed")));
    let entries = children(feed, "entry");
    for node in entries.iter().copied().chain([feed]) {
        assert!(text(node, "id").starts_with("urn:uuid:"));
        assert!(!text(node, "title").is_empty());
        let updated = text(node, "updated");
        assert!(updated.len() == 20 && updated.ends_with('Z'), "{updated}");
    }
    assert!(
        entries
            .iter()
            .all(|entry| !children(*entry, "summary").is_empty())
    );
    assert!(
        !children(feed, "author").is_empty(),
        "a feed without an author"
    );
    link(feed, "self");
    entries.len()
}

#[test]
fn a_query_is_a_feed_newest_first() {
    let server = Server::with(&articles(), &[]);
    let answer = server.get(&format!("/feed.atom?q={}", encoded("الميناء")));
    assert_eq!(check(&answer), 13);
    let document = Document::parse(&answer.body).expect("checked");
    let feed = document.root_element();
    assert_eq!(
        feed.attribute(("http://www.w3.org/XML/1998/namespace", "lang")),
        Some("ar")
    );
    assert_eq!(
        link(feed, "self"),
        format!("{}/feed.atom?q={}", server.url, encoded("الميناء"))
    );
    assert_eq!(
        link(feed, "alternate"),
        format!("{}/search?q={}", server.url, encoded("الميناء"))
    );
    let entries = children(feed, "entry");
    let updated: Vec<_> = entries
        .iter()
        .map(|entry| text(*entry, "updated"))
        .collect();
    assert!(updated.is_sorted_by(|one, next| one >= next), "{updated:?}");
    assert_eq!(
        (updated[0], text(feed, "updated")),
        ("2023-05-10T00:00:00Z", "2023-05-10T00:00:00Z")
    );
    let truce = *entries
        .iter()
        .find(|entry| text(**entry, "title").contains("الوسطاء"))
        .expect("it matches");
    assert_eq!(link(truce, "alternate"), format!("{}/a/truce", server.url));
    assert_eq!(link(truce, "via"), "https://example.org/truce");
    assert_eq!(
        children(truce, "category")[0].attribute("term"),
        Some("سياسة")
    );
    assert_eq!(text(children(truce, "author")[0], "name"), "هند السالم");
    assert!(
        text(truce, "summary").contains("فجر الأحد في الميناء"),
        "{}",
        text(truce, "summary")
    );
    // An article without a date sorts last, and a link that is not a web address is left out.
    let hostile = *entries.last().expect("entries");
    assert!(
        text(hostile, "title").starts_with("<script>") && children(hostile, "published").is_empty()
    );
    assert!(!answer.body.contains("javascript:"));
}

#[test]
fn any_query_makes_a_valid_feed() {
    let server = Server::with(&articles(), &[]);
    for query in [
        "",
        "\u{0}",
        "\u{1B}[2J",
        "]]>",
        "<a href='x'>",
        "&amp;",
        "\"",
        "\u{FFFE}",
        "🚢",
        "ميناء -شمس",
    ] {
        check(&server.get(&format!("/feed.atom?q={}", encoded(query))));
    }
    assert_eq!(
        check(&server.get("/feed.atom?q=nothing-like-it")),
        0,
        "a feed relaxes no query"
    );
    assert_eq!(
        check(&server.get(&format!("/feed.atom?limit=3&q={}", encoded("الميناء")))),
        3
    );
    problem(&server.get("/feed.atom"), 400, "invalid_parameter");
    problem(
        &server.get_with("/feed.atom?q=a&page=2", &[("accept", "text/html")]),
        400,
        "invalid_parameter",
    );
}

#[test]
fn an_unchanged_feed_is_not_sent_again() {
    let server = Server::with(&articles(), &[]);
    let path = format!("/feed.atom?q={}", encoded("زيتون"));
    let first = server.get(&path);
    let tag = first.header("etag").to_owned();
    let again = |given: &str| server.get_with(&path, &[("if-none-match", given)]);
    for known in [
        tag.as_str(),
        &format!("\"other\", {tag}"),
        tag.trim_start_matches("W/"),
        "*",
    ] {
        let answer = again(known);
        assert_eq!(
            (answer.status, answer.body.as_str(), answer.header("etag")),
            (304, "", tag.as_str()),
            "{known}"
        );
    }
    assert_eq!(again("\"other\"").status, 200);
    assert_eq!(first.header("cache-control"), "private, max-age=300");
    server.index(&[serde_json::json!({"id": "new", "title": "زيتون جديد", "body": "قطفت القرية زيتون الموسم.", "date": "2024-10-01"})]);
    crate::support::server::wait_until(|| (again(&tag).status == 200).then_some(()));
}

#[test]
fn links_use_the_public_url_or_a_plain_host() {
    let articles = articles();
    let path = format!("/feed.atom?q={}", encoded("زيتون"));
    let server = Server::with(&articles, &[]);
    let named = server.get_with(&path, &[("host", "archive.example")]);
    assert!(
        named.body.contains("\"http://archive.example/a/garden\""),
        "{}",
        named.body
    );
    problem(
        &server.get_with(&path, &[("host", "evil.example/x")]),
        400,
        "invalid_request",
    );
    let fixed = Server::with(
        &articles,
        &["--public-url", "https://archive.example/press/"],
    );
    let answer = fixed.get_with(&path, &[("host", "evil.example")]);
    assert!(
        answer
            .body
            .contains("\"https://archive.example/press/a/garden\"")
            && !answer.body.contains("evil")
    );
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
}

#[test]
fn a_result_page_names_its_feed() {
    let server = Server::with(&articles(), &[]);
    let page = server.get(&format!("/search?q={}", encoded("الميناء & \"النار\"")));
    let href = format!("href=\"/feed.atom?q={}\"", encoded("الميناء & \"النار\""));
    assert!(
        page.body.contains("type=\"application/atom+xml\"") && page.body.contains(&href),
        "{}",
        page.body
    );
}
