//! Checks an index: verifies every byte, reads every stored article, and names what is damaged. It
//! takes no lock and writes nothing, so it works under a running server and on a read-only folder.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::Result;
use crate::backend::tantivy::Survey;
pub use crate::backend::tantivy::{DamagedFile, LostArticles};
use crate::learning::JobControl;
use crate::progress::{Phase, Progress};

/// How much of an index is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Which files there are, and their ends, with their sizes and page checksums.
    Quick,
    /// Every byte, and every stored article.
    Full,
}

/// What a check has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// The name of the generation that was checked.
    pub generation: String,
    /// How much was checked.
    pub depth: Depth,
    /// The number of files of segments.
    pub files: u64,
    /// The number of bytes that were verified.
    pub verified_bytes: u64,
    /// The number of articles that were read and are what was written.
    pub articles: u64,
    /// The damaged files.
    pub damage: Vec<DamagedFile>,
    /// The articles that cannot be read.
    pub lost: Vec<LostArticles>,
    /// The files without page checksums, which an earlier format does not have. Each was verified as
    /// a whole.
    pub unpaged: Vec<PathBuf>,
    /// How long the check took.
    pub elapsed: Duration,
}

impl CheckReport {
    /// Returns whether no damage was found.
    pub fn is_whole(&self) -> bool {
        self.damage.is_empty() && self.lost.is_empty()
    }
}

/// Checks the last commit of the index at `data`. If it is not known which generation is current,
/// checks the last whole one. Returns `None` if the job was cancelled. Fails when there is no index,
/// and when a newer version of this program wrote it.
pub fn check(
    data: &Path,
    depth: Depth,
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Option<CheckReport>> {
    let started = Instant::now();
    let control = JobControl { progress, cancel };
    let Some(mut survey) = Survey::open(data, depth == Depth::Full, control)? else {
        return Ok(None);
    };
    let articles = AtomicU64::new(0);
    let lost = survey.find_lost(Phase::CheckingArticles, control, &|_| {
        articles.fetch_add(1, Ordering::Relaxed);
        Ok(())
    })?;
    let Some(lost) = lost else {
        return Ok(None);
    };
    Ok(Some(CheckReport {
        generation: survey.generation,
        depth,
        files: survey.files,
        verified_bytes: survey.verified_bytes,
        articles: articles.into_inner(),
        damage: survey.damage,
        lost,
        unpaged: survey.unpaged,
        elapsed: started.elapsed(),
    }))
}
