//! The graph of a collection: which words of its articles keep the same company. It says what to watch, looks at analysed
//! articles and is stored beside a generation; what the graph is for, and which pairs it confirms, is decided elsewhere.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::TrainingSize;
use super::graph::{CooccurrenceCounts, Graph, Learner};
use crate::document::AnalyzedArticle;
use crate::parallel::map_ranges;
use fihrist_arabic::{Analyzer, Model};

/// Pairs that shrink little, and are written now and then.
const COMPRESSION_LEVEL: i32 = 3;

/// What a collection has taught about its own words.
#[derive(Debug, Clone)]
pub struct CollectionGraph {
    /// The pairs that its articles confirm.
    pub graph: Arc<Graph>,
    /// What it was learnt from.
    pub learnt: TrainingSize,
}

/// The first line of a stored graph.
#[derive(Serialize, Deserialize)]
struct Heading {
    articles: u64,
    words: u64,
}

impl CollectionGraph {
    /// The pairs to search with: those that every installation has, and these, which outweigh them.
    pub fn on_base(&self) -> Graph {
        Graph::merge(&Graph::base(), &self.graph)
    }

    /// As it is stored: what it was learnt from, a JSON object on a line, then the compressed pairs.
    pub fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(&Heading {
            articles: self.learnt.articles,
            words: self.learnt.words,
        })?;
        bytes.push(b'\n');
        bytes.extend(self.graph.to_compressed(COMPRESSION_LEVEL)?);
        Ok(bytes)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; anything else is an error that says what it is not.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let end = bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or("it has no first line")?;
        let (heading, pairs) = bytes.split_at(end);
        let Heading { articles, words } = serde_json::from_slice(heading)?;
        let graph = Graph::from_compressed(&pairs[1..])?;
        Ok(Self {
            graph: Arc::new(graph),
            learnt: TrainingSize { articles, words },
        })
    }
}

/// What to watch in articles of these words, whose stems the analyzer of their index makes.
pub fn graph_learner(words: &Model, analyzer: &Analyzer) -> Learner {
    // All stems at once are several times as fast as one by one.
    analyzer.warm();
    let written: Vec<(String, u32)> = words.words().collect();
    let known = map_ranges(0..written.len(), |places| {
        let mut known = Vec::with_capacity(places.len());
        for (written, count) in &written[places] {
            analyzer.for_each(written, |token| {
                known.push((
                    token.surface().to_owned(),
                    token.stem().to_owned(),
                    u64::from(*count),
                ));
            });
        }
        known
    });
    Learner::new(known.into_iter().flatten())
}

/// Takes in the stems of an article.
pub fn observe(article: &AnalyzedArticle<'_>, cooccurrence_counts: &mut CooccurrenceCounts<'_>) {
    for terms in article.fields.iter().filter(|terms| !terms.is_empty()) {
        cooccurrence_counts.add(
            terms
                .words()
                .map(|word| (move || word.stem(), word.common())),
        );
    }
}

/// The graph of what several threads have seen together.
pub fn finish_graph<'a>(
    learner: &'a Learner,
    cooccurrence_counts: impl IntoIterator<Item = CooccurrenceCounts<'a>>,
) -> Graph {
    let mut parts: Vec<CooccurrenceCounts<'_>> = cooccurrence_counts.into_iter().collect();
    std::thread::scope(|scope| {
        for part in &mut parts {
            scope.spawn(|| part.flush());
        }
    });
    let mut all = learner.cooccurrence_counts();
    parts.into_iter().for_each(|part| all.merge(part));
    learner.finish(all)
}
