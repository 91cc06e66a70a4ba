//! The embedded index: a directory of generations, each a Tantivy index. It is the default backend.

mod candidates;
mod collect;
mod format;
mod generation;
mod query;
mod snapshot;
mod survey;

use parking_lot::RwLock;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Backend, Snapshot};
use crate::error::Result;
use crate::parallel::run_all;
use collect::View;
pub use generation::{Commit, CommitFile, EmbeddedWriter, RestoreTarget, current_name};
use generation::{Generation, Stamp, directory, with_current};
use snapshot::EmbeddedSnapshot;
pub use survey::{DamagedFile, LostArticles, Place, Rank, Readout, Survey};

/// An index in a directory on this machine.
pub struct Embedded {
    data: PathBuf,
    /// The generation in use. It is replaced when another one becomes current.
    current: RwLock<Arc<Generation>>,
}

impl Embedded {
    /// Opens the current generation at `data`.
    pub fn open(data: &Path) -> Result<Self> {
        let current = Generation::open_current(data)?;
        Ok(Self {
            data: data.to_owned(),
            current: RwLock::new(Arc::new(current)),
        })
    }

    fn current(&self) -> Arc<Generation> {
        Arc::clone(&self.current.read())
    }
}

impl Backend for Embedded {
    fn snapshot(&self) -> Arc<dyn Snapshot> {
        Arc::new(EmbeddedSnapshot::new(self.current()))
    }

    fn refresh(&self) -> Result<()> {
        let current = self.current();
        let replacement = with_current(&self.data, |name| {
            // If the directory was emptied and filled again, a generation of the same name has
            // another model.
            if name == current.name
                && Stamp::read(&self.data, &directory(&self.data, name))? == current.stamp
            {
                current.follow_graph();
                // The view is warmed here, so that no query waits for it.
                return current.reload(View::warm).map(|()| None);
            }
            let next = Generation::open(&self.data, name)?;
            // The analyzer's stems of all words are computed here for the same reason.
            next.analyzer.warm_with(run_all);
            next.view().warm()?;
            Ok(Some(Arc::new(next)))
        })?;
        if let Some(next) = replacement {
            *self.current.write() = next;
        }
        Ok(())
    }
}
