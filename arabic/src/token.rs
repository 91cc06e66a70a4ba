//! Tokens: the words of a text with their positions and terms. The [`Analyzer`](crate::Analyzer)
//! makes them.

use crate::lexicon::CommonTerms;
use crate::{Span, TermFilter, TokenKind, form};

/// A word of a text after analysis.
///
/// Invariant: `surface` and `stem` are not empty, contain no white space and at most
/// [`MAX_TERM_CHARS`](crate::MAX_TERM_CHARS) characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The range of the word's bytes in the analysed text.
    pub span: Span,
    /// The number of the word in the text, from 0 without gaps. A whole hashtag, handle or address
    /// has the position of its first part.
    pub position: u32,
    /// The number of the sentence that contains the word, from 0.
    pub sentence: u32,
    /// The kind of the word, by the characters it is made of.
    pub kind: TokenKind,
    /// The folded word.
    pub surface: String,
    /// The stem: the term that the forms of one word share.
    pub stem: String,
}

/// A [`Token`] whose terms are borrowed, so that analysis allocates nothing per token.
#[derive(Clone, Copy)]
pub struct TokenRef<'a> {
    /// See [`Token::span`].
    pub span: Span,
    /// See [`Token::position`].
    pub position: u32,
    /// See [`Token::sentence`].
    pub sentence: u32,
    /// See [`Token::kind`].
    pub kind: TokenKind,
    pub(crate) terms: TermSource<'a>,
}

/// Where the terms of a token come from. The terms of a common word are looked up on request only.
#[derive(Clone, Copy)]
pub enum TermSource<'a> {
    Common(&'a CommonTerms, u16),
    Own { surface: &'a str, stem: &'a str },
}

impl Token {
    /// Returns the [`form`](form()) of the word: its term as it is spelled in `text`, the analysed
    /// text.
    pub fn form(&self, text: &str) -> String {
        let written = self.span.slice(text);
        form(self.kind, written, &self.surface, &mut String::new()).to_owned()
    }
}

impl<'a> TokenRef<'a> {
    /// See [`Token::surface`].
    pub fn surface(self) -> &'a str {
        match self.terms {
            TermSource::Common(terms, number) => terms.get(number).unwrap_or_default().surface,
            TermSource::Own { surface, .. } => surface,
        }
    }

    /// See [`Token::stem`].
    pub fn stem(self) -> &'a str {
        match self.terms {
            TermSource::Common(terms, number) => terms.get(number).unwrap_or_default().stem,
            TermSource::Own { stem, .. } => stem,
        }
    }

    /// Returns the [`form`](form()) of the word: its term as it is spelled in `text`, the analysed
    /// text. The form may be written to `buffer`.
    pub fn form<'b>(self, text: &str, buffer: &'b mut String) -> &'b str
    where
        'a: 'b,
    {
        match self.terms {
            TermSource::Common(terms, number) => terms.get(number).unwrap_or_default().form,
            TermSource::Own { surface, .. } => {
                form(self.kind, self.span.slice(text), surface, buffer)
            }
        }
    }

    /// Returns the word's number among the [common words](crate::CommonWords) of the lexicon.
    /// Returns `None` for other words, and before the lexicon is warm. Words with the same number
    /// have the same terms.
    pub fn common_number(self) -> Option<u16> {
        match self.terms {
            TermSource::Common(_, number) => Some(number),
            TermSource::Own { .. } => None,
        }
    }

    /// Returns false only if neither the stem nor the folded word was added to the filter. The
    /// check is fast for common words; for other words the result is always true.
    pub fn may_be_in(self, filter: &TermFilter) -> bool {
        match self.terms {
            TermSource::Common(terms, number) => terms
                .hashes(number)
                .is_none_or(|hashes| filter.may_contain(hashes)),
            TermSource::Own { .. } => true,
        }
    }

    /// Returns a token that owns its terms.
    pub fn to_owned(self) -> Token {
        Token {
            span: self.span,
            position: self.position,
            sentence: self.sentence,
            kind: self.kind,
            surface: self.surface().to_owned(),
            stem: self.stem().to_owned(),
        }
    }
}
