//! Saves the readable articles of a damaged index into a new one. The damaged index is read file by
//! file, without a lock, and never written. The new index learns its own model from the articles.

use parking_lot::Mutex;
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

pub use crate::backend::tantivy::{DamagedFile, LostArticles};
use crate::backend::tantivy::{EmbeddedWriter, Place, Rank, Survey, current_name};
use crate::backend::{Ending, Predecessor, ScanWork, StoredArticles, Writer};
use crate::learning::JobControl;
use crate::parallel::max_threads;
use crate::progress::{Phase, Progress};
use crate::rebuild::write_successor;
use crate::{ArticleId, Error, Result};

/// What was saved of an index, and what was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalvageReport {
    /// The name of the generation that was read.
    pub generation: String,
    /// The number of articles in the new index.
    pub articles: u64,
    /// The damaged files of the old index.
    pub damage: Vec<DamagedFile>,
    /// The articles that could not be read.
    pub lost: Vec<LostArticles>,
    /// The number of articles in the new index that may have been deleted from the old one, because
    /// a list of deleted documents or the list of segments is lost.
    pub maybe_deleted: u64,
    /// Whether the common words are lost: in the saved texts, each is replaced by `…`.
    pub has_lost_words: bool,
    /// The number of older copies of articles that were left out.
    pub older_copies: u64,
    /// How long it took.
    pub elapsed: Duration,
}

impl SalvageReport {
    /// Returns whether every article was saved as it was written.
    pub fn is_complete(&self) -> bool {
        self.lost.is_empty() && !self.has_lost_words
    }
}

/// Saves the readable articles of the index at `old` into a new index at `new`. If no article can be
/// read, no index is created. Returns `None` if the job was cancelled; there is then no new index.
/// Fails when there is no index at `old`, or one at `new`.
pub fn salvage(
    old: &Path,
    new: &Path,
    progress: &dyn Progress,
    cancel: &AtomicBool,
) -> Result<Option<SalvageReport>> {
    let started = Instant::now();
    let control = JobControl { progress, cancel };
    refuse_existing(old, new)?;
    let Some(mut survey) = Survey::open(old, true, control)? else {
        return Ok(None);
    };
    let copies = Copies::default();
    let phase = Phase::CheckingArticles;
    let lost = survey.find_lost(phase, control, &|found| {
        copies.add(&found.article.id, found.rank, found.place);
        Ok(())
    })?;
    let Some(lost) = lost else {
        return Ok(None);
    };
    let Copies { newest, older } = copies;
    let (newest, older) = (newest.into_inner(), older.into_inner());
    let maybe_deleted = if survey.has_lost_list {
        newest.len()
    } else {
        let is_doubtful = |(rank, _): &&(Rank, Place)| !rank.0;
        newest.values().filter(is_doubtful).count()
    };
    let mut report = SalvageReport {
        generation: survey.generation.clone(),
        articles: 0,
        damage: survey.damage.clone(),
        lost,
        maybe_deleted: maybe_deleted as u64,
        has_lost_words: survey.has_lost_words,
        older_copies: older.len() as u64,
        elapsed: Duration::ZERO,
    };
    if !newest.is_empty() {
        drop(newest);
        let written = Arc::new(AtomicU64::new(0));
        let predecessor = Predecessor {
            model_hash: String::new(),
            boilerplate: survey.boilerplate.clone(),
            // The files of lost articles must be read again.
            ledger: None,
            articles: Box::new(Salvaged {
                survey,
                older,
                written: Arc::clone(&written),
            }),
        };
        let mut writer = EmbeddedWriter::open_fresh(new)?;
        match write_successor(&mut writer, predecessor, control) {
            Ok(Some(_)) => report.articles = written.load(Ordering::Relaxed),
            unfinished => {
                writer.finish(Ending::Discard)?;
                return unfinished.map(|_| None);
            }
        }
    }
    report.elapsed = started.elapsed();
    Ok(Some(report))
}

/// Fails when there is an index at `new`, or when `new` is within `old`.
fn refuse_existing(old: &Path, new: &Path) -> Result<()> {
    // A folder that does not exist yet is where its parent is.
    let place = |path: &Path| {
        let path = absolute(path)?;
        let existing = path
            .ancestors()
            .find_map(|folder| folder.canonicalize().ok());
        Ok(existing.unwrap_or(path))
    };
    let old_place: PathBuf = place(old).map_err(Error::io("find", old))?;
    let new_place: PathBuf = place(new).map_err(Error::io("find", new))?;
    let what = if new_place.starts_with(old_place) {
        "is the damaged index"
    } else if matches!(current_name(new), Err(Error::NoIndex(_))) {
        return Ok(());
    } else {
        "has an index already"
    };
    Err(Error::Invalid(format!(
        "`{}` {what}: name a new folder for the articles",
        new.display()
    )))
}

/// The copies of articles that were found: the newest of each, and the places of the others.
#[derive(Default)]
struct Copies {
    newest: Mutex<FxHashMap<[u8; 16], (Rank, Place)>>,
    older: Mutex<FxHashSet<Place>>,
}

impl Copies {
    fn add(&self, id: &ArticleId, rank: Rank, place: Place) {
        // The hash of an id takes less memory than the id.
        let digest = Sha256::digest(id.as_str());
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        let mut newest = self.newest.lock();
        let last = newest.entry(key).or_insert((rank, place));
        if last.1 == place {
            return;
        }
        let mut older = place;
        if rank > last.0 {
            older = std::mem::replace(last, (rank, place)).1;
        }
        self.older.lock().insert(older);
    }
}

/// The newest copy of each article that can be read.
struct Salvaged {
    survey: Survey,
    older: FxHashSet<Place>,
    /// The number of articles of the last scan.
    written: Arc<AtomicU64>,
}

impl StoredArticles for Salvaged {
    fn threads(&self) -> usize {
        max_threads()
    }

    fn scan(&self, phase: Phase, control: JobControl<'_>, work: &ScanWork<'_>) -> Result<bool> {
        self.written.store(0, Ordering::Relaxed);
        self.survey.scan(phase, control, &|thread, found| {
            if self.older.contains(&found.place) {
                return Ok(());
            }
            self.written.fetch_add(1, Ordering::Relaxed);
            work(thread, found.article)
        })
    }
}
