//! The metadata of a web page: `<meta>`, JSON-LD, canonical link, `<time>` and `<title>`. The text
//! of the article is not searched.

use std::borrow::Cow;

use dom_query::Document;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json};

use super::authors::authors;
use super::json_ld::{JsonLd, is_address, one_line};
use super::{Body, Draft, Unmapped, date};

// Where a page has a part of the article.
pub const META: &str = "meta";
pub const JSON_LD: &str = "json-ld";
const ITEMPROP: &str = "itemprop";
const CANONICAL: &str = "canonical";

const DATE_NAMES: [&str; 20] = [
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
    "dc.date.created",
    "dc.date",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "article.published",
    "og:pubdate",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
];
/// Names of `<meta>` elements that are stored as unmapped fields.
const UNMAPPED_NAMES: [&str; 8] = [
    "description",
    "og:description",
    "keywords",
    "news_keywords",
    "article:tag",
    "article:modified_time",
    "og:image",
    "og:type",
];
/// The maximum number of words in a name that an element marks.
pub const MAX_NAME_WORDS: usize = 6;
/// What separates a headline from the name of its site.
pub const SEPARATORS: [&str; 8] = [" - ", " | ", " – ", " — ", " :: ", " • ", " » ", " « "];

/// Collects the metadata of a page. Returns a draft and the description of the article. The body of
/// the draft is the whole text of the article, if the page repeats it in JSON-LD.
pub fn collect(document: &Document) -> (Draft<'static>, String) {
    let metas = metas(document);
    let meta = |names: &[&str]| {
        let content = names.iter().find_map(|name| metas.get(*name));
        content.map(|text| one_line(text)).unwrap_or_default()
    };
    // Several headings are a list of headlines, and none of them is the title.
    let headings = document.select("h1");
    let heading = if headings.length() == 1 {
        one_line(&headings.text())
    } else {
        String::new()
    };
    let open_title = meta(&["og:title", "twitter:title"]);
    let linked = JsonLd::of(document, |headline| {
        [&heading, &open_title]
            .iter()
            .any(|title| *title == headline)
    });
    let itemprop = |name: &str| {
        let named = format!("[itemprop={name}] [itemprop=name]");
        let texts = [named, format!("[itemprop={name}]")];
        let name = first(texts.map(|selector| one_line(&document.select_single(&selector).text())));
        if name.split_whitespace().count() <= MAX_NAME_WORDS {
            name
        } else {
            String::new()
        }
    };
    let mut origins = Map::new();
    let sites = [
        ("og:site_name", meta(&["og:site_name"])),
        (JSON_LD, linked.name("publisher")),
        (META, meta(&["publisher", "dc.publisher"])),
        (ITEMPROP, itemprop("publisher")),
        (META, meta(&["application-name", "sitename"])),
    ];
    let sites = sites.into_iter().filter(|(_, name)| !is_address(name));
    let site = choose(&mut origins, "source", sites);
    let titles = [
        open_title,
        linked.text("headline"),
        heading.clone(),
        one_line(&document.select_single("head title").text()),
    ];
    let title = first(titles.map(|title| without_site(&title, &site, &heading)));
    let addresses = [
        (
            CANONICAL,
            attribute(document, "link[rel~=canonical]", "href"),
        ),
        ("og:url", meta(&["og:url"])),
        (JSON_LD, linked.text("url")),
        (JSON_LD, linked.text("mainEntityOfPage")),
        (META, meta(&["url"])),
    ];
    let url = choose(&mut origins, "url", address(addresses));
    let description = first([
        meta(&["og:description", "description", "twitter:description"]),
        linked.text("description"),
    ]);
    let author_names = ["author", "article:author", "dc.creator", "parsely-author"];
    let meta_authors = author_names.map(|name| meta(&[name])).to_vec();
    let (author_origin, authors) = authors(document, &linked, meta_authors, &site);
    choose(&mut origins, "author", [(author_origin, authors.join(" "))]);
    let section = choose(
        &mut origins,
        "section",
        [
            (META, meta(&["article:section"])),
            (JSON_LD, linked.name("articleSection")),
            (META, meta(&["section", "parsely-section"])),
            (ITEMPROP, itemprop("articleSection")),
            (JSON_LD, section_of(&linked.breadcrumbs, &title)),
        ],
    );
    let mut dates = vec![
        (META, meta(&DATE_NAMES[..1])),
        (JSON_LD, linked.text("datePublished")),
    ];
    dates.extend(DATE_NAMES.map(|name| (META, meta(&[name]))));
    dates.push((ITEMPROP, marked_date(document)));
    dates.push((JSON_LD, linked.text("uploadDate")));
    let marked_dates = dates.len();
    dates.push(("time", shown_date(document)));
    // A date that cannot be read is reported if there is no other one.
    let readable = dates
        .iter()
        .position(|(_, written)| date::parse(written).is_some());
    let date = readable.or_else(|| dates.iter().position(|(_, written)| !written.is_empty()));
    let is_date_shown = date.is_some_and(|index| index >= marked_dates);
    let date = date.map(|index| dates.swap_remove(index));
    let date = choose(&mut origins, "date", date);
    let left_out = match (linked.is_list, has_path(&url) == Some(false)) {
        _ if linked.has_article => None,
        (true, _) if meta(&DATE_NAMES[..1]).is_empty() => Some("a list of articles"),
        (_, true) if date.is_empty() && meta(&["og:type"]) == "website" => Some("a front page"),
        (_, _) => None,
    };
    let draft = Draft {
        title: title.into(),
        body: Body::Plain(linked.body().to_owned().into()),
        section: section.into(),
        authors: authors.into_iter().map(Cow::Owned).collect(),
        is_date_shown,
        date: date.into(),
        url: url.into(),
        source: site.into(),
        left_out,
        unmapped: unmapped(document, origins),
        ..Draft::default()
    };
    (draft, description)
}

/// Returns whether a web address has a path; `None` for other addresses.
pub fn has_path(url: &str) -> Option<bool> {
    let (scheme, rest) = url.split_once("://")?;
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    matches!(scheme, "http" | "https").then_some(!path.is_empty())
}

/// Returns the first text that is not empty.
fn first(texts: impl IntoIterator<Item = String>) -> String {
    let given = texts.into_iter().find(|text| !text.is_empty());
    given.unwrap_or_default()
}

/// Returns the first text that is not empty, and adds its origin under the name of the target.
fn choose(
    origins: &mut Map<String, Json>,
    target: &str,
    texts: impl IntoIterator<Item = (&'static str, String)>,
) -> String {
    let given = texts.into_iter().find(|(_, text)| !text.is_empty());
    let (origin, text) = given.unwrap_or_default();
    if !text.is_empty() {
        origins.insert(target.to_owned(), origin.into());
    }
    text
}

/// Returns what is stored with the article: other metadata, and where the page has the author, the
/// date, the section, the source and the URL.
fn unmapped(document: &Document, origins: Map<String, Json>) -> Unmapped {
    let mut unmapped = Unmapped::default();
    unmapped.add("origins", origins);
    for node in document.select("meta[content]").nodes() {
        let name = node.attr("property").or_else(|| node.attr("name"));
        let name = name.unwrap_or_default().to_lowercase();
        if UNMAPPED_NAMES.contains(&&*name) {
            unmapped.add(&name, one_line(&node.attr("content").unwrap_or_default()));
        }
    }
    unmapped
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

fn attribute(document: &Document, selector: &str, name: &str) -> String {
    let value = document.select_single(selector).attr(name);
    value.unwrap_or_default().trim().to_owned()
}

/// Returns the date of publication that an element marks as such.
fn marked_date(document: &Document) -> String {
    let marked = [
        ("[itemprop=datePublished]", "content"),
        ("[itemprop=datePublished]", "datetime"),
        ("time[pubdate]", "datetime"),
    ];
    let found = first(marked.map(|(selector, name)| attribute(document, selector, name)));
    if found.is_empty() {
        one_line(&document.select_single("[itemprop=datePublished]").text())
    } else {
        found
    }
}

/// Returns the date that the page shows in a `<time>` element. A page also shows the dates of other
/// articles, so a date outside the article is used only if it is the only one.
fn shown_date(document: &Document) -> String {
    let found = attribute(document, "article time[datetime]", "datetime");
    let all = document.select("time[datetime]");
    if found.is_empty() && all.length() == 1 {
        all.attr("datetime").unwrap_or_default().to_string()
    } else {
        found
    }
}

/// Returns the first web address that names a page, with its origin. A site whose canonical link leads to its front
/// page has a fault in its template.
fn address(urls: [(&'static str, String); 5]) -> Option<(&'static str, String)> {
    let mut web = urls.into_iter().filter(|(_, url)| has_path(url).is_some());
    let first = web.next()?;
    if has_path(&first.1) == Some(true) {
        return Some(first);
    }
    let page = web.find(|(_, url)| has_path(url) == Some(true));
    Some(page.unwrap_or(first))
}

/// Returns the section among the breadcrumbs: the one after the front page.
fn section_of(breadcrumbs: &[String], title: &str) -> String {
    let section = breadcrumbs.get(1).filter(|name| *name != title);
    section.cloned().unwrap_or_default()
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
