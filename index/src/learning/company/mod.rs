//! Learns which words the stemmer must keep apart, from the company that they keep: the words
//! beside them. The stemmer strips `رياضة` (sport) to `رياض` (Riyadh) because both are common. In a
//! corpus, `رياضة` occurs near `لاعب` (player), `رياض` near `السعودية` (Saudi Arabia), so the pair
//! is separated.
//!
//! The measure is the similarity of context vectors, as for the [graph](super::graph). A word's
//! vector is that of all words which the stemmer strips to it.

mod grouped;
mod learner;
mod paths;
mod rule;
mod spellings;
mod stems;

use super::graph::cooccurrence::COLUMN_BITS;
use super::graph::similarity::{ContextWeights, corrected, cosine};
use crate::parallel::map_uneven;
use fihrist_arabic::Model;
use grouped::Grouped;
pub use learner::CompanyLearner;
use paths::Paths;
use rule::{MIN_OCCURRENCES, min_similarity, other_singular};

/// A plural belongs to the other of two singulars if it is this many times as similar to it.
const NEARER: f32 = 1.2;

/// How often the steps of the stemmer are looked at for pairs to separate. After the second time,
/// hardly any are left.
const ROUNDS: usize = 3;

/// The company of the words of a corpus.
pub struct Company {
    words: Vec<Companion>,
    /// The contexts that each thread has counted. They are added up for a word only when it is
    /// compared.
    parts: Vec<CellRows>,
    weights: ContextWeights,
}

const COLUMN_COUNT: usize = 1 << COLUMN_BITS;

/// A written form whose company is known.
struct Companion {
    /// The number of the form in the model of the corpus.
    form: u32,
    /// The form as it is written.
    word: String,
    occurrences: u64,
}

/// Counted cells, by row.
struct CellRows {
    /// The index in `cells` at which each row starts, and after the last row their number.
    starts: Vec<usize>,
    /// The keys of the cells and their counts, sorted by key.
    cells: Vec<(u32, u32)>,
}

impl CellRows {
    fn new(cells: Vec<(u32, u32)>, row_count: usize) -> Self {
        let mut starts = vec![0; row_count + 1];
        for (key, _) in &cells {
            starts[(key >> COLUMN_BITS) as usize + 1] += 1;
        }
        for row in 0..row_count {
            starts[row + 1] += starts[row];
        }
        Self { starts, cells }
    }

    /// Returns the columns of a row and their counts.
    fn row(&self, row: usize) -> impl Iterator<Item = (usize, u32)> {
        let cells = self.cells[self.starts[row]..self.starts[row + 1]].iter();
        cells.map(|(key, count)| (*key as usize % COLUMN_COUNT, *count))
    }
}

impl Company {
    /// Separates the words and the spellings whose company differs. `model` is that of the corpus;
    /// the result has the separations, too.
    pub fn separate(&self, model: &Model) -> Model {
        let mut model = model.separating([]);
        let mut paths = Paths::default();
        let mut separated = Vec::new();
        // A step that is separated may give way to another, so the steps are looked at again.
        for _ in 0..ROUNDS {
            paths.update(&self.words, &model, &separated);
            let first_new = separated.len();
            separated.extend(self.separated_spellings(&model, &paths));
            separated.extend(self.separations(&model, &paths));
            let new = separated[first_new..].iter();
            model = model.separating(new.map(|(from, to)| (from.as_str(), to.as_str())));
        }
        model
    }

    /// Returns the pairs of folded words that the model must separate. The stemmer of the model
    /// strips the first word of each to the second. Pairs that an earlier round has found may be
    /// left out.
    fn separations(&self, model: &Model, paths: &Paths) -> Vec<(String, String)> {
        // For each word on a path, the words that the stemmer strips to it.
        let members = paths.iter().enumerate().flat_map(|(index, path)| {
            let words = path.folded.iter();
            words.map(move |word| (*word, index))
        });
        let members = Grouped::new(paths.word_count(), members);
        let may_have_changed = |(to, from): &(u32, u32)| {
            let other = || paths.number(&other_singular(paths.text(*from), paths.text(*to))?);
            [*to, *from]
                .into_iter()
                .chain(other())
                .any(|word| paths.has_changed(word))
        };
        let steps = paths.iter().flat_map(|path| path.folded.windows(2));
        let steps = steps.map(|step| (step[1], step[0]));
        let mut steps: Vec<(u32, u32)> = steps.filter(may_have_changed).collect();
        steps.sort_unstable();
        steps.dedup();
        let steps: Vec<&[(u32, u32)]> = steps.chunk_by(|one, next| one.0 == next.0).collect();
        let separated = map_uneven(0..steps.len(), |range| {
            let steps = steps[range].iter();
            let strangers = steps.map(|steps| self.strangers(model, paths, &members, steps));
            strangers.collect::<Vec<_>>().concat()
        });
        separated.concat()
    }

    /// Of the words that steps of the stemmer strip to one word, returns those whose company
    /// differs from that of the other words that it strips to this word. Returns each with this
    /// word, which is the first of each step.
    fn strangers(
        &self,
        model: &Model,
        paths: &Paths,
        members: &Grouped<usize>,
        steps: &[(u32, u32)],
    ) -> Vec<(String, String)> {
        let all = members.get(steps[0].0);
        let to = paths.text(steps[0].0);
        let total = self.occurrences(all);
        let mut contexts: Option<Vec<u32>> = None;
        let mut strangers = Vec::new();
        for (_, from) in steps {
            let word = paths.text(*from);
            let forms = members.get(*from).iter();
            let forms: Vec<usize> = forms
                .filter(|form| all.binary_search(form).is_ok())
                .copied()
                .collect();
            let occurrences = self.occurrences(&forms);
            if occurrences.min(total - occurrences) < MIN_OCCURRENCES {
                continue;
            }
            let min_similarity = min_similarity(model, word, to);
            if min_similarity <= 0.0 {
                continue;
            }
            let contexts = contexts.get_or_insert_with(|| self.contexts(all));
            let own = self.contexts(&forms);
            let others: Vec<u32> = contexts
                .iter()
                .zip(&own)
                .map(|(all, own)| all - own)
                .collect();
            let sizes = [occurrences, total - occurrences];
            let similarity = self.similarity([&own, &others], sizes);
            let is_plural_of_other = || {
                let other = other_singular(word, to)?;
                let other = members.get(paths.number(&other)?).iter().copied();
                let other: Vec<usize> = other.filter(|form| !forms.contains(form)).collect();
                let sizes = [occurrences, self.occurrences(&other)];
                let to_other = self.similarity([&own, &self.contexts(&other)], sizes);
                Some(sizes[1] >= MIN_OCCURRENCES && to_other > NEARER * similarity)
            };
            if similarity < min_similarity || is_plural_of_other() == Some(true) {
                strangers.push((word.to_owned(), to.to_owned()));
            }
        }
        strangers
    }

    /// Returns the corrected similarity of two groups of words, from their contexts and occurrences.
    fn similarity(&self, contexts: [&[u32]; 2], occurrences: [u64; 2]) -> f32 {
        let [one, other] = contexts.map(|contexts| self.vector(contexts));
        corrected(cosine(&one, &other), occurrences)
    }

    fn occurrences(&self, words: &[usize]) -> u64 {
        words
            .iter()
            .map(|index| self.words[*index].occurrences)
            .sum()
    }

    /// Returns the count of each context of several words together, by its column.
    fn contexts(&self, words: &[usize]) -> Vec<u32> {
        let mut counts = vec![0; COLUMN_COUNT];
        for word in words {
            self.cells(*word)
                .for_each(|(column, count)| counts[column] += count);
        }
        counts
    }

    /// Returns the contexts of a word and their counts. A context may come several times.
    fn cells(&self, word: usize) -> impl Iterator<Item = (usize, u32)> {
        self.parts.iter().flat_map(move |part| part.row(word))
    }

    /// Returns the context vector of the counts of all contexts.
    fn vector(&self, contexts: &[u32]) -> Vec<(u32, f32)> {
        let cells = (0..).zip(contexts.iter().copied());
        self.weights.vector(cells.filter(|(_, count)| *count > 0))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use fihrist_arabic::{Analyzer, Counts, WordCounter};

    /// Returns the separated words of a corpus that has each of these sentences forty times.
    fn separations(sentences: &[&str]) -> Vec<(String, String)> {
        let (company, model, paths) = company(sentences);
        company.separations(&model, &paths)
    }

    /// Returns the separated spellings of a corpus that has each of these sentences forty times.
    fn spellings(sentences: &[&str]) -> Vec<(String, String)> {
        let (company, model, paths) = company(sentences);
        company.separated_spellings(&model, &paths)
    }

    fn company(sentences: &[&str]) -> (Company, Arc<Model>, Paths) {
        // The twenty most frequent stems are no contexts. These words occur nowhere else.
        let letters = ('ب'..='ي').filter(|letter| letter.is_alphabetic());
        let common: Vec<String> = letters
            .take(20)
            .map(|letter| format!("ط{letter}ط"))
            .collect();
        let mut counter = WordCounter::default();
        for _ in 0..40 {
            sentences.iter().for_each(|text| {
                counter.add_text(text);
            });
            for _ in 0..10 {
                counter.add_text(&common.join(" "));
            }
        }
        let counts: Counts = counter.finish();
        let model = Arc::new(counts.finish(1_000));
        let analyzer = Analyzer::new(Arc::clone(&model));
        let learner = CompanyLearner::new(&model, &analyzer);
        let mut counts = learner.cooccurrence_counts();
        for text in sentences.iter().cycle().take(40 * sentences.len()) {
            let tokens = analyzer.analyze(text);
            let forms: Vec<String> = tokens.iter().map(|token| token.form(text)).collect();
            counts.add(forms.iter().map(|form| (|| form.as_str(), None)));
        }
        let company = learner.company(vec![counts]);
        let mut paths = Paths::default();
        paths.update(&company.words, &model, &[]);
        (company, model, paths)
    }

    #[test]
    fn a_word_with_other_company_is_separated() {
        let strangers = ["شاطئ رملة موج", "مصنع رمل خلاط", "مصنع رمل خلاط"];
        let expected = [("رمله".to_owned(), "رمل".to_owned())];
        assert_eq!(separations(&strangers), expected);
    }

    #[test]
    fn a_word_with_the_same_company_is_not() {
        let others = "مصنع حديد خلاط عامل كتب رسالة طويلة";
        let forms = ["شاطئ رملة موج", "شاطئ رمل موج", "شاطئ رمل موج", others];
        assert_eq!(separations(&forms), []);
    }

    #[test]
    fn a_spelling_with_other_company_is_separated() {
        let flags = "سارية أعلام ملونة";
        let press = "صحافة إعلام مرئي";
        let texts = [flags, press, press, "مصنع حديد خلاط"];
        let found = spellings(&texts);
        assert_eq!(found, [("أعلام".to_owned(), "اعلام".to_owned())]);
        let alike = [
            "صحافة أعلام مرئي",
            press,
            press,
            flags.replace("أعلام", "رايات").leak(),
        ];
        assert_eq!(spellings(&alike), []);
    }

    #[test]
    fn separated_words_have_different_stems() {
        let mut counts = Counts::default();
        for (word, count) in [("رمل", 9), ("رملة", 5)] {
            (0..count).for_each(|_| counts.add(&word.replace('ة', "ه"), word));
        }
        let stem = |model: &Model| {
            let stem = model.stem_path("رملة").folded.pop();
            stem.map(|stem| stem.chars().collect::<String>())
        };
        let model = counts.finish(10);
        assert_eq!(stem(&model).as_deref(), Some("رمل"));
        let model = model.separating([("رمله", "رمل")]);
        assert_eq!(stem(&model).as_deref(), Some("رمله"));
    }
}
