//! Zip and tar archives → the files in them, one after the other. Files are streamed, not unpacked
//! to disk.
//!
//! An encrypted or damaged file is a rejection, and the other files are still read.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Seek};
use std::ops::ControlFlow;

use zip::ZipArchive;
use zip::result::ZipError;

use super::{Entry, ExpansionLimit, Format, Item, SkippedFile, Unpack, is_foreign_name};

impl Unpack<'_> {
    /// Reads the files of a zip archive.
    pub fn zip(&mut self, entry: &Entry<'_>, bytes: impl BufRead + Seek) -> ControlFlow<()> {
        let mut archive = match ZipArchive::new(bytes) {
            Ok(archive) => archive,
            Err(error) => return self.reject(entry, zip_failure(&error)),
        };
        // The files of a zip bomb overlap, so that a small archive expands to a huge one.
        if archive.has_overlapping_files().unwrap_or(false) {
            let reason = "damaged or malicious: files in the zip archive overlap";
            return self.reject(entry, reason);
        }
        for index in 0..archive.len() {
            self.zip_member(entry, &mut archive, index)?;
        }
        ControlFlow::Continue(())
    }

    fn zip_member(
        &mut self,
        entry: &Entry<'_>,
        archive: &mut ZipArchive<impl BufRead + Seek>,
        index: usize,
    ) -> ControlFlow<()> {
        let data = match archive.by_index_data(index) {
            Ok(data) => data,
            Err(error) => return self.reject(entry, zip_failure(&error)),
        };
        let name = match (std::str::from_utf8(data.name_raw()), data.name()) {
            (Ok(name), _) => name.to_owned(),
            (Err(_), Ok(name)) => name.into_owned(),
            (Err(_), Err(_)) => format!("#{index}"),
        };
        let (is_file, is_encrypted) = (data.is_file(), data.encrypted());
        drop(data);
        if !is_file || is_hidden(&name) {
            return ControlFlow::Continue(());
        }
        if self.is_foreign(&name) {
            let name = entry.member(&name).name;
            return (self.sink)(Item::Skipped(SkippedFile::named(name)));
        }
        let member = entry.member(&name);
        if is_encrypted {
            return self.reject(&member, "encrypted: it needs a password");
        }
        match archive.by_index(index) {
            Ok(file) => {
                let taken_bytes = Cell::new(file.compressed_size());
                let content = ExpansionLimit::new(file, &taken_bytes);
                self.stream(&member, &mut BufReader::new(content))
            }
            Err(error) => self.reject(&member, zip_failure(&error)),
        }
    }

    /// Reads the files of a tar archive.
    pub fn tar(&mut self, entry: &Entry<'_>, stream: &mut dyn BufRead) -> ControlFlow<()> {
        let has_article = Cell::new(false);
        let mut sink = |item: Item| {
            has_article.set(has_article.get() || matches!(item, Item::Article(_)));
            (self.sink)(item)
        };
        let mut unpack = Unpack {
            format: self.format,
            mapping: self.mapping,
            sink: &mut sink,
        };
        unpack.tar_members(entry, stream, &has_article)
    }

    fn tar_members(
        &mut self,
        entry: &Entry<'_>,
        stream: &mut dyn BufRead,
        has_article: &Cell<bool>,
    ) -> ControlFlow<()> {
        let mut archive = tar::Archive::new(stream);
        let files = match archive.entries() {
            Ok(files) => files,
            Err(error) => return self.reject(entry, tar_failure(&error, false)),
        };
        for file in files {
            let file = match file {
                Ok(file) => file,
                // After this error, the position of the next file is unknown.
                Err(error) => return self.reject(entry, tar_failure(&error, has_article.get())),
            };
            let name = String::from_utf8_lossy(&file.path_bytes()).into_owned();
            let kind = file.header().entry_type();
            if kind.is_gnu_sparse() {
                let reason = "a sparse file, which holds no article";
                self.reject(&entry.member(&name), reason)?;
            } else if !kind.is_file() || is_hidden(&name) {
                // Folders, links and hidden files.
            } else if self.is_foreign(&name) {
                let name = entry.member(&name).name;
                (self.sink)(Item::Skipped(SkippedFile::named(name)))?;
            } else {
                self.stream(&entry.member(&name), &mut BufReader::new(file))?;
            }
        }
        ControlFlow::Continue(())
    }

    fn is_foreign(&self, name: &str) -> bool {
        self.format == Format::Auto && is_foreign_name(name)
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

/// Returns the reason why the rest of a tar archive cannot be read.
fn tar_failure(error: &io::Error, has_article: bool) -> String {
    let kept = match has_article {
        true => "; the articles before that point were kept",
        false => "",
    };
    format!("cut off or damaged: {error}{kept}")
}

/// Returns whether a part of the path begins with a dot, or is the folder `__MACOSX` that macOS
/// adds to archives.
fn is_hidden(name: &str) -> bool {
    name.split('/')
        .any(|part| part == "__MACOSX" || (part.starts_with('.') && part != "." && part != ".."))
}
