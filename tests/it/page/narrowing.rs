//! Filters and orders on the result page: each choice is a link that keeps the other choices.

use super::{assert_has, page, server};
use crate::support::encoded;
use crate::support::server::Server;

#[test]
fn a_choice_is_a_link_that_keeps_the_others() {
    let server = server();
    let (harbour, beach) = (encoded("الميناء"), encoded("مجلة الشاطئ"));
    let first = page(&server, &format!("/search?q={harbour}"));
    assert_has(
        &first,
        &[
            &format!("<a href=\"/search?q={harbour}&#38;sort=newest\">الأحدث</a>"),
            &format!(
                "<a href=\"/search?q={harbour}&#38;source={beach}\"><bdi>مجلة الشاطئ</bdi></a> <span class=\"number\">10</span>"
            ),
            &format!("<a href=\"/search?q={harbour}&#38;from=P7D\">آخر أسبوع</a>"),
            &format!(
                "href=\"/search?q={harbour}&#38;from=2023-05&#38;to=2023-05\" data-from=\"2023-05\" data-to=\"2023-05\" aria-label=\"مايو 2023: 10 مقالات\""
            ),
            "بلا تاريخ: مقالة واحدة",
        ],
    );
    let chosen = page(
        &server,
        &format!("/search?q={harbour}&source={beach}&sort=oldest"),
    );
    assert_has(
        &chosen,
        &[
            "10 مقالات",
            "</mark>، الحلقة 1",
            &format!(
                "<a href=\"/search?q={harbour}&#38;sort=oldest\"><span class=\"unseen\">أزل </span><bdi>مجلة الشاطئ</bdi>"
            ),
            // Other sources can still be chosen.
            "<bdi>صحيفة المنارة</bdi></a> <span class=\"number\">1</span>",
            "<input type=\"hidden\" name=\"source\" value=\"مجلة الشاطئ\">",
            &format!("/a/diary-1?q={harbour}&#38;source={beach}&#38;sort=oldest"),
        ],
    );
    let article = page(
        &server,
        &format!("/a/diary-1?q={harbour}&source={beach}&sort=oldest"),
    );
    assert_has(
        &article,
        &[&format!(
            "class=\"back\" href=\"/search?q={harbour}&#38;source={beach}&#38;sort=oldest\""
        )],
    );
}

#[test]
fn a_period_narrows_and_an_unreadable_one_is_reported() {
    let server = server();
    let harbour = encoded("الميناء");
    let narrowed = page(
        &server,
        &format!("/search?q={harbour}&from=2023-05-03&to=2023-05-04"),
    );
    assert_has(
        &narrowed,
        &[
            "مقالتان",
            "من 2023-05-03 إلى 2023-05-04",
            "name=\"from\" value=\"2023-05-03\"",
        ],
    );
    let unread = page(&server, &format!("/search?q={harbour}&from=gestern"));
    assert_has(&unread, &["13 مقالة", "لم نفهم التاريخ"]);
    let blank = page(
        &server,
        &format!("/search?q=&source={}", encoded("نشرة الساحل")),
    );
    assert_has(
        &blank,
        &["<title>مقالتان — الفهرست</title>", "حديقة جديدة على التل"],
    );
}

#[test]
fn a_relaxed_search_can_be_made_strict() {
    let server = server();
    let query = encoded("زيتون الوسطاء");
    let relaxed = page(&server, &format!("/search?q={query}"));
    assert_has(
        &relaxed,
        &[&format!(
            "<a href=\"/search?q={query}&#38;relax=off\">كما كتبتُه فقط</a>"
        )],
    );
    assert_has(
        &page(&server, &format!("/search?q={query}&relax=off")),
        &[
            "لا نتائج",
            &format!(
                "<a href=\"/search?q={query}\"><span class=\"unseen\">أزل </span><bdi>كما كتبتُه فقط</bdi>"
            ),
        ],
    );
}

#[test]
fn a_word_that_matches_related_words_can_be_made_exact() {
    let server = Server::over_samples();
    let answer = page(&server, &format!("/search?q={}", encoded("أبواب عامة")));
    assert_has(
        &answer,
        &[
            "<bdi lang=\"ar\" class=\"asked\">أبواب</bdi>: <bdi lang=\"ar\">باب</bdi>",
            &format!("/search?q={}", encoded("=أبواب عامة")),
        ],
    );
    assert!(
        !page(&server, &format!("/search?q={}", encoded("=أبواب")))
            .body
            .contains("class=\"asked\">أبواب</bdi>:")
    );
}

#[test]
fn related_words_are_shown_as_they_are_written_in_the_index() {
    let server = Server::over_samples();
    for (query, shown) in [("أدوات", "أداة"), ("أخسر", "الخسارة")] {
        let others = format!("<bdi lang=\"ar\">{shown}</bdi>");
        assert_has(
            &page(&server, &format!("/search?q={}", encoded(query))),
            &[&others],
        );
    }
}
