//! That nobody is kept out: every view by axe-core, in light and dark, with what scripts open as well.

use serde_json::json;

use crate::support::axe::Axe;
use crate::support::browser::{Browser, DOWN, Scripts};
use crate::support::server::Server;
use crate::support::{articles, encoded};

/// Views of the page, by name.
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
fn no_view_breaks_a_rule() {
    let (Some(axe), Some(browser)) = (Axe::open(), Browser::open(Scripts::Run)) else { return };
    let server = server();
    let mut found = Vec::new();
    let mut check = |name: &str| {
        found.extend(axe.violations(&browser).into_iter().map(|violation| format!("{name}: {violation}")));
    };
    for (width, scheme) in [(360, "light"), (1280, "dark")] {
        browser.look(width, scheme);
        for (name, path) in views() {
            browser.go(&format!("{}{path}", server.url));
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

#[test]
fn a_bad_arabic_page_is_found_out() {
    let (Some(axe), Some(browser)) = (Axe::open(), Browser::open(Scripts::Run)) else { return };
    let page = "<!doctype html><html lang=ar dir=rtl><meta charset=utf-8><title>ص</title><main><h1>عنوان</h1>\
                <p style='color:%23eee;background:white'>نص باهت لا يكاد يُقرأ</p><input></main>";
    browser.go(&format!("data:text/html;charset=utf-8,{page}"));
    let found = axe.violations(&browser);
    let has = |rule: &str| found.iter().any(|violation| violation.contains(rule));
    assert!(has("color-contrast") && has("label"), "{found:?}");
}
