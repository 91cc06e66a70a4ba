//! Counts the written forms of a corpus and makes a model of the counts. The caller has found and
//! folded the words.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Form, Model, PackedWord, Separations, format};
use crate::fold::spell;

/// The maximum number of written forms in the model of a collection. It keeps the model within some
/// 100 MB of memory. 40,000 news articles have a quarter of this many forms, and most forms occur
/// once.
const MAX_FORMS: usize = 1_000_000;

/// A collection omits the hamza of a word often if this share of the word's occurrences has none.
const HASTY_SHARE: f64 = 0.15;

/// A word that occurs less often shows no habit.
const MIN_TO_JUDGE: u64 = 20;

/// The article.
const AL: PackedWord = PackedWord::of("ال");

/// Counts of the written forms of a corpus. A [`Model`] is made of them.
///
/// Invariant: the order of the additions does not change the model.
#[derive(Clone, Default)]
pub struct Counts {
    /// How often each form occurs, by folded word and spelling.
    forms: FxHashMap<(PackedWord, PackedWord), u64>,
    /// The words that the stemmer keeps apart.
    separated: Vec<(PackedWord, PackedWord)>,
}

impl Counts {
    /// Counts one occurrence of a word, given as folded and as written. Marks and tatweel are
    /// ignored. Words with other than Arabic letters are not counted, because they are not stemmed.
    pub fn add(&mut self, folded: &str, written: &str) {
        self.add_times(folded, written, 1);
    }

    /// Counts `times` occurrences of a word, given as folded and as written.
    pub(crate) fn add_times(&mut self, folded: &str, written: &str, times: u64) {
        let Some(folded) = PackedWord::pack(folded).filter(|word| *word != PackedWord::NONE) else {
            return;
        };
        let mut spelled = String::with_capacity(written.len());
        spell(written, &mut spelled);
        let written = PackedWord::pack(&spelled).filter(|written| *written != PackedWord::NONE);
        self.add_form(folded, written.unwrap_or(folded), times);
    }

    /// Returns how many occurrences were counted.
    pub fn total(&self) -> u64 {
        self.forms
            .values()
            .fold(0, |total, count| total.saturating_add(*count))
    }

    /// Adds the counts and the separations of a model, for example the base model.
    pub fn add_model(&mut self, model: &Model) {
        for form in format::decode(&model.bytes).flatten() {
            self.add_form(form.folded, form.written, u64::from(form.count()));
        }
        self.separated.extend(model.separations.pairs());
    }

    /// Adds the counts of another part of the corpus.
    pub fn merge(&mut self, other: Self) {
        if self.forms.is_empty() && self.separated.is_empty() {
            *self = other;
            return;
        }
        self.separated.extend(other.separated);
        for ((folded, written), count) in other.forms {
            self.add_form(folded, written, count);
        }
    }

    /// Subtracts `other`, whose counts must have been added before.
    pub fn subtract(&mut self, other: &Self) {
        for (form, count) in &other.forms {
            if let Some(total) = self.forms.get_mut(form) {
                *total = total.saturating_sub(*count);
                if *total == 0 {
                    self.forms.remove(form);
                }
            }
        }
    }

    /// Makes the model of a collection from these counts and the base model. Spellings with a hamza
    /// are not separated if the collection often omits it.
    pub fn finish_on_base(mut self) -> Model {
        let base = Model::base();
        let separated = base.separations.pairs();
        let spellings = separated.iter().filter(|(from, _)| has_hamza(*from));
        let hasty = self.often_bare(spellings.map(|(_, folded)| *folded).collect());
        self.add_model(&base);
        self.separated
            .retain(|(from, folded)| !has_hamza(*from) || !hasty.contains(folded));
        self.finish(MAX_FORMS)
    }

    /// Returns the words of `folded` that the collection often writes without a hamza.
    fn often_bare(&self, folded: FxHashSet<PackedWord>) -> FxHashSet<PackedWord> {
        // For each word, how often it occurs, and how often without a hamza.
        let mut counts: FxHashMap<PackedWord, [u64; 2]> = FxHashMap::default();
        for ((word, written), count) in &self.forms {
            let word = [Some(*word), word.strip_prefix(AL)].into_iter().flatten();
            for word in word.filter(|word| folded.contains(word)) {
                let [total, bare] = counts.entry(word).or_default();
                *total += count;
                *bare += if has_hamza(*written) { 0 } else { *count };
            }
        }
        let often = counts.into_iter().filter(|(_, [total, bare])| {
            *total >= MIN_TO_JUDGE && *bare as f64 >= HASTY_SHARE * *total as f64
        });
        often.map(|(word, _)| word).collect()
    }

    /// Makes a model of the `limit` commonest written forms. Of equally common forms, the first in
    /// alphabetical order stay.
    pub fn finish(self, limit: usize) -> Model {
        let mut commonest: Vec<_> = self.forms.into_iter().collect();
        if commonest.len() > limit {
            commonest.select_nth_unstable_by(limit, |(form, count), (other, other_count)| {
                other_count.cmp(count).then(form.cmp(other))
            });
            commonest.truncate(limit);
        }
        commonest.sort_unstable_by_key(|(form, _)| *form);
        let forms: Vec<_> = commonest
            .into_iter()
            .map(|((folded, written), count)| Form::new(folded, written, count))
            .collect();
        Model::from_forms(&forms, Separations::new(self.separated))
    }

    fn add_form(&mut self, folded: PackedWord, written: PackedWord, count: u64) {
        let total = self.forms.entry((folded, written)).or_default();
        *total = total.saturating_add(count);
    }
}

/// Whether a written word has a hamza on an alef.
fn has_hamza(written: PackedWord) -> bool {
    written
        .chars()
        .any(|letter| matches!(letter, 'أ' | 'إ' | 'آ'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(forms: &[(&str, &str)]) -> Counts {
        let mut counts = Counts::default();
        for (folded, exact) in forms {
            counts.add(folded, exact);
        }
        counts
    }

    const FORMS: [(&str, &str); 6] = [
        ("مدرسه", "مدرسة"),
        ("احمد", "أحمد"),
        ("باب", "باب"),
        ("احمد", "احمد"),
        ("باب", "باب"),
        ("احمد", "أحمد"),
    ];

    #[test]
    fn order_and_batches_leave_no_trace() {
        let forward = counts(&FORMS).finish(10);
        let mut backward = FORMS;
        backward.reverse();
        assert_eq!(counts(&backward).finish(10).to_bytes(), forward.to_bytes());

        let mut merged = counts(&FORMS[..2]);
        merged.merge(counts(&FORMS[2..]));
        assert_eq!(merged.finish(10).to_bytes(), forward.to_bytes());
    }

    #[test]
    fn what_is_taken_back_leaves_no_trace() {
        let mut more = counts(&FORMS);
        more.merge(counts(&[("احمد", "أحمد"), ("شمس", "شمس")]));
        more.subtract(&counts(&[("احمد", "أحمد"), ("شمس", "شمس")]));
        assert_eq!(more.total(), 6);
        assert_eq!(
            more.finish(10).to_bytes(),
            counts(&FORMS).finish(10).to_bytes()
        );
    }

    #[test]
    fn keeps_the_commonest_forms_and_breaks_ties_by_spelling() {
        let model = counts(&FORMS).finish(3);
        assert_eq!(
            [
                model.count("احمد"),
                model.count("باب"),
                model.count("مدرسه")
            ],
            [3, 2, 0]
        );
        assert_eq!(
            counts(&FORMS).finish(1).majority("احمد").as_deref(),
            Some("أحمد")
        );
    }

    #[test]
    fn adds_a_model_to_its_own_counts() {
        let mut grown = counts(&FORMS);
        grown.add_model(&counts(&FORMS).finish(10));
        assert_eq!(grown.finish(10).count("باب"), 4);
    }

    #[test]
    fn a_collection_that_omits_hamzas_separates_no_spelling() {
        let is_separated = |bare: u64| {
            let mut counts = Counts::default();
            counts.add_times("اثار", "آثار", 50);
            counts.add_times("الاثار", "الاثار", bare);
            let model = counts.finish_on_base();
            let separated = model.separations.spellings(PackedWord::of("اثار"));
            separated.count() > 0
        };
        assert!(is_separated(1));
        assert!(!is_separated(30));
        assert!(
            Model::base()
                .separations
                .spellings(PackedWord::of("اثار"))
                .count()
                > 0
        );
    }

    #[test]
    fn passes_over_what_the_stemmer_passes_over() {
        let model = counts(&[("", ""), ("bbc", "BBC"), ("2019", "2019"), ("ب1", "ب1")]).finish(10);
        assert_eq!(model.word_count(), 0);
    }

    #[test]
    fn a_spelling_has_no_marks_and_no_tatweel() {
        assert_eq!(
            counts(&[("مدرسه", "مَدْرَسـة")])
                .finish(10)
                .majority("مدرسه")
                .as_deref(),
            Some("مدرسة")
        );
    }

    #[test]
    fn a_spelling_that_does_not_match_counts_for_the_folded_word() {
        assert_eq!(
            counts(&[("لا", "ﻻ")]).finish(10).majority("لا").as_deref(),
            Some("لا")
        );
    }
}
