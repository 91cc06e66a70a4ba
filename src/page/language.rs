//! How a page is shown: in which language, and whether dates are told by the Hijri calendar as well. Both are said in its
//! address, and every link leads on in the same way.
//!
//! What a page says stands where it is said, in both languages side by side: none can be forgotten, and each is read in its
//! place.

use crate::service::params::Params;

/// The languages of the interface. Articles are in their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    Arabic,
    English,
}

impl Language {
    /// One of two texts that say the same.
    pub const fn say<'a>(self, arabic: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Arabic => arabic,
            Self::English => english,
        }
    }

    pub const fn code(self) -> &'static str {
        self.say("ar", "en")
    }

    pub const fn direction(self) -> &'static str {
        self.say("rtl", "ltr")
    }

    pub const fn other(self) -> Self {
        match self {
            Self::Arabic => Self::English,
            Self::English => Self::Arabic,
        }
    }

    /// As it calls itself.
    pub const fn name(self) -> &'static str {
        self.say("العربية", "English")
    }
}

/// How a page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Display {
    pub language: Language,
    /// Dates by the Hijri calendar beside those of the Gregorian.
    pub has_hijri: bool,
}

impl Display {
    /// The names of its parameters.
    const LANGUAGE: &'static str = "lang";
    const CALENDAR: &'static str = "calendar";

    /// Reads it from the parameters of an address; what is unknown there is as good as nothing.
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

    /// Whether a pair of an address is one of those that say it.
    pub fn tells(pair: &str) -> bool {
        let name = pair.split('=').next().unwrap_or_default();
        [Self::LANGUAGE, Self::CALENDAR].contains(&name)
    }

    /// The parameters that say it; what is usual is not said.
    pub fn pairs(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let language = (self.language != Language::default())
            .then_some((Self::LANGUAGE, self.language.code()));
        language
            .into_iter()
            .chain(self.has_hijri.then_some((Self::CALENDAR, "hijri")))
    }

    /// A path on this server with the parameters that say it.
    pub fn href(self, path: &str) -> String {
        let pairs: Vec<String> = self
            .pairs()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if pairs.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", pairs.join("&"))
        }
    }

    /// The same in the other language.
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
