//! The model's counts as the stemmer asks for them: of one spelling, or of one beside another.
//! What follows from an answer is for the rules to say.

use crate::model::Model;
use crate::model::packed_word::PackedWord;

/// The article, alone and with what is most often before it.
const ARTICLES: [PackedWord; 4] = [
    PackedWord::of("ال"),
    PackedWord::of("لل"),
    PackedWord::of("بال"),
    PackedWord::of("وال"),
];

/// The count of an unseen word in a comparison: any word that occurs outweighs it.
const UNSEEN: f64 = 0.001;

/// The alef without hamza; the article is written with no other.
const BARE_ALEF: PackedWord = PackedWord::of("ا");

const TEH_MARBUTA: PackedWord = PackedWord::of("ة");

/// A model to be asked.
#[derive(Clone, Copy)]
pub(super) struct CountEvidence<'a> {
    model: &'a Model,
}

impl<'a> CountEvidence<'a> {
    pub(super) fn of(model: &'a Model) -> Self {
        Self { model }
    }

    pub(super) fn count(self, word: PackedWord) -> u32 {
        self.model.count_of(word)
    }

    /// Whether `word` occurs, and at least `share` times as often as `other`.
    pub(super) fn outweighs(self, word: PackedWord, share: f64, other: PackedWord) -> bool {
        let count = self.count(word);
        count > 0 && f64::from(count) >= share * self.weight(other)
    }

    /// Returns how often the word occurs, for a comparison; never zero.
    pub(super) fn weight(self, word: PackedWord) -> f64 {
        f64::from(self.count(word)).max(UNSEEN)
    }

    /// Whether the word is seen with the article: a noun or an adjective, whose letters are all its own.
    pub(super) fn takes_article(self, word: PackedWord) -> bool {
        let definite = ARTICLES.map(|article| f64::from(self.count(article.then(word))));
        definite.iter().sum::<f64>() > 0.02 * self.weight(word)
    }

    /// Whether the word is mostly written as if it began with the article: with a bare alef.
    pub(super) fn begins_with_bare_alef(self, word: PackedWord) -> bool {
        self.model.majority_of(word).first() == BARE_ALEF
    }

    /// Whether the word is mostly written with a final `ة`.
    pub(super) fn ends_in_teh_marbuta(self, word: PackedWord) -> bool {
        self.model.majority_of(word).last() == TEH_MARBUTA
    }
}
