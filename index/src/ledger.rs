//! The ledger: which files earlier jobs read, which articles each file holds, and which articles of
//! the index jobs have written. A file that has not changed since is not read again. An article
//! that no job has written came over HTTP.
//!
//! The ledger is stored beside the index. If it is lost, the next job reads all files again, and no
//! article counts as written by a job. As in `make` and `git`, a file counts as unchanged if its
//! size and modification time are the same. Two files that share an article are always read again,
//! because the order of all files decides which copy is indexed.

mod format;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use crate::document::ArticleId;
use fihrist_arabic::fnv1a;

/// Incremented when a change to the readers gives other articles for the same bytes. All files are
/// then read again.
const READER_VERSION: u64 = 2;

/// The time resolution of file systems that store only whole or even seconds. Two changes within
/// this duration get the same modification time.
const COARSE_CLOCK: Duration = Duration::from_secs(2);
/// The time resolution of other file systems.
const FINE_CLOCK: Duration = Duration::from_millis(50);

/// The size and modification time of a file: they detect a change without reading the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileMark {
    size_bytes: u64,
    /// Nanoseconds since 1970.
    modified_ns: u64,
}

impl FileMark {
    /// Returns the file's present mark. Returns `None` if the mark cannot be read, or if the last
    /// change is so recent that a further change could get the same mark.
    pub fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        let modified = metadata.modified().ok()?;
        let since_1970 = modified.duration_since(UNIX_EPOCH).ok()?;
        let clock = if since_1970.subsec_nanos() == 0 {
            COARSE_CLOCK
        } else {
            FINE_CLOCK
        };
        let age = SystemTime::now().duration_since(modified).ok()?;
        let modified_ns = u64::try_from(since_1970.as_nanos()).ok()?;
        (age >= clock).then_some(Self {
            size_bytes: metadata.len(),
            modified_ns,
        })
    }
}

/// A file that a job has read.
pub struct ReadFile {
    /// The absolute path.
    pub path: String,
    /// The length in bytes of the part of `path` that the job was given as input.
    pub root_bytes: usize,
    /// The mark before the file was read; `None` if the next job must read the file again.
    pub mark: Option<FileMark>,
    /// The hashes of the ids of the file's articles.
    pub ids: Vec<u64>,
}

/// The files that earlier jobs read to the end, by path, and the articles that jobs have written.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    files: BTreeMap<String, Entry>,
    /// The articles that jobs have written: maps the hash of an id to the content hash. If the
    /// index holds other content under the id, that content came over HTTP.
    pub written: FxHashMap<u64, u64>,
    /// True if an older version wrote the ledger. `written` is then empty, and the ids of the files
    /// are those of the written articles.
    pub is_old: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    root_bytes: usize,
    /// `None` if the file must be read again.
    mark: Option<FileMark>,
    /// The hash of the settings under which the file was read: see [`settings_hash`].
    settings_hash: u64,
    ids: Vec<u64>,
}

/// A file of the ledger.
pub struct KnownFile<'a> {
    /// The absolute path.
    pub path: &'a str,
    /// The path that the job was given as input: the file itself, or a folder around it.
    pub root: &'a str,
    /// The hashes of the ids of the file's articles.
    pub ids: &'a [u64],
}

/// Returns the hash of the settings under which files are read. Other settings may give other
/// articles.
///
/// `settings` is the `Debug` text of the format and the field mapping. Renaming a type, field or
/// variant in it changes the hash and makes the next job read all files again.
pub fn settings_hash(settings: &str) -> u64 {
    fnv1a(format!("{READER_VERSION} {settings}").as_bytes())
}

/// Returns the 64-bit hash that stands for an article's id: the first bytes of its SHA-256.
pub fn id_hash(id: &ArticleId) -> u64 {
    let digest = Sha256::digest(id.as_str().as_bytes());
    let mut first_bytes = [0; 8];
    first_bytes.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(first_bytes)
}

impl Ledger {
    /// Returns the hashes of the article ids in a file; `None` if the file or the settings have
    /// changed since it was read.
    pub fn unchanged(
        &self,
        path: &str,
        mark: Option<FileMark>,
        settings_hash: u64,
    ) -> Option<&[u64]> {
        let entry = self.files.get(path)?;
        let is_same = mark.is_some() && entry.mark == mark && entry.settings_hash == settings_hash;
        is_same.then_some(&entry.ids)
    }

    /// Returns all files.
    pub fn files(&self) -> impl Iterator<Item = KnownFile<'_>> {
        self.files.iter().map(|(path, entry)| KnownFile {
            path,
            root: path.get(..entry.root_bytes).unwrap_or(path),
            ids: &entry.ids,
        })
    }

    /// Records the files that a job has read. They replace older entries for the same files and
    /// articles.
    pub fn record(&mut self, read: Vec<ReadFile>, settings_hash: u64) {
        // The number of files that hold an article, by the hash of its id. Files without a mark
        // count if this job has read them; others may be gone.
        let mut files_of: FxHashMap<u64, u32> = FxHashMap::default();
        for file in read {
            if file.mark.is_none() {
                files_of.extend(file.ids.iter().map(|id| (*id, 1)));
            }
            let entry = Entry {
                root_bytes: file.root_bytes,
                mark: file.mark,
                settings_hash,
                ids: file.ids,
            };
            self.files.insert(file.path, entry);
        }
        for entry in self.files.values().filter(|entry| entry.mark.is_some()) {
            // A file that holds an article twice is no conflict: its copies are always read
            // together, in the same order.
            let distinct: FxHashSet<u64> = entry.ids.iter().copied().collect();
            for id in distinct {
                *files_of.entry(id).or_default() += 1;
            }
        }
        let is_shared = |id: &u64| files_of.get(id).is_some_and(|files| *files > 1);
        for entry in self.files.values_mut() {
            entry.mark.take_if(|_| entry.ids.iter().any(is_shared));
        }
    }

    /// Removes deleted articles from the files, by the hashes of their ids. A file that held one is
    /// read again if it is found again.
    pub fn forget(&mut self, deleted: &FxHashSet<u64>) {
        self.files.retain(|_, entry| {
            let count = entry.ids.len();
            entry.ids.retain(|id| !deleted.contains(id));
            entry.mark.take_if(|_| entry.ids.len() < count);
            count == 0 || !entry.ids.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(size_bytes: u64) -> Option<FileMark> {
        Some(FileMark {
            size_bytes,
            modified_ns: 7,
        })
    }

    fn read(path: &str, size_bytes: u64, ids: &[u64]) -> ReadFile {
        ReadFile {
            path: path.to_owned(),
            root_bytes: 0,
            mark: mark(size_bytes),
            ids: ids.to_vec(),
        }
    }

    #[test]
    fn a_file_is_known_by_its_mark_and_by_how_it_was_read() {
        let mut ledger = Ledger::default();
        ledger.record(vec![read("a", 1, &[1, 2])], 5);
        assert_eq!(ledger.unchanged("a", mark(1), 5), Some(&[1, 2][..]));
        assert_eq!(ledger.unchanged("a", mark(2), 5), None);
        assert_eq!(ledger.unchanged("a", mark(1), 6), None);
        assert_eq!(ledger.unchanged("a", None, 5), None);
        assert_eq!(ledger.unchanged("b", mark(1), 5), None);
        ledger.record(
            vec![ReadFile {
                mark: None,
                ..read("a", 1, &[1])
            }],
            5,
        );
        assert_eq!(ledger.unchanged("a", mark(1), 5), None);
    }

    #[test]
    fn files_that_share_an_article_are_read_again() {
        let mut ledger = Ledger::default();
        ledger.record(vec![read("a", 1, &[1, 2, 2]), read("b", 1, &[3])], 0);
        assert!(ledger.unchanged("a", mark(1), 0).is_some());
        ledger.record(vec![read("c", 1, &[2])], 0);
        let known = |ledger: &Ledger, path| ledger.unchanged(path, mark(1), 0).is_some();
        assert_eq!(
            ["a", "b", "c"].map(|path| known(&ledger, path)),
            [false, true, false]
        );
        ledger.record(
            vec![ReadFile {
                mark: None,
                ..read("d", 1, &[3])
            }],
            0,
        );
        assert!(!known(&ledger, "b"));
    }

    #[test]
    fn a_file_that_has_just_changed_may_change_again() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        fs::write(&path, "نص").unwrap();
        let write_time = |age: Duration| {
            let file = fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        };
        write_time(Duration::from_millis(1));
        assert_eq!(FileMark::of(&path), None);
        write_time(Duration::from_secs(3));
        assert_eq!(FileMark::of(&path).map(|mark| mark.size_bytes), Some(4));
        assert_eq!(FileMark::of(&home.path().join("gone")), None);
    }

    #[test]
    fn a_file_that_holds_a_deleted_article_is_read_again() {
        let mut ledger = Ledger::default();
        ledger.record(vec![read("a", 1, &[1, 2]), read("b", 1, &[3])], 0);
        ledger.record(vec![read("c", 1, &[4])], 0);
        ledger.forget(&[2, 4].into_iter().collect());
        assert_eq!(ledger.unchanged("a", mark(1), 0), None);
        assert!(ledger.unchanged("b", mark(1), 0).is_some());
        let files: Vec<_> = ledger.files().map(|file| (file.path, file.ids)).collect();
        assert_eq!(files, [("a", &[1][..]), ("b", &[3])]);
    }
}
