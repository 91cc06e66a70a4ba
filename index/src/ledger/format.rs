//! The encoded ledger: a magic number, then a compressed list of numbers and paths. It decides
//! nothing about files and articles.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Entry, FileMark, Ledger, Place};
use rustc_hash::FxHashMap;

/// The first bytes of an encoded ledger, with the version of the format.
const MAGIC: &[u8; 8] = b"FIHLEDG3";
/// The first bytes of a ledger of the second version. It has no places.
const SECOND_MAGIC: &[u8; 8] = b"FIHLEDG2";
/// The first bytes of a ledger of the first version. It has neither the inputs of files nor written
/// articles.
const FIRST_MAGIC: &[u8; 8] = b"FIHLEDG1";

/// The flag of a file with sample articles.
const IS_SAMPLE: u64 = 1;
/// The flag of a file to whose articles an older version gave ids by their texts.
const HAS_TEXT_IDS: u64 = 2;
/// The flag of a file with a place.
const HAS_PLACE: u64 = 4;

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
        put(self.roots.len() as u64)?;
        for (path, number) in &self.roots {
            for number in [path.len() as u64, *number] {
                encoder.write_all(&number.to_le_bytes())?;
            }
            encoder.write_all(path.as_bytes())?;
        }
        for (path, entry) in &self.files {
            let mark = entry.mark.unwrap_or(FileMark::NONE);
            let flags = u64::from(entry.is_sample) * IS_SAMPLE
                + u64::from(entry.has_text_ids) * HAS_TEXT_IDS
                + u64::from(entry.place.is_some()) * HAS_PLACE;
            let place = entry.place.as_ref();
            let place_numbers = place.map(|place| [place.text_id, place.name.len() as u64]);
            let numbers = [
                path.len() as u64,
                entry.root_bytes as u64,
                mark.size_bytes,
                mark.modified_ns,
                entry.settings_hash,
                flags,
                entry.located_count as u64,
                entry.ids.len() as u64,
            ];
            let place_numbers = place_numbers.iter().flatten();
            for number in numbers.iter().chain(&entry.ids).chain(place_numbers) {
                encoder.write_all(&number.to_le_bytes())?;
            }
            let place_name = place.map_or("", |place| &place.name);
            encoder.write_all(place_name.as_bytes())?;
            encoder.write_all(path.as_bytes())?;
        }
        encoder.finish()?;
        Ok(bytes)
    }

    /// Decodes a ledger. Fails if the bytes are not a ledger in a format that this program reads.
    pub fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        let (version, compressed) = match bytes.split_first_chunk() {
            Some((MAGIC, compressed)) => (3, compressed),
            Some((SECOND_MAGIC, compressed)) => (2, compressed),
            Some((FIRST_MAGIC, compressed)) => (1, compressed),
            Some(_) | None => {
                let reason = "not a ledger in the format that this program reads";
                return Err(broken(reason));
            }
        };
        let content = zstd::decode_all(compressed)?;
        let mut rest = content.as_slice();
        let written_count = if version == 1 { 0 } else { number(&mut rest)? };
        let written = (0..written_count).map(|_| Ok((number(&mut rest)?, number(&mut rest)?)));
        let written = written.collect::<io::Result<_>>()?;
        let root_count = if version < 3 { 0 } else { number(&mut rest)? };
        let roots = (0..root_count).map(|_| {
            let path_bytes = length(&mut rest)?;
            let number = number(&mut rest)?;
            Ok((text(&mut rest, path_bytes)?, number))
        });
        let roots = roots.collect::<io::Result<_>>()?;
        let mut files = BTreeMap::new();
        while !rest.is_empty() {
            let (path, entry) = file(&mut rest, version)?;
            files.insert(path, entry);
        }
        Ok(Self {
            files,
            written,
            is_old: version == 1,
            roots,
        })
    }
}

/// Takes a file from the front of `bytes`, in a version of the format.
fn file(bytes: &mut &[u8], version: u8) -> io::Result<(String, Entry)> {
    let path_bytes = length(bytes)?;
    let root_bytes = if version == 1 { 0 } else { length(bytes)? };
    let mark = FileMark {
        size_bytes: number(bytes)?,
        modified_ns: number(bytes)?,
    };
    let settings_hash = number(bytes)?;
    let (flags, located_count) = match version {
        1 | 2 => (HAS_TEXT_IDS, 0),
        _ => (number(bytes)?, length(bytes)?),
    };
    let id_count = number(bytes)?;
    let ids = (0..id_count).map(|_| number(bytes));
    let ids = ids.collect::<io::Result<Vec<u64>>>()?;
    if located_count > ids.len() {
        return Err(broken("more ids by place than ids"));
    }
    let place = if flags & HAS_PLACE == 0 {
        None
    } else {
        let text_id = number(bytes)?;
        let name_bytes = length(bytes)?;
        let name = text(bytes, name_bytes)?;
        Some(Place { name, text_id })
    };
    let path = text(bytes, path_bytes)?;
    let entry = Entry {
        // The first version does not tell the root, so the folder of the file stands for it.
        root_bytes: if version == 1 {
            path.rfind('/').unwrap_or(path.len())
        } else {
            root_bytes
        },
        mark: Some(mark).filter(|mark| *mark != FileMark::NONE),
        settings_hash,
        // Older versions have no flag, but the names of the samples are no absolute paths.
        is_sample: flags & IS_SAMPLE != 0 || (version < 3 && path.starts_with("samples/")),
        has_text_ids: flags & HAS_TEXT_IDS != 0,
        ids,
        located_count,
        place,
    };
    Ok((path, entry))
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

/// Takes a length from the front of `bytes`.
fn length(bytes: &mut &[u8]) -> io::Result<usize> {
    usize::try_from(number(bytes)?).map_err(|_| broken("a length out of range"))
}

/// Takes a text from the front of `bytes`.
fn text(bytes: &mut &[u8], length: usize) -> io::Result<String> {
    let text = bytes.split_off(..length).ok_or_else(|| broken("cut off"))?;
    let text = std::str::from_utf8(text).map_err(|_| broken("a path is not text"))?;
    Ok(text.to_owned())
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
        let bytes = [FIRST_MAGIC.as_slice(), &compressed].concat();
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
                (
                    any::<Option<u64>>(),
                    any::<[u64; 2]>(),
                    any::<[bool; 2]>(),
                    proptest::collection::vec(any::<u64>(), 0..9),
                    any::<Option<(String, u64)>>(),
                ),
                0..6,
            ),
            roots: std::collections::BTreeMap<String, u64>,
            written: HashMap<u64, u64>,
        ) {
            let entry = |(size_bytes, numbers, flags, ids, place): (Option<u64>, [u64; 2], [bool; 2], Vec<u64>, Option<_>)| Entry {
                root_bytes: numbers[0] as usize,
                mark: size_bytes.map(|size_bytes| FileMark { size_bytes, modified_ns: size_bytes / 2 }),
                settings_hash: numbers[1],
                is_sample: flags[0],
                has_text_ids: flags[1],
                located_count: ids.len() / 2,
                ids,
                place: place.map(|(name, text_id)| Place { name, text_id }),
            };
            let ledger = Ledger {
                files: files.into_iter().map(|(path, file)| (path, entry(file))).collect(),
                written: written.into_iter().collect(),
                is_old: false,
                roots,
            };
            prop_assert_eq!(Ledger::from_bytes(&ledger.to_bytes(&ledger.written).unwrap()).unwrap(), ledger);
        }

        #[test]
        fn any_bytes_are_a_ledger_or_none(bytes in any::<Vec<u8>>()) {
            for magic in [MAGIC, SECOND_MAGIC, FIRST_MAGIC] {
                let _ = Ledger::from_bytes(&[magic.as_slice(), &bytes].concat());
                let compressed = zstd::encode_all(bytes.as_slice(), 1).unwrap();
                let _ = Ledger::from_bytes(&[magic.as_slice(), &compressed].concat());
            }
        }
    }
}
