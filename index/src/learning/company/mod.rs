//! Learns which words the stemmer must keep apart, from the company that they keep: the words
//! beside them. The stemmer strips `رياضة` (sport) to `رياض` (Riyadh) because both are common. In a
//! corpus, `رياضة` occurs near `لاعب` (player), `رياض` near `السعودية` (Saudi Arabia), so the pair
//! is separated.
//!
//! The measure is the similarity of context vectors, as for the [graph](super::graph). A word's
//! vector is that of all words which the stemmer strips to it.

mod paths;
mod rule;
mod spellings;
mod stems;

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::graph::cooccurrence::{
    COLUMN_BITS, CooccurrenceCounts, MatrixIndices, NONE, WatchedStems,
};
use super::graph::similarity::{ContextWeights, corrected, cosine};
use super::graph::{MAX_CONTEXTS, SKIPPED_CONTEXTS};
use crate::document::AnalyzedArticle;
use crate::parallel::{map_ranges, run_all};
use fihrist_arabic::{Analyzer, Counts, Model};
use paths::Paths;
use rule::{MIN_OCCURRENCES, min_similarity, other_singular};

/// A plural belongs to the other of two singulars if it is this many times as similar to it.
const NEARER: f32 = 1.2;

/// How often the steps of the stemmer are looked at for pairs to separate. After the second time,
/// hardly any are left.
const ROUNDS: usize = 3;

/// The words of a corpus whose company is counted. Each word has a row, and the commonest stems have
/// columns.
pub struct CompanyLearner {
    /// The written form of each row.
    words: Vec<String>,
    watched: WatchedStems,
}

impl CompanyLearner {
    /// Chooses the rows and columns. `words` has the words of the corpus; `analyzer` gives them the
    /// stems before any is separated.
    pub fn new(words: &Model, analyzer: &Analyzer) -> Self {
        analyzer.warm_with(run_all);
        let mut stem_counts: FxHashMap<String, u64> = FxHashMap::default();
        let mut rows: Vec<FormRow> = Vec::new();
        for (written, count) in words.forms() {
            analyzer.for_each(&written, |token| {
                *stem_counts.entry(token.stem().to_owned()).or_default() += u64::from(count);
                rows.push(FormRow {
                    form: token.form(&written, &mut String::new()).to_owned(),
                    stem: token.stem().to_owned(),
                    written: written.clone(),
                    count,
                });
            });
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.count));
        rows.truncate(MAX_ROWS);
        let mut contexts: Vec<(&String, &u64)> = stem_counts.iter().collect();
        contexts
            .sort_unstable_by(|(stem, count), (other, more)| more.cmp(count).then(stem.cmp(other)));
        let contexts = contexts.iter().skip(SKIPPED_CONTEXTS).take(MAX_CONTEXTS);
        let columns: FxHashMap<&str, u32> =
            contexts.map(|(stem, _)| stem.as_str()).zip(0..).collect();
        let mut indices = FxHashMap::default();
        for (number, row) in (0..).zip(&rows) {
            let column = columns.get(row.stem.as_str()).copied().unwrap_or(NONE);
            let row_indices = MatrixIndices {
                row: number,
                column,
            };
            indices.insert(row.form.clone(), row_indices);
        }
        let words: Vec<String> = rows.into_iter().map(|row| row.written).collect();
        Self {
            watched: WatchedStems {
                indices,
                row_count: words.len(),
                stride: 1,
            },
            words,
        }
    }

    /// Returns empty counts. Each thread may have counts of its own.
    pub fn cooccurrence_counts(&self) -> CooccurrenceCounts<'_> {
        CooccurrenceCounts::new(&self.watched)
    }

    /// Adds the words of an article to the counts.
    pub fn observe(article: &AnalyzedArticle<'_>, counts: &mut CooccurrenceCounts<'_>) {
        for terms in article.fields.iter().filter(|terms| !terms.is_empty()) {
            counts.add(terms.words().map(|word| {
                let form = move || word.form();
                (form, word.common_number().map(u32::from))
            }));
        }
    }

    /// Returns the company of the words, from the counts of the whole corpus.
    pub fn company(&self, counts: CooccurrenceCounts<'_>) -> Company {
        let (cells, occurrences) = counts.into_parts();
        Company::new(&self.words, &cells, &occurrences)
    }
}

/// The company of the words of a corpus.
pub struct Company {
    words: Vec<Companion>,
    weights: ContextWeights,
}

/// A written form of the corpus.
struct FormRow {
    form: String,
    stem: String,
    written: String,
    count: u32,
}

/// The greatest number of rows. The cells of more would not fit their keys.
const MAX_ROWS: usize = 1 << (32 - COLUMN_BITS);

/// A written form with the words beside it.
struct Companion {
    /// The form as it is written.
    word: String,
    occurrences: u64,
    /// The columns of its contexts and their counts, sorted by column.
    contexts: Vec<(u32, u32)>,
}

impl Company {
    fn new(words: &[String], cells: &[(u32, u32)], occurrences: &[u32]) -> Self {
        let weights = ContextWeights::new(cells, COLUMN_BITS);
        let mut rest = cells;
        let mut row = 0;
        let companions = words.iter().zip(occurrences).map(|(word, count)| {
            let end = rest.partition_point(|(key, _)| key >> COLUMN_BITS <= row);
            let (own, others) = rest.split_at(end);
            rest = others;
            row += 1;
            let column = |key: u32| key & ((1 << COLUMN_BITS) - 1);
            Companion {
                word: word.clone(),
                occurrences: u64::from(*count),
                contexts: own
                    .iter()
                    .map(|(key, count)| (column(*key), *count))
                    .collect(),
            }
        });
        Self {
            words: companions.collect(),
            weights,
        }
    }

    /// Separates the words and the spellings whose company differs. `max_forms` is the number of
    /// word forms that the model of the counts will have.
    pub fn separate(&self, counts: &mut Counts, max_forms: usize) {
        let mut paths = Paths::default();
        let mut separated = FxHashSet::default();
        // A step that is separated may give way to another, so the steps are looked at again.
        for _ in 0..ROUNDS {
            let model = counts.clone().finish(max_forms);
            paths.update(&self.words, &model, &separated);
            let spellings = self.separated_spellings(&model, &paths);
            let steps = self.separations(&model, &paths);
            for (from, to) in steps.into_iter().chain(spellings) {
                counts.separate(&from, &to);
                separated.extend([from, to]);
            }
        }
    }

    /// Returns the pairs of folded words that the model must separate, sorted. The stemmer of the
    /// model strips the first word of each to the second.
    fn separations(&self, model: &Model, paths: &Paths) -> Vec<(String, String)> {
        // For each word on a path, the words that the stemmer strips to it.
        let mut members: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        // For each word on a path, the words that one step strips to it.
        let mut steps: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (index, path) in paths.iter().enumerate() {
            for word in &path.folded {
                members.entry(word).or_default().push(index);
            }
            for step in path.folded.windows(2) {
                steps.entry(&step[1]).or_default().insert(&step[0]);
            }
        }
        let steps: Vec<_> = steps.into_iter().collect();
        let separated = map_ranges(0..steps.len(), |range| {
            let steps = steps[range].iter();
            let strangers = steps.map(|(to, from)| self.strangers(model, &members, to, from));
            strangers.collect::<Vec<_>>().concat()
        });
        let mut separated = separated.concat();
        separated.sort_unstable();
        separated
    }

    /// Of the words `from`, which the stemmer strips to `to`, returns those whose company differs
    /// from that of the other words that it strips to `to`. Returns each with `to`.
    fn strangers(
        &self,
        model: &Model,
        members: &FxHashMap<&str, Vec<usize>>,
        to: &str,
        from: &BTreeSet<&str>,
    ) -> Vec<(String, String)> {
        let all = &members[to];
        let total = self.occurrences(all);
        let mut contexts: Option<Vec<u32>> = None;
        let mut strangers = Vec::new();
        for word in from {
            let forms: Vec<usize> = members[word]
                .iter()
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
                let other = members.get(other.as_str())?.iter().copied();
                let other: Vec<usize> = other.filter(|form| !forms.contains(form)).collect();
                let sizes = [occurrences, self.occurrences(&other)];
                let to_other = self.similarity([&own, &self.contexts(&other)], sizes);
                Some(sizes[1] >= MIN_OCCURRENCES && to_other > NEARER * similarity)
            };
            if similarity < min_similarity || is_plural_of_other() == Some(true) {
                strangers.push(((*word).to_owned(), to.to_owned()));
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
        let mut counts = vec![0; 1 << COLUMN_BITS];
        for index in words {
            for (column, count) in &self.words[*index].contexts {
                counts[*column as usize] += count;
            }
        }
        counts
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
    use fihrist_arabic::{Counts, WordCounter};

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
        let company = learner.company(counts);
        let mut paths = Paths::default();
        paths.update(&company.words, &model, &FxHashSet::default());
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
        let stem = |counts: &Counts| {
            let path = counts.clone().finish(10).stem_path("رملة");
            path.last().cloned()
        };
        assert_eq!(stem(&counts).as_deref(), Some("رمل"));
        counts.separate("رمله", "رمل");
        assert_eq!(stem(&counts).as_deref(), Some("رمله"));
    }
}
