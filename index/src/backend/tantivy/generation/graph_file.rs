//! Reads and writes the file with the graph that a generation has learnt. The file is always
//! replaced as a whole. This module does not learn the graph.
//!
//! No term depends on the graph. If the file is missing or damaged, searches use the base graph and
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

/// The name of the file with the graph.
pub const GRAPH: &str = "graph";

/// The graph of a generation, as it was last read.
#[derive(Debug, Clone)]
pub struct GenerationGraph {
    /// The graph that searches use.
    pub graph: Arc<Graph>,
    /// How much the graph was learnt from; `None` if it is the base graph.
    pub learnt: Option<TrainingSize>,
    /// The version of the file that was read; `None` if there was no file.
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
        // If the directory was removed, there is no newer graph.
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
