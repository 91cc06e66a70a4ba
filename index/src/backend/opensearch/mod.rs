//! The index in an OpenSearch cluster, for archives that are too large for one machine. The cluster
//! stores articles and finds candidates. This program analyses, ranks and makes snippets, with the
//! same code as for the embedded index.

mod answer;
mod bulk;
mod candidates;
mod client;
mod copies;
mod document;
#[cfg(test)]
mod fake;
mod files;
mod generation;
mod hits;
mod lower;
mod node;
mod occurrences;
mod open_generation;
mod point_in_time;
mod rebuild;
mod request;
mod scan;
mod schema;
mod similar;
mod snapshot;
mod summary;
mod term_counts;
mod term_statistics;
#[cfg(test)]
mod tests;
mod view;
mod writer;

use parking_lot::RwLock;
use std::sync::Arc;

use super::{Backend, Cluster, Snapshot};
use crate::deadline::Deadline;
use crate::error::{Error, Result};
use client::Client;
use request::Requester;
use snapshot::RemoteSnapshot;
use view::View;
pub use writer::RemoteWriter;

/// An index in a cluster.
pub struct Remote(Arc<Shared>);

/// The client and the current view, which all snapshots of an index share.
pub struct Shared {
    client: Arc<Client>,
    /// The current view. A new commit replaces it.
    view: RwLock<Arc<View>>,
}

impl Remote {
    /// Opens the current generation of an index. Fails if there is no index.
    pub fn open(cluster: &Cluster) -> Result<Self> {
        let client = Arc::new(Client::new(cluster)?);
        let deadline = Deadline::default();
        let requester = Requester::to_look(&client, &deadline);
        let read = generation::current(requester)?.ok_or_else(|| no_index(&client))?;
        let view = View::open(Arc::clone(&client), read, None)?;
        Ok(Self(Arc::new(Shared {
            client,
            view: RwLock::new(Arc::new(view)),
        })))
    }
}

impl Shared {
    /// Returns the current view.
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read())
    }
}

impl Backend for Remote {
    fn snapshot(&self) -> Arc<dyn Snapshot> {
        Arc::new(RemoteSnapshot::new(Arc::clone(&self.0), self.0.view()))
    }

    fn refresh(&self) -> Result<()> {
        let deadline = Deadline::default();
        let requester = Requester::to_look(&self.0.client, &deadline);
        let read = generation::current(requester)?.ok_or_else(|| no_index(&self.0.client))?;
        let now = self.0.view();
        if now.is_of(&read) {
            return Ok(());
        }
        let next = View::open(Arc::clone(&self.0.client), read, Some(&now))?;
        // The view is warmed here, so that no query waits for it.
        next.warm()?;
        *self.0.view.write() = Arc::new(next);
        now.retire();
        Ok(())
    }
}

fn no_index(client: &Client) -> Error {
    Error::NoClusterIndex {
        urls: client.urls().to_owned(),
        index: client.index().to_owned(),
    }
}
