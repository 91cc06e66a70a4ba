//! The stored articles of a generation in a cluster as the input of a rebuild. The rebuild itself is in
//! [`rebuild`](crate::rebuild).

use std::sync::atomic::Ordering;
use std::thread::{available_parallelism, scope};

use serde_json::{Value, json};

use super::{ARTICLES_A_PAGE, META, Read, Requester, TEXT, files, generation, scan, to_article};
use crate::backend::{Predecessor, ScanWork, StoredArticles};
use crate::error::Result;
use crate::learning::{Boilerplate, JobControl};
use crate::parallel::joined;
use crate::progress::{Phase, ProgressUpdate};

/// The articles of an index in a cluster.
pub struct RemoteArticles {
    pub requester: Requester,
    pub index: String,
}

/// Reads what the successor of a generation is made from.
pub fn predecessor(requester: &Requester, read: &Read) -> Result<Predecessor> {
    let get = |file| files::get(requester, &read.index, file);
    let boilerplate = Boilerplate::from_bytes(&get(&read.state.boilerplate)?);
    Ok(Predecessor {
        articles: Box::new(RemoteArticles {
            requester: requester.clone(),
            index: read.articles().to_owned(),
        }),
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
        let total = generation::count(&self.requester, &self.index)?;
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
        scan(&self.requester, &self.index, body, &mut |hits| {
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
    scope(|scope| {
        let mut workers = Vec::with_capacity(threads);
        for (thread, hits) in hits.chunks(part_size).enumerate() {
            workers.push(scope.spawn(move || {
                let mut articles = hits.iter().map(|hit| to_article(&hit["_source"]));
                articles.try_for_each(|article| work(thread, &article?))
            }));
        }
        workers.into_iter().try_for_each(joined)
    })
}
