//! What a pass has read, kept in memory for the next one: a new index takes its input twice, and reading a page costs more
//! than writing it. It keeps whole files, as far as there is room; the others are read again.

use parking_lot::{Mutex, MutexGuard};
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::ledger::FileMark;
use super::read::Item;
use super::report::{NoteKind, Rejected};
use crate::document::Article;
use crate::document::CountedArticle;

/// Text that is kept: that of some 100,000 news articles. What is seen of it takes a third as much.
const MAX_BYTES: usize = 256 << 20;

/// What a pass does with what is kept.
#[derive(Clone, Copy)]
pub enum Keep<'a> {
    /// It reads everything, and keeps nothing.
    Nothing,
    /// It keeps what it reads.
    For(&'a Kept),
    /// It takes what is there, and reads the rest.
    From(&'a Kept),
}

/// An article, and what the pass that counted its words has seen of it.
#[derive(Debug)]
pub struct ReadArticle {
    pub article: Article,
    pub counted: OnceLock<CountedArticle>,
}

/// What was read of a file, as [`Item`], with articles that can be shared.
#[derive(Debug, Clone)]
pub enum KeptItem {
    File,
    Skipped,
    Article(Arc<ReadArticle>),
    Rejected(Rejected),
    Note(NoteKind, String),
}

impl From<Item> for KeptItem {
    fn from(item: Item) -> Self {
        match item {
            Item::File => Self::File,
            Item::Skipped => Self::Skipped,
            Item::Article(article) => Self::Article(Arc::new(ReadArticle {
                article: *article,
                counted: OnceLock::new(),
            })),
            Item::Rejected(rejected) => Self::Rejected(rejected),
            Item::Note(kind, example) => Self::Note(kind, example),
        }
    }
}

/// A file that was read to its end.
#[derive(Debug)]
pub struct KeptFile {
    /// What it was when it was read; `None` of what is no file of the file system.
    pub mark: Option<FileMark>,
    /// What it gave, in order.
    pub items: Vec<KeptItem>,
    /// Bytes that were read of it, before decompression.
    pub bytes_read: u64,
}

/// Files by their places in the walk.
#[derive(Debug, Default)]
pub struct Kept {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    files: FxHashMap<u32, KeptFile>,
    bytes: usize,
}

impl Kept {
    /// Keeps a file.
    pub fn keep(&self, place: u32, file: KeptFile, size_bytes: usize) {
        let mut inner = self.inner();
        inner.bytes += size_bytes;
        inner.files.insert(place, file);
    }

    /// Whether so many bytes more can be kept.
    pub fn has_room_for(&self, bytes: usize) -> bool {
        self.inner().bytes.saturating_add(bytes) <= MAX_BYTES
    }

    /// Hands a file out, once, if it is still the same.
    pub fn take(&self, place: u32, mark: Option<FileMark>) -> Option<KeptFile> {
        self.inner()
            .files
            .remove(&place)
            .filter(|file| file.mark == mark)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock()
    }
}
