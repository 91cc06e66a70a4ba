//! An article with scripts: moving between matches, using keys alone, and copying.

use crate::support::browser::{Browser, ENTER, ESCAPE, Scripts};
use crate::support::server::Server;
use crate::support::{articles, encoded};

const TARGET: &str = "document.querySelector(':target')?.id";

fn open() -> Option<(Browser, Server)> {
    Some((Browser::open(Scripts::Run)?, Server::with(&articles(), &[])))
}

#[test]
fn keys_alone_lead_through_a_search_and_an_article() {
    let Some((browser, server)) = open() else {
        return;
    };
    browser.go(&server.url);
    browser.press("/");
    browser.press(&format!("الميناء{ENTER}"));
    browser.wait("document.body.matches('.results') && document.querySelector('.scripted')");
    browser.press("jjk");
    assert_eq!(
        browser
            .value("[...document.querySelectorAll('.hits h2 a')].indexOf(document.activeElement)"),
        0
    );
    // The same key on an Arabic keyboard.
    browser.run(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ت', code: 'KeyJ', bubbles: true }))",
    );
    assert_eq!(
        browser
            .value("[...document.querySelectorAll('.hits h2 a')].indexOf(document.activeElement)"),
        1
    );
    browser.press(ESCAPE);
    assert_eq!(browser.value("document.activeElement.name"), "q");
    browser.press(ESCAPE);
    browser.press("j");
    let title = browser.value("document.activeElement.innerText");
    browser.press(ENTER);
    browser.wait("document.body.matches('.story') && document.querySelector('.scripted')");
    assert_eq!(
        browser.value("document.querySelector('h1').innerText"),
        title
    );
    let steps = browser.value("history.length");
    browser.press("n");
    browser.wait(&format!("{TARGET} === 'm1'"));
    browser.press("n");
    browser.wait(&format!("{TARGET} === 'm2'"));
    browser.wait("document.querySelector('.walk .place').innerText.startsWith('2 من ')");
    browser.press("p");
    browser.wait(&format!("{TARGET} === 'm1'"));
    browser.press("p");
    browser.wait("document.querySelector(':target') === [...document.querySelectorAll('.sheet mark[id]')].at(-1)");
    assert_eq!(
        browser.value("history.length"),
        steps,
        "one step back leaves the article"
    );
    browser.back();
    browser.wait("document.body.matches('.results')");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn single_keys_can_be_switched_off() {
    let Some((browser, server)) = open() else {
        return;
    };
    browser.go(&format!("{}/search?q={}", server.url, encoded("الميناء")));
    browser.press("?");
    browser.wait("document.querySelector('dialog').open");
    browser.click("#keys-on");
    browser.press(ESCAPE);
    browser.wait("!document.querySelector('dialog').open");
    browser.press("j/");
    assert_eq!(browser.count(".hits a:focus, input[name=q]:focus"), 0);
    browser.go(&format!("{}/a/truce?q={}", server.url, encoded("الميناء")));
    browser.press("n");
    assert_eq!(browser.value("location.hash"), "", "keys stay switched off");
    browser.click("[data-step='1']");
    browser.wait(&format!("{TARGET} === 'm1'"));
}

#[test]
fn a_citation_and_the_link_of_a_match_are_copied() {
    let Some((browser, server)) = open() else {
        return;
    };
    let path = format!("/a/truce?q={}#m2", encoded("\"وقف إطلاق النار\""));
    browser.grant_clipboard(&server.url);
    browser.go(&format!("{}{path}", server.url));
    browser.wait("document.querySelector('.walk .place').innerText === '2 من 3'");
    browser.click(".walk [data-copy]");
    browser.wait("document.querySelector('.said')?.innerText === 'نُسخ'");
    assert_eq!(
        browser.resolved("navigator.clipboard.readText()"),
        format!("{}{path}", server.url)
    );
    let citation = "هند السالم، «الوسطاء يعلنون وقف إطلاق النار في مدينة الميناء»، صحيفة المنارة، 5 مارس 2020. \
                    https://example.org/truce";
    browser.click(".cite summary");
    browser.run("document.querySelector('#said').textContent = ''");
    browser.click(".cite button");
    browser.wait("document.querySelector('.said')?.innerText === 'نُسخ'");
    assert_eq!(browser.resolved("navigator.clipboard.readText()"), citation);

    // An insecure connection has no clipboard.
    browser.run("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    browser.click(".cite button");
    browser.wait("document.querySelector('.said')?.innerText.includes('حُدّد')");
    assert_eq!(browser.value("getSelection().toString()"), citation);
}
