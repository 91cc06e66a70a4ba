//! Zip and tar archives → the files in them, one after the other. Files are streamed, not unpacked
//! to disk.
//!
//! An encrypted or damaged file is a rejection, and the other files are still read. If the directory of
//! a zip archive is damaged, `zip_scan` finds the files without it.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Seek};
use std::ops::ControlFlow;

use rustc_hash::FxHashSet;
use zip::ZipArchive;
use zip::result::{ZipError, ZipResult};

use super::{
    Entry, ExpansionLimit, Format, Item, SkippedFile, SmallReads, Unpack, is_foreign_name,
};

impl Unpack<'_> {
    /// Reads the files of a zip archive.
    pub fn zip(&mut self, entry: &Entry<'_>, mut bytes: impl BufRead + Seek) -> ControlFlow<()> {
        let mut found = FxHashSet::default();
        let failure = match ZipArchive::new(&mut bytes) {
            Ok(archive) => self.zip_members(entry, archive, &mut found)?,
            Err(error) => Some(error),
        };
        match failure {
            None => ControlFlow::Continue(()),
            Some(error) => {
                let reason = zip_failure(&error) + "; its files are read as far as they are found";
                self.reject(entry, reason)?;
                self.zip_scan(entry, bytes, &found)
            }
        }
    }

    /// Reads the files that the directory of an archive names, and adds their names to `found`.
    /// Returns the last failure if files are not where the directory says.
    fn zip_members(
        &mut self,
        entry: &Entry<'_>,
        mut archive: ZipArchive<impl BufRead + Seek>,
        found: &mut FxHashSet<String>,
    ) -> ControlFlow<(), Option<ZipError>> {
        // The files of a zip bomb overlap, so that a small archive expands to a huge one.
        if archive.has_overlapping_files().unwrap_or(false) {
            let reason = "its files overlap".into();
            return ControlFlow::Continue(Some(ZipError::InvalidArchive(reason)));
        }
        let mut failure = None;
        for index in 0..archive.len() {
            match self.zip_member(entry, &mut archive, index)? {
                Ok(name) => drop(found.insert(name)),
                Err(error) => failure = Some(error),
            }
        }
        ControlFlow::Continue(failure)
    }

    /// Reads a file of an archive. Returns its name. Fails if it is not where the directory says.
    fn zip_member(
        &mut self,
        entry: &Entry<'_>,
        archive: &mut ZipArchive<impl BufRead + Seek>,
        index: usize,
    ) -> ControlFlow<(), Result<String, ZipError>> {
        let data = match archive.by_index_data(index) {
            Ok(data) => data,
            Err(error) => return ControlFlow::Continue(Err(error)),
        };
        let name = member_name(data.name_raw(), data.name()).unwrap_or_else(|| format!("#{index}"));
        let (is_file, is_encrypted) = (data.is_file(), data.encrypted());
        drop(data);
        if !is_file || self.is_left_out(entry, &name)? {
            return ControlFlow::Continue(Ok(name));
        }
        let member = entry.member(&name);
        if is_encrypted {
            self.reject(&member, "encrypted: it needs a password")?;
            return ControlFlow::Continue(Ok(name));
        }
        match archive.by_index(index) {
            Ok(file) => {
                let taken_bytes = Cell::new(file.compressed_size());
                let content = ExpansionLimit::new(SmallReads::new(file), &taken_bytes);
                self.stream(&member, &mut BufReader::new(content))?;
            }
            Err(error @ (ZipError::InvalidArchive(_) | ZipError::Io(_))) => {
                return ControlFlow::Continue(Err(error));
            }
            Err(error) => self.reject(&member, zip_failure(&error))?,
        }
        ControlFlow::Continue(Ok(name))
    }

    /// Returns whether a file of an archive is left out. Hidden files and files of other formats are;
    /// the report counts the latter.
    pub fn is_left_out(&mut self, entry: &Entry<'_>, name: &str) -> ControlFlow<(), bool> {
        if is_hidden(name) {
            return ControlFlow::Continue(true);
        }
        let is_foreign = self.format == Format::Auto && is_foreign_name(name);
        if is_foreign {
            let name = entry.member(name).name;
            (self.sink)(Item::Skipped(SkippedFile::named(name)))?;
        }
        ControlFlow::Continue(is_foreign)
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
            } else if kind.is_file() && !self.is_left_out(entry, &name)? {
                self.stream(&entry.member(&name), &mut BufReader::new(file))?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// Returns the name of a file in an archive; `None` if it is no text.
pub fn member_name(raw: &[u8], decoded: ZipResult<Cow<'_, str>>) -> Option<String> {
    match std::str::from_utf8(raw) {
        Ok(name) => Some(name.to_owned()),
        Err(_) => Some(decoded.ok()?.into_owned()),
    }
}

/// Returns why an archive or a file in it cannot be read.
pub fn zip_failure(error: &ZipError) -> String {
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
