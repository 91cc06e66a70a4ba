//! Shows what a job would do without changing an index: the first articles of the input, or a
//! rehearsal of the whole job.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use rustc_hash::FxHashMap;

use super::job::parse_ledger;
use super::{
    CacheUse, Event, FileIdentity, IngestJob, IngestReport, Item, Ledger, NoteKind, Pass, Phase,
    Places, Progress, ReadArticle, Rejected, RejectedInput, UnchangedFiles, Unpack, WalkStep,
    id_hash, unchanged_files, walk,
};
use crate::backend::{self, Location, SearchContext, Snapshot};
use crate::document::content_hash;
use crate::{Article, ErrorKind, Result, Upserted};

/// The first articles of the input, as a job would index them.
#[derive(Debug, Default)]
pub struct Preview {
    /// The articles, in order.
    pub articles: Vec<PreviewedArticle>,
    /// The first [`IngestReport::MAX_REJECTED`] inputs that gave no article.
    pub rejected: Vec<Rejected>,
    /// The number of all inputs that gave no article.
    pub rejected_count: u64,
    /// True if the input holds more articles than the caller asked for.
    pub has_more: bool,
}

impl Preview {
    fn reject(&mut self, rejected: Rejected) {
        self.rejected_count += 1;
        if self.rejected.len() < IngestReport::MAX_REJECTED {
            let input = RejectedInput::Unknown;
            self.rejected.push(Rejected { input, ..rejected });
        }
    }
}

/// An article as it would be indexed.
#[derive(Debug)]
pub struct PreviewedArticle {
    /// The name of the file that holds the article.
    pub source: String,
    /// The article.
    pub article: Article,
    /// What is unusual about the article; each note has an example.
    pub notes: Vec<(NoteKind, String)>,
}

impl IngestJob {
    /// Returns the first `max_articles` articles of the input as they would be indexed by the first
    /// job of an index. It stores nothing.
    pub fn preview(&self, max_articles: usize) -> Preview {
        let mut preview = Preview::default();
        let mut ledger = Ledger::default();
        unchanged_files::add_roots(self, &mut ledger);
        let mut places = Places::new(&ledger);
        let bytes_read = AtomicU64::new(0);
        for step in walk(self) {
            let file = match step {
                WalkStep::File(file) => file,
                WalkStep::Skipped(_) | WalkStep::LinkOut(_) => continue,
                WalkStep::Rejected(rejected) => {
                    preview.reject(rejected);
                    continue;
                }
            };
            let mut notes = Vec::new();
            let mut identity = FileIdentity::of(unchanged_files::path(&file));
            let mut take = |mut item: Item| {
                identity.locate(&mut item, &file.name, &mut places);
                match item {
                    Item::Article(_) if preview.articles.len() == max_articles => {
                        preview.has_more = true;
                        return ControlFlow::Break(());
                    }
                    Item::Article(read) => preview.articles.push(PreviewedArticle {
                        source: file.name.clone(),
                        article: read.article.clone(),
                        notes: std::mem::take(&mut notes),
                    }),
                    Item::File | Item::Skipped(_) => {}
                    Item::Rejected(rejected) => preview.reject(rejected),
                    Item::Note(kind, example) => notes.push((kind, example)),
                }
                ControlFlow::Continue(())
            };
            let mut unpack = Unpack {
                format: self.format,
                mapping: &self.mapping,
                sink: &mut take,
            };
            if unpack.file(&file, &bytes_read).is_break() {
                break;
            }
        }
        preview
    }

    /// Returns the report that [`run`](Self::run) would give for an index at `location`. The index
    /// need not exist and is not changed.
    pub fn rehearse(&self, location: &Location, progress: &dyn Progress) -> Result<IngestReport> {
        let started = Instant::now();
        let index = match backend::open(location) {
            Ok(index) => Some(index.snapshot()),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let bytes = index.as_ref().map_or(Ok(None), |index| index.ledger())?;
        let mut ledger = parse_ledger(bytes, &mut |is_wanted| {
            let index = index.as_ref();
            index.map_or_else(|| Ok(Vec::new()), |index| index.committed(is_wanted))
        })?;
        ledger.remove_marks();
        let unchanged = UnchangedFiles::survey(self, ledger);
        let pass = Pass {
            job: self,
            phase: Phase::Previewing,
            progress,
            unchanged: &unchanged,
            cache: CacheUse::Unused,
        };
        let mut report = IngestReport::default();
        let workers = vec![
            RehearsalWorker {
                index: index.clone(),
                added: 0,
                seen: FxHashMap::default(),
            };
            self.threads.get()
        ];
        let work = |worker: &mut RehearsalWorker, read: &ReadArticle| {
            let upserted = worker.upsert(&read.article);
            upserted.map_or_else(Event::Failed, |upserted| {
                Event::Upserted(upserted, read.article.text.len() as u64)
            })
        };
        let outcome = pass.run_into(workers, work, &mut report)?;
        report.bytes_read = outcome.bytes_read;
        report.is_cancelled = !outcome.is_complete;
        if outcome.is_complete {
            let added = outcome.workers.iter().map(|worker| worker.added).sum();
            report.pruned =
                self.rehearse_prune(index.as_deref(), &unchanged, &outcome.files, &report, added)?;
        }
        report.elapsed = started.elapsed();
        Ok(report)
    }
}

/// One thread of a rehearsal. All copies of an article come to the same thread.
#[derive(Clone)]
struct RehearsalWorker {
    index: Option<Arc<dyn Snapshot>>,
    /// The number of articles that the index does not hold.
    added: u64,
    /// Maps the hash of an article's id to the content hash of its last copy.
    seen: FxHashMap<u64, u64>,
}

impl RehearsalWorker {
    fn upsert(&mut self, article: &Article) -> Result<Upserted> {
        let index = self.index.as_ref();
        let retyped = index.and_then(|index| index.boilerplate().retype(article));
        let article = retyped.as_ref().unwrap_or(article);
        let id = id_hash(&article.id);
        let hash = content_hash(article);
        let stored = match (self.seen.get(&id), index) {
            (Some(hash), _) => Some(*hash),
            (None, Some(index)) => index
                .find(&article.id, false, &SearchContext::default())?
                .map(|found| found.rank.content_hash),
            (None, None) => None,
        };
        if stored == Some(hash) {
            return Ok(Upserted::Unchanged);
        }
        self.added += u64::from(stored.is_none());
        self.seen.insert(id, hash);
        Ok(Upserted::Indexed)
    }
}
