//! The paths that a job is given, as the user wrote them and without links.

use std::fs;
use std::path::{Path, PathBuf};

use super::{IngestJob, Input};

/// The path of an input.
pub struct InputPath {
    /// The path as the user gave it.
    pub given: PathBuf,
    /// The path without links.
    pub real: PathBuf,
}

impl InputPath {
    /// Finds out the path without links. If there is nothing at the path, it is the given one.
    pub fn of(path: &Path) -> Self {
        Self {
            given: path.to_owned(),
            real: fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
        }
    }
}

/// Returns the paths of a job's input that exist, without links.
pub fn inputs(job: &IngestJob) -> Vec<PathBuf> {
    let inputs = job.inputs.iter().filter_map(|input| match input {
        Input::Path(path) => fs::canonicalize(path).ok(),
        Input::Memory { .. } | Input::Stream { .. } => None,
    });
    inputs.collect()
}
