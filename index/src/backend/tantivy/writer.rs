//! Writing a generation: upserts from many threads, commits from one.

use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, IndexWriter, TERMINATED, TantivyDocument, Term};

use super::document::to_document;
use super::generation::{self, Generation, Stamp};
use super::lock::WriterLock;
use crate::analysis::Analyzer;
use crate::article::ArticleId;
use crate::backend::{AnalyzedArticle, Writer};
use crate::error::{Error, ErrorKind, Result};

/// Postings that one thread gathers before it writes a segment. Enough for some 20,000 news articles.
const MEMORY_PER_THREAD_BYTES: usize = 160 << 20;
/// More threads than this make more segments and no more speed.
const MAX_THREADS: usize = 8;
const LOOK_UP: &str = "look up an article";

/// The writer of the embedded index.
pub struct EmbeddedWriter {
    data: PathBuf,
    generation: Generation,
    writer: IndexWriter,
    stamp: String,
    /// Whether the generation becomes current when the job finishes.
    swaps: bool,
    _lock: WriterLock,
}

impl EmbeddedWriter {
    /// Writes to the current generation; makes the first one where there is none.
    pub fn open(data: &Path) -> Result<Self> {
        let lock = WriterLock::acquire(data)?;
        let generation = match Generation::open_current(data) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let first = Generation::create(data)?;
                generation::make_current(data, first.name())?;
                first
            }
            other => other?,
        };
        generation::remove_others(data, generation.name())?;
        Self::new(data, generation, false, lock)
    }

    /// Writes to a new, empty generation, which replaces the current one at [`Writer::finish`].
    pub fn open_fresh(data: &Path) -> Result<Self> {
        let lock = WriterLock::acquire(data)?;
        match generation::current_name(data) {
            Ok(current) => generation::remove_others(data, &current)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Self::new(data, Generation::create(data)?, true, lock)
    }

    fn new(data: &Path, generation: Generation, swaps: bool, lock: WriterLock) -> Result<Self> {
        let threads = available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
        let writer = generation
            .index()
            .writer_with_num_threads(threads, threads * MEMORY_PER_THREAD_BYTES)
            .map_err(Error::internal("open a writer"))?;
        let stamp = Stamp::of(generation.analyzer().model()).to_json()?;
        Ok(Self { data: data.to_owned(), generation, writer, stamp, swaps, _lock: lock })
    }
}

impl Writer for EmbeddedWriter {
    fn analyzer(&self) -> &Analyzer {
        self.generation.analyzer()
    }

    fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        let fields = self.generation.fields();
        let term = Term::from_field_text(fields.id, id.as_str());
        for segment in self.generation.searcher().segment_readers() {
            let inverted = segment.inverted_index(fields.id).map_err(Error::internal(LOOK_UP))?;
            let postings = inverted.read_postings(&term, IndexRecordOption::Basic).map_err(Error::internal(LOOK_UP))?;
            let Some(mut postings) = postings else { continue };
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    let column = segment.fast_fields().u64("content_hash").map_err(Error::internal(LOOK_UP))?;
                    return Ok(column.first(postings.doc()));
                }
                postings.advance();
            }
        }
        Ok(None)
    }

    fn upsert(&self, article: &AnalyzedArticle<'_>) -> Result<()> {
        let fields = self.generation.fields();
        let document: TantivyDocument = to_document(article, fields)?;
        self.writer.delete_term(Term::from_field_text(fields.id, article.article.id.as_str()));
        self.writer.add_document(document).map_err(Error::internal("add an article"))?;
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        let mut prepared = self.writer.prepare_commit().map_err(Error::internal("commit"))?;
        prepared.set_payload(&self.stamp);
        prepared.commit().map_err(Error::internal("commit"))?;
        self.generation.reload()
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.commit()?;
        self.writer.wait_merging_threads().map_err(Error::internal("merge segments"))?;
        if self.swaps {
            generation::make_current(&self.data, self.generation.name())?;
        }
        Ok(())
    }
}
