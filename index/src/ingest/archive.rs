//! Zip and tar archives → the files in them, one after the other, each read as a file of its own. What is encrypted, damaged
//! or out of all proportion is a rejection; the rest is kept. Files are streamed, not unpacked.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{BufRead, BufReader, Seek};
use std::ops::ControlFlow;

use zip::ZipArchive;
use zip::result::ZipError;

use super::Format;
use super::limits::ExpansionLimit;
use super::read::Item;
use super::sniff::is_foreign_name;
use super::unpack::{Entry, Unpack};

/// Reads the files of a zip archive.
pub fn zip(
    entry: &Entry<'_>,
    bytes: impl BufRead + Seek,
    unpack: &mut Unpack<'_>,
) -> ControlFlow<()> {
    let mut archive = match ZipArchive::new(bytes) {
        Ok(archive) => archive,
        Err(error) => return unpack.reject(&entry.name, zip_reason(&error)),
    };
    // Files over one another are how a small archive holds a huge one.
    if archive.has_overlapping_files().unwrap_or(false) {
        return unpack.reject(
            &entry.name,
            "damaged or made to do harm: files in the zip archive overlap",
        );
    }
    for index in 0..archive.len() {
        zip_member(entry, &mut archive, index, unpack)?;
    }
    ControlFlow::Continue(())
}

fn zip_member(
    entry: &Entry<'_>,
    archive: &mut ZipArchive<impl BufRead + Seek>,
    index: usize,
    unpack: &mut Unpack<'_>,
) -> ControlFlow<()> {
    let described = archive.by_index_data(index).map(|data| {
        let name = std::str::from_utf8(data.name_raw()).map(|name| Cow::Owned(name.to_owned()));
        let name = name.or_else(|_| data.name().map(|name| Cow::Owned(name.into_owned())));
        (
            name.unwrap_or_else(|_| Cow::Owned(format!("#{index}"))),
            data.is_file(),
            data.encrypted(),
        )
    });
    let (name, is_file, is_encrypted) = match described {
        Ok(described) => described,
        Err(error) => return unpack.reject(&entry.name, zip_reason(&error)),
    };
    if !is_file || is_hidden(&name) {
        return ControlFlow::Continue(());
    }
    let inner = member(entry, &name);
    if is_foreign(&name, unpack) {
        return (unpack.sink)(Item::Skipped);
    }
    if is_encrypted {
        return unpack.reject(&inner.name, "encrypted: it needs a password");
    }
    match archive.by_index(index) {
        Ok(file) => {
            let taken_bytes = Cell::new(file.compressed_size());
            unpack.stream(
                &inner,
                &mut BufReader::new(ExpansionLimit::new(file, &taken_bytes)),
            )
        }
        Err(error) => unpack.reject(&inner.name, zip_reason(&error)),
    }
}

fn zip_reason(error: &ZipError) -> String {
    match error {
        ZipError::CompressionMethodNotSupported(_) => {
            "compressed by another method than zip archives usually are".to_owned()
        }
        ZipError::Io(error) => format!("cut off or damaged: {error}"),
        other => format!("cut off or damaged: {other}"),
    }
}

/// Reads the files of a tar archive.
pub fn tar(
    entry: &Entry<'_>,
    stream: &mut dyn BufRead,
    unpack: &mut Unpack<'_>,
) -> ControlFlow<()> {
    let mut archive = tar::Archive::new(stream);
    let cut_off =
        |error: &std::io::Error| format!("cut off or damaged, what came before was kept: {error}");
    let files = match archive.entries() {
        Ok(files) => files,
        Err(error) => return unpack.reject(&entry.name, cut_off(&error)),
    };
    for file in files {
        let file = match file {
            Ok(file) => file,
            // Where the next file begins is not known any more.
            Err(error) => return unpack.reject(&entry.name, cut_off(&error)),
        };
        let name = String::from_utf8_lossy(&file.path_bytes()).into_owned();
        let kind = file.header().entry_type();
        if kind.is_gnu_sparse() {
            unpack.reject(
                &member(entry, &name).name,
                "a file with holes, which no article has",
            )?;
        } else if !kind.is_file() || is_hidden(&name) {
            // Folders and links.
        } else if is_foreign(&name, unpack) {
            (unpack.sink)(Item::Skipped)?;
        } else {
            unpack.stream(&member(entry, &name), &mut BufReader::new(file))?;
        }
    }
    ControlFlow::Continue(())
}

fn member<'a>(entry: &Entry<'_>, name: &str) -> Entry<'a> {
    Entry {
        name: Cow::Owned(format!("{}!/{name}", entry.name)),
        is_asked_for: false,
        archives: entry.archives + 1,
        compressions: 0,
    }
}

fn is_foreign(name: &str, unpack: &Unpack<'_>) -> bool {
    unpack.format == Format::Auto && is_foreign_name(name)
}

/// As in folders, and what macOS puts beside every file.
fn is_hidden(name: &str) -> bool {
    name.split('/')
        .any(|part| part == "__MACOSX" || (part.starts_with('.') && part != "." && part != ".."))
}
