//! The option `--data`, which most commands share.

use std::ops::Deref;
use std::path::{Path, PathBuf};

/// The directory of the index.
#[derive(Debug, Clone, clap::Args)]
pub struct DataDir {
    /// Directory of the index
    #[arg(
        long,
        env = "FIHRIST_DATA",
        default_value = "./data",
        value_name = "DIR"
    )]
    data: PathBuf,
}

impl Deref for DataDir {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.data
    }
}
