//! Reads and writes the graph that a generation has learnt: a file that is replaced as a whole. It
//! learns nothing itself.
//!
//! No term depends on the graph. Without it, or with a damaged one, searches use the base graph and
//! find fewer articles.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::current::write_whole;
use super::file_version::FileVersion;
use crate::error::{Error, Result};
use crate::learning::graph::Graph;
use crate::learning::{CollectionGraph, TrainingSize};

/// The name of the file.
pub const GRAPH: &str = "graph";

/// The graph of a generation, as it was last read.
#[derive(Debug, Clone)]
pub struct GenerationGraph {
    /// The graph that searches use.
    pub graph: Arc<Graph>,
    /// What the generation has learnt it from; `None` if it is the base graph.
    pub learnt: Option<TrainingSize>,
    /// The file that was read.
    version: Option<FileVersion>,
}

impl GenerationGraph {
    /// Reads the graph of the generation in `directory`. A damaged graph is logged, and the base
    /// graph is returned.
    pub fn read(directory: &Path) -> Self {
        let path = path(directory);
        let version = FileVersion::of(&path);
        let own = match fs::read(&path) {
            Ok(bytes) => CollectionGraph::from_bytes(&bytes).map_err(|error| error.to_string()),
            Err(error) if error.kind() == ErrorKind::NotFound => return Self::base(version),
            Err(error) => Err(error.to_string()),
        };
        match own {
            Ok(own) => Self {
                graph: Arc::new(own.on_base()),
                learnt: Some(own.learnt),
                version,
            },
            Err(reason) => {
                tracing::warn!(
                    "cannot use the graph `{}`: {reason}; searches use the base graph until the next indexing job learns a new one",
                    path.display()
                );
                Self::base(version)
            }
        }
    }

    /// Returns whether the file was replaced since it was read.
    pub fn is_outdated(&self, directory: &Path) -> bool {
        // A directory that was removed has no newer graph.
        FileVersion::of(&path(directory)).is_some_and(|version| Some(version) != self.version)
    }

    fn base(version: Option<FileVersion>) -> Self {
        Self {
            graph: Graph::base(),
            learnt: None,
            version,
        }
    }
}

/// Replaces the graph of the generation in `directory`.
pub fn write(directory: &Path, own: &CollectionGraph) -> Result<()> {
    let path = path(directory);
    write_whole(&path, &own.to_bytes().map_err(Error::io("write", &path))?)
}

fn path(directory: &Path) -> PathBuf {
    directory.join(GRAPH)
}
