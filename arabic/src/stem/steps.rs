//! The steps of the stemmer for one word. Both its stem and its path are taken from them, so that
//! the counts that decide them are looked up once.

use super::proclitic::{self, Split};
use super::{AL, Stemmed, suffix, verb};
use crate::{Model, PackedWord};

/// What the stemmer does with a word.
pub struct Steps {
    pub(super) word: PackedWord,
    /// The word without its proclitics.
    rest: PackedWord,
    /// The number of letters of the pronoun.
    enclitics: usize,
    /// Whether a prefix that marks the future is removed.
    is_future: bool,
    base: Base,
}

/// What the word without its clitics is.
enum Base {
    Function,
    /// A noun or adjective, with what is left after each of its endings.
    Noun([PackedWord; 4]),
    /// A form of a verb, and the perfect of the verb.
    Verb(PackedWord, PackedWord),
}

impl Steps {
    /// Looks up the counts that decide how the word is stemmed.
    pub fn of(model: &Model, word: PackedWord) -> Self {
        let split = proclitic::split(model, word);
        let rest = split.rest();
        let mut enclitics = 0;
        let mut is_future = false;
        let base = match split {
            Split::Function(_) => Base::Function,
            Split::Definite(noun) => Base::Noun(suffix::inflections(model, noun)),
            Split::Open(rest) => {
                let with_pronoun = suffix::strip_enclitic(model, rest);
                let (base, pronoun) = with_pronoun.unwrap_or((rest, PackedWord::NONE));
                enclitics = pronoun.letter_count();
                let perfect;
                (perfect, is_future) = verb::to_perfect(model, base);
                if perfect == base {
                    Base::Noun(suffix::inflections(model, base))
                } else {
                    Base::Verb(base, perfect)
                }
            }
        };
        Self {
            word,
            rest,
            enclitics,
            is_future,
            base,
        }
    }

    /// Returns what [`learn`](super::learn) returns for the word.
    pub fn stemmed(&self, model: &Model) -> Stemmed {
        let stem = match self.base {
            Base::Function => self.rest,
            Base::Noun([_, _, _, stem]) | Base::Verb(_, stem) => stem,
        };
        let letters = self.word.letter_count();
        let proclitics = letters.saturating_sub(self.rest.letter_count());
        let is_seen = [self.word, stem, AL.then(stem)]
            .iter()
            .any(|word| model.count_of(*word) > 0);
        Stemmed {
            stem: if is_seen { stem } else { PackedWord::NONE },
            proclitics: if self.word == proclitic::LILLAH {
                1
            } else {
                proclitics + usize::from(self.is_future)
            },
            enclitics: self.enclitics,
            is_verb: matches!(self.base, Base::Verb(..)),
        }
    }

    /// Returns the words that the stemmer passes through: the word without clitics first, the stem
    /// last, none twice in a row.
    pub fn path(&self, model: &Model) -> Vec<PackedWord> {
        let mut path = Vec::with_capacity(5);
        path.push(self.rest);
        match self.base {
            Base::Function => {}
            Base::Noun(inflections) => path.extend(inflections),
            Base::Verb(base, perfect) => {
                let third_person = verb::third_person(model, base).unwrap_or(base);
                path.extend([base, third_person, perfect]);
            }
        }
        path.dedup();
        path
    }
}
