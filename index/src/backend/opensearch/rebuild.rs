//! The stored articles of a generation in a cluster as the input of a rebuild. The rebuild itself is in
//! [`rebuild`](crate::rebuild).

use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{available_parallelism, scope};

use serde_json::{Value, json};

use super::client::Client;
use super::document::to_article;
use super::files::{self, Read};
use super::generation;
use super::request::Requester;
use super::scan::{ARTICLES_A_PAGE, pages};
use super::schema::{META, TEXT};
use crate::backend::{Predecessor, ScanWork, StoredArticles};
use crate::deadline::Deadline;
use crate::error::Result;
use crate::learning::{Boilerplate, JobControl};
use crate::progress::{Phase, ProgressUpdate};

/// The articles of an index in a cluster.
pub struct RemoteArticles {
    client: Arc<Client>,
    index: String,
}

impl RemoteArticles {
    /// Returns the articles of the index with this name.
    pub fn new(client: Arc<Client>, index: &str) -> Self {
        let index = index.to_owned();
        Self { client, index }
    }
}

/// Reads what the successor of a generation is made from.
pub fn predecessor(client: &Arc<Client>, read: &Read) -> Result<Predecessor> {
    let deadline = Deadline::default();
    let requester = Requester::to_write(client, &deadline);
    let get = |file| files::get(requester, &read.index, file);
    let boilerplate = Boilerplate::from_bytes(&get(&read.state.boilerplate)?);
    Ok(Predecessor {
        articles: Box::new(RemoteArticles::new(Arc::clone(client), read.articles())),
        model_hash: read.state.model_hash.clone(),
        // Another version may have stored the boilerplate lines in another way. The rebuild finds
        // the lines again.
        boilerplate: boilerplate.unwrap_or_default(),
        ledger: read.state.ledger.as_ref().map(get).transpose()?,
    })
}

impl StoredArticles for RemoteArticles {
    fn threads(&self) -> usize {
        available_parallelism().map_or(1, usize::from)
    }

    fn scan(&self, phase: Phase, control: JobControl<'_>, work: &ScanWork<'_>) -> Result<bool> {
        let deadline = Deadline::default();
        let requester = Requester::to_write(&self.client, &deadline);
        let total = generation::count(requester, &self.index)?;
        let report = |done| {
            control.progress.advanced(ProgressUpdate {
                phase,
                done,
                total,
                articles: done,
            });
        };
        // The first report says which phase begins.
        report(0);
        let mut done = 0;
        let body = json!({"size": ARTICLES_A_PAGE, "_source": [TEXT, META]});
        pages(requester, &self.index, &body, &mut |hits| {
            work_on(hits, self.threads(), work)?;
            done += hits.len() as u64;
            report(done);
            Ok(!control.cancel.load(Ordering::Relaxed))
        })
    }
}

/// Calls `work` for the article of each hit. The threads divide the hits.
fn work_on(hits: &[Value], threads: usize, work: &ScanWork<'_>) -> Result<()> {
    let part_size = hits.len().div_ceil(threads).max(1);
    let failure = Mutex::new(None);
    scope(|scope| {
        for (thread, hits) in hits.chunks(part_size).enumerate() {
            let failure = &failure;
            scope.spawn(move || {
                let mut articles = hits.iter().map(|hit| to_article(&hit["_source"]));
                let outcome = articles.try_for_each(|article| work(thread, &article?));
                if let Err(error) = outcome {
                    *failure.lock() = Some(error);
                }
            });
        }
    });
    failure.into_inner().map_or(Ok(()), Err)
}
