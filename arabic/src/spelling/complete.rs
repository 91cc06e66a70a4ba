//! Completion of a half-typed word. It uses this one word only, not earlier searches. It suggests
//! no function words, because they do not narrow a search.

use rustc_hash::FxHashSet;

use super::clitics::{self, KnownProclitic};
use super::{MIN_ARTICLES, Suggestion, SuggestionKind, Vocabulary, folded_word};
use crate::is_folded_stop_word;

/// How many words are read for each requested one, so that enough of them have different stems.
const WORDS_A_STEM: usize = 8;

impl Vocabulary {
    /// Returns words that begin with `prefix`, the commonest first. Each stem has one word, because
    /// a search for it also finds the other forms.
    ///
    /// If there are too few such words, possible proclitics are split off. The rest is completed to
    /// a bare word that takes these proclitics: `وبالحك` → `وبالحكومة`, even if no article contains
    /// that word.
    pub fn complete(&self, prefix: &str, limit: usize) -> Vec<Suggestion> {
        let Some(prefix) = folded_word(prefix) else {
            return Vec::new();
        };
        let mut found = Completions {
            suggestions: Vec::new(),
            stems: FxHashSet::default(),
            limit,
        };
        let (common, rare): (Vec<u32>, Vec<u32>) = self
            .literal(&prefix, limit)
            .into_iter()
            .partition(|word| self.words.articles(*word) >= MIN_ARTICLES);
        let add = |words: Vec<u32>, found: &mut Completions| {
            for word in words {
                found.add(self.stems.of(word), || {
                    self.suggestion(word, SuggestionKind::Completion)
                });
            }
        };
        add(common, &mut found);
        for (proclitics, rest) in clitics::splits(&prefix) {
            self.complete_bare(proclitics, rest, &mut found);
        }
        add(rare, &mut found);
        found.suggestions
    }

    /// Returns the commonest words that begin with `prefix`. They have `limit` different stems if
    /// the index has that many.
    fn literal(&self, prefix: &str, limit: usize) -> Vec<u32> {
        let indices = self.words.starting_with(prefix);
        let says_something = |word: &u32| !is_folded_stop_word(self.words.get(*word));
        let enough = limit.saturating_mul(WORDS_A_STEM);
        let mut words = self.words.commonest(indices.clone(), enough);
        words.retain(says_something);
        let stems: FxHashSet<u32> = words.iter().map(|word| self.stems.of(*word)).collect();
        if indices.len() > enough && stems.len() < limit {
            words = self
                .words
                .commonest(indices.filter(says_something), usize::MAX);
        }
        words
    }

    /// Adds the commonest words that consist of the proclitics and a bare word that begins with
    /// `rest`. The bare word must take the proclitics.
    fn complete_bare(&self, proclitics: &str, rest: &str, found: &mut Completions) {
        let Some(last) = clitics::last(proclitics).filter(|_| !found.is_full()) else {
            return;
        };
        let bare_words = &self.bare_words.keys;
        let fitting = bare_words
            .starting_with(rest)
            .filter(|bare| self.takes(*bare, last));
        // Some of the bare words have stems that already have a completion.
        let enough = found
            .limit
            .saturating_add(found.stems.len())
            .saturating_mul(WORDS_A_STEM);
        for bare in bare_words.commonest(fitting, enough) {
            let text = bare_words.get(bare);
            if !is_folded_stop_word(text) {
                found.add(self.stems.of(self.bare_words.commonest(bare)), || {
                    Suggestion {
                        text: self.written(proclitics, text),
                        kind: SuggestionKind::Completion,
                        articles: bare_words.articles(bare),
                        is_same_word: false,
                    }
                });
            }
        }
    }

    /// Whether the index has the bare word after this proclitic, or after one that takes the same
    /// kind of words.
    fn takes(&self, bare: u32, proclitic: KnownProclitic) -> bool {
        self.bare_words.words(bare).iter().any(|word| {
            match (proclitic, clitics::last(self.parts(*word).0)) {
                (KnownProclitic::Conjunction, _) => true,
                (KnownProclitic::Preposition, Some(KnownProclitic::Article)) => true,
                (_, other) => other == Some(proclitic),
            }
        })
    }
}

/// The completions found so far, one for each stem.
struct Completions {
    suggestions: Vec<Suggestion>,
    stems: FxHashSet<u32>,
    limit: usize,
}

impl Completions {
    fn is_full(&self) -> bool {
        self.suggestions.len() >= self.limit
    }

    fn add(&mut self, stem: u32, suggestion: impl FnOnce() -> Suggestion) {
        if !self.is_full() && self.stems.insert(stem) {
            self.suggestions.push(suggestion());
        }
    }
}
