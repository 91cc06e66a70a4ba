//! A generation that is open for writing. Several writers, of several machines, may have the same one open. What becomes
//! current when is decided by the writer.

use parking_lot::Mutex;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxHashMap;
use serde_json::json;

use super::bulk::Bulk;
use super::candidate::number;
use super::copies;
use super::document::to_document;
use super::files::{self, File, State};
use super::generation::Generation;
use super::request::Talk;
use super::scan::{HITS_A_PAGE, pages};
use super::schema::CONTENT_HASH;
use super::view::read_part;
use super::words::{Part, WordCounts};
use crate::document::AnalyzedArticle;
use crate::document::ArticleId;
use crate::error::{Error, Result};
use crate::learning::CollectionGraph;

/// Parts of the words that are read one by one; more are made into one.
const MAX_PARTS: usize = 12;

/// The clusters of copies are found anew by whoever has written so large a part of all articles: one in so many.
const SETTLED_FROM: u64 = 1_000;

/// A generation, and what is written to it and not committed.
pub struct Opened {
    pub generation: Generation,
    bulk: Bulk,
    counts: Mutex<WordCounts>,
    /// The content hash of what this writer has written, by a hash of the id; `None` of what it has deleted.
    written: Mutex<FxHashMap<u64, Option<u64>>>,
    /// Whether this writer made the generation, so that nothing else is in it.
    is_ours: bool,
    uncommitted: AtomicU64,
    changes: AtomicU64,
}

impl Opened {
    /// Opens a generation; one that was just made holds nothing yet.
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

    /// The content hash of the article with this id, committed or not.
    pub fn content_hash(&self, talk: Talk<'_>, id: &ArticleId) -> Result<Option<u64>> {
        if let Some(written) = self.written.lock().get(&id_hash(id)) {
            return Ok(*written);
        }
        if self.is_ours {
            return Ok(None);
        }
        let path = format!("/{}/_mget", self.generation.index);
        let body = json!({"docs": [{"_id": id.as_str(), "_source": [CONTENT_HASH]}]});
        let answer = talk.post(path, &body)?.accepted(talk.client)?;
        let found = &answer.0["docs"][0];
        Ok((found["found"] == json!(true)).then(|| number(&found["_source"][CONTENT_HASH])))
    }

    /// Replaces the article with the same id.
    pub fn upsert(&self, talk: Talk<'_>, article: &AnalyzedArticle<'_>) -> Result<()> {
        let id = &article.article.id;
        // The version before the change is on its way: of two changes the later one has the higher version.
        let version = self.bulk.next_version();
        self.written
            .lock()
            .insert(id_hash(id), Some(article.content_hash));
        self.counts.lock().add(article);
        self.note_change();
        self.bulk.put(
            talk,
            id.as_str(),
            version,
            &to_document(article, article.content_hash)?,
        )
    }

    /// Removes the article with this id.
    pub fn delete(&self, talk: Talk<'_>, id: &ArticleId) -> Result<()> {
        let version = self.bulk.next_version();
        self.written.lock().insert(id_hash(id), None);
        self.note_change();
        self.bulk.delete(talk, id.as_str(), version)
    }

    /// Deletes the committed articles whose ids are not to be kept.
    pub fn delete_others(&self, talk: Talk<'_>, keeps: &dyn Fn(&str) -> bool) -> Result<()> {
        let body = json!({"size": HITS_A_PAGE, "_source": false});
        pages(talk, &self.generation.index, &body, &mut |hits| {
            for id in hits
                .iter()
                .filter_map(|hit| hit["_id"].as_str())
                .filter(|id| !keeps(id))
            {
                if let Ok(id) = ArticleId::new(id) {
                    self.delete(talk, &id)?;
                }
            }
            Ok(true)
        })
        .map(drop)
    }

    /// What could not be stored.
    pub fn refused(&self) -> Vec<(ArticleId, String)> {
        self.bulk.refused()
    }

    /// Makes everything written so far durable and visible.
    pub fn commit(&self, talk: Talk<'_>) -> Result<()> {
        self.bulk.flush(talk)?;
        let is_changed = self.uncommitted.swap(0, Ordering::Relaxed) > 0;
        if !is_changed {
            return Ok(());
        }
        self.generation.refresh(talk)?;
        let counts = std::mem::take(&mut *self.counts.lock());
        let words = if counts.is_empty() {
            None
        } else {
            Some(self.put_words(talk, &counts.finish())?)
        };
        let state = self.change_state(talk, &|state| {
            if let Some(words) = words.as_ref().filter(|words| !state.words.contains(words)) {
                state.words.push(words.clone());
            }
            note_commit(state);
        })?;
        if state.words.len() > MAX_PARTS {
            self.gather_words(talk, &state.words)
        } else {
            Ok(())
        }
    }

    /// Finds the clusters of copies anew, if enough was written for that to matter.
    pub fn settle_copies(&self, talk: Talk<'_>) -> Result<()> {
        let changes = self.changes.load(Ordering::Relaxed);
        if changes == 0 || changes.saturating_mul(SETTLED_FROM) < self.generation.count(talk)? {
            return Ok(());
        }
        let copies = copies::settle(talk, &self.generation, &self.bulk)?;
        self.generation.refresh(talk)?;
        let old = self.change_file(talk, copies, |state| &mut state.copies, note_commit)?;
        self.changes.store(0, Ordering::Relaxed);
        self.remove(talk, old);
        Ok(())
    }

    /// What was last kept of the files that were read.
    pub fn ledger(&self, talk: Talk<'_>) -> Result<Option<Vec<u8>>> {
        let read = files::read_state(talk, &self.generation.files)?;
        let file = read.and_then(|read| read.state.ledger);
        file.map(|file| files::get(talk, &self.generation.files, &file))
            .transpose()
    }

    /// Keeps what is known of the files that were read.
    pub fn set_ledger(&self, talk: Talk<'_>, bytes: &[u8]) -> Result<()> {
        let file = files::put(talk, &self.generation.files, "ledger", bytes)?;
        // No commit: searches see none of it.
        let old = self.change_file(talk, Some(file), |state| &mut state.ledger, |_| ())?;
        self.remove(talk, old);
        Ok(())
    }

    /// What the articles have taught about their words; nothing where that is not known or cannot be read.
    pub fn graph(&self, talk: Talk<'_>) -> Result<Option<CollectionGraph>> {
        let read = files::read_state(talk, &self.generation.files)?;
        let Some(file) = read.and_then(|read| read.state.graph) else {
            return Ok(None);
        };
        let bytes = files::get(talk, &self.generation.files, &file);
        Ok(bytes
            .ok()
            .and_then(|bytes| CollectionGraph::from_bytes(&bytes).ok()))
    }

    /// Keeps a graph in place of the one before.
    pub fn set_graph(&self, talk: Talk<'_>, own: &CollectionGraph) -> Result<()> {
        let bytes = own.to_bytes().map_err(Error::internal("write the graph"))?;
        let file = files::put(talk, &self.generation.files, "graph", &bytes)?;
        let old = self.change_file(talk, Some(file), |state| &mut state.graph, note_commit)?;
        self.remove(talk, old);
        Ok(())
    }

    fn note_change(&self) {
        self.uncommitted.fetch_add(1, Ordering::Relaxed);
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    fn put_words(&self, talk: Talk<'_>, part: &Part) -> Result<File> {
        let bytes = part
            .to_bytes()
            .map_err(Error::internal("write the words of the index"))?;
        // Two commits of the same words are two parts.
        files::put(
            talk,
            &self.generation.files,
            &format!("words-{}", self.bulk.next_version()),
            &bytes,
        )
    }

    /// Makes one part of many. Whoever has read the state before, and finds one gone, reads it again.
    fn gather_words(&self, talk: Talk<'_>, parts: &[File]) -> Result<()> {
        let mut all = Part::default();
        for file in parts {
            match read_part(talk, &self.generation.files, file) {
                Ok(part) => all.merge(&part),
                // Another writer has done it.
                Err(_) => return Ok(()),
            }
        }
        let file = self.put_words(talk, &all)?;
        let state = self.change_state(talk, &|state| {
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
            .for_each(|part| files::remove(talk, &self.generation.files, part));
        Ok(())
    }

    fn change_state(&self, talk: Talk<'_>, change: &dyn Fn(&mut State)) -> Result<State> {
        files::change_state(talk, &self.generation.files, change)
    }

    /// Puts a file in the place of another, which comes back if nothing names it any more.
    fn change_file(
        &self,
        talk: Talk<'_>,
        file: Option<File>,
        place: impl Fn(&mut State) -> &mut Option<File>,
        note: impl Fn(&mut State),
    ) -> Result<Option<File>> {
        let old = Mutex::new(None);
        self.change_state(talk, &|state| {
            let before = std::mem::replace(place(state), file.clone());
            *old.lock() = before.filter(|before| Some(before) != file.as_ref());
            note(state);
        })?;
        Ok(old.into_inner())
    }

    fn remove(&self, talk: Talk<'_>, file: Option<File>) {
        if let Some(file) = file {
            files::remove(talk, &self.generation.files, &file);
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
