//! The embedded index: one directory of generations, each a Tantivy index. The default backend.

mod any_term;
mod bounded;
mod commit;
mod compact;
mod current;
mod dictionary;
mod document;
mod duplicates;
mod facts;
mod files;
mod generation;
mod graph_file;
mod held;
mod hot;
mod incoming;
mod lock;
mod lower;
mod older;
mod open;
mod places;
mod positional;
mod rebuild;
mod rerank;
mod schema;
mod segment;
mod similar;
mod snapshot;
mod stamp;
mod stored;
mod summary;
mod top;
mod view;
mod words;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use super::{Backend, Snapshot};
use crate::error::Result;
use crate::patience::Patience;
use crate::stages::Stages;
pub use commit::{Commit, HeldFile};
use current::{directory, with_current};
use generation::Generation;
pub use incoming::{Arrived, Incoming};
pub use rebuild::{rebuild, rebuild_graph};
use snapshot::EmbeddedSnapshot;
use stamp::Stamp;
use view::View;
pub use writer::EmbeddedWriter;

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
        // A poisoned lock still holds a whole generation: it is replaced by one assignment.
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Backend for Embedded {
    fn snapshot(&self, patience: &Patience, stages: &Stages) -> Arc<dyn Snapshot> {
        Arc::new(EmbeddedSnapshot::new(
            self.current(),
            patience.clone(),
            stages.clone(),
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
            next.analyzer().warm();
            next.view().warm()?;
            Ok(Some(Arc::new(next)))
        })?;
        if let Some(next) = replacement {
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = next;
        }
        Ok(())
    }
}
