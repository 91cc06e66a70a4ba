//! Relaxations: less strict readings of a query that finds too little. An answer names the
//! relaxation that it used.
//!
//! There are two kinds. [`operator`] accepts articles that hold only some of the words. [`rewrite`]
//! changes the query: any form for `=word`, all fields for one field, words for phrases.

pub mod operator;
pub mod rewrite;

/// How a query was relaxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relaxed {
    /// Too few articles hold all words, so articles with some of them are among the hits.
    AnyWord {
        /// The number of articles that hold all words.
        with_all_words: u64,
    },
    /// Like `AnyWord`, and an article may also lack a phrase if it holds some of the words. It
    /// serves pasted text, and queries whose phrases are rare. A headline with a quotation finds
    /// articles that lack the quotation.
    AnyPart {
        /// The number of articles that hold all words and phrases.
        with_all_words: u64,
    },
    /// No article holds the words as typed, so the same words are searched in another spelling,
    /// alphabet or keyboard layout.
    Corrected,
    /// No article holds the exact forms that were typed with `=`, so other forms match.
    AnyForm,
    /// No article holds the words in the fields of the query, so they match in every field and
    /// form.
    AnyField,
}

impl Relaxed {
    /// Returns the number of articles that match the whole query as typed.
    pub const fn with_all_words(self) -> u64 {
        match self {
            Self::AnyWord { with_all_words } | Self::AnyPart { with_all_words } => with_all_words,
            Self::Corrected | Self::AnyForm | Self::AnyField => 0,
        }
    }

    /// Returns the name of the relaxation in the API. It never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AnyWord { .. } => "any_word",
            Self::AnyPart { .. } => "any_part",
            Self::Corrected => "corrected",
            Self::AnyForm => "any_form",
            Self::AnyField => "any_field",
        }
    }
}
