//! The constants of the ranking formula.

use crate::document::Field;

/// The constants of ranking. Searches use the [`Default`]; other values are for measuring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// The saturation of BM25: a small value means that a second occurrence adds little.
    pub k1: f32,
    /// How much the frequencies in long articles are lowered.
    pub b: f32,
    /// The weight of the form of the query.
    pub form: f32,
    /// The weight of another spelling of that form, if the query's word has a hamza, `ة` or `ى`. The query's own
    /// spelling has weight 1.
    pub spelling: f32,
    /// The weight of the stem.
    pub stem: f32,
    /// The weight of related stems, multiplied by the weight of their relation.
    pub related: f32,
    /// The weight of a stem of the same root group. The word's own stem has weight 1.
    pub root_groups: f32,
    /// What a word adds by being the first of an article, compared with 1 for occurring at all.
    pub lead: f32,
    /// The position at which [`lead`](Self::lead) has fallen to half.
    pub lead_half_life_words: f32,
    /// What a word adds by occurring in the best passage.
    pub passage: f32,
    /// The length of a passage in words, about a sentence.
    pub passage_words: f32,
    /// What the words of a short query add by occurring close together, as a multiple of their summed weights.
    pub together: f32,
    /// The number of words within which they are close together.
    pub together_window_words: f32,
    /// The weights of title, body and caption, in the order of [`crate::document::Field::ALL`].
    pub fields: [f32; 3],
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            k1: 0.3,
            b: 0.85,
            form: 0.3,
            spelling: 0.5,
            stem: 1.0,
            related: 1.0,
            root_groups: 0.25,
            lead: 1.0,
            lead_half_life_words: 20.0,
            passage: 0.3,
            passage_words: 30.0,
            // More than the rest of the score can be, so articles with the words close together come first.
            together: 8.0,
            together_window_words: 80.0,
            fields: [2.0, 1.0, 0.5],
        }
    }
}

impl Weights {
    /// The names of all weights.
    pub const NAMES: [&str; 16] = [
        "k1",
        "b",
        "form",
        "spelling",
        "stem",
        "related",
        "kin",
        "lead",
        "lead_half_life_words",
        "passage",
        "passage_words",
        "together",
        "together_window_words",
        "title",
        "body",
        "caption",
    ];

    /// Returns the weight of a field.
    pub const fn of(&self, field: Field) -> f32 {
        let [title, body, caption] = self.fields;
        match field {
            Field::Title => title,
            Field::Body => body,
            Field::Caption => caption,
        }
    }

    /// Returns the weight with a name.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut f32> {
        let [title, body, caption] = &mut self.fields;
        let weights = [
            &mut self.k1,
            &mut self.b,
            &mut self.form,
            &mut self.spelling,
            &mut self.stem,
            &mut self.related,
            &mut self.root_groups,
            &mut self.lead,
            &mut self.lead_half_life_words,
            &mut self.passage,
            &mut self.passage_words,
            &mut self.together,
            &mut self.together_window_words,
            title,
            body,
            caption,
        ];
        Self::NAMES
            .iter()
            .zip(weights)
            .find(|(known, _)| **known == name)
            .map(|(_, weight)| weight)
    }
}
