//! The index in an OpenSearch cluster, for archives that are too large for one machine. The cluster
//! stores articles and finds candidates. This program analyses, ranks and makes snippets, with the
//! same code as for the embedded index.

mod answer;
mod bulk;
mod candidates;
mod client;
mod copies;
#[cfg(test)]
mod fake;
mod files;
mod generation;
mod hits;
mod lower;
mod occurrences;
mod open_generation;
mod point_in_time;
mod rebuild;
mod request;
mod schema;
mod similar;
mod snapshot;
mod summary;
mod term_counts;
#[cfg(test)]
mod tests;
mod view;
mod writer;

use parking_lot::RwLock;
use std::sync::Arc;

use super::{Backend, Cluster, RefreshOrder, Snapshot};
use crate::error::Result;
use answer::{Answer, Refusal, check_version, elements, hits_of, to_number, total_of};
use bulk::Bulk;
use client::{Client, Method, Request};
use copies::ClusterSizes;
use files::{File, Read, State};
use generation::Generation;
use hits::{article_of, find, search_after, set_hit_parts, sort_of};
use point_in_time::{ARTICLES_A_PAGE, HITS_A_PAGE, articles_with, scan};
use request::Requester;
use schema::{
    CLUSTER, CONTENT_HASH, MAX_WINDOW, META, PUBLISHED, SCHEMA_VERSION, SIGNATURE, TEXT,
    level_name, to_article, to_document,
};
use snapshot::RemoteSnapshot;
use term_counts::{Dictionary, TermCounter, TermCounts};
use view::{View, read_term_counts};
pub use writer::RemoteWriter;

/// An index in a cluster.
pub struct Remote {
    /// The current view, which the snapshots share. A new commit replaces it.
    view: Arc<RwLock<Arc<View>>>,
    refreshes: RefreshOrder,
}

impl Remote {
    /// Opens the current generation of an index. Fails if there is no index.
    pub fn open(cluster: &Cluster) -> Result<Self> {
        let client = Arc::new(Client::new(cluster)?);
        let read = generation::existing(&Requester::to_look(&client))?;
        let view = Arc::new(View::open(client, read, None)?);
        Ok(Self {
            view: Arc::new(RwLock::new(view)),
            refreshes: RefreshOrder::default(),
        })
    }

    /// Follows the newest commit of the current generation.
    fn follow(&self) -> Result<()> {
        let requester = Requester::to_look(&self.view.read().client);
        let read = generation::existing(&requester)?;
        let now = Arc::clone(&self.view.read());
        if now.is_of(&read) {
            return Ok(());
        }
        let next = View::open(requester.client, read, Some(&now))?;
        // The view is warmed here, so that no query waits for it.
        next.warm()?;
        *self.view.write() = Arc::new(next);
        now.retire();
        Ok(())
    }
}

impl Backend for Remote {
    fn snapshot(&self) -> Arc<dyn Snapshot> {
        Arc::new(RemoteSnapshot {
            current: Arc::clone(&self.view),
            view: Arc::clone(&self.view.read()),
        })
    }

    fn refresh(&self) -> Result<()> {
        self.refreshes.run(|| self.follow())
    }
}
