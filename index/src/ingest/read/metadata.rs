//! The metadata of a web page: `<meta>`, JSON-LD, canonical link, `<time>` and `<title>`. The text
//! of the article is not searched.

use std::borrow::Cow;

use dom_query::Document;
use rustc_hash::FxHashMap;
use serde_json::Value;

use super::{Body, Draft, html};

const DATE_NAMES: [&str; 13] = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "date",
    "dc.date.issued",
    "dc.date",
    "parsely-pub-date",
    "sailthru.date",
];
const SEPARATORS: [&str; 8] = [" - ", " | ", " – ", " — ", " :: ", " • ", " » ", " « "];

/// Collects the metadata of a page. Returns a draft and the description of the article. The body of
/// the draft is the whole text of the article, if the page repeats it in JSON-LD.
pub fn collect(document: &Document) -> (Draft<'static>, String) {
    let metas = metas(document);
    let meta = |names: &[&str]| {
        let content = names.iter().find_map(|name| metas.get(*name));
        content.map(|text| one_line(text)).unwrap_or_default()
    };
    let article = json_ld(document).unwrap_or_default();
    let linked = |key: &str| {
        texts_at(&article, key)
            .into_iter()
            .next()
            .unwrap_or_default()
    };
    let site = first([
        meta(&["og:site_name"]),
        linked("publisher"),
        meta(&["application-name"]),
    ]);
    // Several headings are a list of headlines, and none of them is the title.
    let headings = document.select("h1");
    let heading = if headings.length() == 1 {
        one_line(&headings.text())
    } else {
        String::new()
    };
    let titles = [
        meta(&["og:title", "twitter:title"]),
        linked("headline"),
        heading.clone(),
        one_line(&document.select_single("head title").text()),
    ];
    let title = first(titles.map(|title| without_site(&title, &site, &heading)));
    let urls = [
        attribute(document, "link[rel=canonical]", "href"),
        meta(&["og:url"]),
        linked("url"),
        linked("mainEntityOfPage"),
    ];
    let is_web = |url: &String| url.starts_with("http://") || url.starts_with("https://");
    let body = article.get("articleBody").and_then(Value::as_str);
    let description = first([
        meta(&["og:description", "description", "twitter:description"]),
        linked("description"),
    ]);
    let meta_author = meta(&["author", "article:author", "dc.creator", "parsely-author"]);
    let authors = authors(document, &article, meta_author);
    let draft = Draft {
        title: title.into(),
        body: Body::Plain(body.unwrap_or_default().to_owned().into()),
        section: Cow::Owned(first([
            meta(&["article:section"]),
            linked("articleSection"),
            meta(&["section"]),
        ])),
        authors: authors.into_iter().map(Cow::Owned).collect(),
        date: Cow::Owned(first([
            meta(&DATE_NAMES[..1]),
            linked("datePublished"),
            meta(&DATE_NAMES),
            time(document),
        ])),
        url: urls.into_iter().find(is_web).unwrap_or_default().into(),
        source: site.into(),
        ..Draft::default()
    };
    (draft, description)
}

/// Returns the first text that is not empty.
fn first(texts: impl IntoIterator<Item = String>) -> String {
    let given = texts.into_iter().find(|text| !text.is_empty());
    given.unwrap_or_default()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the contents of `<meta>` elements, by their `name`, `property` or `itemprop` in lower
/// case. If a name occurs several times, the first non-empty content is used.
fn metas(document: &Document) -> FxHashMap<String, String> {
    let mut metas = FxHashMap::default();
    for node in document.select("meta[content]").nodes() {
        let content = node.attr("content").unwrap_or_default();
        for key in ["property", "name", "itemprop"] {
            if let Some(names) = node.attr(key)
                && !content.trim().is_empty()
            {
                for name in names.split_whitespace() {
                    metas
                        .entry(name.to_lowercase())
                        .or_insert_with(|| content.to_string());
                }
            }
        }
    }
    metas
}

/// Returns the first article in the page's JSON-LD.
fn json_ld(document: &Document) -> Option<Value> {
    let scripts = document.select("script[type='application/ld+json']");
    scripts.nodes().iter().find_map(|script| {
        let text = script.text();
        // Many pages have raw line breaks in strings, which JSON forbids.
        let value = serde_json::from_str(&text)
            .or_else(|_| serde_json::from_str(&text.replace(|c: char| c.is_control(), " ")));
        find_article(value.ok()?)
    })
}

fn find_article(value: Value) -> Option<Value> {
    match value {
        Value::Array(values) => values.into_iter().find_map(find_article),
        Value::Object(mut object) => {
            let is_article = |name: &Value| {
                name.as_str().is_some_and(|name| {
                    name.ends_with("Article") || matches!(name, "BlogPosting" | "Report")
                })
            };
            match object.get("@type") {
                Some(Value::Array(names)) if names.iter().any(is_article) => {
                    Some(Value::Object(object))
                }
                Some(name) if is_article(name) => Some(Value::Object(object)),
                Some(_) | None => object.remove("@graph").and_then(find_article),
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Returns the texts under a key of an object. The value may be a string, an object with a name or
/// id, or a list.
fn texts_at(object: &Value, key: &str) -> Vec<String> {
    object.get(key).map(texts).unwrap_or_default()
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        // Many pages write HTML in JSON strings.
        Value::String(text) => vec![one_line(&html::line(text.as_str().into()))],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(object) => {
            let name = object.get("name").or_else(|| object.get("@id"));
            name.map(texts).unwrap_or_default()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

fn authors(document: &Document, article: &Value, meta: String) -> Vec<String> {
    let is_name = |name: &String| !name.is_empty() && !name.contains("://") && !name.contains('@');
    let mut linked = texts_at(article, "author");
    linked.retain(is_name);
    if !linked.is_empty() {
        return linked;
    }
    let marked = || {
        let marked = document.select("[itemprop=author], [rel=author]");
        let name = marked.nodes().first().map(|node| one_line(&node.text()));
        name.filter(is_name)
    };
    Some(meta)
        .filter(is_name)
        .or_else(marked)
        .into_iter()
        .collect()
}

fn attribute(document: &Document, selector: &str, name: &str) -> String {
    let value = document.select_single(selector).attr(name);
    value.unwrap_or_default().trim().to_owned()
}

/// Returns the publication date from elements such as `<time>`. A page also shows the dates of
/// other articles, so an unmarked date is used only if it is the only one.
fn time(document: &Document) -> String {
    let marked = [
        "time[itemprop=datePublished]",
        "time[pubdate]",
        "[itemprop=datePublished]",
        "article time[datetime]",
    ];
    let found = first(marked.map(|selector| attribute(document, selector, "datetime")));
    let all = document.select("time[datetime]");
    if found.is_empty() && all.length() == 1 {
        all.attr("datetime").unwrap_or_default().to_string()
    } else {
        found
    }
}

/// Removes the site's name from a title such as `عنوان - الموقع`. It removes a known name at either
/// end, or all parts but the heading. If the site's name is unknown, it removes a short last part.
fn without_site(title: &str, site: &str, heading: &str) -> String {
    let title = one_line(title);
    for separator in SEPARATORS {
        let parts: Vec<&str> = title.split(separator).collect();
        let [first, .., last] = parts[..] else {
            continue;
        };
        let without_last = &title[..title.len() - last.len() - separator.len()];
        let without_first = &title[first.len() + separator.len()..];
        if !heading.is_empty() && parts.contains(&heading) {
            return heading.to_owned();
        }
        if !site.is_empty() && last == site {
            return without_last.to_owned();
        }
        if !site.is_empty() && first == site {
            return without_first.to_owned();
        }
        let words = |text: &str| text.split_whitespace().count();
        if site.is_empty() && words(last) <= 3 && words(without_last) > words(last) {
            return without_last.to_owned();
        }
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_without_their_site() {
        let check = |title: &str, site: &str, heading: &str, expected: &str| {
            assert_eq!(without_site(title, site, heading), expected, "{title}");
        };
        check(
            "الميناء يفتح أبوابه - جريدة المرسى",
            "جريدة المرسى",
            "",
            "الميناء يفتح أبوابه",
        );
        check(
            "جريدة المرسى | الميناء يفتح أبوابه",
            "جريدة المرسى",
            "",
            "الميناء يفتح أبوابه",
        );
        check(
            "الميناء - يفتح أبوابه",
            "جريدة المرسى",
            "",
            "الميناء - يفتح أبوابه",
        );
        check(
            "الميناء يفتح أبوابه للسفن - المرسى",
            "",
            "",
            "الميناء يفتح أبوابه للسفن",
        );
        check(
            "محليات | الميناء يفتح | المرسى",
            "",
            "الميناء يفتح",
            "الميناء يفتح",
        );
        check("الميناء يفتح", "الميناء يفتح", "", "الميناء يفتح");
    }
}
