//! A generation that is open for writing. Several writers on several machines may have the same one open. The writer
//! decides which generation becomes current.

use parking_lot::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxHashMap;
use serde_json::json;

use super::{
    Bulk, CONTENT_HASH, File, Generation, Requester, State, TermCounter, TermCounts, articles_with,
    copies, files, generation, read_term_counts, to_document, to_number,
};
use crate::backend::hash_of;
use crate::document::{AnalyzedArticle, ArticleId};
use crate::error::{OrInternal, Result};
use crate::learning::CollectionGraph;

/// The greatest number of files with term counts. If there are more, they are merged into one.
const MAX_PARTS: usize = 12;

/// A writer computes the clusters of copies again when it has changed at least 1 of this many
/// articles of the index.
const MIN_CHANGED_SHARE: u64 = 1_000;

/// A generation that is open for writing, with this writer's uncommitted writes.
pub struct OpenGeneration {
    pub generation: Generation,
    requester: Requester,
    pub bulk: Bulk,
    counts: Mutex<TermCounter>,
    /// The content hash of each article that this writer has written, by a hash of its id; `None` for a deleted
    /// article.
    written: Mutex<FxHashMap<u64, Option<u64>>>,
    /// Whether this writer created the generation, so that the generation holds only this writer's
    /// articles.
    is_ours: bool,
    uncommitted: AtomicU64,
    changes: AtomicU64,
}

impl OpenGeneration {
    /// Opens a generation. If `is_ours`, this writer has created it, and it is still empty.
    pub fn new(requester: Requester, generation: Generation, is_ours: bool) -> Self {
        let alias = generation::written_to(&generation.index);
        Self {
            bulk: Bulk::new(requester.clone(), alias),
            generation,
            requester,
            counts: Mutex::default(),
            written: Mutex::default(),
            is_ours,
            uncommitted: AtomicU64::new(0),
            changes: AtomicU64::new(0),
        }
    }

    /// Returns the number of articles that searches can find.
    pub fn count(&self) -> Result<u64> {
        generation::count(&self.requester, &self.generation.index)
    }

    /// Returns the content hash of the article with this id, committed or not.
    pub fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        if let Some(written) = self.written.lock().get(&hash_of(id)) {
            return Ok(*written);
        }
        if self.is_ours {
            return Ok(None);
        }
        let path = format!("/{}/_mget", self.generation.index);
        let body = json!({"docs": [{"_id": id.as_str(), "_source": [CONTENT_HASH]}]});
        let answer = self.requester.post(path, &body)?;
        let found = &answer["docs"][0];
        Ok((found["found"] == json!(true)).then(|| to_number(&found["_source"][CONTENT_HASH])))
    }

    /// Writes an article in place of the one with the same id.
    pub fn upsert(&self, article: &AnalyzedArticle<'_>) -> Result<()> {
        let id = &article.article.id;
        self.counts.lock().add(article);
        let version = self.note_change(id, Some(article.content_hash));
        let document = to_document(article, article.content_hash);
        self.bulk.put(id.as_str(), version, &document)
    }

    /// Deletes the article with this id.
    pub fn delete(&self, id: &ArticleId) -> Result<()> {
        let version = self.note_change(id, None);
        self.bulk.delete(id.as_str(), version)
    }

    /// Returns the committed articles for whose ids `is_wanted` returns true, each with its content
    /// hash.
    pub fn committed(&self, is_wanted: &dyn Fn(&str) -> bool) -> Result<Vec<(ArticleId, u64)>> {
        articles_with(&self.requester, &self.generation.index, is_wanted)
    }

    /// Makes all writes durable and visible.
    pub fn commit(&self) -> Result<()> {
        self.bulk.flush()?;
        if self.uncommitted.swap(0, Ordering::Relaxed) == 0 {
            return Ok(());
        }
        generation::refresh(&self.requester, &self.generation.index)?;
        let counts = std::mem::take(&mut *self.counts.lock());
        let words = if counts.is_empty() {
            None
        } else {
            Some(self.put_words(&counts.finish())?)
        };
        let state = self.change_state(|state| {
            if let Some(words) = words.as_ref().filter(|words| !state.words.contains(words)) {
                state.words.push(words.clone());
            }
            note_commit(state);
        })?;
        if state.words.len() > MAX_PARTS {
            self.gather_words(&state.words)
        } else {
            Ok(())
        }
    }

    /// Computes the clusters of copies again, if this writer has changed enough articles.
    pub fn update_copies(&self) -> Result<()> {
        let changes = self.changes.load(Ordering::Relaxed);
        if changes == 0 || changes.saturating_mul(MIN_CHANGED_SHARE) < self.count()? {
            return Ok(());
        }
        let copies = copies::update(&self.requester, &self.generation, &self.bulk)?;
        generation::refresh(&self.requester, &self.generation.index)?;
        self.replace(copies, |state| &mut state.copies, note_commit)?;
        self.changes.store(0, Ordering::Relaxed);
        Ok(())
    }

    /// Returns the ledger that was last stored.
    pub fn ledger(&self) -> Result<Option<Vec<u8>>> {
        self.read(|state| state.ledger)?.transpose()
    }

    /// Stores the ledger.
    pub fn set_ledger(&self, bytes: &[u8]) -> Result<()> {
        let file = self.put("ledger", bytes)?;
        // This does not count as a commit, because searches do not use the ledger.
        self.replace(Some(file), |state| &mut state.ledger, |_| ())
    }

    /// Returns the graph of related stems that was last stored; `None` if there is none, or if it
    /// cannot be read.
    pub fn graph(&self) -> Result<Option<CollectionGraph>> {
        let bytes = self.read(|state| state.graph)?;
        Ok(bytes.and_then(|bytes| CollectionGraph::from_bytes(&bytes.ok()?).ok()))
    }

    /// Stores a graph of related stems in place of the previous one.
    pub fn set_graph(&self, own: &CollectionGraph) -> Result<()> {
        let bytes = own.to_bytes().or_internal("write the graph")?;
        let file = self.put("graph", &bytes)?;
        self.replace(Some(file), |state| &mut state.graph, note_commit)
    }

    /// Records a change of the article with this id. Returns the version of the change.
    fn note_change(&self, id: &ArticleId, content_hash: Option<u64>) -> u64 {
        // The version is taken first: of two changes, the later one has the higher version.
        let version = self.bulk.next_version();
        self.written.lock().insert(hash_of(id), content_hash);
        self.uncommitted.fetch_add(1, Ordering::Relaxed);
        self.changes.fetch_add(1, Ordering::Relaxed);
        version
    }

    /// Reads the file that `choose` selects in the state; `None` if the state names none.
    fn read(&self, choose: fn(State) -> Option<File>) -> Result<Option<Result<Vec<u8>>>> {
        files::read_chosen(&self.requester, &self.generation.files, choose)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<File> {
        files::put(&self.requester, &self.generation.files, name, bytes)
    }

    fn put_words(&self, part: &TermCounts) -> Result<File> {
        let bytes = part
            .to_bytes()
            .or_internal("write the words of the index")?;
        // Two commits with equal term counts need files with two names.
        self.put(&format!("words-{}", self.bulk.next_version()), &bytes)
    }

    /// Merges all files of term counts into one. A view that no longer finds a file reads the state
    /// again.
    fn gather_words(&self, parts: &[File]) -> Result<()> {
        let mut all = TermCounts::default();
        for file in parts {
            match read_term_counts(&self.requester, &self.generation.files, file) {
                Ok(part) => all.merge(&part),
                // Another writer has already merged these files.
                Err(_) => return Ok(()),
            }
        }
        let file = self.put_words(&all)?;
        let state = self.change_state(|state| {
            if parts.iter().all(|part| state.words.contains(part)) {
                state.words.retain(|part| !parts.contains(part));
                state.words.push(file.clone());
            }
        })?;
        if state.words.contains(&file) {
            self.remove(parts);
        } else {
            self.remove([&file]);
        }
        Ok(())
    }

    fn change_state(&self, change: impl FnMut(&mut State)) -> Result<State> {
        files::change_state(&self.requester, &self.generation.files, change)
    }

    /// Replaces the file that `place` selects in the state, and removes the old file if the state no
    /// longer names it.
    fn replace(
        &self,
        file: Option<File>,
        place: impl Fn(&mut State) -> &mut Option<File>,
        note: impl Fn(&mut State),
    ) -> Result<()> {
        let mut old = None;
        self.change_state(|state| {
            old = std::mem::replace(place(state), file.clone());
            note(state);
        })?;
        self.remove(old.iter().filter(|old| Some(*old) != file.as_ref()));
        Ok(())
    }

    fn remove<'f>(&self, unused: impl IntoIterator<Item = &'f File>) {
        for file in unused {
            files::remove(&self.requester, &self.generation.files, file);
        }
    }
}

fn note_commit(state: &mut State) {
    state.commits += 1;
    state.changed = jiff::Timestamp::now().as_second();
}
