//! Which model and graph a command takes words by: those of an index, or the base ones where there is no index yet.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fihrist_index::arabic::{Analyzer, Model, TokenKind};
use fihrist_index::learning::graph::Graph;
use fihrist_index::{ErrorKind, Index, Result};

/// The flag of a command that takes its model from an index and can do without one.
#[derive(Debug, clap::Args)]
pub struct DataArg {
    /// Directory of the index [default: ./data]
    #[arg(long, env = "FIHRIST_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
}

impl DataArg {
    /// The directory, whether or not there is an index.
    pub fn directory(&self) -> &Path {
        self.data.as_deref().unwrap_or(Path::new("./data"))
    }

    /// Whether somebody named the directory, by flag or environment.
    pub const fn is_given(&self) -> bool {
        self.data.is_some()
    }

    /// What the index knows of words; without an index, `None`. One that cannot be used is an error.
    pub fn lexicon(&self) -> Result<Option<Lexicon>> {
        match Index::open(self.directory()) {
            Ok(index) => Ok(Some(Lexicon {
                analyzer: index.analyzer(),
                graph: index.graph(),
            })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What is known of words.
pub struct Lexicon {
    /// Finds and stems them.
    pub analyzer: Analyzer,
    /// Says which stems stand in for each other.
    pub graph: Arc<Graph>,
}

impl Lexicon {
    /// What every installation starts with.
    pub fn base() -> Self {
        Self {
            analyzer: Analyzer::new(Model::base()),
            graph: Graph::base(),
        }
    }

    /// The stem of a word, then the stems that the graph has as its base in the same word. What is several words to the
    /// analyzer has their stems as one, and no base.
    pub fn terms(&self, word: &str) -> Vec<String> {
        let tokens = self
            .analyzer
            .analyze(word)
            .into_iter()
            .filter(|token| token.kind != TokenKind::Whole);
        let stem = tokens.map(|token| token.stem).collect::<Vec<_>>().join(" ");
        if stem.is_empty() {
            return Vec::new();
        }
        let bases = self
            .graph
            .related(&stem)
            .filter(|related| related.is_base && related.relation.is_same_word());
        let bases: Vec<String> = bases.map(|related| related.stem.to_owned()).collect();
        [stem].into_iter().chain(bases).collect()
    }
}
