//! The page as HTML, without a browser: its texts, its escapes and its links.

mod around;
mod language;
mod narrowing;

use serde_json::json;

use crate::support::server::{Answer, Server};
use crate::support::{AWKWARD_ID, HOSTILE_ID, articles, encoded};

fn server() -> Server {
    Server::with(&articles(), &[])
}

fn page(server: &Server, path: &str) -> Answer {
    let answer = server.get_with(
        path,
        &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")],
    );
    assert_eq!(
        answer.header("content-type"),
        "text/html; charset=utf-8",
        "{path}"
    );
    let html = if path.contains("lang=en") {
        "<html lang=\"en\" dir=\"ltr\">"
    } else {
        "<html lang=\"ar\" dir=\"rtl\">"
    };
    assert!(answer.body.contains(html), "{path}");
    assert!(
        answer.body.matches("<script").count() == 1 && !answer.body.contains(" style="),
        "{path}"
    );
    answer
}

fn assert_has(answer: &Answer, parts: &[&str]) {
    for part in parts {
        assert!(answer.body.contains(part), "no {part} in {}", answer.body);
    }
}

#[test]
fn the_home_page_has_a_name_and_a_count_of_articles() {
    assert_has(
        &page(&server(), "/"),
        &[
            "<h1 class=\"name\">الفهرست</h1>",
            "في الفهرس 14 مقالة",
            "name=\"q\"",
        ],
    );
}

#[test]
fn results_show_marks_and_sources() {
    let answer = page(
        &server(),
        &format!("/search?q={}", encoded("\"وقف إطلاق النار\"")),
    );
    assert_has(
        &answer,
        &[
            "مقالة واحدة",
            "<mark>وقف إطلاق النار</mark>",
            "<mark>بوقف اطلاق النار</mark>",
            "صحيفة المنارة",
            "سياسة",
            "<time datetime=\"2020-03-05\">5 مارس 2020</time>",
            "value=\"&#34;وقف إطلاق النار&#34;\"",
        ],
    );
}

#[test]
fn copies_are_one_result_and_listed_with_the_article() {
    let story = "أعادت بلدية الميناء فتح مكتبتها العامة بعد ترميم دام عامين، وأضافت إليها قاعة للأطفال وركنًا للخرائط القديمة، \
                 وقال أمينها إن القراء سيجدون فيها عشرة آلاف كتاب جديد، وإن الاستعارة تبقى بلا مقابل كما كانت من قبل.";
    let copy = |id: &str, source: &str, day: u8| {
        json!({"id": id, "title": format!("المكتبة العامة كما رأتها {source}"), "body": story, "source": source,
            "date": format!("2022-04-{day:02}")})
    };
    let mut articles = articles();
    articles.extend([
        copy("first", "نشرة الساحل", 2),
        copy("second", "مجلة الشاطئ", 4),
        copy("third", "<u>مصدر</u>", 3),
    ]);
    let server = Server::with(&articles, &[]);
    let results = page(&server, &format!("/search?q={}", encoded("المكتبة")));
    assert_has(&results, &["مقالة واحدة", "#copies\">نسختان أخريان</a>"]);
    let article = page(&server, "/a/first");
    assert_has(
        &article,
        &[
            "نسختان أخريان من هذه المقالة",
            "href=\"/a/second\"",
            "href=\"/a/third\"",
            "&#60;u&#62;مصدر",
        ],
    );
    assert!(
        article.body.find("/a/second") < article.body.find("/a/third"),
        "newest first: {}",
        article.body
    );
    assert!(!page(&server, "/a/garden").body.contains("id=\"copies\""));
}

#[test]
fn the_page_of_results_is_in_the_address() {
    let server = server();
    let query = encoded("الميناء");
    assert_has(
        &page(&server, &format!("/search?q={query}")),
        &[
            "13 مقالة",
            &format!("href=\"/search?q={query}&#38;page=2\""),
        ],
    );
    let second = page(&server, &format!("/search?q={query}&page=2"));
    assert_has(&second, &["الصفحة 2", "rel=\"prev\"", "start=\"11\""]);
    assert_eq!(second.body.matches("<article>").count(), 3);
    assert!(!second.body.contains("rel=\"next\""));
    assert_has(
        &page(&server, &format!("/search?q={query}&page=9")),
        &["انتهت النتائج"],
    );
    // Other sites append parameters to links.
    assert_eq!(
        page(&server, &format!("/search?q={query}&utm_source=x")).status,
        200
    );
}

#[test]
fn an_empty_search_leads_home() {
    let answer = server().get("/search?q=+");
    assert_eq!((answer.status, answer.header("location")), (303, "/"));
}

#[test]
fn the_query_is_explained_in_words() {
    let server = server();
    let check = |query: &str, expected: &str| {
        assert_has(
            &page(&server, &format!("/search?q={}", encoded(query))),
            &[expected],
        )
    };
    check("زيتون الصيادون", "لا توجد مقالة تجمع كل هذه الكلمات");
    check("\"الميناء", "علامة تنصيص لم تُغلق");
    check("؟!", "ليس في البحث كلمة");
    check("قرنفلستان", "لا نتائج");
}

#[test]
fn an_article_page_shows_each_segment_by_its_kind() {
    let answer = page(
        &server(),
        &format!("/a/truce?q={}&page=1", encoded("\"وقف إطلاق النار\"")),
    );
    assert_has(
        &answer,
        &[
            "<mark id=\"m1\">وقف إطلاق النار</mark>",
            "<mark id=\"m2\">بوقف اطلاق النار</mark>",
            "<mark id=\"m3\">",
            "href=\"#m1\">3 مواضع في المقالة",
            "<p class=\"body\" dir=\"auto\">",
            "هند السالم",
            "href=\"https://example.org/truce\"",
            &format!(
                "class=\"back\" href=\"/search?q={}\"",
                encoded("\"وقف إطلاق النار\"")
            ),
        ],
    );
    let plain = page(&server(), &format!("/a/{}", encoded(AWKWARD_ID)));
    assert_has(&plain, &["سفينة قمح", "نوفمبر 2021"]);
    assert!(!plain.body.contains("<mark") && !plain.body.contains("class=\"trail\""));
}

#[test]
fn the_text_of_an_article_is_never_html() {
    let server = server();
    for path in [
        format!("/search?q={}", encoded("رقما الميناء")),
        format!("/a/{HOSTILE_ID}?q={}", encoded("الميناء")),
    ] {
        let answer = page(&server, &path);
        assert_has(
            &answer,
            &[
                "&#60;script&#62;alert(1)&#60;/script&#62;",
                "&#60;u&#62;مصدر",
            ],
        );
        assert!(
            !answer.body.contains("javascript:") && !answer.body.contains("<b onclick"),
            "{}",
            answer.body
        );
    }
    let query = "\"><script>alert(1)</script>";
    page(&server, &format!("/search?q={}", encoded(query)));
    page(&server, &format!("/a/truce?q={}", encoded(query)));
}

#[test]
fn errors_are_pages_for_browsers_and_documents_for_programs() {
    let server = server();
    let check = |path: &str, status: u16, expected: &str| {
        let answer = page(&server, path);
        assert_eq!(answer.status, status, "{path}");
        assert_has(&answer, &[expected]);
        assert_eq!(
            server.get(path).header("content-type"),
            "application/problem+json",
            "{path}"
        );
    };
    check("/nothing", 404, "لا صفحة هنا");
    check("/a/nobody", 404, "المقالة غير موجودة");
    check("/search?q=a&page=0", 400, "في الرابط خطأ");
    check(
        &format!("/search?q={}", "a".repeat(2_001)),
        400,
        "أطول مما يجوز",
    );
    let api = server.get_with("/api/v1/nothing", &[("accept", "text/html")]);
    assert_eq!(api.header("content-type"), "application/problem+json");
}

#[test]
fn without_an_index_the_page_says_what_to_do() {
    let server = Server::without_index(&[]);
    let home = page(&server, "/");
    assert_eq!(home.status, 200);
    assert_has(&home, &["لم يُفهرس شيء بعد", "fihrist index PATH…"]);
    let results = page(&server, "/search?q=a");
    assert_eq!(results.status, 503);
    assert_has(&results, &["لم يُفهرس شيء بعد", "fihrist index PATH…"]);
}
