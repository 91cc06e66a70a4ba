//! Pages around the search: the help, the description for address bars, the metadata of an article
//! for other sites, and the links of an article.

use serde_json::json;

use super::{assert_has, page, server};
use crate::support::server::Server;
use crate::support::{AWKWARD_ID, HOSTILE_ID, articles, encoded};

#[test]
fn every_search_of_the_help_is_parsed_without_errors() {
    let server = server();
    let help = page(&server, "/help");
    assert_has(
        &help,
        &[
            "<h1>كيف تبحث</h1>",
            "href=\"/help?lang=en\"",
            "<kbd>/</kbd>",
        ],
    );
    assert_has(
        &page(&server, "/help?lang=en"),
        &["<h1>How to search</h1>", "href=\"/help\""],
    );
    let examples: Vec<&str> = help
        .body
        .split("href=\"/search?q=")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(examples.len() >= 18, "{examples:?}");
    // These notices only say that the archive holds no such article.
    let harmless = [
        "too_narrow",
        "narrow_settings",
        "not_together",
        "unknown_word",
        "unknown_value",
    ];
    for example in examples {
        let answer = server.get(&format!("/api/v1/search?q={example}"));
        assert_eq!(answer.status, 200, "{example}");
        for notice in answer.json()["query"]["notices"]
            .as_array()
            .expect("notices")
        {
            let code = notice["code"].as_str().expect("a code");
            assert!(harmless.contains(&code), "{example}: {notice}");
        }
    }
    for path in ["/", "/help", "/search?q=a", "/a/truce", "/a/nobody"] {
        assert_has(&page(&server, path), &["href=\"/help\"", "rel=\"search\""]);
    }
}

#[test]
fn browsers_can_add_the_search_and_its_suggestions() {
    let server = server();
    let description = server.get("/opensearch.xml");
    assert_eq!(
        description.header("content-type"),
        "application/opensearchdescription+xml; charset=utf-8"
    );
    let document = roxmltree::Document::parse(&description.body).expect("XML");
    let templates: Vec<_> = document
        .descendants()
        .filter_map(|node| node.attribute("template"))
        .collect();
    assert!(
        templates.contains(&format!("{}/search?q={{searchTerms}}", server.url).as_str()),
        "{templates:?}"
    );
    let suggest = templates
        .iter()
        .find(|template| template.contains("/suggest.json"))
        .expect("suggestions");
    let path = suggest
        .replace("{searchTerms}", &encoded("المين"))
        .replace(&server.url, "");
    let suggestions = server.get(&path);
    assert_eq!(
        suggestions.header("content-type"),
        "application/x-suggestions+json; charset=utf-8"
    );
    assert_eq!(suggestions.json()[0], "المين");
    assert_eq!(suggestions.json()[1][0], "الميناء");
    assert_eq!(server.get("/suggest.json").json(), json!(["", []]));

    let named = Server::with(&articles(), &["--public-url", "https://archive.example"]);
    assert_has(
        &named.get("/opensearch.xml"),
        &["template=\"https://archive.example/search?q={searchTerms}\""],
    );
    let hostile = server.get_with("/opensearch.xml", &[("host", "x\"><y")]);
    assert_eq!(
        (hostile.status, hostile.header("content-type")),
        (400, "application/problem+json")
    );
}

#[test]
fn an_article_page_describes_itself_to_other_sites() {
    let server = Server::with(&articles(), &["--public-url", "https://archive.example"]);
    assert_has(
        &page(&server, &format!("/a/truce?q={}", encoded("الميناء"))),
        &[
            "<link rel=\"canonical\" href=\"https://archive.example/a/truce\">",
            "<meta property=\"og:title\" content=\"الوسطاء يعلنون وقف إطلاق النار في مدينة الميناء\">",
            "<meta property=\"og:site_name\" content=\"صحيفة المنارة\">",
            "<meta property=\"og:description\" content=\"قال الوسطاء",
            "<meta property=\"article:published_time\" content=\"2020-03-05\">",
            "<meta property=\"article:author\" content=\"هند السالم\">",
        ],
    );
    let awkward = page(&server, &format!("/a/{}", encoded(AWKWARD_ID)));
    assert_has(
        &awkward,
        &[&format!(
            "href=\"https://archive.example/a/{}\"",
            encoded(AWKWARD_ID)
        )],
    );
    assert!(
        !awkward.body.contains("article:published_time"),
        "a month is not a date of publication"
    );
    assert_has(
        &page(&server, &format!("/a/{HOSTILE_ID}")),
        &["og:title\" content=\"&#60;script&#62;"],
    );
}

#[test]
fn an_article_page_links_to_matches_and_similar_articles() {
    let server = server();
    let answer = page(
        &server,
        &format!("/a/truce?q={}", encoded("\"وقف إطلاق النار\"")),
    );
    assert_has(
        &answer,
        &[
            "<a href=\"#m3\">3</a>",
            "data-of=\"{number} من {total}\"",
            "<p id=\"citation\" dir=\"auto\">هند السالم، «الوسطاء يعلنون وقف إطلاق النار في مدينة الميناء»، صحيفة المنارة، \
             5 مارس 2020. https://example.org/truce</p>",
        ],
    );
    let diary = page(&server, "/a/diary-3");
    assert_has(&diary, &["مقالات في الموضوع نفسه"]);
    assert!(
        !diary.body.contains("class=\"walk\"") && !diary.body.contains("href=\"/a/diary-3\""),
        "{}",
        diary.body
    );
}
