//! The JSON-LD of a web page: the object that describes the article, and the breadcrumbs. It finds
//! objects and texts; `metadata` decides which of them count.

use dom_query::Document;
use rustc_hash::FxHashMap;
use serde_json::{Deserializer, Value};

use super::html;

/// The JSON-LD of a page that describes its article.
#[derive(Default)]
pub struct JsonLd {
    /// The article; `Null` if there is none.
    article: Value,
    /// Whether the page says that it is an article.
    pub has_article: bool,
    /// Whether the page says that it is a list of articles or of search results.
    pub is_list: bool,
    /// The names of the breadcrumbs, from the front page on.
    pub breadcrumbs: Vec<String>,
    names: Names,
}

/// The names of the objects that have an `@id`. Other objects refer to them by it.
type Names = FxHashMap<String, Vec<String>>;

impl JsonLd {
    /// Reads the JSON-LD of a page. `is_title` recognizes the headline of the page, because some
    /// pages also describe other articles. Without it, the first article is taken, or else an object
    /// with a date of publication.
    pub fn of(document: &Document, is_title: impl Fn(&str) -> bool) -> Self {
        let scripts = document.select("script[type='application/ld+json']");
        let mut objects = Vec::new();
        for script in scripts.nodes() {
            collect(parsed(&script.text()), &mut objects);
        }
        let mut names = Names::default();
        for object in &objects {
            collect_names(object, &mut names);
        }
        let has_title = |object: &&Value| {
            texts_at(object, "headline")
                .iter()
                .any(|text| is_title(text))
        };
        let has_date = |object: &&Value| {
            let mut names = ["datePublished", "uploadDate"].into_iter();
            names.any(|name| !texts_at(object, name).is_empty())
        };
        let articles = || objects.iter().filter(|object| has_type(object, is_article));
        let article = articles()
            .find(has_title)
            .or_else(|| articles().next())
            .or_else(|| objects.iter().find(has_date));
        let breadcrumbs = objects
            .iter()
            .find(|object| has_type(object, |name| name == "BreadcrumbList"));
        let is_list = |object| {
            has_type(object, |name| {
                matches!(name, "CollectionPage" | "SearchResultsPage")
            })
        };
        Self {
            has_article: articles().next().is_some(),
            is_list: objects.iter().any(is_list),
            article: article.cloned().unwrap_or_default(),
            breadcrumbs: breadcrumbs.map(names_of_items).unwrap_or_default(),
            names,
        }
    }

    /// Returns the names under a key of the article. The value may be a string, an object with a
    /// name, the `@id` of another object on the page, or a list. An address is no name.
    pub fn names(&self, key: &str) -> Vec<String> {
        let texts = texts_at(&self.article, key).into_iter();
        let named = texts.flat_map(|text| self.names.get(&text).cloned().unwrap_or(vec![text]));
        named.filter(|name| !is_address(name)).collect()
    }

    /// Returns the first name under a key of the article; empty if there is none.
    pub fn name(&self, key: &str) -> String {
        self.names(key).into_iter().next().unwrap_or_default()
    }

    /// Returns the first text under a key of the article; empty if there is none. The value may be a
    /// string, an object with a name or id, or a list.
    pub fn text(&self, key: &str) -> String {
        let texts = texts_at(&self.article, key);
        texts.into_iter().next().unwrap_or_default()
    }

    /// Returns the whole text of the article, with its line breaks.
    pub fn body(&self) -> &str {
        let body = self.article.get("articleBody").and_then(Value::as_str);
        body.unwrap_or_default()
    }
}

/// Parses the first value of a script; `Null` if there is none.
fn parsed(script: &str) -> Value {
    // Some pages put the JSON into a comment or a CDATA section.
    let (_, section) = script.split_once("CDATA[").unwrap_or(("", script));
    let json = section.trim_start_matches(|c| !matches!(c, '{' | '['));
    let first = |json: &str| -> Option<Value> {
        let mut values = Deserializer::from_str(json).into_iter();
        values.next()?.ok()
    };
    // Many pages have raw line breaks in strings, which JSON forbids.
    let cleaned = || json.replace(|c: char| c.is_control(), " ");
    first(json)
        .or_else(|| first(&cleaned()))
        .unwrap_or_default()
}

/// Collects the objects of a script: it may be one object, a list, or a graph.
fn collect(value: Value, objects: &mut Vec<Value>) {
    match value {
        Value::Array(values) => values.into_iter().for_each(|value| collect(value, objects)),
        Value::Object(mut object) => {
            for key in ["@graph", "mainEntity"] {
                if let Some(inner) = object.remove(key) {
                    collect(inner, objects);
                }
            }
            objects.push(Value::Object(object));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Collects the names of an object and of the objects in it, by their `@id`.
fn collect_names(value: &Value, names: &mut Names) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect_names(value, names)),
        Value::Object(object) => {
            object
                .values()
                .for_each(|value| collect_names(value, names));
            if let Some(id) = object.get("@id").and_then(Value::as_str)
                && object.contains_key("name")
            {
                names.insert(one_line(id), texts_at(value, "name"));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Returns whether a text is an address or the id of an object, so that it is no name.
pub fn is_address(text: &str) -> bool {
    text.contains("://") || text.starts_with(['#', '/']) || text.starts_with("_:")
}

fn has_type(object: &Value, is_wanted: impl Fn(&str) -> bool) -> bool {
    let is_wanted = |name: &Value| name.as_str().is_some_and(&is_wanted);
    match object.get("@type") {
        Some(Value::Array(names)) => names.iter().any(is_wanted),
        Some(name) => is_wanted(name),
        None => false,
    }
}

fn is_article(name: &str) -> bool {
    name.ends_with("Article") || name.ends_with("BlogPosting") || name == "Report"
}

fn names_of_items(list: &Value) -> Vec<String> {
    let items = list.get("itemListElement").and_then(Value::as_array);
    let name = |item: &Value| {
        let mut names = texts_at(item, "name");
        names.extend(texts_at(item, "item"));
        let first = names.into_iter().next();
        first.filter(|name| !is_address(name)).unwrap_or_default()
    };
    items.into_iter().flatten().map(name).collect()
}

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

/// Returns the text with single spaces for its white space.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
