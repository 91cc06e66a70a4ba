//! Counts the company of words: chooses which words and contexts are counted, and counts them in
//! articles.

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{CellRows, Companion, Company};
use crate::document::{Article, Field};
use crate::learning::graph::cooccurrence::{
    COLUMN_BITS, CooccurrenceCounts, MatrixIndices, NONE, WatchedStems,
};
use crate::learning::graph::similarity::ContextWeights;
use crate::learning::graph::{MAX_CONTEXTS, SKIPPED_CONTEXTS};
use crate::parallel::{Task, map_ranges, run_all, run_tasks};
use fihrist_arabic::{Analyzer, Model, Pretokenized, TokenKind};

/// The words of a corpus whose company is counted. Each word has a row, and the commonest stems have
/// columns.
pub struct CompanyLearner {
    /// The number and the text of the written form of each row.
    words: Vec<(u32, String)>,
    watched: WatchedStems,
}

impl CompanyLearner {
    /// Chooses the rows and columns. `words` has the words of the corpus; `analyzer` gives them the
    /// stems before any is separated.
    pub fn new(words: &Model, analyzer: &Analyzer) -> Self {
        analyzer.warm_with(run_all);
        let written: Vec<(String, u32)> = words.forms().collect();
        let rows = map_ranges(0..written.len(), |numbers| {
            let mut rows = Vec::with_capacity(numbers.len());
            for number in numbers {
                let (written, count) = &written[number];
                analyzer.for_each(written, |token| {
                    rows.push(FormRow {
                        form: token.form(written, &mut String::new()).to_owned(),
                        stem: token.stem().to_owned(),
                        number: number as u32,
                        count: *count,
                    });
                });
            }
            rows
        });
        let mut rows: Vec<FormRow> = rows.into_iter().flatten().collect();
        let mut stem_counts: FxHashMap<&str, u64> = FxHashMap::default();
        for row in &rows {
            *stem_counts.entry(&row.stem).or_default() += u64::from(row.count);
        }
        let mut contexts: Vec<(&str, u64)> = stem_counts.into_iter().collect();
        contexts
            .sort_unstable_by(|(stem, count), (other, more)| more.cmp(count).then(stem.cmp(other)));
        let contexts = contexts.iter().skip(SKIPPED_CONTEXTS).take(MAX_CONTEXTS);
        let contexts = contexts.map(|(stem, _)| (*stem).to_owned());
        let columns: FxHashMap<String, u32> = contexts.zip(0..).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.count));
        rows.truncate(MAX_ROWS);
        let mut indices = FxHashMap::with_capacity_and_hasher(rows.len(), FxBuildHasher);
        let mut words = Vec::with_capacity(rows.len());
        for (row, form) in (0..).zip(rows) {
            let column = columns.get(&form.stem).copied().unwrap_or(NONE);
            indices.insert(form.form, MatrixIndices { row, column });
            words.push((form.number, written[form.number as usize].0.clone()));
        }
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

    /// Adds the words of an article to the counts. `found` has common words of the text. The words
    /// are in the order of [`AnalyzedArticle`](crate::document::AnalyzedArticle), but need no
    /// stems.
    pub fn observe(
        article: &Article,
        analyzer: &Analyzer,
        found: &Pretokenized,
        counts: &mut CooccurrenceCounts<'_>,
    ) {
        let mut spelled = String::new();
        for field in Field::ALL {
            let mut wholes = Vec::new();
            for segment in article.segments_in(field) {
                let text = segment.slice(&article.text);
                analyzer.for_each_unstemmed_in(&article.text, segment, found, |token| {
                    if token.kind == TokenKind::Whole {
                        wholes.push(token.surface().to_owned());
                        return;
                    }
                    let number = token.common_number().map(u32::from);
                    counts.push(|| token.form(text, &mut spelled), number);
                });
            }
            wholes.iter().for_each(|whole| counts.push(|| whole, None));
            counts.end_field();
        }
    }

    /// Returns the company of the words, from the counts of all parts of the corpus.
    pub fn company(&self, parts: Vec<CooccurrenceCounts<'_>>) -> Company {
        let sort = |part: CooccurrenceCounts<'_>| {
            let (cells, occurrences) = part.into_parts();
            (CellRows::new(cells, occurrences.len()), occurrences)
        };
        let parts = parts.into_iter();
        let tasks = parts.map(|part| Box::new(move || sort(part)) as Task<'_, _>);
        let (parts, occurrences): (Vec<CellRows>, Vec<Vec<u32>>) =
            run_tasks(tasks.collect()).into_iter().unzip();
        let words = self.words.iter().enumerate().map(|(row, (form, word))| {
            let counts = occurrences.iter().map(|part| u64::from(part[row]));
            Companion {
                form: *form,
                word: word.clone(),
                occurrences: counts.sum(),
            }
        });
        let cells = parts.iter().flat_map(|part| &part.cells);
        Company {
            words: words.collect(),
            weights: ContextWeights::new(cells, COLUMN_BITS),
            parts,
        }
    }
}

/// A written form of the corpus.
struct FormRow {
    form: String,
    stem: String,
    /// The number of the written form in the model.
    number: u32,
    count: u32,
}

/// The greatest number of rows. The cells of more would not fit their keys.
const MAX_ROWS: usize = 1 << (32 - COLUMN_BITS);
