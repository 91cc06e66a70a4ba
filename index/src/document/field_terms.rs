//! The terms of one field of an article. The analysis makes them; this module stores and returns
//! them.
//!
//! A common word is kept as its number, and the lexicon has its terms. Any other word has its form
//! and its stem in one string. `قال الغريب` may be:
//!
//! ```text
//! words: [41, OWN | 0]      text: "الغريبغريب"      own: [form 12 bytes, stem 8 bytes]
//! ```

use super::{Article, Field};
use fihrist_arabic::{Analyzer, Pretokenized, TokenKind, fnv1a, surface_of};

/// The terms of one field, in reading order.
///
/// Invariant: both levels have the same number of terms. Wholes (hashtags, addresses) stand after
/// the last word: in between, their positions would separate the words of phrases.
#[derive(Debug, Clone)]
pub struct FieldTerms<'a> {
    analyzer: &'a Analyzer,
    /// Numbers of common words, or [`OWN`] and an index into `own`.
    words: Vec<u32>,
    own: Vec<OwnTerms>,
    /// Form and stem of each word with own terms, without separators.
    text: String,
}

/// Marks a word whose terms are kept here. Numbers of common words have sixteen bits.
const OWN: u32 = 1 << 31;

/// Where form and stem of a word stand in the text of its field.
#[derive(Debug, Clone, Copy)]
struct OwnTerms {
    start: u32,
    form_bytes: u16,
    stem_bytes: u16,
}

/// The terms of one word.
#[derive(Debug, Clone, Copy)]
pub struct WordLevels<'a> {
    field: &'a FieldTerms<'a>,
    word: u32,
}

impl<'a> WordLevels<'a> {
    /// Returns the number of a word that is common in the analyzer's lexicon. Words with one number
    /// have the same terms.
    pub fn common_number(self) -> Option<u16> {
        u16::try_from(self.word).ok()
    }

    /// Returns the word as it is spelled: [`form`](fihrist_arabic::form()).
    pub fn form(self) -> &'a str {
        match self.own() {
            Some(own) => {
                let start = own.start as usize;
                &self.field.text[start..start + usize::from(own.form_bytes)]
            }
            None => self.common_terms().map_or("", |terms| terms.form),
        }
    }

    /// Returns the stem.
    pub fn stem(self) -> &'a str {
        match self.own() {
            Some(own) => {
                let start = own.start as usize + usize::from(own.form_bytes);
                &self.field.text[start..start + usize::from(own.stem_bytes)]
            }
            None => self.common_terms().map_or("", |terms| terms.stem),
        }
    }

    /// Returns a hash of the folded word, by which texts are compared.
    pub(super) fn surface_hash(self) -> u64 {
        let common = self
            .common_number()
            .and_then(|number| self.field.analyzer.common_hash(number));
        common.unwrap_or_else(|| fnv1a(surface_of(self.form()).as_bytes()))
    }

    fn common_terms(self) -> Option<fihrist_arabic::WordTerms<'a>> {
        self.field.analyzer.common_terms(self.common_number()?)
    }

    fn own(self) -> Option<&'a OwnTerms> {
        let index = self.word.checked_sub(OWN)?;
        self.field.own.get(index as usize)
    }
}

impl<'a> FieldTerms<'a> {
    /// Analyses a field. `found` are common words of the text; the common words of the field are
    /// added to `common`.
    pub(super) fn of(
        article: &Article,
        field: Field,
        analyzer: &'a Analyzer,
        found: &Pretokenized,
        common: &mut Pretokenized,
    ) -> Self {
        let mut terms = Self {
            analyzer,
            words: Vec::new(),
            own: Vec::new(),
            text: String::new(),
        };
        let mut wholes = Vec::new();
        let mut spelled = String::new();
        let size_bytes = article.size_bytes_in(field);
        // In the news a word takes eleven bytes; one in ten has terms of its own, of some eight
        // letters each.
        terms.words.reserve(size_bytes / 10);
        terms.own.reserve(size_bytes / 64);
        terms.text.reserve(size_bytes / 3);
        for segment in article.segments_in(field) {
            let text = segment.span.slice(&article.text);
            analyzer.for_each_in(&article.text, segment.span, found, |token| {
                match (token.kind, token.common_number()) {
                    (TokenKind::Whole, _) => wholes.push(token.surface().to_owned()),
                    (_, Some(number)) => {
                        terms.words.push(u32::from(number));
                        common.push(token.span.shifted(segment.span.start), number);
                    }
                    _ => terms.push(token.form(text, &mut spelled), token.stem()),
                }
            });
        }
        for whole in &wholes {
            terms.push(whole, whole);
        }
        terms
    }

    fn push(&mut self, form: &str, stem: &str) {
        self.words.push(OWN | self.own.len() as u32);
        self.own.push(OwnTerms {
            start: self.text.len() as u32,
            form_bytes: form.len() as u16,
            stem_bytes: stem.len() as u16,
        });
        self.text.push_str(form);
        self.text.push_str(stem);
    }

    /// Returns how many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Returns the words.
    pub fn words(&self) -> impl Iterator<Item = WordLevels<'_>> {
        self.words.iter().map(|word| WordLevels {
            field: self,
            word: *word,
        })
    }

    /// Returns the words as they are spelled.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        self.words().map(WordLevels::form)
    }

    /// Returns the stems.
    pub fn stems(&self) -> impl Iterator<Item = &str> {
        self.words().map(WordLevels::stem)
    }
}

/// Joins terms with single spaces, for an engine with a whitespace analyzer.
pub fn joined<'a>(terms: impl Iterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for term in terms {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(term);
    }
    joined
}
