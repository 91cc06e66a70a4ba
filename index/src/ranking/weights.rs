//! The constants of the ranking formula.

use crate::document::Field;
use crate::query::QueryTerm;

/// The constants of the ranking formula. Searches use the [`Default`]; other values serve to
/// measure their effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// The `k1` of BM25: the smaller it is, the less a further occurrence adds.
    pub k1: f32,
    /// The `b` of BM25, from 0 to 1: how strongly the length of an article lowers its frequencies.
    pub b: f32,
    /// The weight of the BM25 score of the word's form.
    pub form: f32,
    /// The weight of an occurrence in another spelling, if the query's word is typed with hamza,
    /// `ة` or `ى`. An occurrence in the typed spelling has weight 1.
    pub spelling: f32,
    /// What the typed spelling of a word adds if another spelling competes with it, as a multiple of
    /// its inverse document frequency and of
    /// [`typed_first`](crate::query::QueryTerm::typed_first).
    pub typed_spelling: f32,
    /// The weight of the BM25 score of the word's stem.
    pub stem: f32,
    /// The weight of an occurrence of a related stem. The weight of its relation multiplies it.
    pub related: f32,
    /// The weight of an occurrence of a stem of the same root group. The word's own stem has weight
    /// 1.
    pub root_groups: f32,
    /// What a word adds if it is the first word of an article, as a multiple of its inverse
    /// document frequency.
    pub lead: f32,
    /// The position, in words, at which [`lead`](Self::lead) adds half as much.
    pub lead_half_life_words: f32,
    /// What the words of the best passage add, as a multiple of their summed inverse document
    /// frequencies.
    pub passage: f32,
    /// The length of a passage in words. It is about a sentence.
    pub passage_words: f32,
    /// What the words of a short query add by occurring close together, as a multiple of their
    /// summed inverse document frequencies.
    pub together: f32,
    /// The length in words of a window. Words that all occur within such a window are close
    /// together.
    pub together_window_words: f32,
    /// The weights of title, body and caption, in the order of [`crate::document::Field::ALL`].
    pub fields: [f32; 3],
}

impl Default for Weights {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Weights {
    /// The constants that searches use.
    pub const DEFAULT: Self = Self {
        k1: 0.3,
        b: 0.85,
        form: 0.3,
        spelling: 0.5,
        // The rest of the score of a word is always lower, so articles with the typed spelling of a
        // single word come first.
        typed_spelling: 4.0,
        stem: 1.0,
        related: 1.0,
        root_groups: 0.25,
        lead: 1.0,
        lead_half_life_words: 20.0,
        passage: 0.3,
        passage_words: 30.0,
        // The rest of the score is always lower, so articles with the words close together come
        // first.
        together: 8.0,
        together_window_words: 80.0,
        fields: [2.0, 1.0, 0.5],
    };

    /// Returns the names of all weights, as [`get_mut`](Self::get_mut) takes them.
    pub fn names() -> [&'static str; 17] {
        Self::default().named().map(|(name, _)| name)
    }

    /// Returns the weight with a name; `None` if no weight has it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut f32> {
        let mut named = self.named().into_iter();
        named.find_map(|(known, weight)| (known == name).then_some(weight))
    }

    /// Returns the boost of a word's typed spelling when candidates are found. A backend's BM25
    /// ranges more widely than the score, so the boost is higher than the weight in the score.
    pub fn typed_spelling_of_candidates(&self, word: &QueryTerm) -> f32 {
        2.0 * self.typed_spelling * word.typed_first
    }

    /// Returns the weight of a field.
    pub const fn of(&self, field: Field) -> f32 {
        self.fields[field as usize]
    }

    fn named(&mut self) -> [(&'static str, &mut f32); 17] {
        let [title, body, caption] = &mut self.fields;
        [
            ("k1", &mut self.k1),
            ("b", &mut self.b),
            ("form", &mut self.form),
            ("spelling", &mut self.spelling),
            ("typed_spelling", &mut self.typed_spelling),
            ("stem", &mut self.stem),
            ("related", &mut self.related),
            ("kin", &mut self.root_groups),
            ("lead", &mut self.lead),
            ("lead_half_life_words", &mut self.lead_half_life_words),
            ("passage", &mut self.passage),
            ("passage_words", &mut self.passage_words),
            ("together", &mut self.together),
            ("together_window_words", &mut self.together_window_words),
            ("title", title),
            ("body", body),
            ("caption", caption),
        ]
    }
}
