//! A generation that is open for writing. Several threads write articles; one commits. The writer decides which
//! generation becomes current.

use parking_lot::{Mutex, MutexGuard};
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;

use rustc_hash::FxHashMap;
use tantivy::{IndexWriter, Term};

use super::Generation;
use crate::backend::tantivy::collect::id_lookup::{content_hash, for_each_id};
use crate::backend::tantivy::format::document::to_document;
use crate::backend::tantivy::format::scoped_delete::UncommittedSegments;
use crate::backend::tantivy::format::segment::SegmentBuilder;
use crate::document::AnalyzedArticle;
use crate::document::ArticleId;
use crate::error::{Error, Result};
use crate::learning::{Boilerplate, TrainingSize};
use crate::parallel::joined;
use fihrist_arabic::Model;

/// The number of words in a new index segment: about 45,000 news articles, which take 300 MB while they are gathered.
const MAX_WORDS_PER_SEGMENT: usize = 10_000_000;
/// The number of threads that fill one segment together. Adding an article takes a tenth of the time of analysing it,
/// and one large segment is smaller and faster than two.
const THREADS_PER_SEGMENT: usize = 4;
/// The greatest number of threads. More threads would make more segments, and would not be faster.
const MAX_THREADS: usize = 8;
/// The least memory that Tantivy accepts for its own indexing. That indexing is not used: Tantivy
/// only commits, deletes and merges.
const TANTIVY_MEMORY_BYTES: usize = 15 << 20;

/// A generation, its Tantivy writer, and the segments that are being filled.
pub struct OpenGeneration {
    generation: Generation,
    writer: IndexWriter,
    stamp: String,
    /// One builder for each group of [`THREADS_PER_SEGMENT`] threads.
    builders: Vec<Mutex<Builder>>,
    /// The last write of each article since the last commit, by id. Without this map, an article
    /// that is changed and changed back before a commit would seem unchanged. The index would then
    /// keep the first change.
    uncommitted: Mutex<FxHashMap<ArticleId, Change>>,
    segments: UncommittedSegments,
    max_words_per_segment: usize,
}

/// A segment that is being filled, and the number of segments that this builder filled before.
struct Builder {
    segment: SegmentBuilder,
    number: usize,
}

/// The last write of an article since the last commit.
#[derive(Clone, Copy)]
struct Change {
    /// `None` if the article was deleted.
    content_hash: Option<u64>,
    written_to: Option<WrittenTo>,
}

/// Where an article was written to.
#[derive(Clone, Copy)]
struct WrittenTo {
    builder: usize,
    /// The number of the segment among those that the builder has filled, from 0.
    segment: usize,
    /// The number of the article in that segment.
    article: usize,
}

impl OpenGeneration {
    /// Opens a generation for writing.
    pub fn new(generation: Generation) -> Result<Self> {
        let writer = generation
            .index()
            .writer_with_num_threads(1, TANTIVY_MEMORY_BYTES)
            .map_err(Error::internal("open a writer"))?;
        let stamp = generation.stamp().to_json()?;
        let builders = (0..threads().div_ceil(THREADS_PER_SEGMENT))
            .map(|_| {
                Mutex::new(Builder {
                    segment: empty(&generation),
                    number: 0,
                })
            })
            .collect();
        Ok(Self {
            generation,
            writer,
            stamp,
            builders,
            uncommitted: Mutex::default(),
            segments: UncommittedSegments::default(),
            max_words_per_segment: MAX_WORDS_PER_SEGMENT,
        })
    }

    /// Creates the next generation with this model and boilerplate, and opens it for writing.
    pub fn create(
        data: &Path,
        model: Arc<Model>,
        learnt: TrainingSize,
        boilerplate: Boilerplate,
    ) -> Result<Self> {
        Self::new(Generation::create(data, model, learnt, boilerplate)?)
    }

    /// Returns the generation.
    pub fn generation(&self) -> &Generation {
        &self.generation
    }

    /// Returns the content hash of the article with this id, committed or not.
    pub fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        if let Some(written) = self.uncommitted().get(id) {
            return Ok(written.content_hash);
        }
        self.committed_hash(id)
    }

    /// Deletes the committed articles for whose ids `keeps` returns false.
    pub fn delete_others(&self, keeps: &dyn Fn(&str) -> bool) -> Result<()> {
        let fields = self.generation.fields();
        for_each_id(&self.generation.view().searcher, fields, |id| {
            if !keeps(id) {
                self.writer
                    .delete_term(Term::from_field_text(fields.id, id));
            }
        })
    }

    /// Writes an article in place of the one with the same id. Two threads must not write the same
    /// id at the same time.
    pub fn upsert(&self, article: &AnalyzedArticle<'_>) -> Result<()> {
        let id = &article.article.id;
        self.remove(id)?;
        let written_to = self.write(article)?;
        let change = Change {
            content_hash: Some(article.content_hash),
            written_to: Some(written_to),
        };
        self.uncommitted().insert(id.clone(), change);
        Ok(())
    }

    /// Deletes the article with this id.
    pub fn delete(&self, id: &ArticleId) -> Result<()> {
        self.remove(id)?;
        self.uncommitted().insert(
            id.clone(),
            Change {
                content_hash: None,
                written_to: None,
            },
        );
        Ok(())
    }

    /// Adds an article whose id is not in the index yet.
    pub fn add(&self, article: &AnalyzedArticle<'_>) -> Result<()> {
        self.write(article).map(drop)
    }

    /// Makes all writes durable and visible.
    pub fn commit(&mut self) -> Result<()> {
        let builders = self
            .builders
            .iter()
            .filter(|builder| !builder.lock().segment.is_empty());
        std::thread::scope(|scope| {
            let threads: Vec<_> = builders
                .map(|builder| scope.spawn(|| self.flush(&mut builder.lock())))
                .collect();
            threads.into_iter().try_for_each(joined)
        })?;
        let mut prepared = self
            .writer
            .prepare_commit()
            .map_err(Error::internal("commit"))?;
        prepared.set_payload(&self.stamp);
        prepared.commit().map_err(Error::internal("commit"))?;
        self.generation.reload(|_| Ok(()))?;
        self.uncommitted().clear();
        self.segments.clear();
        Ok(())
    }

    /// Waits until segments are merged, and closes the writer. Uncommitted writes are lost.
    pub fn finish(self) -> Result<Generation> {
        self.writer
            .wait_merging_threads()
            .map_err(Error::internal("merge segments"))?;
        Ok(self.generation)
    }

    /// Removes the article with this id from its builder, from a segment written since the last
    /// commit, or from a committed segment.
    fn remove(&self, id: &ArticleId) -> Result<()> {
        let written = self.uncommitted().get(id).copied();
        let written_to = written.and_then(|written| written.written_to);
        let in_builder = written_to
            .and_then(|written_to| Some((written_to, self.builders.get(written_to.builder)?)));
        let mut is_in_segment = false;
        if let Some((written_to, builder)) = in_builder {
            let mut builder = builder.lock();
            is_in_segment = builder.number != written_to.segment;
            if !is_in_segment {
                builder.segment.remove(written_to.article);
            }
        }
        // Only the first write of an article after a commit deletes the committed article.
        if is_in_segment || written.is_none() && self.committed_hash(id)?.is_some() {
            let term = Term::from_field_text(self.generation.fields().id, id.as_str());
            self.segments
                .delete(&self.writer, term)
                .map_err(Error::internal("delete an article"))?;
        }
        Ok(())
    }

    fn write(&self, article: &AnalyzedArticle<'_>) -> Result<WrittenTo> {
        let document = to_document(
            article,
            self.generation.fields(),
            self.generation.analyzer().common_words(),
        )?;
        let (number, mut builder) = self.any_builder();
        let article = builder.segment.add(article, document);
        let written_to = WrittenTo {
            builder: number,
            segment: builder.number,
            article,
        };
        if builder.segment.word_count() >= self.max_words_per_segment {
            self.flush(&mut builder)?;
        }
        Ok(written_to)
    }

    /// Returns a builder that no other thread uses. If all are in use, waits for the first one.
    fn any_builder(&self) -> (usize, MutexGuard<'_, Builder>) {
        let free = self
            .builders
            .iter()
            .enumerate()
            .find_map(|(number, builder)| Some((number, builder.try_lock()?)));
        free.unwrap_or_else(|| (0, self.builders[0].lock()))
    }

    /// Writes the segment of a builder, which stays locked meanwhile. So a thread that replaces one of its articles
    /// finds it either in the builder or in a written segment, where Tantivy deletes it.
    fn flush(&self, builder: &mut Builder) -> Result<()> {
        builder.number += 1;
        let segment = std::mem::replace(&mut builder.segment, empty(&self.generation));
        let Some(meta) = segment
            .write(&self.writer)
            .map_err(Error::internal("write a segment"))?
        else {
            return Ok(());
        };
        self.segments
            .add(&self.writer, meta)
            .map_err(Error::internal("add a segment"))
    }

    fn committed_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        content_hash(
            &self.generation.view().searcher,
            self.generation.fields(),
            id,
        )
    }

    fn uncommitted(&self) -> MutexGuard<'_, FxHashMap<ArticleId, Change>> {
        self.uncommitted.lock()
    }
}

fn empty(generation: &Generation) -> SegmentBuilder {
    SegmentBuilder::new(*generation.fields(), generation.analyzer().clone())
}

/// Returns the number of threads that write, and that analyse in a rebuild.
pub fn threads() -> usize {
    available_parallelism()
        .map_or(1, usize::from)
        .min(MAX_THREADS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::*;
    use crate::document::{Article, Segment, SegmentKind};
    use fihrist_arabic::Span;

    fn article(id: usize, text: &str) -> Article {
        let segments = vec![Segment {
            kind: SegmentKind::Body,
            span: Span::new(0, text.len()),
        }];
        let id = ArticleId::new(&id.to_string()).expect("an id");
        let authors = Vec::new();
        let text = text.to_owned();
        Article {
            id,
            text,
            segments,
            source: None,
            section: None,
            authors,
            url: None,
            published: None,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        /// Articles have a few words and segments a dozen, so most articles are replaced in a segment that is written
        /// and not committed.
        #[test]
        fn the_last_copy_stays_wherever_the_others_are(
            changes in prop::collection::vec((0..5_usize, prop::option::weighted(0.8, 1..6_usize), prop::bool::weighted(0.1)), 1..60),
        ) {
            let data = TempDir::new().expect("a directory");
            let open = OpenGeneration::create(data.path(), Model::base(), TrainingSize::default(), Boilerplate::default());
            let mut open = OpenGeneration { max_words_per_segment: 12, ..open.expect("a generation") };
            let mut expected: FxHashMap<usize, u64> = FxHashMap::default();
            for (hash, (id, words, commits)) in (1..).zip(changes) {
                match words {
                    Some(words) => {
                        let article = article(id, &"خبر ".repeat(words));
                        let analyzer = open.generation().analyzer().clone();
                        open.upsert(&AnalyzedArticle::new(&article, hash, &analyzer)).expect("written");
                        expected.insert(id, hash);
                    }
                    None => {
                        open.delete(&ArticleId::new(&id.to_string()).expect("an id")).expect("deleted");
                        expected.remove(&id);
                    }
                }
                if commits {
                    open.commit().expect("committed");
                }
            }
            open.commit().expect("committed");
            prop_assert_eq!(open.generation().view().searcher.num_docs(), expected.len() as u64);
            for id in 0..5 {
                let known = open.content_hash(&ArticleId::new(&id.to_string()).expect("an id")).expect("an answer");
                prop_assert_eq!(known, expected.get(&id).copied());
            }
        }
    }
}
