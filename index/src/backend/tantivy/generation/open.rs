//! A generation that is open for writing. Several threads write articles; one commits. The writer decides which
//! generation becomes current.

use parking_lot::{Mutex, MutexGuard};

use rustc_hash::FxHashMap;
use tantivy::IndexWriter;
use tantivy::indexer::NoMergePolicy;

use super::Generation;
use crate::backend::tantivy::format::{
    SegmentBuilder, UncommittedSegments, UndamagedSegments, to_document,
};
use crate::document::{AnalyzedArticle, ArticleId};
use crate::error::{OrInternal, Result};
use crate::parallel::{joined, max_threads};

/// The number of words in a new index segment: about 45,000 news articles, which take 300 MB while they are gathered.
const MAX_WORDS_PER_SEGMENT: usize = 10_000_000;
/// The number of threads that fill one segment together. Adding an article takes a tenth of the time of analysing it,
/// and one large segment is smaller and faster than two.
const THREADS_PER_SEGMENT: usize = 4;
/// The least memory that Tantivy accepts for its own indexing. That indexing is not used: Tantivy
/// only commits, deletes and merges.
const TANTIVY_MEMORY_BYTES: usize = 15 << 20;

const LOOK_UP: &str = "look up an article";

/// A generation, its Tantivy writer, and the segments that are being filled.
pub struct OpenGeneration {
    /// The generation.
    pub generation: Generation,
    writer: IndexWriter,
    /// One builder for each group of [`THREADS_PER_SEGMENT`] threads.
    builders: Vec<Mutex<Builder>>,
    /// The last write of each article since the last commit, by id. Without this map, an article
    /// that is changed and changed back before a commit would seem unchanged. The index would then
    /// keep the first change. `None` stands for an article that was deleted.
    uncommitted: Mutex<FxHashMap<ArticleId, Option<Written>>>,
    segments: UncommittedSegments,
    max_words_per_segment: usize,
    /// Whether the small files are whole and in the format of this program.
    is_mended: bool,
}

/// A segment that is being filled, and the number of segments that this builder filled before.
struct Builder {
    segment: SegmentBuilder,
    number: usize,
}

/// Which article was written, and where it was written to.
#[derive(Clone, Copy)]
struct Written {
    content_hash: u64,
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
            .index
            .writer_with_num_threads(1, TANTIVY_MEMORY_BYTES)
            .or_internal("open a writer")?;
        // A killed or failed writer leaves the files of segments that were never committed.
        if let Err(error) = writer.garbage_collect_files().wait() {
            tracing::warn!("cannot remove unused files of the index: {error}");
        }
        let policy = UndamagedSegments::of(generation.written.clone());
        writer.set_merge_policy(Box::new(policy));
        let builder = |_| {
            let segment = empty(&generation);
            Mutex::new(Builder { segment, number: 0 })
        };
        let builders = (0..max_threads().div_ceil(THREADS_PER_SEGMENT)).map(builder);
        let builders = builders.collect();
        Ok(Self {
            generation,
            writer,
            builders,
            uncommitted: Mutex::default(),
            segments: UncommittedSegments::default(),
            max_words_per_segment: MAX_WORDS_PER_SEGMENT,
            is_mended: false,
        })
    }

    /// Returns the content hash of the article with this id, committed or not.
    pub fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        if let Some(last) = self.uncommitted.lock().get(id) {
            return Ok(last.map(|written| written.content_hash));
        }
        self.committed_hash(id)
    }

    /// Returns the committed articles for whose ids `is_wanted` returns true, each with its content
    /// hash.
    pub fn committed(&self, is_wanted: &dyn Fn(&str) -> bool) -> Result<Vec<(ArticleId, u64)>> {
        let committed = self.generation.view().articles_with(is_wanted);
        committed.or_internal(LOOK_UP)
    }

    /// Writes an article in place of the one with the same id. Two threads must not write the same
    /// id at the same time.
    pub fn upsert(&self, article: &AnalyzedArticle<'_>) -> Result<()> {
        let id = &article.article.id;
        self.remove(id)?;
        let written = self.write(article)?;
        self.uncommitted.lock().insert(id.clone(), Some(written));
        Ok(())
    }

    /// Deletes the article with this id.
    pub fn delete(&self, id: &ArticleId) -> Result<()> {
        self.remove(id)?;
        self.uncommitted.lock().insert(id.clone(), None);
        Ok(())
    }

    /// Adds an article whose id is not in the index yet.
    pub fn add(&self, article: &AnalyzedArticle<'_>) -> Result<()> {
        self.write(article).map(drop)
    }

    /// Makes all writes durable and visible.
    pub fn commit(&mut self) -> Result<()> {
        std::thread::scope(|scope| {
            let flush = |builder: &Mutex<Builder>| self.flush(&mut builder.lock());
            let start = |builder| scope.spawn(move || flush(builder));
            let threads: Vec<_> = self.builders.iter().map(start).collect();
            threads.into_iter().try_for_each(joined)
        })?;
        if !self.is_mended {
            self.generation.mend()?;
            self.is_mended = true;
        }
        let stamp = self.generation.stamp.to_json()?;
        let mut commit = || {
            let mut prepared = self.writer.prepare_commit()?;
            prepared.set_payload(&stamp);
            prepared.commit()
        };
        self.generation.written.begin_commit();
        commit().or_internal("commit")?;
        self.generation.written.end_commit();
        self.generation.reload(|_| Ok(()))?;
        self.uncommitted.lock().clear();
        self.segments.clear();
        Ok(())
    }

    /// Starts no further merges. The merges that are running go on.
    pub fn stop_merging(&mut self) {
        self.writer.set_merge_policy(Box::new(NoMergePolicy));
    }

    /// Waits until segments are merged, and closes the writer. Uncommitted writes are lost.
    pub fn finish(self) -> Result<Generation> {
        self.writer
            .wait_merging_threads()
            .or_internal("merge segments")?;
        let files = &self.generation.written;
        files.flush().or_internal("merge segments")?;
        Ok(self.generation)
    }

    /// Removes the article with this id from its builder, from a segment written since the last
    /// commit, or from a committed segment.
    fn remove(&self, id: &ArticleId) -> Result<()> {
        let last = self.uncommitted.lock().get(id).copied();
        let is_in_segment = match last {
            Some(Some(written)) => {
                let mut builder = self.builders[written.builder].lock();
                let is_in_builder = builder.number == written.segment;
                if is_in_builder {
                    builder.segment.remove(written.article);
                }
                !is_in_builder
            }
            Some(None) => false,
            // Only the first write of an article after a commit deletes the committed article.
            None => self.committed_hash(id)?.is_some(),
        };
        if is_in_segment {
            let id = self.generation.fields.id_term(id);
            let deleted = self.segments.delete(&self.writer, id);
            deleted.or_internal("delete an article")?;
        }
        Ok(())
    }

    fn write(&self, article: &AnalyzedArticle<'_>) -> Result<Written> {
        let words = self.generation.analyzer.common_words();
        let document = to_document(article, &self.generation.fields, words)?;
        let (number, mut builder) = self.any_builder();
        let written = Written {
            content_hash: article.content_hash,
            builder: number,
            segment: builder.number,
            article: builder.segment.add(article, document),
        };
        if builder.segment.word_count() >= self.max_words_per_segment {
            self.flush(&mut builder)?;
        }
        Ok(written)
    }

    /// Returns a builder that no other thread uses. If all are in use, waits for the first one.
    fn any_builder(&self) -> (usize, MutexGuard<'_, Builder>) {
        let mut builders = self.builders.iter().enumerate();
        let free = builders.find_map(|(number, builder)| Some((number, builder.try_lock()?)));
        free.unwrap_or_else(|| (0, self.builders[0].lock()))
    }

    /// Writes the segment of a builder, which stays locked meanwhile. So a thread that replaces one of its articles
    /// finds it either in the builder or in a written segment, where Tantivy deletes it.
    fn flush(&self, builder: &mut Builder) -> Result<()> {
        builder.number += 1;
        let segment = std::mem::replace(&mut builder.segment, empty(&self.generation));
        let meta = segment.write(&self.writer).or_internal("write a segment")?;
        let added = meta.map_or(Ok(()), |meta| self.segments.add(&self.writer, meta));
        added.or_internal("add a segment")
    }

    fn committed_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        let id = self.generation.fields.id_term(id);
        let hash = self.generation.view().content_hash(&id);
        hash.or_internal(LOOK_UP)
    }
}

fn empty(generation: &Generation) -> SegmentBuilder {
    SegmentBuilder::new(generation.fields, generation.analyzer.clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::super::directory;
    use super::*;
    use crate::backend::Basis;
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
            unmapped: None,
        }
    }

    #[test]
    fn the_next_writer_removes_segments_that_were_never_committed() {
        let data = TempDir::new().expect("a directory");
        let generation = Generation::create(data.path(), Basis::default()).expect("a generation");
        let name = generation.name.clone();
        let files = || {
            let entries = std::fs::read_dir(directory(data.path(), &name)).expect("a directory");
            entries.count()
        };
        let mut open = OpenGeneration::new(generation).expect("a writer");
        let before = files();
        open.max_words_per_segment = 2;
        // Files of 64 KiB or less stay in memory until the commit.
        let words = (0..20_000_u32).map(|word| format!("{:x} ", word.wrapping_mul(0x9E37_79B1)));
        let text: String = words.collect();
        for id in 0..2 {
            let article = article(id, &text);
            let analyzer = open.generation.analyzer.clone();
            open.upsert(&AnalyzedArticle::new(&article, 1, &analyzer))
                .expect("written");
        }
        drop(open);
        assert!(files() > before, "no segment was written");
        let generation = Generation::open(data.path(), &name).expect("a generation");
        let _open = OpenGeneration::new(generation).expect("a writer");
        assert_eq!(files(), before);
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
            let generation = Generation::create(data.path(), Basis::default());
            let open = OpenGeneration::new(generation.expect("a generation"));
            let mut open = OpenGeneration { max_words_per_segment: 12, ..open.expect("a writer") };
            let mut expected: FxHashMap<usize, u64> = FxHashMap::default();
            for (hash, (id, words, commits)) in (1..).zip(changes) {
                match words {
                    Some(words) => {
                        let article = article(id, &"خبر ".repeat(words));
                        let analyzer = open.generation.analyzer.clone();
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
            prop_assert_eq!(open.generation.view().searcher.num_docs(), expected.len() as u64);
            for id in 0..5 {
                let known = open.content_hash(&ArticleId::new(&id.to_string()).expect("an id")).expect("an answer");
                prop_assert_eq!(known, expected.get(&id).copied());
            }
        }
    }
}
