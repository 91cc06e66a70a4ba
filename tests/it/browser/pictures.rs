//! Takes the pictures of the README from the sample articles: `cargo test --test it --
//! browser::pictures --ignored`.

use std::fs;
use std::path::Path;

use crate::support::browser::{Browser, Scripts};
use crate::support::encoded;
use crate::support::server::Server;

#[test]
#[ignore = "writes into the repository"]
fn the_readme_shows_the_page() {
    let Some(browser) = Browser::open(Scripts::Run) else {
        return;
    };
    let server = Server::over_samples();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images");
    fs::create_dir_all(&folder).expect("a folder of ours");
    let (truce, phrase) = (encoded("وقف إطلاق النار"), encoded("\"وقف إطلاق النار\""));
    let article = server
        .get(&format!("/api/v1/search?q={phrase}&limit=1"))
        .json()["hits"][0]["id"]
        .clone();
    let article = encoded(article.as_str().expect("an article"));
    let views = [
        ("home", "light", (1280, 800), "/".to_owned()),
        (
            "results",
            "light",
            (1280, 1000),
            format!("/search?q={truce}"),
        ),
        (
            "dark",
            "dark",
            (1280, 1000),
            format!(
                "/search?q={}&from=2020&to=2021&calendar=hijri",
                encoded("المدرسة الجديدة")
            ),
        ),
        (
            "article",
            "light",
            (1280, 1000),
            format!("/a/{article}?q={phrase}#m2"),
        ),
        (
            "english",
            "light",
            (420, 800),
            format!("/search?q={truce}&lang=en"),
        ),
    ];
    for (name, scheme, (width, height), path) in views {
        browser.look(width, scheme);
        browser.go(&format!("{}{path}", server.url));
        browser.view(width, height, &folder.join(format!("{name}.webp")));
    }
}
