//! What an indexing job would do, without doing it: a look at the articles of some files, and a rehearsal of a whole job.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use rustc_hash::FxHashMap;

use super::count::id_hash;
use super::job::IngestJob;
use super::kept::Keep;
use super::ledger::Ledger;
use super::pass::{Event, Pass};
use super::read::Item;
use super::report::{IngestReport, NoteKind, Rejected};
use super::unpack::Unpack;
use super::walk::{Found, walk};
use crate::backend::{self, Location, Snapshot};
use crate::deadline::Deadline;
use crate::document::Article;
use crate::document::content_hash;
use crate::error::{ErrorKind, Result};
use crate::progress::{Phase, Progress};
use crate::timings::SearchTimings;
use crate::writer::Upserted;

/// What some input gives, as far as it was looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preview {
    /// The articles, in order.
    pub articles: Vec<Previewed>,
    /// What gave none.
    pub rejected: Vec<Rejected>,
    /// The input holds more articles than were asked for.
    pub has_more: bool,
}

/// An article as it would be indexed.
#[derive(Debug, Clone, PartialEq)]
pub struct Previewed {
    /// The file it is from.
    pub source: String,
    /// The article.
    pub article: Article,
    /// What was odd about it, each with an example.
    pub notes: Vec<(NoteKind, String)>,
}

impl IngestJob {
    /// The first `max_articles` articles of the input as they would be indexed. Nothing is stored.
    pub fn preview(&self, max_articles: usize) -> Preview {
        let (mut preview, bytes_read) = (Preview::default(), AtomicU64::new(0));
        for found in walk(&self.inputs, self.format) {
            let file = match found {
                Found::File(file) => file,
                Found::Skipped => continue,
                Found::Rejected(rejected) => {
                    preview.rejected.push(rejected);
                    continue;
                }
            };
            let mut notes = Vec::new();
            let mut take = |item| {
                match item {
                    Item::Article(_) if preview.articles.len() == max_articles => {
                        preview.has_more = true;
                        return ControlFlow::Break(());
                    }
                    Item::Article(article) => preview.articles.push(Previewed {
                        source: file.name.clone(),
                        article: *article,
                        notes: std::mem::take(&mut notes),
                    }),
                    Item::File | Item::Skipped => {}
                    Item::Rejected(rejected) => preview.rejected.push(rejected),
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

    /// What [`run`](Self::run) would report of an index at a location, which need not exist and is not changed.
    pub fn rehearse(&self, location: &Location, progress: &dyn Progress) -> Result<IngestReport> {
        let started = Instant::now();
        let index = match backend::open(location) {
            Ok(index) => Some(index.snapshot(&Deadline::default(), &SearchTimings::default())),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let (plan, bytes_total) = self.survey(Ledger::default());
        let pass = Pass {
            job: self,
            phase: Phase::Previewing,
            bytes_total,
            progress,
            plan: &plan,
            keep: Keep::Nothing,
        };
        let mut report = IngestReport::default();
        let timings = (0..self.threads.get()).map(|_| Stage {
            index: index.clone(),
            seen: FxHashMap::default(),
        });
        let passed = pass.run(
            timings.collect(),
            |stage, read| stage.upsert(&read.article),
            |event| {
                event.map_or(Ok(()), |event| report.take(event))?;
                Ok(report.articles())
            },
        )?;
        (report.bytes_read, report.is_cancelled, report.elapsed) =
            (passed.bytes_read, !passed.is_whole, started.elapsed());
        Ok(report)
    }
}

/// What one thread of a rehearsal goes by. All copies of an article come to the same thread.
struct Stage {
    index: Option<Arc<dyn Snapshot>>,
    /// By the hash of the id, the hash of the last copy.
    seen: FxHashMap<u64, u64>,
}

impl Stage {
    fn upsert(&mut self, article: &Article) -> Event {
        let retyped = self
            .index
            .as_ref()
            .and_then(|index| index.boilerplate().retype(article));
        let article = retyped.as_ref().unwrap_or(article);
        let (id, hash) = (id_hash(&article.id), content_hash(article));
        let held = match (self.seen.get(&id), &self.index) {
            (Some(hash), _) => Ok(Some(*hash)),
            (None, Some(index)) => index.content_hash(&article.id),
            (None, None) => Ok(None),
        };
        match held {
            Ok(held) if held == Some(hash) => {
                Event::Upserted(Upserted::Unchanged, article.text.len() as u64)
            }
            Ok(_) => {
                self.seen.insert(id, hash);
                Event::Upserted(Upserted::Indexed, article.text.len() as u64)
            }
            Err(error) => Event::Failed(error),
        }
    }
}
