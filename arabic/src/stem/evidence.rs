//! The model's counts as the stemmer asks for them: of one spelling, or of one beside another.
//! What follows from an answer is for the rules to say.

use crate::model::Model;
use crate::model::letters::Letters;

/// The article, alone and with what is most often before it.
const ARTICLES: [Letters; 4] = [
    Letters::of("ال"),
    Letters::of("لل"),
    Letters::of("بال"),
    Letters::of("وال"),
];

/// The count of a word never seen, when another is compared with it: whatever was seen outweighs it.
const UNSEEN: f64 = 0.001;

/// The alef without hamza; the article is written with no other.
const BARE_ALEF: Letters = Letters::of("ا");

const TEH_MARBUTA: Letters = Letters::of("ة");

/// A model to be asked.
#[derive(Clone, Copy)]
pub(super) struct Evidence<'a> {
    model: &'a Model,
}

impl<'a> Evidence<'a> {
    pub(super) fn of(model: &'a Model) -> Self {
        Self { model }
    }

    pub(super) fn count(self, word: Letters) -> u32 {
        self.model.count_of(word)
    }

    /// Whether `word` was seen, and at least `share` times as often as `other`.
    pub(super) fn outweighs(self, word: Letters, share: f64, other: Letters) -> bool {
        let count = self.count(word);
        count > 0 && f64::from(count) >= share * self.weight(other)
    }

    /// How often the word was seen, for a comparison; never zero.
    pub(super) fn weight(self, word: Letters) -> f64 {
        f64::from(self.count(word)).max(UNSEEN)
    }

    /// Whether the word is seen with the article: a noun or an adjective, whose letters are all its own.
    pub(super) fn takes_article(self, word: Letters) -> bool {
        let definite = ARTICLES.map(|article| f64::from(self.count(article.then(word))));
        definite.iter().sum::<f64>() > 0.02 * self.weight(word)
    }

    /// Whether the word is mostly written as if it began with the article: with a bare alef.
    pub(super) fn begins_with_bare_alef(self, word: Letters) -> bool {
        self.model.majority_of(word).first() == BARE_ALEF
    }

    /// Whether the word is mostly written with a final `ة`.
    pub(super) fn ends_in_teh_marbuta(self, word: Letters) -> bool {
        self.model.majority_of(word).last() == TEH_MARBUTA
    }
}
