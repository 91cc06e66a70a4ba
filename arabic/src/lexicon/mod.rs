//! The words of a [`Model`] prepared for fast analysis: the stem of every word, and the terms of
//! the commonest words by number. The lexicon is computed from its model alone, so it is never
//! stored.
//!
//! A new lexicon is empty. [`warm`](Lexicon::warm) fills it, in some tenths of a second for 100,000
//! words. Before that, each word is stemmed when it occurs, with the same result.
//!
//! ```text
//! written word    number    surface    form          stem
//! في              0         في         في            في
//! الحكومة         212       الحكومه    الحكومه~اة    حكومه
//! ```

mod arabic_word;
mod common_terms;
mod common_words;
mod counter;
mod stems;
mod term_filter;

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};

pub use common_terms::WordTerms;
pub use common_words::CommonWords;
pub use counter::WordCounter;
pub use stems::Task;
pub use term_filter::TermFilter;
pub(crate) use term_filter::TermHashes;

use common_terms::CommonTerms;
use stems::Stems;

use crate::Span;
use crate::model::Model;
use crate::pretokenized::{Pretokenized, RenumberedWord};
use crate::stem::learn;

/// The number of stemmed words after which it pays to warm the lexicon. Stemming this many words
/// one by one takes some twenty milliseconds.
const MANY_WORDS: usize = 8_192;

/// A model with its cached stems and common words.
pub struct Lexicon {
    model: Arc<Model>,
    /// The stem of each word, by the index of the word in the model.
    stems: OnceLock<Stems>,
    common_words: OnceLock<Arc<CommonWords>>,
    common_terms: OnceLock<CommonTerms>,
    /// For each common word of the base model, its number in this lexicon.
    renumbered: OnceLock<Vec<Option<RenumberedWord>>>,
    /// How many words were stemmed one by one, before the stems were stored.
    stemmed_words: AtomicU32,
    /// Whether a caller has undertaken to warm the lexicon.
    is_claimed: AtomicBool,
}

impl Lexicon {
    /// Returns the lexicon of the base model, which the whole process shares.
    pub fn base() -> Arc<Self> {
        static BASE: LazyLock<Arc<Lexicon>> =
            LazyLock::new(|| Arc::new(Lexicon::new(Model::base())));
        Arc::clone(&BASE)
    }

    /// Returns the lexicon of a model. The base model has one shared lexicon; any other model gets
    /// a new one.
    pub fn of(model: Arc<Model>) -> Arc<Self> {
        if model.is_base() {
            Self::base()
        } else {
            Arc::new(Self::new(model))
        }
    }

    fn new(model: Arc<Model>) -> Self {
        Self {
            model,
            stems: OnceLock::new(),
            common_words: OnceLock::new(),
            common_terms: OnceLock::new(),
            renumbered: OnceLock::new(),
            stemmed_words: AtomicU32::new(0),
            is_claimed: AtomicBool::new(false),
        }
    }

    /// Returns the model that the lexicon is computed from.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Returns the common words of the model, as written, with their numbers.
    pub fn common_words(&self) -> &Arc<CommonWords> {
        self.common_words
            .get_or_init(|| Arc::new(CommonWords::of(&self.model)))
    }

    /// Computes the stems of all words and the terms of the common words. `run` must run all tasks
    /// before it returns.
    pub(crate) fn warm(&self, run: &dyn Fn(Vec<Task<'_>>)) {
        let model = &*self.model;
        self.stems.get_or_init(|| {
            let stem_of = |index| learn(model, model.word(index)).stem;
            Stems::new(model.word_count(), stem_of, run)
        });
        self.common_terms.get_or_init(|| {
            let words = self.common_words().iter();
            CommonTerms::new(words.map(|written| self.terms_of_arabic(written)))
        });
    }

    /// Adds to the number of words that were stemmed one by one.
    pub(crate) fn note_stemmed(&self, word_count: u32) {
        if self.stems.get().is_none() {
            self.stemmed_words.fetch_add(word_count, Ordering::Relaxed);
        }
    }

    /// Whether it pays to warm the lexicon before `upcoming_words` more words are stemmed. Returns
    /// true to one caller only.
    pub(crate) fn claim_warming(&self, upcoming_words: usize) -> bool {
        if self.stems.get().is_some() {
            return false;
        }
        let stemmed_words = self.stemmed_words.load(Ordering::Relaxed) as usize;
        stemmed_words.saturating_add(upcoming_words) >= MANY_WORDS
            && !self.is_claimed.swap(true, Ordering::Relaxed)
    }

    /// Whether the terms of the common words have been worked out.
    pub(crate) fn has_common_terms(&self) -> bool {
        self.common_terms.get().is_some()
    }

    /// Returns the number of the word at the bytes `word` of a text. Returns `None` if the word is
    /// not common, or before the terms of the common words have been computed.
    pub(crate) fn common_number(&self, text: &str, word: Span) -> Option<u16> {
        self.common_terms.get()?;
        self.common_words()
            .find(text.as_bytes(), word.start, word.end)
    }

    /// Returns the terms of a common word; `None` before they have been computed.
    pub(crate) fn terms(&self, number: u16) -> Option<WordTerms<'_>> {
        self.common_terms.get()?.get(number)
    }

    /// Returns [`fnv1a`](crate::fnv1a) of a common word after folding.
    pub(crate) fn surface_hash(&self, number: u16) -> Option<u64> {
        self.common_terms.get()?.surface_hash(number)
    }

    /// Returns the hashes of the surface and the stem of a common word.
    pub(crate) fn term_hashes(&self, number: u16) -> Option<TermHashes> {
        self.common_terms.get()?.hashes(number)
    }

    /// Converts the words that a counter noted to the numbers of this lexicon. A list from any
    /// other step is returned unchanged.
    pub(crate) fn renumber(&self, noted: &Pretokenized) -> Pretokenized {
        if !noted.is_counted() {
            return noted.clone();
        }
        noted.renumbered(self.renumbered.get_or_init(|| {
            let own = self.common_words();
            let renumber = |word: &str| {
                Some(RenumberedWord {
                    number: own.find(word.as_bytes(), 0, word.len())?,
                    size_bytes: word.len() as u16,
                })
            };
            Lexicon::base()
                .common_words()
                .iter()
                .map(renumber)
                .collect()
        }))
    }
}

impl fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lexicon").field(&self.model).finish()
    }
}
