//! Notices: what is unusual about a query. A notice is never an error; the query is searched
//! nevertheless.

use fihrist_arabic::Span;

/// Something unusual about a query that was searched nevertheless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The kind of the notice, by which programs tell notices apart.
    pub code: NoticeCode,
    /// The span of the unusual part in the input.
    pub span: Span,
}

named! {
    /// The kinds of [`Notice`].
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum NoticeCode {
        /// A quotation mark that no other one closes. The words after it are searched one by one.
        UnclosedQuote = "unclosed_quote":
            "a quotation mark is not closed; the words after it are searched one by one",
        /// Quotation marks with no word between them.
        EmptyPhrase = "empty_phrase": "there is no word between the quotation marks",
        /// The query has no word to search for.
        NoWords = "no_words": "there is no word to search for",
        /// An operator that lacks an operand. It is searched as a word.
        DanglingOperator = "dangling_operator":
            "an operator lacks an operand; it is searched as a word",
        /// A date that cannot be read. The search ignores it.
        UnreadableDate = "unreadable_date": "a date cannot be read; the search ignores it",
        /// A pattern with too few letters. It is searched as a plain word.
        ShortPattern = "short_pattern":
            "a pattern needs at least two letters; it is searched as a word",
        /// A pattern that too many words match. Only the most frequent of them are searched.
        BroadPattern = "broad_pattern":
            "too many words fit a pattern; only the most frequent of them are searched",
        /// A source, section or author that no article has.
        UnknownValue = "unknown_value": "no article has such a source, section or author",
        /// A word that no article contains in any form.
        UnknownWord = "unknown_word": "no article contains this word in any form",
        /// A filter or an exclusion with which the query matches nothing. Without it, or without all
        /// filters and exclusions, the query matches.
        TooNarrow = "too_narrow":
            "nothing matches under this condition; something does without it, or without all conditions",
        /// The request has settings with which the query matches nothing. With the default settings it
        /// matches.
        NarrowSettings = "narrow_settings":
            "nothing matches with these settings; something does with the default ones",
        /// A function word that is ignored because the query has other words.
        IgnoredWord = "ignored_word":
            "a function word is ignored beside the other words; it counts with a sign = before it",
        /// Each word is in some article, but no article holds all of them.
        NotTogether = "not_together":
            "each word is in some article, but no article matches the whole query",
    }
}

impl Notice {
    /// Returns an English sentence about the notice. It names an ignored word. `input` is the query
    /// as typed.
    pub fn message(&self, input: &str) -> String {
        let message = self.code.message();
        match self.code {
            NoticeCode::IgnoredWord => {
                format!("{message}: {}", input.get(self.span.range()).unwrap_or(""))
            }
            _ => message.to_owned(),
        }
    }
}

impl NoticeCode {
    /// Returns a notice with this code about a span of the input.
    pub const fn at(self, span: Span) -> Notice {
        Notice { code: self, span }
    }
}
