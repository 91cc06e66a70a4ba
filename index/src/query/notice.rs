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

/// The kinds of [`Notice`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeCode {
    /// A quote that no other quote closes. Its words are searched one by one.
    UnclosedQuote,
    /// Quotes with no word between them.
    EmptyPhrase,
    /// The query has no word to search for.
    NoWords,
    /// An operator that lacks an operand. It is searched as a word.
    DanglingOperator,
    /// A date that cannot be read. The search ignores it.
    UnreadableDate,
    /// A pattern with too few letters. It is searched as a plain word.
    ShortPattern,
    /// A pattern that too many words match. Only the most frequent of them are searched.
    BroadPattern,
    /// A source, section or author that no article has.
    UnknownValue,
    /// A word that no article contains in any form.
    UnknownWord,
    /// A filter or an exclusion with which the query matches nothing. Without it, or without all
    /// filters and exclusions, the query matches.
    TooNarrow,
    /// The request has settings with which the query matches nothing. With the default settings it
    /// matches.
    NarrowSettings,
    /// Each word is in some article, but no article holds all of them.
    NotTogether,
}

impl NoticeCode {
    /// Returns the name in the API. It never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnclosedQuote => "unclosed_quote",
            Self::EmptyPhrase => "empty_phrase",
            Self::NoWords => "no_words",
            Self::DanglingOperator => "dangling_operator",
            Self::UnreadableDate => "unreadable_date",
            Self::ShortPattern => "short_pattern",
            Self::BroadPattern => "broad_pattern",
            Self::UnknownValue => "unknown_value",
            Self::UnknownWord => "unknown_word",
            Self::TooNarrow => "too_narrow",
            Self::NarrowSettings => "narrow_settings",
            Self::NotTogether => "not_together",
        }
    }

    /// Returns a sentence that explains the notice to a user.
    pub const fn message(self) -> &'static str {
        match self {
            Self::UnclosedQuote => {
                "a quote is opened and not closed; its words are searched one by one"
            }
            Self::EmptyPhrase => "there is no word between the quotes",
            Self::NoWords => "there is no word to search for",
            Self::DanglingOperator => "an operator lacks an operand; it is searched as a word",
            Self::UnreadableDate => "a date cannot be read; the search ignores it",
            Self::ShortPattern => "a pattern needs at least two letters; it is searched as a word",
            Self::BroadPattern => {
                "too many words fit a pattern; only the most frequent of them are searched"
            }
            Self::UnknownValue => "no article has such a source, section or author",
            Self::UnknownWord => "no article contains this word in any form",
            Self::TooNarrow => {
                "nothing matches under this condition; something does without it, or without all conditions"
            }
            Self::NarrowSettings => {
                "nothing matches with these settings; something does with the default ones"
            }
            Self::NotTogether => {
                "each word is in some article, but no article matches the whole query"
            }
        }
    }
}
