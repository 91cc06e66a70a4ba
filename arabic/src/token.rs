//! Tokens: the words of a text with their positions and terms. They are made by the
//! [`Analyzer`](crate::Analyzer).

use crate::Span;
use crate::form::form;
use crate::lexicon::{Lexicon, TermFilter};
use crate::segment::TokenKind;

/// A word as the index knows it.
///
/// Invariant: `surface` and `stem` are not empty, contain no white space and at most
/// [`MAX_TERM_CHARS`](crate::MAX_TERM_CHARS) characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The bytes of the word in the analysed text.
    pub span: Span,
    /// The position among the words: dense from 0. A whole (hashtag, address) shares the position
    /// of its first part.
    pub position: u32,
    /// The number of its sentence, from 0.
    pub sentence: u32,
    /// What the word is made of.
    pub kind: TokenKind,
    /// The folded word.
    pub surface: String,
    /// The stem, which the forms of one word share.
    pub stem: String,
}

/// A [`Token`] whose terms are borrowed: bulk analysis hands these out.
#[derive(Debug, Clone, Copy)]
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
#[derive(Debug, Clone, Copy)]
pub(crate) enum TermSource<'a> {
    Common { lexicon: &'a Lexicon, number: u16 },
    Own { surface: &'a str, stem: &'a str },
}

impl Token {
    /// Returns the word as it is spelled in the analysed text: the term of [`form`](form()).
    pub fn form(&self, text: &str) -> String {
        let written = self.span.slice(text);
        form(self.kind, written, &self.surface, &mut String::new()).to_owned()
    }
}

impl<'a> TokenRef<'a> {
    /// See [`Token::surface`].
    pub fn surface(self) -> &'a str {
        match self.terms {
            TermSource::Common { lexicon, number } => {
                lexicon.terms(number).map_or("", |terms| terms.surface)
            }
            TermSource::Own { surface, .. } => surface,
        }
    }

    /// See [`Token::stem`].
    pub fn stem(self) -> &'a str {
        match self.terms {
            TermSource::Common { lexicon, number } => {
                lexicon.terms(number).map_or("", |terms| terms.stem)
            }
            TermSource::Own { stem, .. } => stem,
        }
    }

    /// Returns the word as it is spelled in the analysed `text`: the term of [`form`](form()). May
    /// write it to `buffer`.
    pub fn form<'b>(self, text: &str, buffer: &'b mut String) -> &'b str
    where
        'a: 'b,
    {
        match self.terms {
            TermSource::Common { lexicon, number } => {
                lexicon.terms(number).map_or("", |terms| terms.form)
            }
            TermSource::Own { surface, .. } => {
                form(self.kind, self.span.slice(text), surface, buffer)
            }
        }
    }

    /// Returns the word's number among the [common words](crate::CommonWords) of the lexicon. Words
    /// with one number have the same terms.
    pub fn common_number(self) -> Option<u16> {
        match self.terms {
            TermSource::Common { number, .. } => Some(number),
            TermSource::Own { .. } => None,
        }
    }

    /// Returns false only if neither the stem nor the folded word was added to the filter. For
    /// common words this is fast; for others it is always true.
    pub fn may_be_in(self, filter: &TermFilter) -> bool {
        match self.terms {
            TermSource::Common { lexicon, number } => lexicon
                .term_hashes(number)
                .is_none_or(|hashes| filter.may_contain(hashes)),
            TermSource::Own { .. } => true,
        }
    }

    /// Returns the same token with its own copies of the terms.
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
