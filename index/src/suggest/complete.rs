//! Completion of a half-typed word. It looks at one word, knows nothing of what others have searched for, and proposes no
//! function words, which narrow no search.

use rustc_hash::FxHashSet;

use super::clitics::{self, Proclitic};
use super::{Kind, Suggestion, Vocabulary, folded_word};
use crate::analysis::is_stop_word;

/// Of so many words for each that is asked for, enough are likely to be of different stems.
const WORDS_A_STEM: usize = 8;

impl Vocabulary {
    /// Words that begin with `prefix`, the commonest first, one for each stem: its other forms find the same articles.
    ///
    /// Where there are too few, what may be proclitics by its shape is kept and the rest completed to a core that takes them:
    /// `وبالحك` → `وبالحكومة`, though no article may hold that.
    pub fn complete(&self, prefix: &str, limit: usize) -> Vec<Suggestion> {
        let Some(prefix) = folded_word(prefix) else { return Vec::new() };
        let mut stems = FxHashSet::default();
        let mut found: Vec<Suggestion> =
            self.literal(&prefix, limit, &mut stems).map(|word| self.suggestion(word, Kind::Completion)).collect();
        for (proclitics, rest) in clitics::splits(&prefix) {
            if found.len() >= limit {
                break;
            }
            let Some(last) = clitics::last(proclitics) else { continue };
            let cores = self.cores.keys();
            let fitting = cores.starting_with(rest).filter(|core| self.takes(*core, last));
            // A core that was proposed already has its stem in the set; none is asked for twice.
            let enough = limit.saturating_add(stems.len()).saturating_mul(WORDS_A_STEM);
            for core in cores.commonest(fitting, enough) {
                let text = cores.get(core);
                if found.len() < limit && !is_stop_word(text) && stems.insert(self.stem_of_core(core)) {
                    found.push(Suggestion {
                        text: self.written(proclitics, text),
                        kind: Kind::Completion,
                        articles: cores.articles(core),
                    });
                }
            }
        }
        found
    }

    /// The commonest words that begin with `prefix`, of stems that are not yet in `stems`.
    fn literal<'a>(
        &'a self,
        prefix: &str,
        limit: usize,
        stems: &'a mut FxHashSet<u32>,
    ) -> impl Iterator<Item = u32> + 'a {
        let places = self.words.starting_with(prefix);
        let enough = limit.saturating_mul(WORDS_A_STEM);
        let mut words = self.words.commonest(places.clone(), enough);
        let stem_count = |words: &[u32]| words.iter().map(|word| self.stems.of(*word)).collect::<FxHashSet<_>>().len();
        if places.len() > enough && stem_count(&words) < limit {
            words = self.words.commonest(places, usize::MAX);
        }
        words
            .into_iter()
            .filter(|word| !is_stop_word(self.words.get(*word)) && stems.insert(self.stems.of(*word)))
            .take(limit)
    }

    /// Whether words of the index have the proclitic before the core, or one that stands before the same kind of words.
    fn takes(&self, core: u32, proclitic: Proclitic) -> bool {
        self.cores.words(core).iter().any(|word| match (proclitic, clitics::last(self.parts(*word).0)) {
            (Proclitic::Conjunction, _) => true,
            (Proclitic::Preposition, Some(Proclitic::Article)) => true,
            (_, other) => other == Some(proclitic),
        })
    }

    /// The stem of the core's commonest word.
    fn stem_of_core(&self, core: u32) -> u32 {
        self.stems.of(self.cores.commonest(core))
    }
}
