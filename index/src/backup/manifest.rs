//! The manifest is the first entry of an archive and has the names, sizes and hashes of its files.
//! This module reads and writes no archive. The names are file names without folders, so that
//! unpacking cannot write a file elsewhere.

use std::collections::HashSet;
use std::io::{self, Read};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// The name of the manifest's entry in the archive.
pub const NAME: &str = "manifest.json";
/// The greatest size of a manifest. No manifest that this program writes is as large.
pub const MAX_BYTES: u64 = 16 << 20;

/// The version of the archive's format. It is raised if an older program would misread the archive.
const FORMAT: u32 = 1;

/// The greatest number of files of a generation. A usual commit has some dozens.
const MAX_FILES: usize = 50_000;
const MAX_BESIDE: usize = 16;
/// The greatest size of a file beside the index. Such files are read into memory.
const MAX_BESIDE_BYTES: u64 = 4 << 20;
const MAX_NAME_BYTES: usize = 100;
/// The number of bytes that are read at a time.
const CHUNK_BYTES: usize = 1 << 20;

/// The description of an archive: the versions it was written with, and its files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub(super) format: u32,
    /// The version of the program that wrote the archive.
    pub fihrist: String,
    /// When the archive was written, in UTC.
    pub created: String,
    /// The version of the index's schema.
    pub schema: u32,
    /// The version of the analysis that made the terms of the index.
    pub analysis: u32,
    /// The hash of the model that made the terms of the index.
    pub model: String,
    /// The name of the generation that was backed up.
    pub generation: String,
    /// The number of articles in the commit that was backed up.
    pub articles: u64,
    /// The files of the generation, in the order of their entries.
    pub files: Vec<Entry>,
    /// The files beside the index. Their entries come after those of the generation.
    pub beside: Vec<Entry>,
}

/// The name, the size and the hash of a file in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The name of the file, without a folder.
    pub name: String,
    /// The size of the file in bytes.
    pub size_bytes: u64,
    /// The SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
}

impl Entry {
    /// Reads the content of a file to its end, and returns its entry. Calls `each` with the
    /// content, one chunk after the other.
    pub(super) fn read(
        name: &str,
        mut content: impl Read,
        failed: impl FnOnce(io::Error) -> Error,
        mut each: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<Self> {
        let (mut hash, mut size_bytes) = (Sha256::new(), 0);
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            match content.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => {
                    hash.update(&chunk[..count]);
                    size_bytes += count as u64;
                    each(&chunk[..count])?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(Self {
            name: name.to_owned(),
            size_bytes,
            sha256: hex::encode(hash.finalize()),
        })
    }
}

/// The fields that the manifests of all versions of the format have.
#[derive(Deserialize)]
struct Versions {
    format: u32,
    fihrist: String,
}

impl Manifest {
    /// Returns a manifest without files, for the versions of this program. `created` is the current
    /// time.
    pub fn new(created: String) -> Self {
        Self {
            format: FORMAT,
            fihrist: env!("CARGO_PKG_VERSION").to_owned(),
            created,
            ..Self::default()
        }
    }

    /// Returns the bytes of the manifest's entry in the archive.
    pub fn to_json(&self) -> Result<Vec<u8>> {
        serde_json::to_vec_pretty(self).map_err(Error::internal("encode the manifest"))
    }

    /// Parses a manifest from untrusted bytes. Fails if this program could not have written it.
    pub fn parse(json: &[u8]) -> Result<Self> {
        let unreadable =
            |error: serde_json::Error| damaged(format!("its manifest cannot be read: {error}"));
        let Versions { format, fihrist } = serde_json::from_slice(json).map_err(unreadable)?;
        if format != FORMAT {
            let by = if is_plain(&fihrist) {
                fihrist
            } else {
                "of an unknown version".to_owned()
            };
            return Err(Error::Invalid(format!(
                "the archive has format {format}, this program reads {FORMAT}: restore it with fihrist {by}, which wrote it"
            )));
        }
        let manifest: Self = serde_json::from_slice(json).map_err(unreadable)?;
        manifest
            .check()
            .map_err(|what| damaged(format!("its manifest {what}")))?;
        Ok(manifest)
    }

    /// Returns the total size of all files. The sum of a manifest from [`parse`](Self::parse)
    /// cannot overflow.
    pub fn size_bytes(&self) -> u64 {
        let sizes = self.entries().map(|entry| entry.size_bytes);
        sizes.fold(0, u64::saturating_add)
    }

    /// Returns all files of the archive, in the order of their entries.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.files.iter().chain(&self.beside)
    }

    fn check(&self) -> Result<(), String> {
        for text in [&self.fihrist, &self.created, &self.model, &self.generation] {
            if !is_plain(text) {
                return Err("has a field that is no short text".to_owned());
            }
        }
        if self.files.len() > MAX_FILES || self.beside.len() > MAX_BESIDE {
            return Err("names too many files".to_owned());
        }
        for files in [&self.files, &self.beside] {
            // Some file systems treat names as equal that differ only in upper and lower case.
            let mut names = HashSet::new();
            for Entry { name, sha256, .. } in files {
                if !is_file_name(name) {
                    return Err(format!(
                        "names a file {name:?}, which is no name of a file in an index"
                    ));
                }
                if !names.insert(name.to_ascii_lowercase()) {
                    return Err(format!("names the file {name:?} twice"));
                }
                if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return Err(format!("has no SHA-256 of the file {name:?}"));
                }
            }
        }
        let mut sizes = self.entries().map(|entry| entry.size_bytes);
        let total = sizes.try_fold(0, u64::checked_add);
        if total.is_none() {
            return Err("names files that are larger than any disk".to_owned());
        }
        let is_too_large = |entry: &Entry| entry.size_bytes > MAX_BESIDE_BYTES;
        if self.beside.iter().any(is_too_large) {
            return Err("names a file beside the index that is too large".to_owned());
        }
        Ok(())
    }
}

/// Returns the error for a damaged archive; `what` says what is wrong with it.
pub fn damaged(what: impl std::fmt::Display) -> Error {
    Error::Invalid(format!("the archive is damaged: {what}"))
}

/// Returns whether a name has only letters, digits and `._-`, and does not begin with a dot. Such a
/// name contains no folder, and is not a file that a file system or Tantivy uses for itself.
fn is_file_name(name: &str) -> bool {
    let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=MAX_NAME_BYTES).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(is_usual)
}

/// Returns whether a text can be shown to a user: it is short and has only printable ASCII
/// characters.
fn is_plain(text: &str) -> bool {
    text.len() <= MAX_NAME_BYTES
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(name: &str, size_bytes: u64) -> Entry {
        Entry {
            name: name.to_owned(),
            size_bytes,
            sha256: "a".repeat(64),
        }
    }

    fn check(change: impl FnOnce(&mut Manifest), expected: &str) {
        let mut manifest = Manifest::new("2024-01-01T00:00:00Z".to_owned());
        manifest.files = vec![entry("meta.json", 7)];
        change(&mut manifest);
        let outcome =
            Manifest::parse(&manifest.to_json().unwrap()).map(|parsed| parsed == manifest);
        match outcome {
            Ok(is_same) => assert!(is_same && expected.is_empty(), "{manifest:?}"),
            Err(error) => {
                assert!(
                    !expected.is_empty() && error.to_string().contains(expected),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in [
            "",
            ".",
            "..",
            "../x",
            "/etc/passwd",
            "a/b",
            "a\\b",
            ".managed.json",
            "a\0",
            "نص",
            "c:x",
            "a\n",
        ] {
            check(
                |manifest| manifest.files.push(entry(name, 1)),
                "no name of a file",
            );
            check(
                |manifest| manifest.beside.push(entry(name, 1)),
                "no name of a file",
            );
        }
        check(
            |manifest| manifest.files.push(entry(&"a".repeat(101), 1)),
            "no name of a file",
        );
        check(|manifest| manifest.files.push(entry("0a1b.0.del", 0)), "");
    }

    #[test]
    fn what_no_backup_would_say_is_refused() {
        check(|_| (), "");
        check(
            |manifest| manifest.files.push(entry("META.json", 1)),
            "twice",
        );
        check(|manifest| manifest.beside.push(entry("meta.json", 1)), "");
        check(
            |manifest| manifest.files.extend([entry("a", u64::MAX), entry("b", 1)]),
            "larger than any disk",
        );
        check(
            |manifest| {
                manifest
                    .beside
                    .push(entry("keys.json", MAX_BESIDE_BYTES + 1))
            },
            "too large",
        );
        check(
            |manifest| manifest.files = vec![entry("a", 0); MAX_FILES + 1],
            "too many",
        );
        check(
            |manifest| manifest.files[0].sha256 = "short".to_owned(),
            "no SHA-256",
        );
        check(
            |manifest| manifest.generation = "\u{1b}[2J".to_owned(),
            "no short text",
        );
        check(
            |manifest| manifest.format = 2,
            "format 2, this program reads 1: restore it with fihrist 0.",
        );
        let later = br#"{"format": 9, "fihrist": "7.1.0", "unheard": "of"}"#;
        assert!(
            Manifest::parse(later)
                .unwrap_err()
                .to_string()
                .ends_with("restore it with fihrist 7.1.0, which wrote it")
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_manifest_or_an_error(bytes in any::<Vec<u8>>()) {
            prop_assert!(Manifest::parse(&bytes).is_err());
        }
    }
}
