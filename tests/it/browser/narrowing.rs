//! Filters on the result page: by keyboard alone, on the histogram with the pointer, and as plain
//! links without scripts.

use serde_json::Value;

use crate::support::browser::{Browser, ENTER, ESCAPE, LEFT, RIGHT, Scripts};
use crate::support::server::Server;
use crate::support::{articles, encoded};

const ADDRESS: &str = "decodeURIComponent(location.search)";
const BARS: &str = "[...document.querySelectorAll('.over-time svg a')]";

fn open(scripts: Scripts) -> Option<(Browser, Server)> {
    let browser = Browser::open(scripts)?;
    let server = Server::with(&articles(), &[]);
    browser.look(1280, "light");
    browser.go(&format!("{}/search?q={}", server.url, encoded("الميناء")));
    Some((browser, server))
}

#[test]
fn the_keyboard_alone_sets_and_clears_a_source_filter() {
    let Some((browser, _server)) = open(Scripts::Run) else {
        return;
    };
    browser.run("window.isSame = true");
    browser.tab_to("#field-1 a");
    assert_eq!(
        browser.value("document.activeElement.innerText"),
        "مجلة الشاطئ"
    );
    browser.press(ENTER);
    browser.wait(&format!(
        "{ADDRESS} === '?q=الميناء&source=مجلة+الشاطئ' || {ADDRESS} === '?q=الميناء&source=مجلة الشاطئ'"
    ));
    assert_eq!(browser.text("h1.count"), "10 مقالات");
    assert_eq!(
        browser.value("window.isSame"),
        true,
        "the page was loaded again"
    );
    assert_eq!(
        browser.value("document.activeElement.innerText"),
        "مجلة الشاطئ",
        "the focus stays with the choice"
    );
    assert_eq!(browser.value("document.activeElement.ariaCurrent"), "true");
    assert_eq!(
        browser.value("document.querySelector('#said').textContent"),
        "10 مقالات"
    );
    browser.press(ENTER);
    browser.wait(&format!("{ADDRESS} === '?q=الميناء'"));
    browser.back();
    browser.wait("document.querySelector('h1.count').innerText === '10 مقالات'");
    browser.back();
    browser.wait("document.querySelector('h1.count').innerText === '13 مقالة'");
    assert_eq!(browser.value("window.isSame"), true);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn text_typed_after_a_choice_replaces_it() {
    let Some((browser, _server)) = open(Scripts::Run) else {
        return;
    };
    browser.run("window.isSame = true");
    browser.delay(Some(700));
    browser.run("document.querySelector('#field-1 a').click()");
    browser.click("input[name=q]");
    browser.press(" سفينة");
    browser
        .wait("new URL(location.href).searchParams.get('q') === 'الميناء سفينة' && !document.querySelector('#chosen')");
    assert_eq!(
        browser.value("window.isSame"),
        true,
        "the page was loaded again"
    );
    assert_eq!(browser.value("document.title"), "الميناء سفينة — الفهرست");
}

#[test]
fn the_histogram_narrows_by_keys() {
    let Some((browser, _server)) = open(Scripts::Run) else {
        return;
    };
    let at = |place: &str| {
        browser.value(&format!(
            "{BARS}.indexOf(document.activeElement) === {place}"
        ))
    };
    browser.tab_to(".over-time svg a");
    assert_eq!(at("0"), true, "time begins on the right");
    assert_eq!(
        browser.value(&format!(
            "{BARS}.filter((bar) => bar.tabIndex === 0).length"
        )),
        1,
        "the histogram is one tab stop"
    );
    let right_of = |a: &str, b: &str| {
        let side =
            |bar: &str| browser.value(&format!("{BARS}.at({bar}).getBoundingClientRect().left"));
        side(a).as_f64() > side(b).as_f64()
    };
    assert!(right_of("0", "-1"));
    browser.press(LEFT);
    assert_eq!(at("1"), true);
    browser.press(RIGHT);
    browser.press_shifted(LEFT);
    assert_eq!(browser.count(".over-time .chosen"), 2);
    browser.press(ESCAPE);
    assert_eq!(browser.count(".over-time .chosen"), 0);
    browser.press_shifted(LEFT);
    assert_eq!(at("2"), true);
    let said = browser.value("document.querySelector('#said').textContent");
    assert!(
        said.as_str()
            .is_some_and(|said| said.contains(" – مايو 2023")),
        "{said}"
    );
    browser.press(ENTER);
    browser.wait(&format!(
        "{ADDRESS} === '?q=الميناء&from=2021-11&to=2023-05'"
    ));
    assert_eq!(browser.text("h1.count"), "11 مقالة");
    browser.tab_to(".over-time svg a");
    browser.press(ENTER);
    browser.wait(&format!(
        "{ADDRESS} === '?q=الميناء&from=2021-11&to=2021-11'"
    ));
    assert_eq!(browser.text("h1.count"), "مقالة واحدة");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn the_histogram_narrows_by_a_click_and_by_dragging() {
    let Some((browser, _server)) = open(Scripts::Run) else {
        return;
    };
    browser.drag(
        ".over-time svg a:first-of-type",
        ".over-time svg a:last-of-type",
    );
    browser.wait(&format!(
        "{ADDRESS} === '?q=الميناء&from=2020-03&to=2023-05'"
    ));
    assert_eq!(browser.text("#chosen bdi"), "من 2020-03 إلى 2023-05");
    browser.drag(
        ".over-time svg a:last-of-type",
        ".over-time svg a:last-of-type",
    );
    browser.wait(&format!(
        "{ADDRESS} === '?q=الميناء&from=2023-05&to=2023-05'"
    ));
    assert_eq!(browser.text("h1.count"), "10 مقالات");
    browser.click("#chosen a");
    browser.wait(&format!("{ADDRESS} === '?q=الميناء'"));
    browser.keys("[name=between] [name=from]", &format!("آذار 2020{ENTER}"));
    browser.wait("document.querySelector('#chosen')");
    assert_eq!(browser.text("#chosen bdi"), "منذ آذار 2020");
    assert_eq!(
        browser.value("[...new URL(location.href).searchParams.keys()].join()"),
        "q,from"
    );
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn choices_are_links_without_scripts() {
    let Some((browser, _server)) = open(Scripts::Blocked) else {
        return;
    };
    let is_seen = |selector: &str| {
        browser.value(&format!(
            "document.querySelector('{selector}').checkVisibility()"
        ))
    };
    assert_eq!(
        is_seen("#field-1 a"),
        true,
        "the lists are open on a wide screen"
    );
    browser.tab_to("#field-1 a");
    browser.press(ENTER);
    browser.wait("document.querySelector('h1.count').innerText === '10 مقالات'");
    browser.click("#chosen a");
    browser.wait("document.querySelector('h1.count').innerText === '13 مقالة'");
    browser.tab_to(".over-time svg a:last-of-type");
    browser.press(ENTER);
    browser.wait(&format!(
        "{ADDRESS} === '?q=الميناء&from=2023-05&to=2023-05'"
    ));
    browser.look(360, "light");
    assert_eq!(
        is_seen("#field-1 a"),
        Value::Bool(false),
        "the lists are closed on a narrow screen"
    );
    browser.click("#filters summary");
    assert_eq!(is_seen("#field-1 a"), true);
    browser.click("#over-time-table summary");
    browser.click("#over-time-table a");
    browser.wait("document.querySelectorAll('#chosen li').length === 1");
}
