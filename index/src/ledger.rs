//! The ledger: which files earlier jobs read, which articles each file holds, and which articles of
//! the index jobs have written. A file that has not changed since is not read again. An article
//! that no job has written came over HTTP.
//!
//! The ledger is stored beside the index. If it is lost, the next job reads all files again, and no
//! article counts as written by a job. As in `make` and `git`, a file counts as unchanged if its
//! size and modification time are the same. Two files that share an article are always read again,
//! because the order of all files decides which copy is indexed.

mod file_mark;
mod format;

use std::collections::BTreeMap;
use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use crate::document::ArticleId;
use fihrist_arabic::fnv1a;
pub use file_mark::FileMark;

/// Incremented when a change to the readers gives other articles for the same bytes. All files are
/// then read again.
const READER_VERSION: u64 = 5;

/// A file that a job has read.
pub struct ReadFile {
    /// The absolute path.
    pub path: String,
    /// The length in bytes of the part of `path` that the job was given as input.
    pub root_bytes: usize,
    /// The mark before the file was read; `None` if the next job must read the file again.
    pub mark: Option<FileMark>,
    /// Whether something in the file was rejected.
    pub has_rejections: bool,
    /// Whether the file is compiled into the program: it holds sample articles.
    pub is_sample: bool,
    /// The hashes of the ids of the file's articles. Those of articles without an id of their own
    /// come first.
    pub ids: Vec<u64>,
    /// The number of articles without an id of their own.
    pub located_count: usize,
    /// The place that identifies these articles; `None` if there are none.
    pub place: Option<Place>,
    /// The path that the file had in the ledger before it was moved.
    pub moved_from: Option<String>,
    /// The hashes of ids that earlier jobs gave to the file's articles, and that others replace.
    pub replaced_ids: Vec<u64>,
}

/// The place of a file. It identifies the articles of the file that have neither an id nor a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The number of a root and the path below it, such as `0/2024/a.txt`. A file that is moved
    /// keeps its first place.
    pub name: String,
    /// The hash of the id that the text alone gives to the first such article. It tells whether a
    /// file has been moved.
    pub text_id: u64,
}

/// The files that earlier jobs read to the end, by path, and the articles that jobs have written.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    files: BTreeMap<String, Entry>,
    /// The articles that jobs have written: maps the hash of an id to the content hash. If the
    /// index holds other content under the id, that content came over HTTP.
    pub written: FxHashMap<u64, u64>,
    /// True if the ledger has the first version of the format, which does not list the written articles.
    /// `written` is then empty. Every article of a file then counts as written.
    pub is_old: bool,
    /// The folders that places are relative to: maps the absolute path to the number. None lies in
    /// one that was there before it.
    roots: BTreeMap<String, u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    root_bytes: usize,
    /// `None` if the file must be read again.
    mark: Option<FileMark>,
    /// The hash of the settings under which the file was read: see [`settings_hash`].
    settings_hash: u64,
    is_sample: bool,
    /// Whether an older version gave ids by the texts of articles, instead of their places.
    has_text_ids: bool,
    ids: Vec<u64>,
    located_count: usize,
    place: Option<Place>,
}

/// A file of the ledger.
pub struct KnownFile<'a> {
    /// The absolute path.
    pub path: &'a str,
    /// The path that the job was given as input: the file itself, or a folder around it.
    pub root: &'a str,
    /// The hashes of the ids of the file's articles.
    pub ids: &'a [u64],
    /// Those of them that are of articles without an id of their own.
    pub located_ids: &'a [u64],
    /// The place that identifies these articles.
    pub place: Option<&'a Place>,
    /// Whether an older version gave ids by the texts of articles, instead of their places.
    pub has_text_ids: bool,
    /// Whether the file holds sample articles.
    pub is_sample: bool,
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
        self.files.iter().map(|(path, entry)| known(path, entry))
    }

    /// Returns the file with this path.
    pub fn file(&self, path: &str) -> Option<KnownFile<'_>> {
        let (path, entry) = self.files.get_key_value(path)?;
        Some(known(path, entry))
    }

    /// Adds a folder that places are relative to, unless it lies in one that is there.
    pub fn add_root(&mut self, folder: &str) {
        if self.root_of(folder).is_none() {
            let next = self.roots.values().max().map_or(0, |number| number + 1);
            self.roots.insert(folder.to_owned(), next);
        }
    }

    /// Returns the name of the place of a file that has not been moved; `None` if it lies in no
    /// root.
    pub fn place_name(&self, path: &str) -> Option<String> {
        let (root, number) = self.root_of(path)?;
        let below = Path::new(path).strip_prefix(root).ok()?;
        Some(format!("{number}/{}", below.to_str()?))
    }

    /// Returns the innermost root that contains a path, and its number.
    fn root_of<'p>(&self, path: &'p str) -> Option<(&'p str, u64)> {
        let mut folders = Path::new(path).ancestors().filter_map(Path::to_str);
        folders.find_map(|folder| Some((folder, *self.roots.get(folder)?)))
    }

    /// Makes the next job read all files again.
    pub fn remove_marks(&mut self) {
        for entry in self.files.values_mut() {
            entry.mark = None;
        }
    }

    /// Removes the files with these paths.
    pub fn remove_files(&mut self, paths: &FxHashSet<String>) {
        self.files.retain(|path, _| !paths.contains(path));
    }

    /// Records the files that a job has read. They replace older entries for the same files and
    /// articles. A file with rejections keeps the articles that it had before: they may be what was
    /// rejected.
    pub fn record(&mut self, mut read: Vec<ReadFile>, settings_hash: u64) {
        let mut moved: FxHashMap<String, Entry> = FxHashMap::default();
        for path in read.iter().filter_map(|file| file.moved_from.as_ref()) {
            moved.extend(self.files.remove_entry(path));
        }
        for file in read.iter_mut().filter(|file| file.has_rejections) {
            let moved = file.moved_from.as_ref().and_then(|path| moved.get(path));
            if let Some(earlier) = moved.or_else(|| self.files.get(&file.path)) {
                keep_articles(file, earlier);
            }
        }
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
                is_sample: file.is_sample,
                has_text_ids: false,
                ids: file.ids,
                located_count: file.located_count,
                place: file.place,
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
            let located = entry.ids.iter().take(entry.located_count);
            entry.located_count -= located.filter(|id| deleted.contains(id)).count();
            entry.ids.retain(|id| !deleted.contains(id));
            entry.mark.take_if(|_| entry.ids.len() < count);
            count == 0 || !entry.ids.is_empty()
        });
    }
}

/// Adds to a file the articles that it had in the ledger.
fn keep_articles(file: &mut ReadFile, earlier: &Entry) {
    let given: FxHashSet<u64> = file.ids.iter().copied().collect();
    let (located, others) = earlier.ids.split_at(earlier.located_count);
    let missing = |ids: &[u64]| -> Vec<u64> {
        let missing = ids.iter().filter(|id| !given.contains(id));
        missing.copied().collect()
    };
    file.ids.extend(missing(others));
    let located = missing(located);
    file.located_count += located.len();
    file.ids.splice(..0, located);
    file.place = file.place.take().or_else(|| earlier.place.clone());
}

fn known<'a>(path: &'a str, entry: &'a Entry) -> KnownFile<'a> {
    KnownFile {
        path,
        root: path.get(..entry.root_bytes).unwrap_or(path),
        ids: &entry.ids,
        located_ids: entry.ids.get(..entry.located_count).unwrap_or_default(),
        place: entry.place.as_ref(),
        has_text_ids: entry.has_text_ids,
        is_sample: entry.is_sample,
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
            has_rejections: false,
            is_sample: false,
            ids: ids.to_vec(),
            located_count: 0,
            place: None,
            moved_from: None,
            replaced_ids: Vec::new(),
        }
    }

    #[test]
    fn a_folder_in_a_root_belongs_to_it() {
        let mut ledger = Ledger::default();
        for folder in ["/news/2024", "/news", "/news/2025", "/archive"] {
            ledger.add_root(folder);
        }
        let places = [
            ("/news/2024/a.txt", Some("0/a.txt")),
            ("/news/2025/b/c.txt", Some("1/2025/b/c.txt")),
            ("/archive", Some("2/")),
            ("/newspaper/a.txt", None),
        ];
        for (path, place) in places {
            assert_eq!(ledger.place_name(path).as_deref(), place, "{path}");
        }
    }

    #[test]
    fn a_moved_file_has_one_entry() {
        let mut ledger = Ledger::default();
        ledger.record(vec![read("a", 1, &[1])], 0);
        let moved = ReadFile {
            moved_from: Some("a".to_owned()),
            ..read("b", 1, &[1])
        };
        ledger.record(vec![moved], 0);
        assert!(ledger.file("a").is_none());
        assert!(ledger.unchanged("b", mark(1), 0).is_some());
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
