//! The ledger: which files earlier jobs read, and which articles each file holds. A file that has
//! not changed since is not read again.
//!
//! The ledger is stored beside the index. If it is lost, the next job reads all files again. As in
//! `make` and `git`, a file counts as unchanged if its size and modification time are the same. Two
//! files that share an article are always read again, because the order of all files decides which
//! copy is indexed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::ArticleId;
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use fihrist_arabic::fnv1a;

/// Incremented when a change to the readers gives other articles for the same bytes. All files are
/// then read again.
const READER_VERSION: u64 = 1;

/// The first bytes of an encoded ledger, with the version of the format.
const MAGIC: &[u8; 8] = b"FIHLEDG1";

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
    /// The mark before the file was read; `None` if the next job must read the file again.
    pub mark: Option<FileMark>,
    /// The hashes of the ids of the file's articles.
    pub ids: Vec<u64>,
}

/// The files that earlier jobs read to the end, by path.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    files: BTreeMap<String, Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    mark: FileMark,
    /// The hash of the settings under which the file was read: see [`settings_hash`].
    settings_hash: u64,
    ids: Vec<u64>,
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
        (Some(entry.mark) == mark && entry.settings_hash == settings_hash).then_some(&entry.ids)
    }

    /// Records the files that a job has read. They replace older entries for the same files and
    /// articles.
    pub fn record(&mut self, read: Vec<ReadFile>, settings_hash: u64) {
        // The number of files that hold an article, by the hash of its id.
        let mut files_of: FxHashMap<u64, u32> = FxHashMap::default();
        for ReadFile { path, mark, ids } in read {
            match mark {
                Some(mark) => {
                    let entry = Entry {
                        mark,
                        settings_hash,
                        ids,
                    };
                    self.files.insert(path, entry);
                }
                None => {
                    self.files.remove(&path);
                    files_of.extend(ids.into_iter().map(|id| (id, 1)));
                }
            }
        }
        for entry in self.files.values() {
            // A file that holds an article twice is no conflict: its copies are always read
            // together, in the same order.
            let distinct: FxHashSet<u64> = entry.ids.iter().copied().collect();
            for id in distinct {
                *files_of.entry(id).or_default() += 1;
            }
        }
        let is_shared = |id: &u64| files_of.get(id).is_some_and(|files| *files > 1);
        self.files
            .retain(|_, entry| !entry.ids.iter().any(is_shared));
    }

    /// Encodes the ledger.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = MAGIC.to_vec();
        let mut encoder = zstd::stream::Encoder::new(&mut bytes, 1)?;
        encoder.include_checksum(true)?;
        for (path, entry) in &self.files {
            let numbers = [
                path.len() as u64,
                entry.mark.size_bytes,
                entry.mark.modified_ns,
                entry.settings_hash,
                entry.ids.len() as u64,
            ];
            for number in numbers.iter().chain(&entry.ids) {
                encoder.write_all(&number.to_le_bytes())?;
            }
            encoder.write_all(path.as_bytes())?;
        }
        encoder.finish()?;
        Ok(bytes)
    }

    /// Decodes a ledger. Fails if the bytes are not a ledger in the format that this program reads.
    pub fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        let broken = |what| io::Error::new(io::ErrorKind::InvalidData, what);
        let compressed = bytes
            .strip_prefix(MAGIC)
            .ok_or_else(|| broken("not a ledger in the format that this program reads"))?;
        let content = zstd::decode_all(compressed)?;
        let mut rest = content.as_slice();
        let mut files = BTreeMap::new();
        while !rest.is_empty() {
            let mut number = || match rest.split_first_chunk() {
                Some((number, others)) => {
                    rest = others;
                    Ok(u64::from_le_bytes(*number))
                }
                None => Err(broken("cut off")),
            };
            let path_bytes = number()?;
            let mark = FileMark {
                size_bytes: number()?,
                modified_ns: number()?,
            };
            let settings_hash = number()?;
            let id_count = number()?;
            let ids = (0..id_count).map(|_| number()).collect::<io::Result<_>>()?;
            let path_bytes = usize::try_from(path_bytes).map_err(|_| broken("a path too long"))?;
            let path = rest
                .split_off(..path_bytes)
                .ok_or_else(|| broken("cut off"))?;
            let path = std::str::from_utf8(path).map_err(|_| broken("a path is not text"))?;
            let entry = Entry {
                mark,
                settings_hash,
                ids,
            };
            files.insert(path.to_owned(), entry);
        }
        Ok(Self { files })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn a_ledger_survives_encoding(
            files in proptest::collection::btree_map(any::<String>(), (any::<u64>(), any::<u64>(), proptest::collection::vec(any::<u64>(), 0..9)), 0..6)
        ) {
            let entry = |(size_bytes, settings_hash, ids)| Entry { mark: FileMark { size_bytes, modified_ns: size_bytes / 2 }, settings_hash, ids };
            let ledger = Ledger { files: files.into_iter().map(|(path, file)| (path, entry(file))).collect() };
            prop_assert_eq!(Ledger::from_bytes(&ledger.to_bytes().unwrap()).unwrap(), ledger);
        }

        #[test]
        fn any_bytes_are_a_ledger_or_none(bytes in any::<Vec<u8>>()) {
            let _ = Ledger::from_bytes(&[MAGIC.as_slice(), &bytes].concat());
        }
    }
}
