//! Writes a commit and the files beside the index as an archive. It does not interpret the files.

use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

use super::Beside;
use super::manifest::{self, Entry, Manifest};
use super::meter::{Meter, Metered};
use super::seal::SealingWriter;
use crate::backend::tantivy::{Commit, CommitFile};
use crate::error::{Error, Result};
use crate::learning::JobControl;
use crate::progress::Phase;

/// The folder in the archive that contains the files of the generation.
pub const FILES: &str = "index";
/// The folder in the archive that contains the files beside the index.
pub const BESIDE: &str = "beside";

/// The compression level of Zstandard. A higher level takes far longer and makes the archive only a
/// few percent smaller.
const COMPRESSION_LEVEL: i32 = 3;
/// The number of bytes that are read at a time.
const CHUNK_BYTES: usize = 1 << 20;

/// Writes the archive. Returns its manifest and its size in bytes; `None` if the job was cancelled.
pub fn pack(
    commit: &Commit,
    beside: &[Beside],
    (archive, name): (impl Write, &Path),
    control: JobControl<'_>,
) -> Result<Option<(Manifest, u64)>> {
    let Some(manifest) = survey(commit, beside, control)? else {
        return Ok(None);
    };
    let mut meter = Meter::new(control, Phase::Packing, manifest.size_bytes());
    match write(commit, beside, &manifest, archive, &mut meter) {
        Ok(archive_bytes) => Ok(Some((manifest, archive_bytes))),
        Err(_) if meter.is_cancelled() => Ok(None),
        Err(error) => Err(Error::io("write", name)(error)),
    }
}

/// Reads all files once to hash them, and returns the manifest. Fails if a file is damaged.
fn survey(commit: &Commit, beside: &[Beside], control: JobControl<'_>) -> Result<Option<Manifest>> {
    let mut manifest = Manifest::new(
        jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string(),
    );
    manifest.schema = commit.schema;
    manifest.analysis = commit.analysis;
    manifest.model.clone_from(&commit.model_hash);
    manifest.generation.clone_from(&commit.generation);
    manifest.articles = commit.articles;
    let total = commit.files.iter().map(CommitFile::size_bytes).sum();
    let mut meter = Meter::new(control, Phase::Checking, total);
    for file in &commit.files {
        commit.check(file)?;
        let mut hash = Sha256::new();
        let mut reader = CommitFileReader { file, position: 0 };
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            if meter.is_cancelled() {
                return Ok(None);
            }
            match reader
                .read(&mut chunk)
                .map_err(Error::io("read", Path::new(&file.name)))?
            {
                0 => break,
                count => {
                    hash.update(&chunk[..count]);
                    meter.add(count);
                }
            }
        }
        manifest
            .files
            .push(entry(&file.name, file.size_bytes(), hash));
    }
    for file in beside {
        let hash = Sha256::new_with_prefix(&file.content);
        manifest
            .beside
            .push(entry(&file.name, file.content.len() as u64, hash));
    }
    Ok(Some(manifest))
}

fn entry(name: &str, size_bytes: u64, hash: Sha256) -> Entry {
    Entry {
        name: name.to_owned(),
        size_bytes,
        sha256: hex(hash),
    }
}

/// Returns a hash as hexadecimal digits, as a manifest has it.
pub fn hex(hash: Sha256) -> String {
    hex::encode(hash.finalize())
}

fn write(
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
    for file in &commit.files {
        let reader = Metered {
            inner: CommitFileReader { file, position: 0 },
            meter: &mut *meter,
        };
        append(
            &mut tar,
            &format!("{FILES}/{}", file.name),
            file.size_bytes(),
            reader,
        )?;
    }
    for file in beside {
        append(
            &mut tar,
            &format!("{BESIDE}/{}", file.name),
            file.content.len() as u64,
            file.content.as_slice(),
        )?;
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

/// Reads a file of a commit through [`Read`].
struct CommitFileReader<'a> {
    file: &'a CommitFile,
    position: u64,
}

impl Read for CommitFileReader<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let chunk = self
            .file
            .read_at(self.position, bytes.len().min(CHUNK_BYTES))?;
        bytes[..chunk.len()].copy_from_slice(&chunk);
        self.position += chunk.len() as u64;
        Ok(chunk.len())
    }
}
