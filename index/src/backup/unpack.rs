//! Unpacks an untrusted archive into verified files. The entries must have the names and
//! sizes in the manifest, in the same order. A path from the archive is only compared, never used to
//! open a file.

use std::io::{self, BufRead, Read};

use tar::{Archive, EntryType};

use super::manifest::{self, damaged};
use super::pack::{BESIDE, FILES};
use super::seal::SealedReader;
use super::{Beside, Entry, Error, JobControl, Manifest, Meter, Metered, Phase, Result};
use crate::backend::tantivy::RestoreTarget;

/// The greatest number of bytes after the last entry. A tar file ends with two empty blocks; some
/// programs add more, up to a record of twenty blocks.
const MAX_PADDING_BYTES: u64 = 64 << 10;

/// The manifest, the files beside the index, and the generation that contains the files of the
/// index. There is no generation if the archive was only verified.
pub type Unpacked = (Manifest, Vec<Beside>, Option<RestoreTarget>);

/// Reads an archive to its last byte. `make_target` gets the manifest, and returns the generation
/// to write the index files to. If it returns `None`, the files are only verified.
///
/// Returns `None` if the job was cancelled. Otherwise, the sizes and hashes of all files have been
/// checked against the manifest.
pub fn unpack(
    archive: impl Read,
    make_target: impl FnOnce(&Manifest) -> Result<Option<RestoreTarget>>,
    control: JobControl<'_>,
) -> Result<Option<Unpacked>> {
    let mut decoder = zstd::Decoder::new(SealedReader::new(archive))
        .map_err(unreadable)?
        .single_frame();
    let mut tar = Archive::new(&mut decoder);
    // Reads raw entries: this program writes no entry that describes the next one.
    let mut entries = tar.entries().map_err(|_| not_ours())?.raw(true);
    let mut next = |path: &str, size_bytes: Option<u64>| {
        let entry = entries
            .next()
            .unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()))
            .map_err(unreadable)?;
        let header = entry.header();
        let is_expected = header.entry_type() == EntryType::Regular
            && *entry.path_bytes() == *path.as_bytes()
            && size_bytes.is_none_or(|size_bytes| entry.size() == size_bytes);
        if is_expected {
            Ok(entry)
        } else {
            Err(damaged(format!(
                "the entry for `{path}` does not match the manifest"
            )))
        }
    };
    let manifest = read_manifest(next(manifest::NAME, None).map_err(|_| not_ours())?)?;
    let target = make_target(&manifest)?;
    let mut meter = Meter::new(control, Phase::Unpacking, manifest.size_bytes());
    let mut beside = Vec::new();
    let index_files = manifest.files.iter().map(|file| (FILES, file));
    let beside_files = manifest.beside.iter().map(|file| (BESIDE, file));
    for (folder, file) in index_files.chain(beside_files) {
        let content = next(&format!("{folder}/{}", file.name), Some(file.size_bytes))?;
        let content = Metered {
            inner: content,
            meter: &mut meter,
        };
        let outcome = match (folder, &target) {
            (BESIDE, _) => read_beside(file, content).map(|content| beside.push(content)),
            (_, Some(target)) => write(file, content, target),
            (_, None) => copy(file, content, |_| Ok(())),
        };
        match outcome {
            Err(_) if meter.is_cancelled() => return Ok(None),
            outcome => outcome?,
        }
    }
    if let Some(entry) = entries.next() {
        entry.map_err(unreadable)?;
        return Err(damaged("it holds more than its manifest says"));
    }
    finish(decoder)?;
    Ok(Some((manifest, beside, target)))
}

fn read_manifest(entry: impl Read) -> Result<Manifest> {
    let mut json = Vec::new();
    entry
        .take(manifest::MAX_BYTES + 1)
        .read_to_end(&mut json)
        .map_err(unreadable)?;
    if json.len() as u64 > manifest::MAX_BYTES {
        return Err(damaged("its manifest is too large"));
    }
    Manifest::parse(&json)
}

fn read_beside(file: &Entry, content: impl Read) -> Result<Beside> {
    let mut bytes = Vec::new();
    copy(file, content, |chunk| {
        bytes.extend_from_slice(chunk);
        Ok(())
    })?;
    Ok(Beside {
        name: file.name.clone(),
        content: bytes,
    })
}

fn write(file: &Entry, content: impl Read, target: &RestoreTarget) -> Result<()> {
    let mut out = target.create(&file.name)?;
    copy(file, content, |chunk| out.write(chunk))?;
    out.finish()
}

/// Calls `each` with the content of a file, one chunk after the other. Fails if the size or the
/// hash differs from the manifest.
fn copy(file: &Entry, content: impl Read, each: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let read = Entry::read(&file.name, content, unreadable, each)?;
    if read.size_bytes != file.size_bytes || !read.sha256.eq_ignore_ascii_case(&file.sha256) {
        let name = &file.name;
        return Err(damaged(format!("`{name}` is not what was backed up")));
    }
    Ok(())
}

/// Reads the bytes after the last entry, and verifies the seal.
fn finish<R: Read>(mut decoder: zstd::Decoder<'_, io::BufReader<SealedReader<R>>>) -> Result<()> {
    let padding = io::copy(&mut (&mut decoder).take(MAX_PADDING_BYTES), &mut io::sink())
        .map_err(unreadable)?;
    if padding == MAX_PADDING_BYTES {
        return Err(damaged("something follows after its last file"));
    }
    let mut rest = decoder.finish();
    if !rest.fill_buf().map_err(unreadable)?.is_empty() {
        return Err(damaged("something follows after its end"));
    }
    rest.into_inner().verify().map_err(unreadable)
}

/// Returns the error for a failed read. Either the disk or the network has failed, or the archive
/// is damaged.
fn unreadable(error: io::Error) -> Error {
    if error.raw_os_error().is_some() {
        return Error::Invalid(format!("cannot read the archive: {error}"));
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => damaged("it is cut off"),
        _ => damaged(error),
    }
}

fn not_ours() -> Error {
    Error::Invalid("this is not a backup of an index, or its beginning is damaged".to_owned())
}
