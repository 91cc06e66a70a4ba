//! Learns the graph of a collection from its model and its analysed articles, and encodes it for
//! storage. The module `graph` decides which pairs the graph has.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::TrainingSize;
use super::graph::{
    CooccurrenceCounts, Graph, IrregularForm, Learner, ListedPair, Relation, irregular_forms,
};
use crate::document::AnalyzedArticle;
use crate::parallel::{map_ranges, run_all};
use fihrist_arabic::fold::folded;
use fihrist_arabic::{Analyzer, Model, Token};

/// The compression level of zstd. A higher level would hardly make a graph smaller.
const COMPRESSION_LEVEL: i32 = 3;

/// The graph that was learnt from a collection, and the number of articles and words it was learnt
/// from.
#[derive(Debug, Clone)]
pub struct CollectionGraph {
    /// The pairs that the articles of the collection confirm.
    pub graph: Arc<Graph>,
    /// The number of articles and words that the graph was learnt from.
    pub learnt: TrainingSize,
}

impl CollectionGraph {
    /// Returns the graph to search with: the pairs of the base graph and of this graph. If both
    /// pair the same two stems, the pair of this graph is used.
    pub fn on_base(&self) -> Graph {
        Graph::merge(&Graph::base(), &self.graph)
    }

    /// Returns the bytes to store: a line with a JSON object, which has the numbers of articles and
    /// words, then the compressed pairs.
    pub fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(&self.learnt)?;
        bytes.push(b'\n');
        bytes.extend(self.graph.to_compressed(COMPRESSION_LEVEL)?);
        Ok(bytes)
    }

    /// Decodes the bytes of [`to_bytes`](Self::to_bytes); fails for any others.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let end = bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or("it has no first line")?;
        let (heading, pairs) = bytes.split_at(end);
        Ok(Self {
            learnt: serde_json::from_slice(heading)?,
            graph: Arc::new(Graph::from_compressed(&pairs[1..])?),
        })
    }
}

/// A word of a written form of a collection.
#[derive(Debug, Clone)]
pub struct StemmedWord {
    /// The number of the written form in the model of the collection.
    pub form: u32,
    /// The folded word.
    pub surface: String,
    /// The stem of the word.
    pub stem: String,
    /// How often the written form occurs.
    pub count: u32,
}

/// Returns the words of the model, in order, with the stems that the analyzer gives them.
pub fn stemmed_words(words: &Model, analyzer: &Analyzer) -> Vec<StemmedWord> {
    // It is several times faster to stem all words at once than one by one.
    analyzer.warm_with(run_all);
    let written: Vec<(String, u32)> = words.forms().collect();
    let stemmed = map_ranges(0..written.len(), |numbers| {
        let mut stemmed = Vec::with_capacity(numbers.len());
        for number in numbers {
            let (written, count) = &written[number];
            analyzer.for_each(written, |token| {
                stemmed.push(StemmedWord {
                    form: number as u32,
                    surface: token.surface().to_owned(),
                    stem: token.stem().to_owned(),
                    count: *count,
                });
            });
        }
        stemmed
    });
    stemmed.into_iter().flatten().collect()
}

/// Returns the learner of a collection's graph. It gets the words of the model, with the stems that
/// the analyzer gives them.
pub fn graph_learner(words: &Model, analyzer: &Analyzer) -> Learner {
    learner_of(&stemmed_words(words, analyzer), analyzer)
}

/// Returns the learner of a collection's graph, from the words that the analyzer has stemmed.
pub fn learner_of(stemmed: &[StemmedWord], analyzer: &Analyzer) -> Learner {
    let is_separated = |one: &str, other: &str| analyzer.model().is_separated(one, other);
    let words = stemmed.iter();
    let words = words.map(|word| (&*word.surface, &*word.stem, u64::from(word.count)));
    Learner::new(words, &listed_pairs(analyzer), is_separated)
}

/// Returns the pairs of the list of irregular words as the stems that the analyzer gives them. A
/// pair is left out if one of its stems is the stem of another word.
fn listed_pairs(analyzer: &Analyzer) -> Vec<ListedPair> {
    let token = |word: &str| analyzer.analyze(word).pop();
    let base_stems: FxHashSet<String> = irregular_forms()
        .filter_map(|irregular| Some(token(irregular.base)?.stem))
        .collect();
    let pair = |irregular: IrregularForm| {
        let (form, base) = (token(irregular.form)?, token(irregular.base)?);
        let ending = base.surface.strip_prefix(&*folded(&base.stem))?;
        let is_plural = irregular.relation == Relation::Plural;
        let is_whole = folded(&form.stem) == form.surface || is_feminine_plural(&form);
        let fits = matches!(ending, "" | "ه")
            && (is_whole || !is_plural || form.surface.ends_with("ات"))
            && !base_stems.contains(&form.stem);
        fits.then_some(ListedPair {
            is_whole: is_whole && ending.is_empty(),
            form: form.stem,
            base: base.stem,
            relation: irregular.relation,
        })
    };
    irregular_forms().filter_map(pair).collect()
}

/// Returns whether the stem of a plural in `ات` is its singular in `ه`.
fn is_feminine_plural(token: &Token) -> bool {
    token.stem.ends_with('ه') && token.surface.ends_with("ات")
}

/// Adds the stems of an article to the co-occurrence counts.
pub fn observe(article: &AnalyzedArticle<'_>, cooccurrence_counts: &mut CooccurrenceCounts<'_>) {
    for terms in article.fields.iter().filter(|terms| !terms.is_empty()) {
        cooccurrence_counts.add(
            terms
                .words()
                .map(|word| (move || word.stem(), word.common_number().map(u32::from))),
        );
    }
}

/// Merges the co-occurrence counts of several threads, and returns the graph that they confirm.
pub fn finish_graph<'a>(learner: &'a Learner, mut parts: Vec<CooccurrenceCounts<'a>>) -> Graph {
    let mut all = learner.cooccurrence_counts();
    std::thread::scope(|scope| {
        for part in &mut parts {
            scope.spawn(|| part.flush());
        }
    });
    parts.into_iter().for_each(|part| all.merge(part));
    learner.finish(all)
}
