//! The model's counts as evidence: the count of one spelling, or the ratio of two counts. The rules
//! draw the conclusions.
//!
//! In a model that contains `وزير` 90 times and `زير` once, `outweighs("زير", 0.05, "وزير")` is
//! false: 1 is less than 0.05 × 90. The rule for `و` asks just this, so `وزير` keeps its `و`.

use super::ALEF;
use crate::{Model, PackedWord};

/// The article alone, and together with the commonest proclitics.
const ARTICLES: [PackedWord; 4] = PackedWord::all(["ال", "لل", "بال", "وال"]);

/// The count of an unseen word in a comparison. Every word that occurs is commoner than that.
const UNSEEN: f64 = 0.001;

const TEH_MARBUTA: PackedWord = PackedWord::of("ة");

/// The comparisons that the rules make.
impl Model {
    /// Whether `word` occurs, and its count is at least `share` times that of `other`.
    pub(super) fn outweighs(&self, word: PackedWord, share: f64, other: PackedWord) -> bool {
        let count = self.count_of(word);
        count > 0 && f64::from(count) >= share * self.weight(other)
    }

    /// Returns `word`, to which a rule strips `other`, if it [outweighs](Self::outweighs) `other`
    /// and the model does not keep the two apart.
    pub(super) fn outweighing(
        &self,
        word: PackedWord,
        share: f64,
        other: PackedWord,
    ) -> Option<PackedWord> {
        (self.outweighs(word, share, other) && !self.separates(other, word)).then_some(word)
    }

    /// Returns how often the word occurs, for a comparison; never zero.
    pub(super) fn weight(&self, word: PackedWord) -> f64 {
        f64::from(self.count_of(word)).max(UNSEEN)
    }

    /// Whether the word occurs with the article. If so, it is a noun or an adjective, and none of
    /// its letters is a clitic.
    pub(super) fn takes_article(&self, word: PackedWord) -> bool {
        let definite = ARTICLES.map(|article| f64::from(self.count_of(article.then(word))));
        definite.iter().sum::<f64>() > 0.02 * self.weight(word)
    }

    /// Whether the commonest spelling of the word begins with a bare alef, as the article does.
    pub(super) fn begins_with_bare_alef(&self, word: PackedWord) -> bool {
        self.majority_of(word).first() == ALEF
    }

    /// Whether the commonest spelling of the word ends in `ة`.
    pub(super) fn ends_in_teh_marbuta(&self, word: PackedWord) -> bool {
        self.majority_of(word).last() == TEH_MARBUTA
    }
}
