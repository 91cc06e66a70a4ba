//! The state of a results page as its address, so that every state can be linked, saved and shared.

use fihrist_index::query::Keyword;
use fihrist_index::search::{Filters, Order};

use crate::page::Display;
use crate::page::pager::{PAGE_SIZE, max_page};
use crate::service::params::{RELAXES, SORTS, period, today};
use crate::service::{Kind, Param, Params, encoded};

/// Declares the number of the page, the only parameter that has bounds. The other parameters are
/// texts and words.
pub const PARAMS: &[Param] = &[Param::new(
    "page",
    Kind::Integer(1, max_page, 1),
    "The number of the page, from 1.",
)];

/// The state of a page of results.
#[derive(Debug, Clone, PartialEq)]
pub struct Address {
    pub query: String,
    pub sources: Vec<String>,
    pub sections: Vec<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub sort: Order,
    pub relaxes: bool,
    /// The number of the page, from 1.
    pub page: usize,
    pub display: Display,
}

impl Address {
    /// Returns the first page for a query, without other settings.
    pub fn of(display: Display, query: &str) -> Self {
        Self {
            query: query.to_owned(),
            sources: Vec::new(),
            sections: Vec::new(),
            from: None,
            to: None,
            sort: SORTS.default,
            relaxes: true,
            page: 1,
            display,
        }
    }

    /// Reads the parameters of an address. Other parameters are ignored.
    pub fn read(params: &mut Params) -> Self {
        Self {
            query: params.text("q").unwrap_or_default(),
            sources: params.texts("source"),
            sections: params.texts("section"),
            from: params.text("from").filter(|text| !text.trim().is_empty()),
            to: params.text("to").filter(|text| !text.trim().is_empty()),
            sort: params.choice("sort", &SORTS),
            relaxes: params.choice("relax", &RELAXES),
            page: params.integer("page"),
            display: Display::read(params),
        }
    }

    /// Returns the filters, and whether both dates were valid. If a date is invalid, there is no
    /// filter by date.
    pub fn filters(&self) -> (Filters, bool) {
        let published = period([self.from.clone(), self.to.clone()], today());
        let is_readable = published.is_ok();
        let filters = Filters {
            sources: self.sources.clone(),
            sections: self.sections.clone(),
            authors: Vec::new(),
            published: published.unwrap_or_default(),
        };
        (filters, is_readable)
    }

    /// Returns the number of hits before this page.
    pub fn offset(&self) -> usize {
        (self.page - 1) * PAGE_SIZE
    }

    /// Whether the address contains a filter.
    pub fn narrows(&self) -> bool {
        !self.sources.is_empty() || !self.sections.is_empty() || self.has_time()
    }

    pub fn has_time(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// Returns the state without its dates and its page number, as names and values of form fields.
    pub fn form_fields(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("q", self.query.clone())];
        for (name, values) in [("source", &self.sources), ("section", &self.sections)] {
            pairs.extend(values.iter().map(|value| (name, value.clone())));
        }
        if let Some(word) = SORTS.word_of(self.sort)
            && self.sort != SORTS.default
        {
            pairs.push(("sort", word.to_owned()));
        }
        if !self.relaxes {
            pairs.push(("relax", "off".to_owned()));
        }
        let display = self.display.pairs();
        pairs.extend(display.map(|(name, value)| (name, value.to_owned())));
        pairs
    }

    /// Returns the state as a query string, without the question mark.
    pub fn state(&self) -> String {
        let mut pairs = self.form_fields();
        pairs.extend(self.from.iter().map(|from| ("from", from.clone())));
        pairs.extend(self.to.iter().map(|to| ("to", to.clone())));
        if self.page > 1 {
            pairs.push(("page", self.page.to_string()));
        }
        pairs
            .into_iter()
            .map(|(name, value)| format!("{name}={}", encoded(&value)))
            .collect::<Vec<_>>()
            .join("&")
    }

    /// Returns the link to this state.
    pub fn href(&self) -> String {
        format!("/search?{}", self.state())
    }

    /// Returns the link to another page of the same results.
    pub fn page_href(&self, page: usize) -> String {
        Self {
            page,
            ..self.clone()
        }
        .href()
    }

    /// Returns the link to the first page of the results, after `change` was applied to the state.
    pub fn changed(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut changed = Self {
            page: 1,
            ..self.clone()
        };
        change(&mut changed);
        changed.href()
    }

    /// Returns the chosen values of a field.
    pub fn values(&self, field: Keyword) -> &[String] {
        match field {
            Keyword::Source => &self.sources,
            Keyword::Section | Keyword::Author => &self.sections,
        }
    }

    /// Returns the link to the first page of the results, after `value` was chosen for a field or
    /// was removed from its chosen values.
    pub fn toggled(&self, field: Keyword, value: &str) -> String {
        self.changed(|address| match field {
            Keyword::Source => toggle(&mut address.sources, value),
            Keyword::Section | Keyword::Author => toggle(&mut address.sections, value),
        })
    }
}

/// Adds `value` to a list, or removes it if the list already contains it.
fn toggle(values: &mut Vec<String>, value: &str) {
    match values.iter().position(|known| known == value) {
        Some(place) => {
            values.remove(place);
        }
        None => values.push(value.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Uri;
    use proptest::prelude::*;

    use super::*;

    fn read(query: &str) -> Address {
        let uri: Uri = format!("/search?{query}").parse().expect("an address");
        Address::read(&mut Params::from_page_query(&uri, PARAMS))
    }

    #[test]
    fn what_is_usual_is_not_said() {
        let check = |query: &str, expected: &str| assert_eq!(read(query).state(), expected);
        check("q=a", "q=a");
        check(
            "q=a&page=1&sort=relevance&relax=on&utm_source=x&lang=ar",
            "q=a",
        );
        check("lang=en&q=a&calendar=hijri", "q=a&lang=en&calendar=hijri");
        check(
            "q=a&page=2&sort=newest&source=b&source=c&from=2020",
            "q=a&source=b&source=c&sort=newest&from=2020&page=2",
        );
    }

    #[test]
    fn a_change_leads_to_the_first_page() {
        let address = read("q=a&page=3&source=b");
        assert_eq!(
            address.changed(|address| toggle(&mut address.sources, "b")),
            "/search?q=a"
        );
        assert_eq!(
            address.changed(|address| toggle(&mut address.sources, "c")),
            "/search?q=a&source=b&source=c"
        );
        assert_eq!(address.page_href(2), "/search?q=a&source=b&page=2");
    }

    proptest! {
        #[test]
        fn an_address_says_all_of_it(
            query in "\\PC{0,20}",
            sources in proptest::collection::vec("[^ ]\\PC{0,9}[^ ]", 0..3),
            from in proptest::option::of("[0-9]{4}"),
            relaxes: bool,
            has_hijri: bool,
            page in 1..50usize,
        ) {
            let sources = sources.into_iter().filter(|source| !source.trim().is_empty()).collect();
            let display = Display { has_hijri, ..Display::default() };
            let address = Address {
                sources, from, sort: Order::Oldest, relaxes, page, ..Address::of(display, &query)
            };
            prop_assert_eq!(read(&address.state()), address);
        }
    }
}
