//! The authors that a page names outside its text: in JSON-LD, in `<meta>`, or in marked elements.

use dom_query::Document;

use super::credit::{byline, without_date, without_label};
use super::html::{self, Options};
use super::json_ld::{JsonLd, is_address};
use super::metadata::{JSON_LD, MAX_NAME_WORDS, META};

/// Elements that name an author, the most reliable first.
const MARKED: [&str; 7] = [
    "[itemprop=author] [itemprop=name]",
    "[itemprop=author]",
    "[rel=author]",
    ".author-name",
    ".article-author",
    ".byline",
    ".createdby",
];
/// Names of accounts, which are no persons.
const ACCOUNTS: [&str; 6] = [
    "admin",
    "administrator",
    "editor",
    "webmaster",
    "root",
    "user",
];

/// Returns the names of the authors, with their origin. The name of the site is no author.
pub fn authors(
    document: &Document,
    linked: &JsonLd,
    meta: Vec<String>,
    site: &str,
) -> (&'static str, Vec<String>) {
    let is_name = |name: &String| {
        let is_account = ACCOUNTS
            .iter()
            .any(|account| name.eq_ignore_ascii_case(account));
        !name.is_empty() && !is_address(name) && !name.contains('@') && !is_account && name != site
    };
    let is_short = |name: &String| name.split_whitespace().count() <= MAX_NAME_WORDS;
    let given = [(JSON_LD, linked.names("author")), (META, meta)];
    let given = given.into_iter().find_map(|(origin, mut names)| {
        names.retain(is_name);
        (!names.is_empty()).then_some((origin, names))
    });
    given.unwrap_or_else(|| {
        let marked = MARKED.iter().map(|selector| marked(document, selector));
        let mut names = marked.map(|mut names| {
            names.retain(|name| is_name(name) && is_short(name));
            names
        });
        let names = names.find(|names| !names.is_empty());
        ("byline", names.unwrap_or_default())
    })
}

/// Returns the names in the first element for a selector, and in the elements beside it. A page also
/// names the authors of other articles, elsewhere.
fn marked(document: &Document, selector: &str) -> Vec<String> {
    let elements = document.select(selector);
    let parent = |at: usize| elements.nodes().get(at)?.parent().map(|parent| parent.id);
    let beside = (0..elements.length()).take_while(|at| parent(*at) == parent(0));
    let mut names: Vec<String> = Vec::new();
    for at in beside {
        for line in html::paragraphs(elements.nodes()[at], Options::default()) {
            for name in names_in(&line.text) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    names
}

/// Returns the names in the text of a marked element.
fn names_in(text: &str) -> Vec<String> {
    byline(text).unwrap_or_else(|| vec![without_date(without_label(text)).to_owned()])
}
