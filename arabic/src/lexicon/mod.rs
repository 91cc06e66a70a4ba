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

mod common_terms;
mod common_words;
mod counter;
mod stems;
mod term_filter;
mod terms;

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, LazyLock, OnceLock};

pub use common_terms::{CommonTerms, WordTerms};
pub use common_words::CommonWords;
pub use counter::WordCounter;
pub use stems::Task;
pub use term_filter::TermFilter;
pub use terms::{surface, write_surface};

use stems::{FoldedStem, Stems};

use crate::stem::{Steps, spelling};
use crate::{Model, NotedWords, Pretokenized};

/// A model with its cached stems and common words.
pub struct Lexicon {
    pub model: Arc<Model>,
    /// The stem of each word, by the index of the word in the model.
    stems: OnceLock<Stems>,
    common_words: OnceLock<Arc<CommonWords>>,
    /// The terms of the common words; empty until the lexicon is warm.
    pub common_terms: OnceLock<CommonTerms>,
    /// For each common word of the base model, its number in this lexicon and its size in
    /// bytes.
    renumbered: OnceLock<Vec<Option<(u16, u16)>>>,
    /// How many words were stemmed one by one, before the stems were stored.
    pub stemmed_words: AtomicU32,
    /// Whether a caller has undertaken to warm the lexicon.
    pub is_claimed: AtomicBool,
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

    /// Returns the common words of the model, as written, with their numbers.
    pub fn common_words(&self) -> &Arc<CommonWords> {
        self.common_words
            .get_or_init(|| Arc::new(CommonWords::of(&self.model)))
    }

    /// Whether the stems of all words have been computed.
    pub fn has_stems(&self) -> bool {
        self.stems.get().is_some()
    }

    /// Computes the stems of all words and the terms of the common words. `run` must run all tasks
    /// before it returns.
    pub fn warm(&self, run: &dyn Fn(Vec<Task<'_>>)) {
        let model = &*self.model;
        self.stems.get_or_init(|| {
            let stem_of = |index| {
                let steps = Steps::of(model, model.words.folded(index));
                let has_spellings = model.separations().has_spellings();
                FoldedStem {
                    stem: steps.stemmed(model).stem,
                    may_differ_by_spelling: has_spellings
                        && spelling::may_differ(model, &steps.path(model)),
                }
            };
            Stems::new(model.word_count(), stem_of, run)
        });
        self.common_terms.get_or_init(|| {
            let words = self.common_words().iter();
            CommonTerms::new(words.map(|written| self.terms_of_arabic(written)))
        });
    }

    /// Converts the common words that a [`WordCounter`] found to the numbers of this lexicon.
    pub fn renumber(&self, noted: &NotedWords) -> Pretokenized {
        noted.renumbered(self.renumbered.get_or_init(|| {
            let own = self.common_words();
            let renumber =
                |word: &str| Some((own.find(word.as_bytes(), 0, word.len())?, word.len() as u16));
            let base = Lexicon::base();
            base.common_words().iter().map(renumber).collect()
        }))
    }
}

impl fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lexicon").field(&self.model).finish()
    }
}
