//! The interface in English and Hijri dates: the address asks for them, and every link keeps them.

use super::{assert_has, page, server};
use crate::support::encoded;
use crate::support::server::Server;

#[test]
fn english_is_kept_from_page_to_page() {
    let server = server();
    let harbour = encoded("الميناء");
    assert_has(
        &page(&server, "/?lang=en"),
        &[
            "The index contains 14 articles",
            "<input type=\"hidden\" name=\"lang\" value=\"en\">",
            "href=\"/help?lang=en\"",
        ],
    );
    let results = page(&server, &format!("/search?q={harbour}&lang=en"));
    assert_has(
        &results,
        &[
            "13 articles",
            &format!("<a href=\"/search?q={harbour}&#38;sort=newest&#38;lang=en\">Newest</a>"),
            &format!("href=\"/search?q={harbour}&#38;lang=en&#38;page=2\""),
            &format!("href=\"/a/diary-1?q={harbour}&#38;lang=en\""),
            "hreflang=\"ar\"",
            "1 May 2023",
            "aria-label=\"May 2023: 10 articles\"",
        ],
    );
    let article = page(&server, &format!("/a/truce?q={harbour}&lang=en"));
    assert_has(
        &article,
        &[
            &format!("class=\"back\" href=\"/search?q={harbour}&#38;lang=en\""),
            "data-of=\"{number} of {total}\"",
            "صحيفة المنارة, 5 March 2020. https://example.org/truce",
        ],
    );
    assert_has(
        &page(&server, "/a/nobody?lang=en"),
        &[
            "Article not found",
            "href=\"/a/nobody\"",
            "href=\"/?lang=en\"",
        ],
    );
    let blank = server.get("/search?q=+&lang=en");
    assert_eq!((blank.status, blank.header("location")), (303, "/?lang=en"));
    let description = server.get("/opensearch.xml?lang=en");
    assert_has(
        &description,
        &[
            "<ShortName>Fihrist</ShortName>",
            "/search?q={searchTerms}&amp;lang=en",
        ],
    );
}

#[test]
fn notices_are_shown_in_english() {
    let server = server();
    let check = |query: &str, expected: &str| {
        assert_has(
            &page(&server, &format!("/search?q={}&lang=en", encoded(query))),
            &[expected],
        );
    };
    check("زيتون الصيادون", "No article contains all of these words");
    check("\"الميناء", "A quotation mark is not closed");
    check("؟!", "The query contains no word");
    check("قرنفلستان", "No results");
    assert_has(
        &page(&Server::without_index(&[]), "/?lang=en"),
        &["Nothing has been indexed yet"],
    );
}

#[test]
fn hijri_dates_are_added_on_request() {
    let server = server();
    let truce = encoded("الوسطاء");
    let usual = page(&server, &format!("/search?q={truce}"));
    assert!(!usual.body.contains("1441"), "{}", usual.body);
    // A single result offers no choices, so this page has several.
    let harbour = encoded("الميناء");
    assert_has(
        &page(&server, &format!("/search?q={harbour}&page=2")),
        &[&format!(
            "<a href=\"/search?q={harbour}&#38;calendar=hijri&#38;page=2\">التاريخ الهجري</a>"
        )],
    );
    let hijri = page(&server, &format!("/search?q={truce}&calendar=hijri"));
    assert_has(
        &hijri,
        &["5 مارس 2020</time><span class=\"hijri\">10 رجب 1441 هـ</span>"],
    );
    assert_has(
        &hijri,
        &[&format!("href=\"/a/truce?q={truce}&#38;calendar=hijri\"")],
    );
    let english = page(&server, "/a/truce?calendar=hijri&lang=en");
    assert_has(&english, &["<span class=\"hijri\">10 Rajab 1441 AH</span>"]);
}
