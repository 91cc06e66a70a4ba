//! The display settings of a page: its language, and whether it shows Hijri dates as well. The
//! address contains both, and every link preserves them.
//!
//! All text of the page stands in the code in both languages side by side, so that no translation
//! is missing.

use super::Params;

/// A text in Arabic and in English.
pub type Text = (&'static str, &'static str);

/// The languages of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Language {
    #[default]
    Arabic,
    English,
}

impl Language {
    /// Returns `arabic` or `english`, depending on this language.
    pub const fn pick<'a>(self, arabic: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Arabic => arabic,
            Self::English => english,
        }
    }

    pub const fn code(self) -> &'static str {
        self.pick("ar", "en")
    }

    pub const fn direction(self) -> &'static str {
        self.pick("rtl", "ltr")
    }

    pub const fn other(self) -> Self {
        match self {
            Self::Arabic => Self::English,
            Self::English => Self::Arabic,
        }
    }

    /// Returns the name of this language, in the language itself.
    pub const fn name(self) -> &'static str {
        self.pick("العربية", "English")
    }
}

/// The display settings of a page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Display {
    pub language: Language,
    /// Whether Hijri dates are shown beside Gregorian ones.
    pub has_hijri: bool,
}

impl Display {
    /// The names of the parameters that contain the settings.
    const LANGUAGE: &'static str = "lang";
    const CALENDAR: &'static str = "calendar";

    /// Reads the settings from the parameters of an address. Unknown values count as missing.
    pub fn read(params: &mut Params) -> Self {
        let mut is =
            |name: &str, wanted: &str| params.text(name).is_some_and(|value| value == wanted);
        Self {
            language: if is(Self::LANGUAGE, "en") {
                Language::English
            } else {
                Language::Arabic
            },
            has_hijri: is(Self::CALENDAR, "hijri"),
        }
    }

    /// Whether a pair `name=value` of an address is one of the display settings.
    pub fn is_parameter(pair: &str) -> bool {
        let name = pair.split('=').next().unwrap_or_default();
        [Self::LANGUAGE, Self::CALENDAR].contains(&name)
    }

    /// Returns the settings that differ from the defaults, as names and values of parameters.
    pub fn pairs(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let language = (self.language != Language::default())
            .then_some((Self::LANGUAGE, self.language.code()));
        language
            .into_iter()
            .chain(self.has_hijri.then_some((Self::CALENDAR, "hijri")))
    }

    /// Returns `path`, a path on this server, with the settings as its parameters.
    pub fn href(self, path: &str) -> String {
        self.href_with(path, [])
    }

    /// Returns `path` with the parameters in `others`, followed by the settings.
    ///
    /// The path may come from a request. A browser takes `//host/` and `/\\host/` for the address of
    /// another server, so the path gets exactly one slash at its start.
    pub fn href_with<'a>(self, path: &str, others: impl IntoIterator<Item = &'a str>) -> String {
        let path = format!("/{}", path.trim_start_matches(['/', '\\']));
        let settings = self.pairs().map(|(name, value)| format!("{name}={value}"));
        let others = others.into_iter().map(str::to_owned);
        let pairs: Vec<String> = others.chain(settings).collect();
        if pairs.is_empty() {
            path
        } else {
            format!("{path}?{}", pairs.join("&"))
        }
    }

    /// Returns the settings with the other language.
    pub fn translated(self) -> Self {
        Self {
            language: self.language.other(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Uri;

    use super::*;

    #[test]
    fn an_address_says_how_a_page_is_shown() {
        let check = |query: &str, expected: &str| {
            let uri: Uri = format!("/help?{query}").parse().expect("an address");
            let mut params = Params::from_page_query(&uri, &[]);
            let display = Display::read(&mut params);
            assert_eq!(display.href("/help"), expected, "{query}");
            assert_eq!(display.translated().translated(), display);
        };
        check("", "/help");
        check("lang=ar&calendar=gregorian", "/help");
        check("lang=en", "/help?lang=en");
        check("calendar=hijri", "/help?calendar=hijri");
        check("calendar=hijri&lang=en", "/help?lang=en&calendar=hijri");
        check("lang=tlh&calendar=", "/help");
    }
}
