//! The stored articles of a generation, of whatever analysis, read back in parallel. It reads no term and writes nothing.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, bounded};
use tantivy::store::StoreReader;
use tantivy::{DocId, ReloadPolicy, Searcher, SegmentReader, TantivyDocument};

use super::current::directory;
use super::stamp::Stamp;
use super::words;
use super::{open_index, read_model};
use crate::backend::tantivy::format::document::{ShortArticle, StoredFields, TextForm};
use crate::backend::tantivy::format::schema::{SEGMENTS, WITH_LETTERS};
use crate::document::Article;
use crate::error::{Error, Remedy, Result};
use crate::learning::JobControl;
use crate::parallel::joined;
use crate::progress::{Phase, ProgressUpdate};

const READ: &str = "read the stored articles";
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// Documents that a thread takes at a time: some blocks of the store, so that few are decompressed twice.
const CHUNK_DOCUMENTS: u32 = 256;

/// The articles that were committed when it was opened.
pub struct StoredArticles {
    searcher: Searcher,
    fields: StoredFields,
    form: TextForm,
    model_hash: String,
}

impl StoredArticles {
    /// Opens those of a generation, which another version of this binary may have written.
    pub fn open(data: &Path, name: &str) -> Result<Self> {
        let directory = directory(data, name);
        let stamp = Stamp::read(data, &directory)?;
        stamp.check_readable(data)?;
        let index = open_index(data, &directory)?;
        let field = |name: &str| {
            index
                .schema()
                .get_field(name)
                .map_err(|error| Error::Incompatible {
                    data: data.to_owned(),
                    reason: format!("it stores no articles that this binary can read: {error}"),
                    remedy: Remedy::IndexAgain,
                })
        };
        let segments = index.schema().get_field(SEGMENTS).ok();
        let fields = StoredFields {
            text: field("text")?,
            meta: field("meta")?,
            segments,
        };
        let is_plain = index
            .schema()
            .get_field_entry(fields.text)
            .field_type()
            .is_str();
        let form = match stamp.schema() {
            _ if is_plain => TextForm::Plain,
            WITH_LETTERS => TextForm::Letters,
            _ => TextForm::Words(match words::read(&directory, stamp.model_hash()) {
                Ok(words) => Arc::new(words),
                // The model has them, too.
                Err(_) => Arc::clone(
                    read_model(data, &directory, &stamp, Remedy::IndexAgain)?.written_words(),
                ),
            }),
        };
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into();
        let searcher = reader.map_err(Error::internal(READ))?.searcher();
        Ok(Self {
            searcher,
            fields,
            form,
            model_hash: stamp.model_hash().to_owned(),
        })
    }

    /// Hash of the model of their generation.
    pub fn model_hash(&self) -> &str {
        &self.model_hash
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Hands every article to one of the `workers`, a thread each, in no order; returns the workers, or `None` if it was
    /// cancelled.
    pub fn for_each<W: Send>(
        &self,
        mut workers: Vec<W>,
        phase: Phase,
        control: JobControl<'_>,
        work: impl Fn(&mut W, &Article) -> Result<()> + Sync,
    ) -> Result<Option<Vec<W>>> {
        let total = self.searcher.num_docs();
        let chunks = Chunks {
            all: self.chunks(),
            next: AtomicUsize::new(0),
        };
        let done = AtomicU64::new(0);
        let advanced = || {
            let articles = done.load(Ordering::Relaxed);
            control.progress.advanced(ProgressUpdate {
                phase,
                done: articles,
                total,
                articles,
            });
        };
        // At once: it says which phase begins.
        advanced();
        let stop = AtomicBool::new(control.cancel.load(Ordering::Relaxed));
        let outcome = std::thread::scope(|scope| {
            let (running, ended) = bounded::<()>(0);
            let threads: Vec<_> = workers
                .iter_mut()
                .map(|worker| {
                    let (running, chunks, done, stop, work) =
                        (running.clone(), &chunks, &done, &stop, &work);
                    scope.spawn(move || {
                        let _while_it_runs = running;
                        let outcome = self.read_chunks(chunks, stop, |article| {
                            work(worker, article)?;
                            done.fetch_add(1, Ordering::Relaxed);
                            Ok(())
                        });
                        stop.fetch_or(outcome.is_err(), Ordering::Relaxed);
                        outcome
                    })
                })
                .collect();
            drop(running);
            // Nothing is ever sent: the channel ends with the last thread.
            while ended.recv_timeout(PROGRESS_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                stop.fetch_or(control.cancel.load(Ordering::Relaxed), Ordering::Relaxed);
                advanced();
            }
            threads.into_iter().try_for_each(joined)
        });
        outcome?;
        advanced();
        Ok((done.into_inner() == total).then_some(workers))
    }

    fn chunks(&self) -> Vec<Chunk> {
        let segments = (0..).zip(self.searcher.segment_readers());
        let chunks_of = |(segment, reader): (usize, &SegmentReader)| {
            let end = reader.max_doc();
            let starts = (0..end).step_by(CHUNK_DOCUMENTS as usize);
            starts.map(move |start| Chunk {
                segment,
                documents: start..end.min(start.saturating_add(CHUNK_DOCUMENTS)),
            })
        };
        segments.flat_map(chunks_of).collect()
    }

    fn read_chunks(
        &self,
        chunks: &Chunks,
        stop: &AtomicBool,
        mut each: impl FnMut(&Article) -> Result<()>,
    ) -> Result<()> {
        // The segment that is being read, which most chunks share with the one before.
        let mut open: Option<(usize, &SegmentReader, StoreReader)> = None;
        while let Some(chunk) = chunks.take() {
            if open
                .as_ref()
                .is_none_or(|(segment, ..)| *segment != chunk.segment)
            {
                let segment = self.searcher.segment_reader(chunk.segment as u32);
                let store = segment.get_store_reader(2).map_err(Error::internal(READ))?;
                open = Some((chunk.segment, segment, store));
            }
            let Some((_, segment, store)) = &open else {
                continue;
            };
            for document in chunk
                .documents
                .filter(|document| !segment.is_deleted(*document))
            {
                if stop.load(Ordering::Relaxed) {
                    return Ok(());
                }
                let document: TantivyDocument =
                    store.get(document).map_err(Error::internal(READ))?;
                each(
                    &ShortArticle::of(&document, self.fields)?
                        .in_full(&self.form)?
                        .0,
                )?;
            }
        }
        Ok(())
    }
}

/// Neighbouring documents of one segment.
#[derive(Clone)]
struct Chunk {
    segment: usize,
    documents: Range<DocId>,
}

/// All documents, cut up for the threads.
struct Chunks {
    all: Vec<Chunk>,
    next: AtomicUsize,
}

impl Chunks {
    fn take(&self) -> Option<Chunk> {
        self.all
            .get(self.next.fetch_add(1, Ordering::Relaxed))
            .cloned()
    }
}
