//! The frame of every page: the language, and the links that preserve it.

use fihrist_index::Article;

use super::results::Address;
use super::{COPIES, Date, Display, Language, Params, Text, Uri, counted, date};

/// What the templates need for the frame of a page.
pub struct Frame {
    pub display: Display,
    /// The address of this page in the other language.
    pub other: String,
}

impl Frame {
    /// Returns the frame of the page at `uri`.
    pub fn of(uri: &Uri) -> Self {
        let display = Display::read(&mut Params::from_page_query(uri, &[]));
        let rest = uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty() && !Display::is_parameter(pair));
        let other = display.translated().href_with(uri.path(), rest);
        Self { display, other }
    }

    pub const fn language(&self) -> Language {
        self.display.language
    }

    /// Returns `arabic` or `english`, depending on the language of the page.
    pub const fn pick<'a>(&self, arabic: &'a str, english: &'a str) -> &'a str {
        self.language().pick(arabic, english)
    }

    /// Returns `text` in the language of the page.
    pub const fn text(&self, text: Text) -> &'static str {
        self.pick(text.0, text.1)
    }

    /// Returns a link to a path on this server that preserves the display settings.
    pub fn href(&self, path: &str) -> String {
        self.display.href(path)
    }

    /// Returns the link to an article, for a reader who does not come from a search.
    pub fn article(&self, id: &str) -> String {
        self.href(&format!("/a/{}", crate::service::encoded(id)))
    }

    /// Returns the link to the results of a query.
    pub fn search(&self, query: &str) -> String {
        Address::of(self.display, query).href()
    }

    /// Returns the name of the product.
    pub const fn name(&self) -> &'static str {
        self.pick("الفهرست", "Fihrist")
    }

    /// Returns the title of an article that has none.
    pub const fn untitled(&self) -> &'static str {
        self.pick("بلا عنوان", "Untitled")
    }

    /// Returns the title of an article, or a text that says that it has none.
    pub fn title(&self, article: &Article) -> String {
        Some(article.title())
            .filter(|title| !title.is_empty())
            .unwrap_or_else(|| self.untitled().to_owned())
    }

    /// Returns when an article was published, if that is known.
    pub fn date(&self, article: &Article) -> Option<Date> {
        let published = article.published.as_ref()?;
        Some(date(self.display, published))
    }

    /// Returns the number of other copies in words, or `None` if there are none.
    pub fn copies(&self, count: u64) -> Option<String> {
        (count > 0).then(|| counted(self.language(), count, &COPIES))
    }

    /// Returns words as a list.
    pub fn list(&self, words: &[String]) -> String {
        words.join(self.pick("، ", ", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_language_is_the_same_page() {
        let check = |asked: &str, expected: &str| {
            let frame = Frame::of(&asked.parse().expect("an address"));
            assert_eq!(frame.other, expected, "{asked}");
        };
        check("/", "/?lang=en");
        check("/?lang=en", "/");
        check("/search?q=a&lang=en&source=b", "/search?q=a&source=b");
        check(
            "/search?q=a%26lang=en&calendar=hijri&page=2",
            "/search?q=a%26lang=en&page=2&lang=en&calendar=hijri",
        );
        check("/a/x?&&", "/a/x?lang=en");
        for foreign in ["//host/x", "///host/x", "/\\host/x", "/\\/host/x"] {
            check(foreign, "/host/x?lang=en");
        }
    }
}
