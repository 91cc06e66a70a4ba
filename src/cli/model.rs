//! The model and graph that a command uses: from an index, or the base ones if there is no index.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fihrist_index::Result;
use fihrist_index::arabic::{Analyzer, Model, TokenKind};
use fihrist_index::learning::graph::Graph;

use crate::service::open_if_any;

/// The directory of an index that a command can use but does not need.
#[derive(clap::Args)]
pub struct DataArg {
    /// Directory of the index [default: ./data]
    #[arg(long, env = "FIHRIST_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
}

impl DataArg {
    /// Returns the directory, whether or not it contains an index.
    pub fn directory(&self) -> &Path {
        self.data.as_deref().unwrap_or(Path::new("./data"))
    }

    /// Whether the directory was set by an option or by the environment.
    pub const fn is_given(&self) -> bool {
        self.data.is_some()
    }

    /// Returns the model and graph of the index, or `None` if there is no index. Fails if the index
    /// cannot be opened.
    pub fn lexicon(&self) -> Result<Option<Lexicon>> {
        let index = open_if_any(self.directory())?;
        Ok(index.map(|index| Lexicon {
            analyzer: index.analyzer(),
            graph: index.graph(),
        }))
    }
}

/// The model and the graph that a command uses.
pub struct Lexicon {
    /// Splits text into words and stems them.
    pub analyzer: Analyzer,
    /// Contains the pairs of related stems.
    pub graph: Arc<Graph>,
}

impl Lexicon {
    /// Returns the model and graph that every installation starts with.
    pub fn base() -> Self {
        Self {
            analyzer: Analyzer::new(Model::base()),
            graph: Graph::base(),
        }
    }

    /// Returns the stem of `word`, followed by its base stems in the graph and by the stems of its
    /// one-way pairs. If the analyzer splits the text into several words, the result is their stems,
    /// joined by spaces.
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
        let others = self.graph.related(&stem).filter(|related| {
            related.relation.is_same_word() && (related.is_base || related.is_one_way)
        });
        let others: Vec<String> = others.map(|related| related.stem.to_owned()).collect();
        [stem].into_iter().chain(others).collect()
    }
}
