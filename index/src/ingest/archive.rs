//! Zip and tar archives → the files in them, one after the other. Files are streamed, not unpacked
//! to disk.
//!
//! An encrypted or damaged file is a rejection, and the other files are still read. `zip_scan` finds
//! files that the directory of a damaged zip archive does not name, and `tar_scan` those after a
//! damaged part of a tar archive.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::ops::ControlFlow;

use zip::ZipArchive;
use zip::result::{ZipError, ZipResult};

use super::tar_scan::{RecentBytes, seek_header};
use super::zip_scan::{FilePlace, ListedFiles};
use super::{
    Entry, ExpansionLimit, Format, Item, Pushback, SkippedFile, SmallReads, Unpack, is_foreign_name,
};

impl Unpack<'_> {
    /// Reads the files of a zip archive.
    pub fn zip(&mut self, entry: &Entry<'_>, mut bytes: impl BufRead + Seek) -> ControlFlow<()> {
        let mut listed = ListedFiles::default();
        let failure = match ZipArchive::new(&mut bytes) {
            Ok(archive) => self.zip_members(entry, archive, &mut listed)?,
            Err(error) => Some(error),
        };
        let failure = failure.or_else(|| match listed.are_all(&mut bytes) {
            Ok(true) => None,
            Ok(false) => Some(ZipError::InvalidArchive(
                "files are missing in its directory".into(),
            )),
            Err(error) => Some(error.into()),
        });
        match failure {
            None => ControlFlow::Continue(()),
            Some(error) => {
                let reason = zip_failure(&error) + "; its files are read as far as they are found";
                self.reject(entry, reason)?;
                self.zip_scan(entry, bytes, &listed.names)
            }
        }
    }

    /// Reads the files that the directory of an archive names, and adds them to `listed`. Returns the
    /// last failure if files are not where the directory says.
    fn zip_members(
        &mut self,
        entry: &Entry<'_>,
        mut archive: ZipArchive<impl BufRead + Seek>,
        listed: &mut ListedFiles,
    ) -> ControlFlow<(), Option<ZipError>> {
        // The files of a zip bomb overlap, so that a small archive expands to a huge one.
        if archive.has_overlapping_files().unwrap_or(false) {
            let reason = "its files overlap".into();
            return ControlFlow::Continue(Some(ZipError::InvalidArchive(reason)));
        }
        let mut failure = None;
        for index in 0..archive.len() {
            match self.zip_member(entry, &mut archive, index)? {
                Ok((name, place)) => {
                    listed.names.insert(name);
                    listed.places.push(place);
                }
                Err(error) => failure = Some(error),
            }
        }
        ControlFlow::Continue(failure)
    }

    /// Reads a file of an archive. Returns its name and its place. Fails if it is not where the
    /// directory says.
    fn zip_member(
        &mut self,
        entry: &Entry<'_>,
        archive: &mut ZipArchive<impl BufRead + Seek>,
        index: usize,
    ) -> ControlFlow<(), Result<(String, FilePlace), ZipError>> {
        let data = match archive.by_index_data(index) {
            Ok(data) => data,
            Err(error) => return ControlFlow::Continue(Err(error)),
        };
        let name = member_name(data.name_raw(), data.name()).unwrap_or_else(|| format!("#{index}"));
        let (is_file, is_encrypted) = (data.is_file(), data.encrypted());
        let place = FilePlace {
            start: data.header_start(),
            compressed_bytes: data.compressed_size(),
        };
        drop(data);
        if !is_file || self.is_left_out(entry, &name)? {
            return ControlFlow::Continue(Ok((name, place)));
        }
        let member = entry.member(&name);
        if is_encrypted {
            self.reject(&member, "encrypted: it needs a password")?;
            return ControlFlow::Continue(Ok((name, place)));
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
        ControlFlow::Continue(Ok((name, place)))
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
        let mut input = Pushback::new(stream);
        loop {
            let start = input.offset;
            let mut last_header = 0;
            let mut recent = RecentBytes::new(&mut input);
            if let Some(error) = unpack.tar_members(entry, &mut recent, &mut last_header)? {
                unpack.reject(entry, tar_failure(&error, has_article.get()))?;
                if recent.has_failed {
                    return ControlFlow::Continue(());
                }
                // After this error, the position of the next file is unknown. It is not before the
                // last one.
                let recent = recent.into_recent();
                let unknown_bytes = input.offset.saturating_sub(start + last_header + 1);
                let surplus = (recent.len() as u64).saturating_sub(unknown_bytes);
                input.push_back(&recent[surplus as usize..]);
            }
            // Another archive can follow the end of one.
            if !seek_header(&mut input).unwrap_or(false) {
                return ControlFlow::Continue(());
            }
        }
    }

    /// Reads the files of an archive. Sets `last_header` to the offset of the header of the last one.
    /// Returns the error if the archive is damaged.
    fn tar_members(
        &mut self,
        entry: &Entry<'_>,
        stream: &mut dyn Read,
        last_header: &mut u64,
    ) -> ControlFlow<(), Option<io::Error>> {
        let mut archive = tar::Archive::new(stream);
        let files = match archive.entries() {
            Ok(files) => files,
            Err(error) => return ControlFlow::Continue(Some(error)),
        };
        for file in files {
            let file = match file {
                Ok(file) => file,
                Err(error) => return ControlFlow::Continue(Some(error)),
            };
            *last_header = file.raw_header_position();
            let name = String::from_utf8_lossy(&file.path_bytes()).into_owned();
            let kind = file.header().entry_type();
            if kind.is_gnu_sparse() {
                let reason = "a sparse file, which holds no article";
                self.reject(&entry.member(&name), reason)?;
            } else if kind.is_file() && !self.is_left_out(entry, &name)? {
                self.stream(&entry.member(&name), &mut BufReader::new(file))?;
            }
        }
        ControlFlow::Continue(None)
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
