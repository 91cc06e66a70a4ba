//! Which model a command analyses with: that of an index, or the base model where there is no index yet.

use std::path::{Path, PathBuf};

use fihrist_index::analysis::{Analyzer, Model};
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

    /// The analyzer of the index; without an index, `None`. One that cannot be used is an error.
    pub fn analyzer(&self) -> Result<Option<Analyzer>> {
        match Index::open(self.directory()) {
            Ok(index) => Ok(Some(index.analyzer())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The analyzer that every installation starts with.
pub fn base() -> Analyzer {
    Analyzer::new(Model::base())
}
