//! A cache of read files between two passes. A new index reads its input twice, and parsing a page
//! costs more than writing it. The cache holds whole files while there is room; other files are
//! read a second time.

use parking_lot::Mutex;
use rustc_hash::FxHashMap;

use super::{FileMark, Item};

/// The maximum size of the cached articles: about 100,000 news articles. The results of counting,
/// which are cached with them, take a third more.
const MAX_BYTES: usize = 288 << 20;

/// How a pass uses the cache.
#[derive(Clone, Copy)]
pub enum CacheUse<'a> {
    /// The pass reads everything and caches nothing.
    Unused,
    /// The pass reads everything and caches it.
    Fill(&'a ReadCache),
    /// The pass takes cached files and reads the others.
    Drain(&'a ReadCache),
}

/// A file that was read to its end.
#[derive(Debug)]
pub struct CachedFile {
    /// The file's mark when it was read; `None` for input outside the file system.
    pub mark: Option<FileMark>,
    /// Its items, in order.
    pub items: Vec<Item>,
    /// The bytes that were read from it, before decompression.
    pub bytes_read: u64,
}

/// The cached files, by their index in the walk.
#[derive(Default)]
pub struct ReadCache {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    files: FxHashMap<u32, CachedFile>,
    bytes: usize,
}

impl ReadCache {
    /// Adds a file whose items take `size_bytes`.
    pub fn insert(&self, file_index: u32, file: CachedFile, size_bytes: usize) {
        let mut state = self.state.lock();
        state.bytes += size_bytes;
        state.files.insert(file_index, file);
    }

    /// Returns whether `bytes` more bytes fit.
    pub fn has_room_for(&self, bytes: usize) -> bool {
        self.state.lock().bytes.saturating_add(bytes) <= MAX_BYTES
    }

    /// Removes a file from the cache. Returns it if the file's size and time are the same.
    pub fn take(&self, file_index: u32, mark: Option<FileMark>) -> Option<CachedFile> {
        let file = self.state.lock().files.remove(&file_index)?;
        (file.mark == mark).then_some(file)
    }
}
