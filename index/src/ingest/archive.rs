//! Zip and tar archives → the files in them, one after the other. Files are streamed, not unpacked
//! to disk.
//!
//! Each file is passed to a callback, which detects its content. An encrypted or damaged file is a
//! rejection, and the other files are still read.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Seek};
use std::ops::ControlFlow;

use zip::ZipArchive;
use zip::result::ZipError;

use super::entry::Entry;
use super::file_name::is_foreign_name;
use super::limits::ExpansionLimit;
use super::rejection::Rejected;
use super::settings::Format;

/// One member of an archive, as the callback receives it.
pub enum Member<'m> {
    /// A file to read, with its content.
    File(Entry<'m>, &'m mut dyn BufRead),
    /// A file whose extension belongs to no article format.
    Foreign,
    /// A file, or the rest of the archive, that cannot be read.
    Rejected(Rejected),
}

/// The callback for the members of an archive. It returns `Break` to stop reading the archive.
pub type OpenMember<'o> = dyn FnMut(Member<'_>) -> ControlFlow<()> + 'o;

/// Passes the files of a zip archive to `open`.
pub fn zip(
    entry: &Entry<'_>,
    bytes: impl BufRead + Seek,
    format: Format,
    open: &mut OpenMember<'_>,
) -> ControlFlow<()> {
    let mut archive = match ZipArchive::new(bytes) {
        Ok(archive) => archive,
        Err(error) => return reject(entry, zip_failure(&error), open),
    };
    // The files of a zip bomb overlap, so that a small archive expands to a huge one.
    if archive.has_overlapping_files().unwrap_or(false) {
        let reason = "damaged or malicious: files in the zip archive overlap";
        return reject(entry, reason, open);
    }
    for index in 0..archive.len() {
        zip_member(entry, &mut archive, index, format, open)?;
    }
    ControlFlow::Continue(())
}

fn zip_member(
    entry: &Entry<'_>,
    archive: &mut ZipArchive<impl BufRead + Seek>,
    index: usize,
    format: Format,
    open: &mut OpenMember<'_>,
) -> ControlFlow<()> {
    let data = match archive.by_index_data(index) {
        Ok(data) => data,
        Err(error) => return reject(entry, zip_failure(&error), open),
    };
    let name = match std::str::from_utf8(data.name_raw()) {
        Ok(name) => name.to_owned(),
        Err(_) => match data.name() {
            Ok(name) => name.into_owned(),
            Err(_) => format!("#{index}"),
        },
    };
    let (is_file, is_encrypted) = (data.is_file(), data.encrypted());
    drop(data);
    if !is_file || is_hidden(&name) {
        return ControlFlow::Continue(());
    }
    if is_foreign(&name, format) {
        return open(Member::Foreign);
    }
    let member = entry.member(&name);
    if is_encrypted {
        return reject(&member, "encrypted: it needs a password", open);
    }
    match archive.by_index(index) {
        Ok(file) => {
            let taken_bytes = Cell::new(file.compressed_size());
            let mut content = BufReader::new(ExpansionLimit::new(file, &taken_bytes));
            open(Member::File(member, &mut content))
        }
        Err(error) => reject(&member, zip_failure(&error), open),
    }
}

fn zip_failure(error: &ZipError) -> String {
    match error {
        ZipError::CompressionMethodNotSupported(_) => {
            "compressed with an unsupported method: pack it again with deflate".to_owned()
        }
        ZipError::Io(error) => format!("cut off or damaged: {error}"),
        other => format!("cut off or damaged: {other}"),
    }
}

/// Passes the files of a tar archive to `open`.
pub fn tar(
    entry: &Entry<'_>,
    stream: &mut dyn BufRead,
    format: Format,
    open: &mut OpenMember<'_>,
) -> ControlFlow<()> {
    let mut archive = tar::Archive::new(stream);
    let files = match archive.entries() {
        Ok(files) => files,
        Err(error) => return reject(entry, tar_failure(&error), open),
    };
    for file in files {
        let file = match file {
            Ok(file) => file,
            // After this error, the position of the next file is unknown.
            Err(error) => return reject(entry, tar_failure(&error), open),
        };
        let name = String::from_utf8_lossy(&file.path_bytes()).into_owned();
        let kind = file.header().entry_type();
        if kind.is_gnu_sparse() {
            let reason = "a sparse file, which holds no article";
            reject(&entry.member(&name), reason, open)?;
        } else if !kind.is_file() || is_hidden(&name) {
            // Folders, links and hidden files.
        } else if is_foreign(&name, format) {
            open(Member::Foreign)?;
        } else {
            open(Member::File(entry.member(&name), &mut BufReader::new(file)))?;
        }
    }
    ControlFlow::Continue(())
}

fn tar_failure(error: &std::io::Error) -> String {
    format!("cut off or damaged, what came before was kept: {error}")
}

fn reject(
    entry: &Entry<'_>,
    reason: impl Into<String>,
    open: &mut OpenMember<'_>,
) -> ControlFlow<()> {
    let rejected = Rejected::new(entry.name.as_ref(), reason);
    open(Member::Rejected(rejected))
}

fn is_foreign(name: &str, format: Format) -> bool {
    format == Format::Auto && is_foreign_name(name)
}

/// Returns whether a part of the path begins with a dot, or is the folder `__MACOSX` that macOS
/// adds to archives.
fn is_hidden(name: &str) -> bool {
    name.split('/')
        .any(|part| part == "__MACOSX" || (part.starts_with('.') && part != "." && part != ".."))
}
