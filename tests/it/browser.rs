//! The page in a real browser: typing Arabic, reading results and articles, on narrow and wide
//! screens, in light and dark, with and without scripts. Pictures of the page go to cargo's folder
//! for test files.

mod access;
mod narrowing;
mod pictures;
mod reading;
mod typing;

use crate::support::browser::{Browser, ENTER, Scripts, TAB};
use crate::support::server::Server;
use crate::support::{articles, encoded};

/// Does what a reader does, from the first page to the second page of results.
fn read(browser: &Browser, server: &Server) {
    browser.go(&server.url);
    assert_eq!(browser.value("document.documentElement.dir"), "rtl");
    assert_eq!(browser.text("h1"), "الفهرست");
    browser.keys("input[name=q]", &format!("الميناء{ENTER}"));
    assert_eq!(
        browser.value("decodeURIComponent(location.pathname + location.search)"),
        "/search?q=الميناء"
    );
    assert_eq!(
        browser.value("document.querySelector('input[name=q]').value"),
        "الميناء"
    );
    assert_eq!(browser.text("h1"), "13 مقالة");
    assert_eq!(browser.count(".hits article"), 10);
    assert!(browser.count(".hits mark") >= 10);
    let ground = "getComputedStyle(document.querySelector('.hits mark')).backgroundImage";
    assert!(
        browser
            .value(ground)
            .as_str()
            .expect("a style")
            .contains("gradient"),
        "marks are visible"
    );

    browser.click(".hits h2 a");
    assert!(browser.count("article.sheet mark[id=m1]") == 1);
    browser.click("a[href='#m1']");
    assert_eq!(browser.value("document.querySelector(':target').id"), "m1");
    browser.click(".back");
    browser.click("a[rel=next]");
    assert!(
        browser.text("h1").contains("الصفحة 2"),
        "{}",
        browser.text("h1")
    );
    assert_eq!(browser.count(".hits article"), 3);
}

#[test]
fn a_reader_searches_reads_and_turns_the_page() {
    let Some(browser) = Browser::open(Scripts::Run) else {
        return;
    };
    let server = Server::with(&articles(), &[]);
    read(&browser, &server);
    assert_eq!(browser.complaints(), Vec::<String>::new());
    let requested = browser.requested();
    assert!(
        requested.iter().any(|url| url.contains("/style.css")),
        "{requested:?}"
    );
    let elsewhere: Vec<_> = requested
        .iter()
        .filter(|url| !url.starts_with(&server.url) && !url.starts_with("data:"))
        .collect();
    assert_eq!(elsewhere, Vec::<&String>::new());
}

#[test]
fn the_page_is_complete_without_scripts() {
    let Some(browser) = Browser::open(Scripts::Blocked) else {
        return;
    };
    let server = Server::with(&articles(), &[]);
    read(&browser, &server);
    browser.go(&format!(
        "{}/a/truce?q={}",
        server.url,
        encoded("\"وقف إطلاق النار\"")
    ));
    browser.click(".walk a[href='#m3']");
    assert_eq!(
        browser.value("document.querySelector(':target').innerText"),
        "وقف إطلاق النار"
    );
    browser.click(".cite summary");
    assert!(browser.text("#citation").contains("هند السالم"));
    assert_eq!(browser.count("[role=combobox], dialog[open]"), 0);
    let is_seen = |selector: &str| {
        browser.value(&format!(
            "document.querySelector('{selector}').checkVisibility()"
        ))
    };
    assert_eq!(
        (
            is_seen("[data-step]"),
            is_seen("[data-copy]"),
            is_seen("[data-keys]")
        ),
        (false.into(), false.into(), false.into())
    );
}

#[test]
fn every_page_fits_narrow_and_wide_screens() {
    let Some(browser) = Browser::open(Scripts::Run) else {
        return;
    };
    let server = Server::with(&articles(), &[]);
    let (harbour, phrase) = (encoded("الميناء"), encoded("\"وقف إطلاق النار\""));
    let pages = [
        ("home", "/".to_owned()),
        ("results", format!("/search?q={harbour}")),
        (
            "narrowed",
            format!(
                "/search?q={harbour}&source={}&from=2023&calendar=hijri",
                encoded("مجلة الشاطئ")
            ),
        ),
        (
            "relaxed",
            format!("/search?q={}", encoded("الأشجار الصيادون")),
        ),
        ("results-en", format!("/search?q={harbour}&lang=en")),
        ("home-en", "/?lang=en".to_owned()),
        (
            "article-en",
            format!("/a/truce?q={phrase}&lang=en&calendar=hijri"),
        ),
        ("none", format!("/search?q={}", encoded("قرنفلستان"))),
        ("article", format!("/a/truce?q={phrase}")),
        ("hostile", format!("/a/hostile?q={harbour}")),
        ("missing", "/a/nobody".to_owned()),
        ("help", "/help".to_owned()),
        ("help-en", "/help?lang=en".to_owned()),
        ("docs", "/docs".to_owned()),
    ];
    for (name, path) in pages {
        // A screen of 1280 px at a zoom of 200 % leaves 640 px.
        for width in [320, 360, 640, 1024, 1920, 3840] {
            for scheme in ["light", "dark"] {
                browser.look(width, scheme);
                browser.go(&format!("{}{path}", server.url));
                let overflow = browser.value(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
                );
                assert_eq!(overflow, 0, "{name} at {width} px scrolls sideways");
                if matches!(width, 360 | 1024 | 1920) {
                    browser.picture(&format!("{name}-{width}-{scheme}"));
                }
            }
        }
    }
}

#[test]
fn a_service_without_an_index_says_what_to_do() {
    let Some(browser) = Browser::open(Scripts::Run) else {
        return;
    };
    let server = Server::without_index(&[]);
    for (name, path) in [
        ("no-index", "/"),
        ("no-index-search", "/search?q=a"),
        ("no-index-en", "/?lang=en"),
    ] {
        for width in [360, 1024, 1920] {
            browser.look(width, if width == 1024 { "dark" } else { "light" });
            browser.go(&format!("{}{path}", server.url));
            assert_eq!(browser.text("code"), "fihrist index PATH…");
            browser.picture(&format!("{name}-{width}"));
        }
    }
}

#[test]
fn the_keyboard_reaches_the_content_first() {
    let Some(browser) = Browser::open(Scripts::Run) else {
        return;
    };
    let server = Server::with(&articles(), &[]);
    browser.go(&format!("{}/search?q={}", server.url, encoded("الميناء")));
    browser.press(TAB);
    assert_eq!(browser.value("document.activeElement.className"), "skip");
    assert!(
        browser
            .value("document.activeElement.getBoundingClientRect().top")
            .as_f64()
            >= Some(0.0),
        "the skip link is visible"
    );
    browser.keys(".skip", ENTER);
    assert_eq!(browser.value("document.activeElement.id"), "main");
}
