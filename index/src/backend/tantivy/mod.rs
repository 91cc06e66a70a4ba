//! The embedded index: one directory of generations, each a Tantivy index. The default backend.

mod collect;
mod format;
mod generation;
mod query;
mod snapshot;
mod view;

use parking_lot::RwLock;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Backend, Snapshot};
use crate::deadline::Deadline;
use crate::error::Result;
use crate::parallel::run_all;
use crate::timings::SearchTimings;
use generation::Generation;
pub use generation::commit::{Commit, CommitFile};
use generation::current::{directory, with_current};
pub use generation::rebuild::{rebuild, rebuild_graph};
pub use generation::restore_target::{RestoreTarget, RestoredGeneration};
use generation::stamp::Stamp;
pub use generation::writer::EmbeddedWriter;
use snapshot::EmbeddedSnapshot;
use view::View;

/// An index in a directory of this machine.
pub struct Embedded {
    data: PathBuf,
    /// The generation in use; replaced when another becomes current.
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
    fn snapshot(&self, deadline: &Deadline, timings: &SearchTimings) -> Arc<dyn Snapshot> {
        Arc::new(EmbeddedSnapshot::new(
            self.current(),
            deadline.clone(),
            timings.clone(),
        ))
    }

    fn refresh(&self) -> Result<()> {
        let current = self.current();
        let replacement = with_current(&self.data, |name| {
            // A directory that was emptied and filled again has the old names, and other models.
            if name == current.name()
                && Stamp::read(&self.data, &directory(&self.data, name))? == *current.stamp()
            {
                current.follow_graph();
                // Read here, so that no query waits for it.
                return current.reload(View::warm).map(|()| None);
            }
            let next = Generation::open(&self.data, name)?;
            // The same of the stems of all words.
            next.analyzer().warm_with(run_all);
            next.view().warm()?;
            Ok(Some(Arc::new(next)))
        })?;
        if let Some(next) = replacement {
            *self.current.write() = next;
        }
        Ok(())
    }
}
