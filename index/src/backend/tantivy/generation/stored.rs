//! Reads all stored articles of a generation in several threads. The generation may have any
//! readable schema version. It reads no terms and writes nothing.

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
use crate::backend::tantivy::format::document::{EncodedArticle, StoredFields, TextEncoding};
use crate::backend::tantivy::format::schema::{SCHEMA_WITH_LETTERS, SEGMENTS};
use crate::document::Article;
use crate::error::{Error, Remedy, Result};
use crate::learning::JobControl;
use crate::parallel::joined;
use crate::progress::{Phase, ProgressUpdate};
use fihrist_arabic::CommonWords;

const READ: &str = "read the stored articles";
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// The number of documents that a thread takes at a time. They fill several blocks of the store, so
/// that few blocks are decompressed twice.
const CHUNK_DOCUMENTS: u32 = 256;

/// The stored articles of a generation's last commit. Later commits do not change them.
pub struct StoredArticles {
    searcher: Searcher,
    fields: StoredFields,
    encoding: TextEncoding,
    model_hash: String,
}

impl StoredArticles {
    /// Opens the articles of a generation, which another version of this program may have written.
    /// Fails when they cannot be read.
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
        let encoding = match stamp.schema() {
            _ if is_plain => TextEncoding::Plain,
            SCHEMA_WITH_LETTERS => TextEncoding::Letters,
            _ => TextEncoding::Words(match words::read(&directory, stamp.model_hash()) {
                Ok(words) => Arc::new(words),
                // The model has the same words as the file that cannot be read.
                Err(_) => {
                    let model = read_model(data, &directory, &stamp, Remedy::IndexAgain)?;
                    Arc::new(CommonWords::of(&model))
                }
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
            encoding,
            model_hash: stamp.model_hash().to_owned(),
        })
    }

    /// Returns the hash of the generation's model.
    pub fn model_hash(&self) -> &str {
        &self.model_hash
    }

    /// Returns the number of stored articles.
    pub fn count(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Calls `work` for every article, in no order. Each worker has its own thread. Returns the
    /// workers, or `None` if the job was cancelled.
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
        // The first report says which phase begins.
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
                        let _open_until_the_end = running;
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
            // No message is ever sent: the channel closes when the last thread ends.
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
        let mut chunks = Vec::new();
        for (segment, reader) in self.searcher.segment_readers().iter().enumerate() {
            let end = reader.max_doc();
            for start in (0..end).step_by(CHUNK_DOCUMENTS as usize) {
                chunks.push(Chunk {
                    segment,
                    documents: start..end.min(start.saturating_add(CHUNK_DOCUMENTS)),
                });
            }
        }
        chunks
    }

    fn read_chunks(
        &self,
        chunks: &Chunks,
        stop: &AtomicBool,
        mut each: impl FnMut(&Article) -> Result<()>,
    ) -> Result<()> {
        // The segment of the last chunk. The next chunk is usually in the same segment.
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
                    &EncodedArticle::of(&document, self.fields)?
                        .decode(&self.encoding)?
                        .article,
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

/// All documents, in chunks for the threads.
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
