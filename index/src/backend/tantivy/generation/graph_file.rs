//! The learnt graph beside a generation's index: a file that is replaced as a whole, and followed by whoever searches.
//! Terms do not depend on it, so a graph that is missing or damaged costs recall and nothing else.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::current::write_whole;
use crate::error::{Error, Result};
use crate::learning::graph::Graph;
use crate::learning::{CollectionGraph, TrainingSize};

/// The file's name.
pub const GRAPH: &str = "graph";

/// Which stems stand in for which in a generation.
#[derive(Debug, Clone)]
pub struct KeptGraph {
    /// To search with.
    pub graph: Arc<Graph>,
    /// What it was learnt from besides the base graph; `None` if it is that.
    pub learnt: Option<TrainingSize>,
    /// The file it is from.
    mark: Option<Mark>,
}

/// Tells one file from the one that replaces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    modified: SystemTime,
    size_bytes: u64,
}

impl KeptGraph {
    /// The graph of the generation in `directory`; one that cannot be read is warned of and done without.
    pub fn read(directory: &Path) -> Self {
        let (path, mark) = (path(directory), mark(directory));
        let own = match fs::read(&path) {
            Ok(bytes) => CollectionGraph::from_bytes(&bytes).map_err(|error| error.to_string()),
            Err(error) if error.kind() == ErrorKind::NotFound => return Self::base(mark),
            Err(error) => Err(error.to_string()),
        };
        match own {
            Ok(own) => Self {
                graph: Arc::new(own.on_base()),
                learnt: Some(own.learnt),
                mark,
            },
            Err(reason) => {
                tracing::warn!(
                    "cannot use the graph `{}`: {reason}; the next indexing job learns it anew",
                    path.display()
                );
                Self::base(mark)
            }
        }
    }

    /// Whether the file has been replaced since it was read.
    pub fn is_outdated(&self, directory: &Path) -> bool {
        // A directory that is gone has no newer graph.
        mark(directory).is_some_and(|mark| Some(mark) != self.mark)
    }

    fn base(mark: Option<Mark>) -> Self {
        Self {
            graph: Graph::base(),
            learnt: None,
            mark,
        }
    }
}

/// Puts a graph in the place of the one before.
pub fn write(directory: &Path, own: &CollectionGraph) -> Result<()> {
    let path = path(directory);
    write_whole(&path, &own.to_bytes().map_err(Error::io("write", &path))?)
}

fn path(directory: &Path) -> PathBuf {
    directory.join(GRAPH)
}

fn mark(directory: &Path) -> Option<Mark> {
    let metadata = fs::metadata(path(directory)).ok()?;
    Some(Mark {
        modified: metadata.modified().ok()?,
        size_bytes: metadata.len(),
    })
}
