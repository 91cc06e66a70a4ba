//! The search box with scripts: results while typing, suggestions, and a server that does not
//! answer.

use crate::support::articles;
use crate::support::browser::{Browser, DOWN, ENTER, ESCAPE, Scripts, UP};
use crate::support::server::Server;

const QUERY: &str = "new URL(location.href).searchParams.get('q')";
const HAS_FOCUS: &str = "document.activeElement === document.querySelector('input[name=q]')";

fn open() -> Option<(Browser, Server)> {
    let browser = Browser::open(Scripts::Run)?;
    let server = Server::with(&articles(), &[]);
    browser.go(&server.url);
    browser.wait("document.documentElement.matches('.scripted')");
    Some((browser, server))
}

fn wait_for_count(browser: &Browser, count: &str) {
    browser.wait(&format!(
        "document.querySelector('h1.count')?.innerText.includes('{count}')"
    ));
}

#[test]
fn results_appear_while_typing_and_one_step_back_leaves_them() {
    let Some((browser, _server)) = open() else {
        return;
    };
    let steps = browser.value("history.length").as_u64().expect("a number");
    browser.click("input[name=q]");
    browser.press("الميناء");
    wait_for_count(&browser, "13 مقالة");
    browser.wait(&format!("{QUERY} === 'الميناء'"));
    assert_eq!(browser.value(HAS_FOCUS), true);
    assert_eq!(
        browser.value("document.activeElement.selectionStart"),
        7,
        "the caret stays"
    );
    assert_eq!(browser.value("document.title"), "الميناء — الفهرست");
    assert_eq!(
        browser.value("document.querySelector('#said').textContent"),
        "13 مقالة"
    );

    browser.press(" سفينة");
    browser.wait(&format!("{QUERY} === 'الميناء سفينة'"));
    assert_eq!(
        browser.value("history.length"),
        steps + 1,
        "continuous typing is one step of the history"
    );
    assert!(browser.count(".hits article") >= 1);

    browser.press(ENTER);
    assert_eq!(
        browser.value("document.activeElement.id"),
        "main",
        "results on the page are not loaded again"
    );
    browser.back();
    browser.wait("document.body.matches('.home')");
    assert_eq!(browser.value("location.pathname"), "/");
    assert_eq!(
        browser.value("document.querySelector('input[name=q]').value"),
        ""
    );
    assert_eq!(browser.count("h1"), 1);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn going_back_from_an_article_restores_the_typed_query() {
    let Some((browser, _server)) = open() else {
        return;
    };
    browser.click("input[name=q]");
    browser.press("زيتون");
    wait_for_count(&browser, "مقالة واحدة");
    browser.wait(&format!("{QUERY} === 'زيتون'"));
    browser.press(ESCAPE);
    browser.click(".hits h2 a");
    browser.wait("document.body.matches('.story')");
    browser.back();
    browser.wait("document.body.matches('.results')");
    assert_eq!(
        browser.value("document.querySelector('input[name=q]').value"),
        "زيتون"
    );
    assert_eq!(browser.count(".hits article"), 1);
}

#[test]
fn suggestions_are_a_combobox() {
    let Some((browser, _server)) = open() else {
        return;
    };
    let state = "document.querySelector('input[name=q]').getAttribute";
    assert_eq!(browser.value(&format!("{state}('role')")), "combobox");
    browser.click("input[name=q]");
    browser.press("المين");
    browser.wait(&format!("{state}('aria-expanded') === 'true'"));
    let first = browser.text("[role=listbox] [role=option] span");
    assert!(first.contains("الميناء"), "{first}");
    assert_eq!(browser.text("[role=listbox] [role=option] small"), "تكملة");
    assert_eq!(
        browser.value("document.querySelector('[role=listbox]').ariaLabel"),
        "اقتراحات"
    );

    let chosen =
        "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))";
    browser.press(DOWN);
    assert_eq!(
        browser.value(&format!("{chosen}.getAttribute('aria-selected')")),
        "true"
    );
    assert_eq!(
        browser.value(&format!("{chosen}.dataset.text")),
        first.as_str()
    );
    browser.press(UP);
    assert_eq!(
        browser.value("document.activeElement.hasAttribute('aria-activedescendant')"),
        false
    );
    browser.press(ESCAPE);
    assert_eq!(browser.value(&format!("{state}('aria-expanded')")), "false");
    assert_eq!(
        browser.value("document.activeElement.value"),
        "المين",
        "Escape closes the list and keeps the text"
    );
    browser.press(ESCAPE);
    assert_eq!(browser.value("document.activeElement.id"), "main");
    assert_eq!(
        browser.value("document.querySelector('input[name=q]').value"),
        "المين",
        "Escape keeps the text"
    );
    browser.click("input[name=q]");

    browser.press(DOWN);
    browser.wait(&format!("{state}('aria-expanded') === 'true'"));
    browser.press(DOWN);
    browser.press(ENTER);
    browser.wait(&format!("{QUERY} === '{first}'"));
    wait_for_count(&browser, "13 مقالة");

    browser.click("input[name=q]");
    browser.press(" سفي");
    browser.wait(&format!("{state}('aria-expanded') === 'true'"));
    let clicked = browser.text("[role=listbox] [role=option] span");
    browser.click("[role=listbox] [role=option]");
    browser.wait(&format!("{QUERY} === '{clicked}'"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn a_slow_server_is_announced_and_a_dead_one_leaves_the_results() {
    let Some((browser, server)) = open() else {
        return;
    };
    browser.click("input[name=q]");
    browser.press("الميناء");
    wait_for_count(&browser, "13 مقالة");
    browser.delay(Some(2_000));
    browser.press(" سفينة");
    browser.wait("document.querySelector('main').getAttribute('aria-busy') === 'true'");
    assert_eq!(browser.text(".said"), "جارٍ البحث…");
    browser.wait(&format!(
        "{QUERY} === 'الميناء سفينة' && !document.querySelector('.said')"
    ));

    browser.delay(None);
    browser.press(" قمح");
    browser.wait("document.querySelector('.said')?.textContent.includes('تعذّر')");
    assert!(browser.count(".hits article") >= 1, "the results stay");
    browser.delay(Some(0));
    browser.press(ENTER);
    browser.wait(&format!(
        "{QUERY} === 'الميناء سفينة قمح' && document.querySelector('.hits')"
    ));
    drop(server);
}

#[test]
fn late_answers_to_earlier_text_are_ignored() {
    let Some((browser, server)) = open() else {
        return;
    };
    browser.click("input[name=q]");
    browser.delay(Some(600));
    browser.press("حديقة");
    let loads = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/search?')).length";
    browser.wait(&format!("document.querySelector('.said') || {loads} > 0"));
    browser.press(" زيتون");
    browser.wait(&format!("{QUERY} === 'حديقة زيتون'"));
    assert_eq!(browser.value("document.title"), "حديقة زيتون — الفهرست");
    drop(server);
}
