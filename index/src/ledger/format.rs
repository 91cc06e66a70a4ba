//! The encoded ledger: a magic number, then a compressed list of numbers and paths. It decides
//! nothing about files and articles.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Entry, FileMark, Ledger};
use rustc_hash::FxHashMap;

/// The first bytes of an encoded ledger, with the version of the format.
const MAGIC: &[u8; 8] = b"FIHLEDG2";
/// The first bytes of a ledger of the first version. It has neither roots nor written articles.
const OLD_MAGIC: &[u8; 8] = b"FIHLEDG1";

impl FileMark {
    /// The encoding of a missing mark. No file is this large.
    const NONE: Self = Self {
        size_bytes: u64::MAX,
        modified_ns: u64::MAX,
    };
}

impl Ledger {
    /// Returns the encoded ledger with new content hashes of written articles. `rehashed` has, for
    /// each article, the hash of its id, its old content hash and the new one. Bytes that are not a
    /// ledger of this version stay as they are.
    pub fn rehash(bytes: &[u8], rehashed: &[(u64, u64, u64)]) -> io::Result<Vec<u8>> {
        let mut ledger = match Self::from_bytes(bytes) {
            Ok(ledger) if !rehashed.is_empty() && !ledger.is_old => ledger,
            Ok(_) | Err(_) => return Ok(bytes.to_vec()),
        };
        for (id, old, new) in rehashed {
            if let Some(hash) = ledger.written.get_mut(id).filter(|hash| *hash == old) {
                *hash = *new;
            }
        }
        ledger.to_bytes(&ledger.written)
    }

    /// Encodes the ledger, with `written` as the articles that jobs have written.
    pub fn to_bytes(&self, written: &FxHashMap<u64, u64>) -> io::Result<Vec<u8>> {
        let mut bytes = MAGIC.to_vec();
        let mut encoder = zstd::stream::Encoder::new(&mut bytes, 1)?;
        encoder.include_checksum(true)?;
        let mut put = |number: u64| encoder.write_all(&number.to_le_bytes());
        put(written.len() as u64)?;
        for (id, hash) in written {
            put(*id)?;
            put(*hash)?;
        }
        for (path, entry) in &self.files {
            let mark = entry.mark.unwrap_or(FileMark::NONE);
            let numbers = [
                path.len() as u64,
                entry.root_bytes as u64,
                mark.size_bytes,
                mark.modified_ns,
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

    /// Decodes a ledger. Fails if the bytes are not a ledger in a format that this program reads.
    pub fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        let (is_old, compressed) = match bytes.split_first_chunk() {
            Some((MAGIC, compressed)) => (false, compressed),
            Some((OLD_MAGIC, compressed)) => (true, compressed),
            Some(_) | None => {
                let reason = "not a ledger in the format that this program reads";
                return Err(broken(reason));
            }
        };
        let content = zstd::decode_all(compressed)?;
        let mut rest = content.as_slice();
        let written_count = if is_old { 0 } else { number(&mut rest)? };
        let written = (0..written_count).map(|_| Ok((number(&mut rest)?, number(&mut rest)?)));
        let written = written.collect::<io::Result<_>>()?;
        let mut files = BTreeMap::new();
        while !rest.is_empty() {
            let path_bytes = length(&mut rest)?;
            let root_bytes = if is_old { 0 } else { length(&mut rest)? };
            let mark = FileMark {
                size_bytes: number(&mut rest)?,
                modified_ns: number(&mut rest)?,
            };
            let settings_hash = number(&mut rest)?;
            let id_count = number(&mut rest)?;
            let ids = (0..id_count).map(|_| number(&mut rest));
            let ids = ids.collect::<io::Result<_>>()?;
            let path = rest
                .split_off(..path_bytes)
                .ok_or_else(|| broken("cut off"))?;
            let path = std::str::from_utf8(path).map_err(|_| broken("a path is not text"))?;
            let entry = Entry {
                // An old ledger does not tell the root, so the folder of the file stands for it.
                root_bytes: if is_old {
                    path.rfind('/').unwrap_or(path.len())
                } else {
                    root_bytes
                },
                mark: Some(mark).filter(|mark| *mark != FileMark::NONE),
                settings_hash,
                ids,
            };
            files.insert(path.to_owned(), entry);
        }
        Ok(Self {
            files,
            written,
            is_old,
        })
    }
}

fn broken(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// Takes a number from the front of `bytes`. Fails if there are not enough bytes.
fn number(bytes: &mut &[u8]) -> io::Result<u64> {
    let (number, rest) = bytes.split_first_chunk().ok_or_else(|| broken("cut off"))?;
    *bytes = rest;
    Ok(u64::from_le_bytes(*number))
}

/// Takes the length of a path from the front of `bytes`.
fn length(bytes: &mut &[u8]) -> io::Result<usize> {
    usize::try_from(number(bytes)?).map_err(|_| broken("a path too long"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_old_ledger_is_read_without_its_written_articles() {
        let path = "/news/a.jsonl";
        let numbers = [path.len() as u64, 10, 20, 30, 2, 7, 8];
        let mut content: Vec<u8> = numbers
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        content.extend(path.as_bytes());
        let compressed = zstd::encode_all(content.as_slice(), 1).unwrap();
        let bytes = [OLD_MAGIC.as_slice(), &compressed].concat();
        let ledger = Ledger::from_bytes(&bytes).unwrap();
        let files: Vec<_> = ledger
            .files()
            .map(|file| (file.path, file.root, file.ids))
            .collect();
        assert_eq!(files, [(path, "/news", &[7, 8][..])]);
        assert!(ledger.is_old && ledger.written.is_empty());
        assert_eq!(Ledger::rehash(&bytes, &[(7, 1, 2)]).unwrap(), bytes);
    }

    #[test]
    fn a_rehashed_article_keeps_its_origin() {
        let written: FxHashMap<u64, u64> = [(1, 10), (2, 20)].into_iter().collect();
        let bytes = Ledger::default().to_bytes(&written).unwrap();
        // The content of the second article came over HTTP, so its hash differs.
        let bytes = Ledger::rehash(&bytes, &[(1, 10, 11), (2, 21, 22)]).unwrap();
        let rehashed = Ledger::from_bytes(&bytes).unwrap().written;
        assert_eq!(rehashed, [(1, 11), (2, 20)].into_iter().collect());
    }

    proptest! {
        #[test]
        fn a_ledger_survives_encoding(
            files in proptest::collection::btree_map(
                any::<String>(),
                (any::<Option<u64>>(), any::<u64>(), any::<usize>(), proptest::collection::vec(any::<u64>(), 0..9)),
                0..6,
            ),
            written: HashMap<u64, u64>,
        ) {
            let entry = |(size_bytes, settings_hash, root_bytes, ids): (Option<u64>, _, _, _)| Entry {
                root_bytes,
                mark: size_bytes.map(|size_bytes| FileMark { size_bytes, modified_ns: size_bytes / 2 }),
                settings_hash,
                ids,
            };
            let ledger = Ledger {
                files: files.into_iter().map(|(path, file)| (path, entry(file))).collect(),
                written: written.into_iter().collect(),
                is_old: false,
            };
            prop_assert_eq!(Ledger::from_bytes(&ledger.to_bytes(&ledger.written).unwrap()).unwrap(), ledger);
        }

        #[test]
        fn any_bytes_are_a_ledger_or_none(bytes in any::<Vec<u8>>()) {
            for magic in [MAGIC, OLD_MAGIC] {
                let _ = Ledger::from_bytes(&[magic.as_slice(), &bytes].concat());
                let compressed = zstd::encode_all(bytes.as_slice(), 1).unwrap();
                let _ = Ledger::from_bytes(&[magic.as_slice(), &compressed].concat());
            }
        }
    }
}
