//! The stored articles of a generation as the input of a rebuild. The rebuild itself is in [`rebuild`](crate::rebuild).

use std::path::Path;

use super::current::directory;
use super::open::threads;
use super::stored;
use super::{read_boilerplate, read_ledger};
use crate::backend::{Predecessor, ScanWork, StoredArticles};
use crate::error::Result;
use crate::learning::JobControl;
use crate::progress::Phase;

/// Opens a generation that is to be rebuilt. Another version of this program may have written it.
pub fn predecessor(data: &Path, name: &str) -> Result<Predecessor> {
    let articles = stored::StoredArticles::open(data, name)?;
    let directory = directory(data, name);
    Ok(Predecessor {
        model_hash: articles.model_hash().to_owned(),
        articles: Box::new(articles),
        boilerplate: read_boilerplate(data, &directory)?,
        ledger: read_ledger(&directory)?,
    })
}

impl StoredArticles for stored::StoredArticles {
    fn threads(&self) -> usize {
        threads()
    }

    fn scan(&self, phase: Phase, control: JobControl<'_>, work: &ScanWork<'_>) -> Result<bool> {
        let numbers: Vec<usize> = (0..threads()).collect();
        let read = self.for_each(numbers, phase, control, |thread, article| {
            work(*thread, article)
        })?;
        Ok(read.is_some())
    }
}
