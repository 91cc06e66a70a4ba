//! Stores the terms of one field of an article. The analyzer computes the terms.
//!
//! A common word is stored as its number, and the lexicon has its terms. For any other word, its
//! form and stem are stored in one string. For example, `قال الغريب` may be stored as:
//!
//! ```text
//! words: [41, OWN | 0]      text: "الغريبغريب"      own: [form 12 bytes, stem 8 bytes]
//! ```

use super::{Article, Field};
use fihrist_arabic::{Analyzer, Pretokenized, TokenKind, WordTerms, fnv1a, surface_of};

/// The terms of the words of one field, in reading order.
///
/// Invariant: each word has a form and a stem. Wholes (hashtags, addresses) come after the last
/// word: before it, their positions would separate the words of phrases.
#[derive(Debug, Clone)]
pub struct FieldTerms<'a> {
    analyzer: &'a Analyzer,
    /// For each word, the number of a common word, or [`OWN`] combined with an index into `own`.
    words: Vec<u32>,
    own: Vec<OwnTerms>,
    /// The form and the stem of each word that is not common, without separators.
    text: String,
}

/// The bit that marks a word whose terms are in `text` and `own`. The number of a common word has
/// only sixteen bits, so it never contains this bit.
const OWN: u32 = 1 << 31;

/// Where the form and the stem of a word are in the `text` of its [`FieldTerms`].
#[derive(Debug, Clone, Copy)]
struct OwnTerms {
    start: u32,
    form_bytes: u16,
    stem_bytes: u16,
}

/// The terms of one word: its form and its stem.
#[derive(Debug, Clone, Copy)]
pub struct WordLevels<'a> {
    field: &'a FieldTerms<'a>,
    word: u32,
}

impl<'a> WordLevels<'a> {
    /// Returns the number of the word in the analyzer's lexicon; `None` if it is not common. Words
    /// with the same number have the same terms.
    pub fn common_number(self) -> Option<u16> {
        u16::try_from(self.word).ok()
    }

    /// Returns the [`form`](fihrist_arabic::form()) of the word.
    pub fn form(self) -> &'a str {
        match self.own() {
            Some(own) => {
                let start = own.start as usize;
                &self.field.text[start..start + usize::from(own.form_bytes)]
            }
            None => self.common_terms().map_or("", |terms| terms.form),
        }
    }

    /// Returns the stem of the word.
    pub fn stem(self) -> &'a str {
        match self.own() {
            Some(own) => {
                let start = own.start as usize + usize::from(own.form_bytes);
                &self.field.text[start..start + usize::from(own.stem_bytes)]
            }
            None => self.common_terms().map_or("", |terms| terms.stem),
        }
    }

    /// Returns a hash of the folded word, for comparing the texts of articles.
    pub(super) fn surface_hash(self) -> u64 {
        let common = self
            .common_number()
            .and_then(|number| self.field.analyzer.common_hash(number));
        common.unwrap_or_else(|| fnv1a(surface_of(self.form()).as_bytes()))
    }

    fn common_terms(self) -> Option<WordTerms<'a>> {
        self.field.analyzer.common_terms(self.common_number()?)
    }

    fn own(self) -> Option<&'a OwnTerms> {
        let index = self.word.checked_sub(OWN)?;
        self.field.own.get(index as usize)
    }
}

impl<'a> FieldTerms<'a> {
    /// Analyses a field. `found` has common words of the text that are already known. The common
    /// words of the field are added to `common`.
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
        // In news, a word takes eleven bytes on average. One word in ten is not common; its form
        // and stem have about eight letters each.
        terms.words.reserve(size_bytes / 10);
        terms.own.reserve(size_bytes / 64);
        terms.text.reserve(size_bytes / 3);
        for segment in article.segments_in(field) {
            let text = segment.slice(&article.text);
            analyzer.for_each_in(&article.text, segment, found, |token| {
                match (token.kind, token.common_number()) {
                    (TokenKind::Whole, _) => wholes.push(token.surface().to_owned()),
                    (_, Some(number)) => {
                        terms.words.push(u32::from(number));
                        common.push(token.span.shifted(segment.start), number);
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

    /// Returns the number of words, including wholes.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Returns whether the field contains no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Returns the words, each with its form and stem.
    pub fn words(&self) -> impl Iterator<Item = WordLevels<'_>> {
        self.words.iter().map(|word| WordLevels {
            field: self,
            word: *word,
        })
    }

    /// Returns the forms of the words.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        self.words().map(WordLevels::form)
    }

    /// Returns the stems of the words.
    pub fn stems(&self) -> impl Iterator<Item = &str> {
        self.words().map(WordLevels::stem)
    }
}

/// Joins terms with single spaces, for a search engine with a whitespace analyzer.
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
