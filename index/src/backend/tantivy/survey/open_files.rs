//! Opens the files of a generation that may be damaged, so that they stay readable while writers
//! replace them. It takes no lock and writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use tantivy::directory::error::OpenReadError;
use tantivy::directory::{Directory, FileSlice, MmapDirectory};
use tantivy::index::IndexMeta;
use tantivy::{HasLen, Index};

use super::DamagedFile;
use crate::backend::tantivy::format::{
    IndexFiles, META, RawParts, VerifiedFile, raw_parts, segment_files, segment_of,
    whole_despite_tail, without_footer,
};
use crate::backend::tantivy::generation::{current_name, directory};
use crate::error::{Error, OrInternal, Result};

const OPEN: &str = "open the files of the index";

/// The number of attempts to open all files of a commit. An attempt can fail because a merge
/// removes files at once. A file that is missing in all attempts is lost.
const ATTEMPTS: u32 = 20;
const RETRY: Duration = Duration::from_millis(20);

/// The open files of a generation.
pub struct OpenFiles {
    /// The name of the generation.
    pub generation: String,
    /// The directory of the generation.
    pub directory: PathBuf,
    /// The segments of the last commit. If the list of segments is lost, what is wrong with it.
    pub meta: Result<IndexMeta, DamagedFile>,
    /// What is wrong with the file that names the generation.
    pub current: Option<DamagedFile>,
    files: BTreeMap<String, OpenFile>,
    /// The files whose names are lost with the table of a compound file.
    pub nameless: Vec<FileSlice>,
}

/// An open file.
struct OpenFile {
    /// The file, whose bytes are verified when they are read; or what is wrong with it.
    verified: Result<VerifiedFile, DamagedFile>,
    /// The file without any verification, if it exists.
    raw: Option<FileSlice>,
    /// When the file was written.
    written: Option<SystemTime>,
}

/// How far a file can be read.
pub enum Readable {
    /// All of it, without Tantivy's footer.
    Whole(FileSlice),
    /// Some of it, in one or both of two ways.
    Damaged {
        /// Reading a damaged page fails.
        pages: Option<FileSlice>,
        /// Any byte can be read and may be wrong.
        raw: Option<FileSlice>,
    },
}

impl OpenFiles {
    /// Opens the current generation at `data`. If it is not known which one that is, opens the last
    /// whole one. Fails when there is none.
    pub fn open(data: &Path) -> Result<Self> {
        let mut attempt = 0;
        loop {
            let (generation, current) = generation_of(data)?;
            let mut files = Self::attempt(data, &generation)?;
            files.current = current;
            let is_missing = |file: &OpenFile| file.raw.is_none();
            let is_complete = files.meta.is_ok() && !files.files.values().any(is_missing);
            attempt += 1;
            if is_complete || attempt == ATTEMPTS {
                return Ok(files);
            }
            sleep(RETRY);
        }
    }

    fn attempt(data: &Path, generation: &str) -> Result<Self> {
        let directory = directory(data, generation);
        let index_files = IndexFiles::for_reading(&directory).or_internal(OPEN)?;
        let mapped = MmapDirectory::open(&directory).or_internal(OPEN)?;
        let meta = read_meta(&index_files).map_err(|error| damage_of(&directory.join(META), error));
        let parts = raw_parts(&directory, &mapped).map_err(Error::io("read", &directory))?;
        let RawParts { named, nameless } = parts;
        let names: BTreeSet<String> = match &meta {
            Ok(meta) => segment_files(meta)
                .iter()
                .map(|path| as_name(path))
                .collect(),
            Err(_) => names_in(&directory)?
                .into_iter()
                .chain(named.keys().cloned())
                .collect(),
        };
        let files = names.into_iter().map(|name| {
            let opened = index_files.open_file(name.as_ref());
            let raw = mapped.get_file_handle(name.as_ref()).map(FileSlice::new);
            let path = directory.join(&name);
            let part = named.get(&name);
            let metadata = fs::metadata(&path).and_then(|metadata| metadata.modified());
            let file = OpenFile {
                verified: opened.map_err(|error| match error {
                    OpenReadError::FileDoesNotExist(_) => missing(&path),
                    error => damage_of(&path, Error::internal(OPEN)(error)),
                }),
                raw: raw.ok().or_else(|| Some(part?.0.clone())),
                written: metadata.ok().or_else(|| part?.1),
            };
            (name, file)
        });
        Ok(Self {
            generation: generation.to_owned(),
            files: files.collect(),
            directory,
            meta,
            current: None,
            nameless,
        })
    }

    /// Returns the names of all files of segments.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.files.keys()
    }

    /// Returns the number of bytes of a file that can be verified.
    pub fn size_bytes(&self, name: &str) -> u64 {
        let file = self.verified(name);
        file.map_or(0, |file| file.len() as u64)
    }

    /// Returns whether a file has no page checksums, because an earlier format has none.
    pub fn is_unpaged(&self, name: &str) -> bool {
        let file = self.verified(name);
        file.is_some_and(|file| !file.has_page_checksums())
    }

    /// Returns whether any file has page checksums.
    pub fn has_pages(&self) -> bool {
        let mut files = self.names().filter_map(|name| self.verified(name));
        files.any(VerifiedFile::has_page_checksums)
    }

    /// Returns when a file was written, if that is known.
    pub fn written(&self, name: &str) -> Option<SystemTime> {
        self.files.get(name)?.written
    }

    fn verified(&self, name: &str) -> Option<&VerifiedFile> {
        self.files.get(name)?.verified.as_ref().ok()
    }

    /// Returns what is wrong with a file, as far as opening it shows.
    pub fn fault(&self, name: &str) -> Option<DamagedFile> {
        self.files.get(name)?.verified.as_ref().err().cloned()
    }

    /// Verifies a file as a whole. Returns how far it can be read, and what is wrong with it. Calls
    /// `advanced` with the number of bytes that were verified since the last call.
    pub fn verify(&self, name: &str, advanced: impl FnMut(u64)) -> (Readable, Option<DamagedFile>) {
        let Some(OpenFile { verified, raw, .. }) = self.files.get(name) else {
            return (
                Readable::Damaged {
                    pages: None,
                    raw: None,
                },
                None,
            );
        };
        let (pages, fault) = match verified {
            Ok(file) => {
                let slice = FileSlice::new(Arc::new(file.clone()));
                let whole = file.verify(advanced);
                match whole.and_then(|()| without_footer(slice.clone())) {
                    Ok(body) => return (Readable::Whole(body), None),
                    Err(error) => {
                        let path = self.directory.join(name);
                        let fault = damage_of(&path, Error::io("read", &path)(error));
                        (Some(slice).filter(|_| file.has_page_checksums()), fault)
                    }
                }
            }
            Err(fault) => (None, fault.clone()),
        };
        // A page of a compound file may hold several files, and only one of them need be damaged.
        let whole = raw.as_ref().and_then(whole_despite_tail);
        let raw = raw.clone();
        let readable = whole.map_or(Readable::Damaged { pages, raw }, Readable::Whole);
        (readable, Some(fault))
    }
}

/// Returns the name of the current generation. If it is not known which one that is, returns the
/// last whole one, and what is wrong with the file that names it.
fn generation_of(data: &Path) -> Result<(String, Option<DamagedFile>)> {
    match current_name(data) {
        Ok(name) => Ok((name, None)),
        Err(Error::CurrentLost {
            fault, generation, ..
        }) => {
            let file = data.join("CURRENT");
            Ok((generation, Some(DamagedFile { file, what: fault })))
        }
        Err(error) => Err(error),
    }
}

fn read_meta(files: &IndexFiles) -> Result<IndexMeta> {
    Index::open(files.clone())
        .and_then(|index| index.load_metas())
        .or_internal(OPEN)
}

/// Returns the names of the files of all segments in a directory.
fn names_in(directory: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(Error::io("read", directory))? {
        let name = PathBuf::from(entry.map_err(Error::io("read", directory))?.file_name());
        if segment_of(&name).is_some() {
            names.push(as_name(&name));
        }
    }
    Ok(names)
}

fn as_name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn missing(path: &Path) -> DamagedFile {
    DamagedFile {
        file: path.to_owned(),
        what: "it is missing".to_owned(),
    }
}

/// Returns the damage that an error about a file says.
pub fn damage_of(file: &Path, error: Error) -> DamagedFile {
    let file = file.to_owned();
    match error {
        Error::Damaged { file, what } => DamagedFile { file, what },
        Error::Io { source, .. } => DamagedFile {
            file,
            what: format!("it cannot be read: {source}"),
        },
        Error::Internal { source, .. } => DamagedFile {
            file,
            what: format!("it cannot be read: {source}"),
        },
        error => DamagedFile {
            file,
            what: error.to_string(),
        },
    }
}
