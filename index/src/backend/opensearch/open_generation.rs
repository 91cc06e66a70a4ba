//! A generation that is open for writing. Several writers on several machines may have the same one open. The writer
//! decides which generation becomes current.

use parking_lot::Mutex;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxHashMap;
use serde_json::json;

use super::answer::to_number;
use super::bulk::Bulk;
use super::copies;
use super::document::to_document;
use super::files::{self, File, State};
use super::generation::Generation;
use super::request::Requester;
use super::scan::{HITS_A_PAGE, pages};
use super::schema::CONTENT_HASH;
use super::term_counts::{TermCounter, TermCounts};
use super::view::read_term_counts;
use crate::document::AnalyzedArticle;
use crate::document::ArticleId;
use crate::error::{Error, Result};
use crate::learning::CollectionGraph;

/// The greatest number of files with term counts. If there are more, they are merged into one.
const MAX_PARTS: usize = 12;

/// A writer computes the clusters of copies again when it has changed at least 1 of this many
/// articles of the index.
const MIN_CHANGED_SHARE: u64 = 1_000;

/// A generation that is open for writing, with this writer's uncommitted writes.
pub struct OpenGeneration {
    pub generation: Generation,
    bulk: Bulk,
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
    pub fn new(generation: Generation, is_ours: bool) -> Self {
        let bulk = Bulk::new(generation.written_to());
        Self {
            generation,
            bulk,
            counts: Mutex::default(),
            written: Mutex::default(),
            is_ours,
            uncommitted: AtomicU64::new(0),
            changes: AtomicU64::new(0),
        }
    }

    /// Returns the content hash of the article with this id, committed or not.
    pub fn content_hash(&self, requester: Requester<'_>, id: &ArticleId) -> Result<Option<u64>> {
        if let Some(written) = self.written.lock().get(&id_hash(id)) {
            return Ok(*written);
        }
        if self.is_ours {
            return Ok(None);
        }
        let path = format!("/{}/_mget", self.generation.index);
        let body = json!({"docs": [{"_id": id.as_str(), "_source": [CONTENT_HASH]}]});
        let answer = requester
            .post(path, &body)?
            .accepted(requester.client.urls())?;
        let found = &answer.0["docs"][0];
        Ok((found["found"] == json!(true)).then(|| to_number(&found["_source"][CONTENT_HASH])))
    }

    /// Writes an article in place of the one with the same id.
    pub fn upsert(&self, requester: Requester<'_>, article: &AnalyzedArticle<'_>) -> Result<()> {
        let id = &article.article.id;
        // The version is taken first: of two changes, the later one has the higher version.
        let version = self.bulk.next_version();
        self.written
            .lock()
            .insert(id_hash(id), Some(article.content_hash));
        self.counts.lock().add(article);
        self.note_change();
        self.bulk.put(
            requester,
            id.as_str(),
            version,
            &to_document(article, article.content_hash)?,
        )
    }

    /// Deletes the article with this id.
    pub fn delete(&self, requester: Requester<'_>, id: &ArticleId) -> Result<()> {
        let version = self.bulk.next_version();
        self.written.lock().insert(id_hash(id), None);
        self.note_change();
        self.bulk.delete(requester, id.as_str(), version)
    }

    /// Deletes the committed articles for whose ids `keeps` returns false.
    pub fn delete_others(
        &self,
        requester: Requester<'_>,
        keeps: &dyn Fn(&str) -> bool,
    ) -> Result<()> {
        let body = json!({"size": HITS_A_PAGE, "_source": false});
        pages(requester, &self.generation.index, &body, &mut |hits| {
            for id in hits
                .iter()
                .filter_map(|hit| hit["_id"].as_str())
                .filter(|id| !keeps(id))
            {
                if let Ok(id) = ArticleId::new(id) {
                    self.delete(requester, &id)?;
                }
            }
            Ok(true)
        })
        .map(drop)
    }

    /// Returns the articles that could not be stored, with the reason. Each is returned once.
    pub fn refused(&self) -> Vec<(ArticleId, String)> {
        self.bulk.refused()
    }

    /// Makes all writes durable and visible.
    pub fn commit(&self, requester: Requester<'_>) -> Result<()> {
        self.bulk.flush(requester)?;
        let is_changed = self.uncommitted.swap(0, Ordering::Relaxed) > 0;
        if !is_changed {
            return Ok(());
        }
        self.generation.refresh(requester)?;
        let counts = std::mem::take(&mut *self.counts.lock());
        let words = if counts.is_empty() {
            None
        } else {
            Some(self.put_words(requester, &counts.finish())?)
        };
        let state = self.change_state(requester, &|state| {
            if let Some(words) = words.as_ref().filter(|words| !state.words.contains(words)) {
                state.words.push(words.clone());
            }
            note_commit(state);
        })?;
        if state.words.len() > MAX_PARTS {
            self.gather_words(requester, &state.words)
        } else {
            Ok(())
        }
    }

    /// Computes the clusters of copies again, if this writer has changed enough articles.
    pub fn update_copies(&self, requester: Requester<'_>) -> Result<()> {
        let changes = self.changes.load(Ordering::Relaxed);
        if changes == 0
            || changes.saturating_mul(MIN_CHANGED_SHARE) < self.generation.count(requester)?
        {
            return Ok(());
        }
        let copies = copies::update(requester, &self.generation, &self.bulk)?;
        self.generation.refresh(requester)?;
        let old = self.change_file(requester, copies, |state| &mut state.copies, note_commit)?;
        self.changes.store(0, Ordering::Relaxed);
        self.remove(requester, old);
        Ok(())
    }

    /// Returns the ledger that was last stored.
    pub fn ledger(&self, requester: Requester<'_>) -> Result<Option<Vec<u8>>> {
        let read = files::read_state(requester, &self.generation.files)?;
        let file = read.and_then(|read| read.state.ledger);
        file.map(|file| files::get(requester, &self.generation.files, &file))
            .transpose()
    }

    /// Stores the ledger.
    pub fn set_ledger(&self, requester: Requester<'_>, bytes: &[u8]) -> Result<()> {
        let file = files::put(requester, &self.generation.files, "ledger", bytes)?;
        // This does not count as a commit, because searches do not use the ledger.
        let old = self.change_file(requester, Some(file), |state| &mut state.ledger, |_| ())?;
        self.remove(requester, old);
        Ok(())
    }

    /// Returns the graph of related stems that was last stored; `None` if there is none, or if it
    /// cannot be read.
    pub fn graph(&self, requester: Requester<'_>) -> Result<Option<CollectionGraph>> {
        let read = files::read_state(requester, &self.generation.files)?;
        let Some(file) = read.and_then(|read| read.state.graph) else {
            return Ok(None);
        };
        let bytes = files::get(requester, &self.generation.files, &file);
        Ok(bytes
            .ok()
            .and_then(|bytes| CollectionGraph::from_bytes(&bytes).ok()))
    }

    /// Stores a graph of related stems in place of the previous one.
    pub fn set_graph(&self, requester: Requester<'_>, own: &CollectionGraph) -> Result<()> {
        let bytes = own.to_bytes().map_err(Error::internal("write the graph"))?;
        let file = files::put(requester, &self.generation.files, "graph", &bytes)?;
        let old = self.change_file(requester, Some(file), |state| &mut state.graph, note_commit)?;
        self.remove(requester, old);
        Ok(())
    }

    fn note_change(&self) {
        self.uncommitted.fetch_add(1, Ordering::Relaxed);
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    fn put_words(&self, requester: Requester<'_>, part: &TermCounts) -> Result<File> {
        let bytes = part
            .to_bytes()
            .map_err(Error::internal("write the words of the index"))?;
        // Two commits with equal term counts need files with two names.
        files::put(
            requester,
            &self.generation.files,
            &format!("words-{}", self.bulk.next_version()),
            &bytes,
        )
    }

    /// Merges all files of term counts into one. A view that no longer finds a file reads the state
    /// again.
    fn gather_words(&self, requester: Requester<'_>, parts: &[File]) -> Result<()> {
        let mut all = TermCounts::default();
        for file in parts {
            match read_term_counts(requester, &self.generation.files, file) {
                Ok(part) => all.merge(&part),
                // Another writer has already merged these files.
                Err(_) => return Ok(()),
            }
        }
        let file = self.put_words(requester, &all)?;
        let state = self.change_state(requester, &|state| {
            if parts.iter().all(|part| state.words.contains(part)) {
                state.words.retain(|part| !parts.contains(part));
                state.words.push(file.clone());
            }
        })?;
        let unused = if state.words.contains(&file) {
            parts
        } else {
            std::slice::from_ref(&file)
        };
        unused
            .iter()
            .for_each(|part| files::remove(requester, &self.generation.files, part));
        Ok(())
    }

    fn change_state(&self, requester: Requester<'_>, change: &dyn Fn(&mut State)) -> Result<State> {
        files::change_state(requester, &self.generation.files, change)
    }

    /// Replaces the file that `place` selects in the state. Returns the old file if the state no
    /// longer names it.
    fn change_file(
        &self,
        requester: Requester<'_>,
        file: Option<File>,
        place: impl Fn(&mut State) -> &mut Option<File>,
        note: impl Fn(&mut State),
    ) -> Result<Option<File>> {
        let old = Mutex::new(None);
        self.change_state(requester, &|state| {
            let before = std::mem::replace(place(state), file.clone());
            *old.lock() = before.filter(|before| Some(before) != file.as_ref());
            note(state);
        })?;
        Ok(old.into_inner())
    }

    fn remove(&self, requester: Requester<'_>, file: Option<File>) {
        if let Some(file) = file {
            files::remove(requester, &self.generation.files, &file);
        }
    }
}

fn note_commit(state: &mut State) {
    state.commits += 1;
    state.changed = jiff::Timestamp::now().as_second();
}

fn id_hash(id: &ArticleId) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}
