//! What a pass has read, kept in memory for the next one: a new index takes its input twice, and reading a page costs more
//! than writing it. It keeps whole files, as far as there is room; the others are read again.

use parking_lot::{Mutex, MutexGuard};
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::ledger::FileMark;
use super::read::Item;
use super::report::{NoteKind, Rejected};
use crate::document::Article;
use crate::document::SeenArticle;

/// Text that is kept: that of some 100,000 news articles. What is seen of it takes a third as much.
const MAX_BYTES: usize = 256 << 20;

/// What a pass does with what is kept.
#[derive(Clone, Copy)]
pub enum CacheUse<'a> {
    /// It reads everything, and keeps nothing.
    Unused,
    /// It keeps what it reads.
    Fill(&'a ReadCache),
    /// It takes what is there, and reads the rest.
    Drain(&'a ReadCache),
}

/// An article, and what the pass that counted its words has seen of it.
#[derive(Debug)]
pub struct ReadArticle {
    pub article: Article,
    pub seen: OnceLock<SeenArticle>,
}

/// What was read of a file, as [`Item`], with articles that can be shared.
#[derive(Debug, Clone)]
pub enum CachedItem {
    File,
    Skipped,
    Article(Arc<ReadArticle>),
    Rejected(Rejected),
    Note(NoteKind, String),
}

impl From<Item> for CachedItem {
    fn from(item: Item) -> Self {
        match item {
            Item::File => Self::File,
            Item::Skipped => Self::Skipped,
            Item::Article(article) => Self::Article(Arc::new(ReadArticle {
                article: *article,
                seen: OnceLock::new(),
            })),
            Item::Rejected(rejected) => Self::Rejected(rejected),
            Item::Note(kind, example) => Self::Note(kind, example),
        }
    }
}

/// A file that was read to its end.
#[derive(Debug)]
pub struct CachedFile {
    /// What it was when it was read; `None` of what is no file of the file system.
    pub mark: Option<FileMark>,
    /// What it gave, in order.
    pub items: Vec<CachedItem>,
    /// Bytes that were read of it, before decompression.
    pub bytes_read: u64,
}

/// Files by their places in the walk.
#[derive(Debug, Default)]
pub struct ReadCache {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    files: FxHashMap<u32, CachedFile>,
    bytes: usize,
}

impl ReadCache {
    /// Keeps a file.
    pub fn insert(&self, file_index: u32, file: CachedFile, size_bytes: usize) {
        let mut state = self.state();
        state.bytes += size_bytes;
        state.files.insert(file_index, file);
    }

    /// Whether so many bytes more can be kept.
    pub fn has_room_for(&self, bytes: usize) -> bool {
        self.state().bytes.saturating_add(bytes) <= MAX_BYTES
    }

    /// Hands a file out, once, if it is still the same.
    pub fn take(&self, file_index: u32, mark: Option<FileMark>) -> Option<CachedFile> {
        self.state()
            .files
            .remove(&file_index)
            .filter(|file| file.mark == mark)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}
