//! Writes a commit and the files beside the index as an archive. It does not interpret the files.

use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

use super::seal::SealingWriter;
use super::{Beside, Entry, Error, JobControl, Manifest, Meter, Metered, Phase, Result, manifest};
use crate::backend::tantivy::{Commit, CommitFile};
use crate::damage::Damage;

/// The folder in the archive that contains the files of the generation.
pub const FILES: &str = "index";
/// The folder in the archive that contains the files beside the index.
pub const BESIDE: &str = "beside";

/// The compression level of Zstandard. A higher level takes far longer and makes the archive only a
/// few percent smaller.
const COMPRESSION_LEVEL: i32 = 3;

/// Reads all files once to hash them, and returns the manifest; `None` if the job was cancelled.
/// Fails if a file is damaged.
pub fn survey(
    commit: &Commit,
    beside: &[Beside],
    control: JobControl<'_>,
) -> Result<Option<Manifest>> {
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
    let mut manifest = Manifest {
        schema: commit.schema,
        analysis: commit.analysis,
        model: commit.model_hash.clone(),
        generation: commit.generation.clone(),
        articles: commit.articles,
        ..Manifest::new(now.to_string())
    };
    let total = commit.files.iter().map(CommitFile::size_bytes).sum();
    let mut meter = Meter::new(control, Phase::Checking, total);
    for file in &commit.files {
        file.check()?;
        let failed = Error::io("read", Path::new(&file.name));
        match Entry::read(&file.name, metered(file, &mut meter), failed, |_| Ok(())) {
            Err(_) if meter.is_cancelled() => return Ok(None),
            entry => manifest.files.push(entry?),
        }
    }
    for file in beside {
        let failed = Error::io("read", Path::new(&file.name));
        let entry = Entry::read(&file.name, &file.content[..], failed, |_| Ok(()))?;
        manifest.beside.push(entry);
    }
    Ok(Some(manifest))
}

/// Writes the archive, and returns its size in bytes. Fails when a file is no longer what the
/// manifest says.
pub fn write(
    commit: &Commit,
    beside: &[Beside],
    manifest: &Manifest,
    archive: impl Write,
    meter: &mut Meter<'_>,
) -> io::Result<u64> {
    let mut encoder = zstd::Encoder::new(SealingWriter::new(archive), COMPRESSION_LEVEL)?;
    encoder.include_checksum(true)?;
    let mut tar = Builder::new(encoder);
    let json = manifest.to_json().map_err(io::Error::other)?;
    append(&mut tar, manifest::NAME, json.len() as u64, json.as_slice())?;
    for (file, entry) in commit.files.iter().zip(&manifest.files) {
        let path = format!("{FILES}/{}", file.name);
        let mut content = Hashed {
            inner: metered(file, meter),
            hash: Sha256::new(),
        };
        append(&mut tar, &path, file.size_bytes(), &mut content)?;
        if hex::encode(content.hash.finalize()) != entry.sha256 {
            let what = "it changed while it was backed up";
            return Err(Damage::new(Path::new(&file.name), what).into());
        }
    }
    for file in beside {
        let path = format!("{BESIDE}/{}", file.name);
        let content = file.content.as_slice();
        append(&mut tar, &path, content.len() as u64, content)?;
    }
    tar.into_inner()?.finish()?.seal()
}

/// Appends an entry without times and owners, so that the same files give the same archive.
fn append(
    tar: &mut Builder<impl Write>,
    path: &str,
    size_bytes: u64,
    content: impl Read,
) -> io::Result<()> {
    let mut header = Header::new_ustar();
    header.set_path(path)?;
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_size(size_bytes);
    header.set_cksum();
    tar.append(&header, content)
}

/// Returns a reader of a file, which counts its bytes.
fn metered<'a, 'b>(file: &CommitFile, meter: &'a mut Meter<'b>) -> Metered<'a, 'b, impl Read> {
    let inner = file.reader();
    Metered { inner, meter }
}

/// A reader that hashes the bytes it reads.
struct Hashed<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(bytes)?;
        self.hash.update(&bytes[..count]);
        Ok(count)
    }
}
