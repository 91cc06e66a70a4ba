//! What was odd about a query that was searched nevertheless.

use fihrist_arabic::Span;

/// Something odd about a query, which was searched nevertheless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is, for programs.
    pub code: NoticeCode,
    /// Where in the input.
    pub span: Span,
}

/// The kinds of [`Notice`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeCode {
    /// A quote opens and no quote closes it: its words are searched as words.
    UnclosedQuote,
    /// Quotes with no word between them.
    EmptyPhrase,
    /// Nothing that could be searched for.
    NoWords,
    /// `OR`, `NEAR` or the like without what it needs on both sides.
    DanglingOperator,
    /// A time that cannot be read: the query goes without it.
    UnreadableDate,
    /// A pattern of which too few letters are known: searched as a word.
    ShortPattern,
    /// A pattern that more words fit than are looked for: the commonest are.
    BroadPattern,
    /// No article has such a source, section or author.
    UnknownValue,
    /// No article holds this word in any form.
    UnknownWord,
    /// Nothing is found under this filter or exclusion; without it, or without all of them, something is.
    TooNarrow,
    /// Nothing is found with these settings; with none something is.
    NarrowSettings,
    /// Each word is found somewhere, but no article holds together what was asked for.
    NotTogether,
}

impl NoticeCode {
    /// The stable name.
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

    /// One sentence for people.
    pub const fn message(self) -> &'static str {
        match self {
            Self::UnclosedQuote => {
                "a quote is opened and not closed; its words are searched one by one"
            }
            Self::EmptyPhrase => "there is no word between the quotes",
            Self::NoWords => "there is no word to search for",
            Self::DanglingOperator => {
                "an operator lacks a word on one of its sides; it is searched as a word"
            }
            Self::UnreadableDate => "a time cannot be read; the search goes without it",
            Self::ShortPattern => "a pattern needs two letters at least; it is searched as a word",
            Self::BroadPattern => {
                "too many words fit a pattern; the commonest of them are searched for"
            }
            Self::UnknownValue => "no article has such a source, section or author",
            Self::UnknownWord => "no article holds this word in any form",
            Self::TooNarrow => {
                "nothing is found under this condition; without such conditions something is"
            }
            Self::NarrowSettings => {
                "nothing is found with these settings; with the usual ones something is"
            }
            Self::NotTogether => "no article holds together what was asked for",
        }
    }
}
