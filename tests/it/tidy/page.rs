//! What the page may be made of: nothing inline, nothing from elsewhere, and always a language and a direction. How
//! it looks and works is for the browser test.

use super::source::{Finding, SourceFile, lines, read_all, words};
use super::{hold, report};

/// Names of XML vocabularies look like addresses and are never fetched.
const VOCABULARIES: &[&str] = &["http://www.w3.org/", "http://a9.com/-/spec/opensearch/"];

#[test]
fn nothing_is_inline() {
    let planted =
        "<p>\n<script src=\"/static/page.js\" defer></script>\n<script>alert(1)</script>\n";
    hold(inline, &page_files(), ("static/planted.html", planted, 3));
    hold(
        inline,
        &[],
        ("static/planted.html", "<style>p { color: red }</style>", 1),
    );
    hold(
        inline,
        &[],
        ("static/planted.html", "<p\n  style=\"color: red\">", 2),
    );
    hold(
        inline,
        &[],
        ("static/planted.html", "<p onclick=\"go()\">", 1),
    );
    hold(
        inline,
        &[],
        ("static/planted.html", "<a href=\"javascript:go()\">", 1),
    );
}

#[test]
fn nothing_comes_from_elsewhere() {
    let planted =
        "<svg xmlns=\"http://www.w3.org/2000/svg\">\n<link href=\"https://fonts.example/a.css\">\n";
    hold(
        from_elsewhere,
        &page_files(),
        ("static/planted.html", planted, 2),
    );
    hold(
        from_elsewhere,
        &[],
        (
            "static/planted.css",
            "@import url(//fonts.example/a.css);",
            1,
        ),
    );
}

#[test]
fn every_page_has_a_language_and_a_direction() {
    let templates: Vec<_> = page_files()
        .into_iter()
        .filter(|file| file.path.ends_with(".html"))
        .collect();
    hold(
        without_language,
        &templates,
        (
            "static/planted.html",
            "<!doctype html>\n<html lang=\"ar\">\n",
            2,
        ),
    );
    let has_page = templates.iter().any(|file| file.text.contains("<html"));
    let none = SourceFile::new("static", "");
    report(&if has_page {
        vec![]
    } else {
        vec![none.finding(1, "no template opens a page")]
    });
}

/// Everything that is sent to a browser; the sample articles are data.
fn page_files() -> Vec<SourceFile> {
    let mut files = read_all(&["static"], &["html", "xml", "css", "js", "svg"]);
    files.retain(|file| !file.path.starts_with("static/samples/"));
    files
}

fn inline(file: &SourceFile) -> Vec<Finding> {
    if file.path.ends_with(".js") || file.path.ends_with(".css") {
        return Vec::new();
    }
    let text = file.text.to_lowercase();
    words(&text)
        .filter_map(|(line, word, after)| {
            let tag = after.split('>').next().unwrap_or_default();
            let is_attribute = after.starts_with('=');
            match word {
                "script" if !closes(&text, after) && !tag.contains("src=") => {
                    Some((line, "a script in the page"))
                }
                "style" if !closes(&text, after) && after.starts_with('>') => {
                    Some((line, "a style sheet in the page"))
                }
                "style" if is_attribute => Some((line, "a style attribute")),
                "javascript" if after.starts_with(':') => Some((line, "a script in an address")),
                _ if is_attribute && is_handler(word) => Some((line, "a script in an attribute")),
                _ => None,
            }
        })
        .map(|(line, what)| {
            file.finding(
                line,
                format!("{what}: the content security policy forbids it, put it in a file"),
            )
        })
        .collect()
}

/// Tells whether the word before `after` stands in a closing tag, or in no tag at all.
fn closes(text: &str, after: &str) -> bool {
    let before = &text[..text.len() - after.len()];
    let tag_start = before.trim_end_matches(|c: char| c.is_alphanumeric());
    !tag_start.ends_with('<') && !before.ends_with("=")
}

fn is_handler(attribute: &str) -> bool {
    attribute.len() > 2
        && attribute.starts_with("on")
        && attribute.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn from_elsewhere(file: &SourceFile) -> Vec<Finding> {
    lines(&file.text)
        .filter(|(_, line)| {
            let absolute = line.match_indices("http").any(|(i, _)| {
                let rest = &line[i..];
                let is_address = rest.starts_with("http://") || rest.starts_with("https://");
                is_address
                    && !VOCABULARIES
                        .iter()
                        .any(|vocabulary| rest.starts_with(vocabulary))
            });
            absolute
                || ["\"//", "'//", "(//"]
                    .iter()
                    .any(|opening| line.contains(opening))
        })
        .map(|(number, line)| {
            file.finding(
                number,
                format!("the page must ask nobody else: `{}`", line.trim()),
            )
        })
        .collect()
}

fn without_language(file: &SourceFile) -> Vec<Finding> {
    lines(&file.text)
        .filter_map(|(number, line)| line.find("<html").map(|i| (number, &line[i..])))
        .filter(|(_, tag)| !(tag.contains("lang=") && tag.contains("dir=")))
        .map(|(number, _)| file.finding(number, "`<html>` without `lang` and `dir`"))
        .collect()
}
