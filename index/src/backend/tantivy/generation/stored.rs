//! Reads all stored articles of a generation in several threads, as the input of a
//! [`rebuild`](crate::rebuild). The generation may have any readable schema version. This module
//! reads no terms and writes nothing.

use parking_lot::Mutex;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, bounded};
use tantivy::{DocId, ReloadPolicy, Searcher, TantivyDocument};

use super::{Stamp, directory, incompatible, open_index, read_model, words};
use crate::backend::tantivy::format::{
    EncodedArticle, SCHEMA_WITH_LETTERS, SEGMENTS, StoredFields, TextEncoding,
};
use crate::backend::{ScanWork, StoredArticles};
use crate::document::Article;
use crate::error::{OrInternal, Remedy, Result};
use crate::learning::JobControl;
use crate::parallel::{joined, max_threads};
use crate::progress::{Phase, ProgressUpdate};
use fihrist_arabic::CommonWords;

const READ: &str = "read the stored articles";
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// The number of documents that a thread takes at a time. They fill several blocks of the store, so
/// that few blocks are decompressed twice.
const CHUNK_DOCUMENTS: u32 = 256;

/// Neighbouring documents of the segment with this index.
type Chunk = (usize, Range<DocId>);

/// The stored articles of a generation's last commit. Later commits do not change them.
pub struct EmbeddedArticles {
    searcher: Searcher,
    fields: StoredFields,
    encoding: TextEncoding,
    /// The hash of the generation's model.
    pub model_hash: String,
}

impl EmbeddedArticles {
    /// Opens the articles of a generation, which another version of this program may have written.
    /// Fails when they cannot be read.
    pub fn open(data: &Path, name: &str) -> Result<Self> {
        let directory = directory(data, name);
        let stamp = Stamp::read(data, &directory)?;
        stamp.check_readable(data)?;
        let (index, _) = open_index(data, &directory)?;
        let schema = index.schema();
        let field = |name: &str| {
            schema.get_field(name).map_err(|error| {
                let reason = format!("it stores no articles that this binary can read: {error}");
                incompatible(data, reason, Remedy::Salvage)
            })
        };
        let fields = StoredFields {
            text: field("text")?,
            meta: field("meta")?,
            segments: schema.get_field(SEGMENTS).ok(),
        };
        let is_plain = schema.get_field_entry(fields.text).field_type().is_str();
        let encoding = match stamp.schema {
            _ if is_plain => TextEncoding::Plain,
            SCHEMA_WITH_LETTERS => TextEncoding::Letters,
            _ => TextEncoding::Words(match words::read(&directory, &stamp) {
                Ok(words) => Arc::new(words),
                // The model has the same words as the file that cannot be read.
                Err(_) => {
                    let model = read_model(data, &directory, &stamp)?;
                    Arc::new(CommonWords::of(&model))
                }
            }),
        };
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into();
        let searcher = reader.or_internal(READ)?.searcher();
        Ok(Self {
            searcher,
            fields,
            encoding,
            model_hash: stamp.model_hash,
        })
    }

    /// Returns the number of stored articles.
    pub fn count(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Returns all documents in chunks.
    fn chunks(&self) -> impl Iterator<Item = Chunk> {
        let segments = self.searcher.segment_readers().iter().enumerate();
        segments.flat_map(|(segment, reader)| {
            let end = reader.max_doc();
            let starts = (0..end).step_by(CHUNK_DOCUMENTS as usize);
            starts.map(move |start| {
                (
                    segment,
                    start..end.min(start.saturating_add(CHUNK_DOCUMENTS)),
                )
            })
        })
    }

    /// Calls `each` for the articles of the chunks that `next` returns, until `stop` is set.
    fn read_chunks(
        &self,
        next: impl Fn() -> Option<Chunk>,
        stop: &AtomicBool,
        each: impl Fn(&Article) -> Result<()>,
    ) -> Result<()> {
        let mut segments = Vec::new();
        for segment in self.searcher.segment_readers() {
            let store = segment.get_store_reader(2).or_internal(READ)?;
            segments.push((segment, store));
        }
        while let Some((segment, documents)) = next() {
            let (segment, store) = &segments[segment];
            for document in documents.filter(|document| !segment.is_deleted(*document)) {
                if stop.load(Ordering::Relaxed) {
                    return Ok(());
                }
                let document: TantivyDocument = store.get(document).or_internal(READ)?;
                let encoded = EncodedArticle::of(&document, self.fields)?;
                each(&encoded.decode(&self.encoding)?.article)?;
            }
        }
        Ok(())
    }
}

impl StoredArticles for EmbeddedArticles {
    fn threads(&self) -> usize {
        max_threads()
    }

    fn scan(&self, phase: Phase, control: JobControl<'_>, work: &ScanWork<'_>) -> Result<bool> {
        let total = self.count();
        let chunks = Mutex::new(self.chunks());
        let next = || chunks.lock().next();
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
        std::thread::scope(|scope| {
            let (running, ended) = bounded::<()>(0);
            let start = |thread| {
                let (running, next, done, stop) = (running.clone(), &next, &done, &stop);
                scope.spawn(move || {
                    let _open_until_the_end = running;
                    let outcome = self.read_chunks(next, stop, |article| {
                        work(thread, article)?;
                        done.fetch_add(1, Ordering::Relaxed);
                        Ok(())
                    });
                    stop.fetch_or(outcome.is_err(), Ordering::Relaxed);
                    outcome
                })
            };
            let threads: Vec<_> = (0..self.threads()).map(start).collect();
            drop(running);
            // No message is ever sent: the channel closes when the last thread ends.
            while ended.recv_timeout(PROGRESS_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                stop.fetch_or(control.cancel.load(Ordering::Relaxed), Ordering::Relaxed);
                advanced();
            }
            threads.into_iter().try_for_each(joined)
        })?;
        advanced();
        Ok(done.into_inner() == total)
    }
}
