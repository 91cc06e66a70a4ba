//! The frozen word counts that the stemmer takes its evidence from, with the way each word is mostly written.
//! It holds figures about words and no text; what to do with the figures is the stemmer's business.

mod counter;
mod counts;
mod format;
mod front;
pub(crate) mod letters;
mod seen;
mod stems;
mod stored;
mod table;
mod written;

use std::convert::Infallible;
use std::fmt;
use std::iter::Peekable;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};

use sha2::{Digest, Sha256};

pub(super) use self::stems::Known;
pub use counter::WordCounter;
pub use counts::Counts;
use format::Form;
pub use format::ModelError;
use front::Front;
pub use front::WordTerms;
use letters::Letters;
use seen::KnownWord;
pub use seen::SeenWords;
use stems::Stems;
use table::{Table, Word};
pub use written::WrittenWords;

use crate::Span;
use crate::segment::CommonWord;
use crate::stem::Stemmed;
use crate::wanted::TermHashes;

/// The base model, compressed: the 100,000 commonest written forms of the ANT corpus (39,796 Arabic news articles,
/// Apache 2.0) with their counts rounded to a quarter of an octave. Figures only, no text of the articles. Made by
/// `fihrist learn articles.jsonl.xz --output index/src/analysis`.
const BASE: &[u8] = include_bytes!("base.model");

/// After so many words it pays to work out the stems of all: one by one, they took some twenty milliseconds.
const MANY_WORDS: u32 = 8_192;

/// How often each folded word was seen, and how it is mostly written.
///
/// Invariant: immutable, and equal bytes mean equal answers. Index terms depend on it, so every index is stamped
/// with the [`hash`](Self::hash) of the model that made its terms.
pub struct Model {
    bytes: Vec<u8>,
    hash: String,
    words: Table,
    /// The stem of every word seen, once it is worked out.
    stems: OnceLock<Stems>,
    /// The commonest words as they are written, once they are asked for.
    written: OnceLock<Arc<WrittenWords>>,
    /// By their places, the words that counters know.
    known_words: OnceLock<Vec<Option<KnownWord>>>,
    /// Their terms, once they are worked out.
    front: OnceLock<Front>,
    /// How many words were stemmed before.
    stemmed: AtomicU32,
}

impl Model {
    /// Returns the model that every installation starts with, decoded once per process.
    pub fn base() -> Arc<Self> {
        static MODEL: LazyLock<Arc<Model>> = LazyLock::new(|| {
            let bytes = zstd::decode_all(BASE)
                .expect("the base model is compressed when the repository is made");
            Arc::new(Model::from_bytes(&bytes).expect("a test reads the base model of every build"))
        });
        Arc::clone(&MODEL)
    }

    /// Returns the model that has seen no word: every stem then follows the light10 rules.
    pub fn empty() -> Self {
        Counts::default().finish(0)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        Ok(Self::with_words(
            bytes.to_vec(),
            Table::new(Words {
                forms: format::decode(bytes).peekable(),
            })?,
        ))
    }

    /// Returns the model's canonical form: the same counts give the same bytes, in any order of counting.
    /// Not compressed; the base model shrinks to a third.
    pub fn to_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns sixteen hexadecimal digits of the SHA-256 of the model's bytes.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns how many folded words the model has seen.
    pub fn word_count(&self) -> usize {
        self.words.len()
    }

    /// Returns how often the folded word was seen, to a quarter of an octave.
    pub fn count(&self, folded: &str) -> u32 {
        Letters::pack(folded).map_or(0, |word| self.count_of(word))
    }

    /// Returns the commonest spelling of the folded word, without marks but with its hamza, `ة` and `ى`:
    /// `ألمانيا` of `المانيا`. `None` if the word was never seen.
    pub fn majority(&self, folded: &str) -> Option<String> {
        let place = self.words.find(Letters::pack(folded)?)?;
        Some(self.words.written(place).chars().collect())
    }

    /// Returns the commonest spelling and the count of every folded word, the commonest word first.
    pub fn words(&self) -> impl Iterator<Item = (String, u32)> {
        (0..self.words.len()).map(|place| {
            (
                self.words.written(place).chars().collect(),
                self.words.count(place),
            )
        })
    }

    pub(crate) fn count_of(&self, folded: Letters) -> u32 {
        self.words
            .find(folded)
            .map_or(0, |place| self.words.count(place))
    }

    /// The commonest spelling; of a word never seen, the folded word itself.
    pub(crate) fn majority_of(&self, folded: Letters) -> Letters {
        self.words
            .find(folded)
            .map_or(folded, |place| self.words.written(place))
    }

    /// The stem of a word that the model has seen, if the stems of all of them have been worked out.
    pub(crate) fn known(&self, folded: Letters) -> Option<Known<'_>> {
        let stems = self.stems.get()?;
        self.words.find(folded).map(|place| stems.get(place))
    }

    /// Works out the stems of all words seen, with `stem_of`. The answers stay the same, they come faster.
    pub(crate) fn work_out_stems(&self, stem_of: impl Fn(Letters) -> Stemmed + Sync) {
        self.stems.get_or_init(|| {
            Stems::new(self.words.len(), |place| stem_of(self.words.folded(place)))
        });
    }

    /// The commonest words as they are written, the commonest first.
    pub fn written_words(&self) -> &Arc<WrittenWords> {
        self.written.get_or_init(|| {
            Arc::new(WrittenWords::new(
                self.commonest_written(front::MAX_WORDS)
                    .iter()
                    .map(String::as_str),
            ))
        })
    }

    /// Whether the terms of the commonest words have been worked out.
    pub(crate) fn has_front(&self) -> bool {
        self.front.get().is_some()
    }

    /// The place of a word of a text among the commonest, as it is written, if their terms have been worked out.
    pub(crate) fn common(&self, text: &str, word: Span) -> Option<usize> {
        self.front.get()?;
        self.written_words()
            .find(text.as_bytes(), word.start, word.end)
    }

    /// The words that a counter has come upon in a text, as far as they are among the commonest.
    pub(crate) fn common_of(&self, seen: &SeenWords) -> Vec<CommonWord> {
        // Who has counted nothing need not know the words of counters.
        if seen.is_empty() {
            return Vec::new();
        }
        seen.common(self.known_words.get_or_init(|| {
            let place = |word: &str| {
                u16::try_from(self.written_words().find(word.as_bytes(), 0, word.len())?).ok()
            };
            let known = |word: &str| {
                Some(KnownWord {
                    place: place(word)?,
                    size_bytes: word.len() as u16,
                })
            };
            counter::known_words().map(known).collect()
        }))
    }

    /// [`fnv1a`](crate::fnv1a) of the folded common word at a place.
    pub(crate) fn common_hash(&self, place: usize) -> Option<u64> {
        self.front.get()?.surface_hash(place)
    }

    /// Hashes of the terms of the common word at a place.
    pub(crate) fn common_hashes(&self, place: usize) -> Option<TermHashes> {
        self.front.get()?.hashes(place)
    }

    /// The terms of the common word at a place.
    pub(crate) fn common_terms(&self, place: usize) -> Option<WordTerms<'_>> {
        self.front.get()?.get(place)
    }

    /// Works out the terms of the commonest written words, with `terms_of`: surface, form and stem.
    pub(crate) fn work_out_front(&self, terms_of: impl Fn(&str) -> [String; 3]) {
        self.front
            .get_or_init(|| Front::new(self.written_words().iter().map(terms_of)));
    }

    /// So many of the commonest words as they are written, as far as a table of written words has room for them.
    fn commonest_written(&self, limit: usize) -> Vec<String> {
        let mut forms: Vec<Form> = Vec::new();
        let keep_commonest = |forms: &mut Vec<Form>| {
            // Of equally common ones those that come first stay.
            forms.sort_by_key(|form| std::cmp::Reverse(form.level));
            forms.truncate(limit);
        };
        for form in format::decode(&self.bytes)
            .flatten()
            .filter(|form| WrittenWords::has_room_for(form.written))
        {
            if forms.len() >= 2 * limit {
                keep_commonest(&mut forms);
            }
            forms.push(form);
        }
        keep_commonest(&mut forms);
        forms
            .iter()
            .map(|form| form.written.chars().collect())
            .collect()
    }

    /// Takes note that words were stemmed one by one; whether it is time, and this caller's turn, to work out all.
    pub(crate) fn has_stemmed_many(&self, word_count: u32) -> bool {
        if self.stems.get().is_some() {
            return false;
        }
        let before = self.stemmed.fetch_add(word_count, Ordering::Relaxed);
        before < MANY_WORDS && before.saturating_add(word_count) >= MANY_WORDS
    }

    /// Forms are sorted by folded word and then by spelling.
    fn from_forms(forms: &[Form]) -> Self {
        let each = forms.iter().copied().map(Ok::<_, Infallible>);
        let Ok(words) = Table::new(Words {
            forms: each.peekable(),
        });
        Self::with_words(format::encode(forms), words)
    }

    fn with_words(bytes: Vec<u8>, words: Table) -> Self {
        let digest = Sha256::digest(&bytes);
        let hash = hex::encode(&digest[..8]);
        Self {
            bytes,
            hash,
            words,
            stems: OnceLock::new(),
            written: OnceLock::new(),
            known_words: OnceLock::new(),
            front: OnceLock::new(),
            stemmed: AtomicU32::new(0),
        }
    }
}

/// The folded words of forms, each with its count and its commonest spelling.
struct Words<I: Iterator> {
    forms: Peekable<I>,
}

impl<E, I: Iterator<Item = Result<Form, E>>> Iterator for Words<I> {
    type Item = Result<Word, E>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = match self.forms.next()? {
            Ok(first) => first,
            Err(error) => return Some(Err(error)),
        };
        let (mut count, mut majority) = (first.count(), first);
        let is_same = |next: &I::Item| next.as_ref().is_ok_and(|next| next.folded == first.folded);
        while let Some(Ok(form)) = self.forms.next_if(is_same) {
            count = count.saturating_add(form.count());
            // Of equally common spellings the first in the order of the alphabet, which is the one with the hamza or
            // the `ة`: who types it means it, who leaves it out may only be in haste.
            if form.level > majority.level {
                majority = form;
            }
        }
        Some(Ok(Word {
            folded: first.folded,
            count,
            written: majority.written,
        }))
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model")
            .field("hash", &self.hash)
            .field("word_count", &self.word_count())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_model_in_this_binary_reads_and_is_canonical() {
        let base = Model::base();
        assert_eq!(
            Model::from_bytes(base.to_bytes()).map(|model| model.hash),
            Ok(base.hash.clone())
        );
        let mut again = Counts::default();
        again.add_model(&base);
        assert_eq!(again.finish(usize::MAX).hash, base.hash);
        assert!(base.word_count() > 90_000, "{} words", base.word_count());
        assert!(BASE.len() < 400_000, "{} bytes", BASE.len());
    }

    #[test]
    fn the_base_model_knows_how_words_are_written() {
        let base = Model::base();
        for (folded, written) in [
            ("المانيا", "ألمانيا"),
            ("مدرسه", "مدرسة"),
            ("الوزير", "الوزير"),
            ("علي", "على"),
        ] {
            assert_eq!(base.majority(folded).as_deref(), Some(written));
        }
        assert_eq!(base.majority("غغغغغ"), None);
    }

    #[test]
    fn the_empty_model_has_seen_nothing() {
        let empty = Model::empty();
        assert_eq!(
            (
                empty.word_count(),
                empty.count("بيت"),
                empty.count(""),
                empty.count("a")
            ),
            (0, 0, 0, 0)
        );
        assert_ne!(empty.hash(), Model::base().hash());
    }

    #[test]
    fn a_hash_is_sixteen_hexadecimal_digits() {
        let hash = Model::empty().hash;
        assert!(
            hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{hash}"
        );
    }

    #[test]
    fn a_tie_goes_to_the_spelling_with_the_hamza() {
        let mut counts = Counts::default();
        for written in ["احمد", "أحمد", "أحمد", "احمد"] {
            counts.add("احمد", written);
        }
        let model = counts.finish(10);
        assert_eq!(
            (model.count("احمد"), model.majority("احمد").as_deref()),
            (4, Some("أحمد"))
        );
    }
}
