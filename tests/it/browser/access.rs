//! Accessibility: axe-core checks every view, in light and dark, with the dialogs that scripts
//! open.

use serde_json::json;

use crate::support::axe::Axe;
use crate::support::browser::{Browser, DOWN, Scripts};
use crate::support::server::Server;
use crate::support::{articles, encoded};

/// Returns the views of the page with their names.
fn views() -> Vec<(&'static str, String)> {
    let (harbour, phrase) = (encoded("الميناء"), encoded("\"وقف إطلاق النار\""));
    vec![
        ("home", "/".to_owned()),
        ("results", format!("/search?q={harbour}")),
        ("last", format!("/search?q={harbour}&page=2")),
        ("none", format!("/search?q={}", encoded("قرنفلستان"))),
        ("article", format!("/a/truce?q={phrase}")),
        ("twin", format!("/a/twin?q={harbour}")),
        ("hostile", format!("/a/hostile?q={harbour}")),
        ("missing", "/a/nobody".to_owned()),
        ("help", "/help".to_owned()),
        ("help-en", "/help?lang=en".to_owned()),
        ("docs", "/docs".to_owned()),
        (
            "filtered",
            format!(
                "/search?q={harbour}&source={}&from=2023&calendar=hijri",
                encoded("مجلة الشاطئ")
            ),
        ),
        (
            "expanded",
            format!("/search?q={}", encoded("الأشجار عامة زيتون")),
        ),
        ("home-en", "/?lang=en".to_owned()),
        ("results-en", format!("/search?q={harbour}&lang=en")),
        (
            "none-en",
            format!("/search?q={}&lang=en", encoded("قرنفلستان")),
        ),
        (
            "article-en",
            format!("/a/twin?q={harbour}&lang=en&calendar=hijri"),
        ),
        ("missing-en", "/a/nobody?lang=en".to_owned()),
    ]
}

fn server() -> Server {
    let story = "أعادت بلدية الميناء فتح مكتبتها العامة بعد ترميم دام عامين، وأضافت إليها قاعة للأطفال وركنًا للخرائط القديمة، \
                 وقال أمينها إن القراء سيجدون فيها عشرة آلاف كتاب جديد، وإن الاستعارة تبقى بلا مقابل كما كانت من قبل.";
    let copy = |id: &str, source: &str| json!({"id": id, "title": "المكتبة العامة تفتح أبوابها", "body": story, "source": source, "date": "2022-04-02"});
    let mut articles = articles();
    articles.extend([copy("twin", "نشرة الساحل"), copy("other", "مجلة الشاطئ")]);
    Server::with(&articles, &[])
}

#[test]
fn no_view_violates_an_accessibility_rule() {
    let (Some(axe), Some(browser)) = (Axe::open(), Browser::open(Scripts::Run)) else {
        return;
    };
    let server = server();
    let mut found = Vec::new();
    let mut check = |name: &str| {
        found.extend(
            axe.violations(&browser)
                .into_iter()
                .map(|violation| format!("{name}: {violation}")),
        );
    };
    for (width, scheme) in [(360, "light"), (1280, "dark")] {
        browser.look(width, scheme);
        for (name, path) in views() {
            browser.go(&format!("{}{path}", server.url));
            browser.run(
                "document.querySelectorAll('.head details, .filters').forEach((details) => (details.open = true))",
            );
            check(&format!("{name}, {width} px, {scheme}"));
        }
        browser.go(&server.url);
        browser.click("[data-keys]");
        browser.wait("document.querySelector('dialog').open");
        check(&format!("keys, {scheme}"));
        browser.go(&server.url);
        browser.click("input[name=q]");
        browser.press("المين");
        browser.wait("document.querySelector('[role=option]')");
        browser.press(DOWN);
        check(&format!("suggestions, {scheme}"));
    }
    assert_eq!(found, Vec::<String>::new());
}

/// Returns unmarked Arabic text, and links that lead back to the Arabic interface.
const NOT_ENGLISH: &str = r#"(() => {
    const isArabic = (text) => /[\u0600-\u06FF]/.test(text) && !/[A-Za-z]/.test(text);
    const texts = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
        const { data, parentElement } = texts.currentNode;
        if (isArabic(data) && !parentElement.closest("[lang=ar], bdi, title")) found.push(data);
    }
    for (const { attributes } of document.querySelectorAll("*")) {
        for (const { name, value } of attributes) {
            const isTheirs = ["value", "content", "title", "href"].includes(name);
            if (isArabic(value) && !isTheirs) found.push(`${name}=${value}`);
        }
    }
    for (const link of document.querySelectorAll("a[href]:not(.language)")) {
        const url = new URL(link.getAttribute("href"), location.href);
        const isHere = url.origin === location.origin && url.pathname !== location.pathname;
        if (isHere && url.searchParams.get("lang") !== "en") found.push(url.href);
    }
    return found;
})()"#;

#[test]
fn an_english_page_is_english_throughout() {
    let Some(browser) = Browser::open(Scripts::Run) else {
        return;
    };
    let server = server();
    let found = |path: &str| {
        browser.go(&format!("{}{path}", server.url));
        browser.value(NOT_ENGLISH)
    };
    for (name, path) in views().iter().filter(|(name, _)| name.ends_with("-en")) {
        assert_eq!(found(path), json!([]), "{name}");
    }
    assert_ne!(found("/"), json!([]), "the check finds Arabic text");
}

#[test]
fn a_bad_arabic_page_has_violations() {
    let (Some(axe), Some(browser)) = (Axe::open(), Browser::open(Scripts::Run)) else {
        return;
    };
    let page = "<!doctype html><html lang=ar dir=rtl><meta charset=utf-8><title>ص</title><main><h1>عنوان</h1>\
                <p style='color:%23eee;background:white'>نص باهت لا يكاد يُقرأ</p><input></main>";
    browser.go(&format!("data:text/html;charset=utf-8,{page}"));
    let found = axe.violations(&browser);
    let has = |rule: &str| found.iter().any(|violation| violation.contains(rule));
    assert!(has("color-contrast") && has("label"), "{found:?}");
}
