//! Reads and writes the file with the graph that a generation has learnt. The file is always
//! replaced as a whole. This module does not learn the graph.
//!
//! No term depends on the graph. If the file is missing or damaged, searches use the base graph and
//! find fewer articles.

use std::path::Path;
use std::sync::Arc;

use super::Stamp;
use super::whole_files::{read_checked, write_checked};
use crate::backend::tantivy::format::{FileVersion, version_of};
use crate::error::{BoxedError, Error, Result};
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
    pub fn read(directory: &Path, stamp: &Stamp) -> Self {
        let path = directory.join(GRAPH);
        let version = version_of(&path).ok();
        let own = match read(&path, stamp) {
            Ok(own) => own,
            Err(reason) => {
                tracing::warn!(
                    "cannot use the graph `{}`: {reason}; searches use the base graph until the next indexing job learns a new one",
                    path.display()
                );
                None
            }
        };
        let graph = own.as_ref();
        Self {
            graph: graph.map_or_else(Graph::base, |own| Arc::new(own.on_base())),
            learnt: own.map(|own| own.learnt),
            version,
        }
    }

    /// Returns whether the file was replaced since it was read.
    pub fn is_outdated(&self, directory: &Path) -> bool {
        // If the directory was removed, there is no newer graph.
        let version = version_of(&directory.join(GRAPH)).ok();
        version.is_some() && version != self.version
    }
}

fn read(path: &Path, stamp: &Stamp) -> Result<Option<CollectionGraph>, BoxedError> {
    let bytes = read_checked(path, stamp.has_checksums())?;
    bytes
        .map(|bytes| CollectionGraph::from_bytes(&bytes))
        .transpose()
}

/// Replaces the graph of the generation in `directory`.
pub fn write(directory: &Path, own: &CollectionGraph) -> Result<()> {
    let path = directory.join(GRAPH);
    write_checked(&path, &own.to_bytes().map_err(Error::io("write", &path))?)
}
