//! Opens and creates generations. `generations/NNNNNN/` holds one Tantivy index, the model that
//! made its terms, and the stamp of both; `CURRENT` names the generation in use. If this program
//! would make other terms, opening fails, and the error says what to do.
//!
//! The small files of a generation carry checksums. Older formats have no checksums. A damaged file
//! is derived again or done without, if no term depends on it.

mod commit;
mod current;
mod graph_file;
mod lock;
mod open;
mod restore_target;
mod scan;
mod small_files;
mod stamp;
mod stored;
mod whole_files;
pub mod words;
mod writer;

use parking_lot::RwLock;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use tantivy::directory::error::OpenReadError;
use tantivy::{Index, IndexReader, ReloadPolicy, TantivyError};

use super::collect::View;
use super::format::{Fields, IndexFiles, META, TextEncoding, missing, schema, settings};
use crate::backend::Basis;
use crate::damage::Damage;
use crate::error::{Error, OrInternal, Remedy, Result};
use crate::learning::{Boilerplate, CollectionGraph};
pub use commit::{Commit, CommitFile};
use current::{create_next, remove};
pub use current::{current_name, directory, with_current};
use fihrist_arabic::Analyzer;
pub use graph_file::{GRAPH, GenerationGraph};
pub use lock::{Turn, is_turn_taken};
pub use restore_target::RestoreTarget;
pub use scan::{Scan, scan_parts};
pub use small_files::{BOILERPLATE, LEDGER, MODEL, read_boilerplate, read_model};
use small_files::{SMALL_FILES, read_ledger, write_boilerplate, write_model};
pub use stamp::{STAMP, Stamp};
pub use stored::{CONTENT_HASH, decode, decoding};
pub use whole_files::read_checked;
use whole_files::{add_checksum, write_checked, write_whole};
pub use words::WORDS;
#[cfg(any(test, feature = "fuzzing"))]
pub use words::from_bytes as words_from_bytes;
pub use writer::EmbeddedWriter;

const CREATE: &str = "create an index";
const OPEN: &str = "open a reader";

/// The number of blocks of stored articles that stay decompressed for each segment. The article
/// cache keeps articles longer.
const CACHED_BLOCKS: usize = 8;

/// An open generation.
pub struct Generation {
    /// The name of the generation, which is also the name of its directory.
    pub name: String,
    directory: PathBuf,
    /// The Tantivy index, for writing.
    pub index: Index,
    /// The files of `index`.
    pub written: IndexFiles,
    reader: IndexReader,
    /// The files of `reader`.
    read: IndexFiles,
    /// The fields of the schema.
    pub fields: Fields,
    /// The stamp.
    pub stamp: Stamp,
    /// The analyzer that makes the terms.
    pub analyzer: Analyzer,
    /// The boilerplate lines.
    pub boilerplate: Boilerplate,
    /// Replaced when a job has learnt another graph.
    graph: RwLock<GenerationGraph>,
    /// The size of the generation's files when it was last measured.
    size_bytes: AtomicU64,
    /// Replaced when a reload sees a new commit.
    view: RwLock<Arc<View>>,
}

impl Generation {
    /// Opens the generation that `CURRENT` names.
    pub fn open_current(data: &Path) -> Result<Self> {
        with_current(data, |name| Self::open(data, name))
    }

    /// Opens a generation. Fails when this program would make terms that differ from the stored
    /// ones. Fails also when a file is missing or damaged.
    pub fn open(data: &Path, name: &str) -> Result<Self> {
        let directory = directory(data, name);
        let stamp = Stamp::read(data, &directory)?;
        stamp.check(data)?;
        let model = read_model(data, &directory, &stamp)?;
        let index = open_index(&directory)?;
        let meta = index.0.load_metas().or_internal("read the last commit")?;
        if let Some(payload) = meta.payload {
            stamp.check_commit(data, &directory, &payload)?;
        }
        let boilerplate = read_boilerplate(data, &directory, &stamp)?;
        let analyzer = Analyzer::new(model);
        Self::with_index(name, directory, index, stamp, analyzer, boilerplate)
    }

    /// Creates the next generation, without articles. It is unfinished until it becomes current.
    /// After a failure, nothing of it is left.
    pub fn create(data: &Path, basis: Basis) -> Result<Self> {
        let name = create_next(data)?;
        Self::fill(data, &name, basis).inspect_err(|_| remove(data, &name))
    }

    fn fill(
        data: &Path,
        name: &str,
        Basis {
            model,
            learnt,
            boilerplate,
        }: Basis,
    ) -> Result<Self> {
        let directory = directory(data, name);
        write_model(&directory, &model)?;
        let stamp = Stamp::of(&model, learnt);
        let analyzer = Analyzer::new(model);
        words::write(&directory, &analyzer)?;
        write_boilerplate(&directory, &boilerplate)?;
        stamp.write(&directory)?;
        let index = Index::builder().schema(schema().0).settings(settings());
        let files = IndexFiles::for_writing(&directory).or_internal(CREATE)?;
        let index = index.open_or_create(files.clone()).or_internal(CREATE)?;
        let index = (index, files);
        Self::with_index(name, directory, index, stamp, analyzer, boilerplate)
    }

    fn with_index(
        name: &str,
        directory: PathBuf,
        (index, written): (Index, IndexFiles),
        stamp: Stamp,
        analyzer: Analyzer,
        boilerplate: Boilerplate,
    ) -> Result<Self> {
        let read = IndexFiles::for_reading(&directory).or_internal(OPEN)?;
        let open_reader = || -> tantivy::Result<IndexReader> {
            let index = Index::open(read.clone())?;
            let builder = index.reader_builder().reload_policy(ReloadPolicy::Manual);
            builder.doc_store_cache_num_blocks(CACHED_BLOCKS).try_into()
        };
        let reader = open_reader().map_err(|error| opening_failed(&directory, error))?;
        let (_, fields) = schema();
        let view = View::new(reader.searcher(), read.clone(), fields, analyzer.clone());
        let generation = Self {
            name: name.to_owned(),
            graph: RwLock::new(GenerationGraph::read(&directory, &stamp)),
            directory,
            index,
            written,
            reader,
            read,
            fields,
            stamp,
            analyzer,
            boilerplate,
            size_bytes: AtomicU64::new(0),
            view: RwLock::new(Arc::new(view)),
        };
        generation.size_bytes();
        Ok(generation)
    }

    /// Returns how its stored texts are encoded.
    pub fn text_encoding(&self) -> TextEncoding {
        TextEncoding::Words(Arc::clone(self.analyzer.common_words()))
    }

    /// Returns the graph that searches use.
    pub fn graph(&self) -> GenerationGraph {
        self.graph.read().clone()
    }

    /// Replaces its graph.
    pub fn set_graph(&self, own: &CollectionGraph) -> Result<()> {
        graph_file::write(&self.directory, own)?;
        self.follow_graph();
        Ok(())
    }

    /// Reads the graph again if its file was replaced since the last read.
    pub fn follow_graph(&self) {
        if self.graph().is_outdated(&self.directory) {
            *self.graph.write() = GenerationGraph::read(&self.directory, &self.stamp);
        }
    }

    /// Returns its ledger; `None` if it has none.
    pub fn ledger(&self) -> Result<Option<Vec<u8>>> {
        read_ledger(&self.directory, &self.stamp)
    }

    /// Replaces its ledger.
    pub fn set_ledger(&self, bytes: &[u8]) -> Result<()> {
        write_checked(&self.directory.join(LEDGER), bytes)
    }

    /// Brings the small files into the format of this program, and writes those anew that are
    /// damaged and follow from others. The stamp comes last, so that it is true at any time.
    pub fn mend(&mut self) -> Result<()> {
        let directory = &self.directory;
        if words::read(directory, &self.stamp).is_err() {
            words::write(directory, &self.analyzer)?;
        }
        let is_older = !self.stamp.has_checksums();
        let lines = directory.join(BOILERPLATE);
        if is_older || !matches!(read_checked(&lines, true), Ok(Some(_))) {
            write_boilerplate(directory, &self.boilerplate)?;
        }
        if is_older {
            write_model(directory, self.analyzer.model())?;
            for name in [WORDS, LEDGER, GRAPH] {
                add_checksum(&directory.join(name))?;
            }
        }
        self.stamp = self.stamp.in_our_format();
        self.stamp.write(directory)
    }

    /// Returns the view of the commit that the last [`reload`](Self::reload) saw.
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read())
    }

    /// Makes later calls of [`view`](Self::view) return the view of the last commit. Calls
    /// `prepare` with that view first; if `prepare` fails, the view stays as it was.
    ///
    /// If another process has changed a file in place, all views fail from then on, until another
    /// one replaces them.
    pub fn reload(&self, prepare: impl FnOnce(&View) -> Result<()>) -> Result<()> {
        let current = self.view();
        if current.check_open().is_ok() {
            self.read.find_change();
        }
        let is_open = current.check_open().is_ok();
        let reloaded = self.reader.reload();
        reloaded.map_err(|error| opening_failed(&self.directory, error))?;
        let searcher = self.reader.searcher();
        if is_open && current.is_of(&searcher) {
            return prepare(&current);
        }
        let next = View::new(
            searcher,
            self.read.clone(),
            self.fields,
            self.analyzer.clone(),
        );
        prepare(&next)?;
        *self.view.write() = Arc::new(next);
        current.retire();
        Ok(())
    }

    /// Returns when a commit or a merge last changed the index; `None` if unknown.
    pub fn changed(&self) -> Option<SystemTime> {
        fs::metadata(self.directory.join(META))
            .and_then(|meta| meta.modified())
            .ok()
    }

    /// Returns the size of the generation's files. After the files were removed, returns their last
    /// size.
    pub fn size_bytes(&self) -> u64 {
        if let Ok(entries) = fs::read_dir(&self.directory) {
            // A merge can remove a file in the meantime.
            let sizes = entries
                .flatten()
                .filter_map(|entry| entry.metadata().ok())
                .map(|meta| meta.len());
            self.size_bytes.store(sizes.sum(), Ordering::Relaxed);
        }
        self.size_bytes.load(Ordering::Relaxed)
    }
}

/// Opens the Tantivy index in a generation's directory, and returns it with its files. Any version of
/// this program may have written the generation.
pub fn open_index(directory: &Path) -> Result<(Index, IndexFiles)> {
    let files = IndexFiles::for_writing(directory).or_internal(OPEN)?;
    let opened = Index::open(files.clone());
    let index = opened.map_err(|error| opening_failed(directory, error))?;
    Ok((index, files))
}

/// Returns the error for an index in `directory` that cannot be opened.
fn opening_failed(directory: &Path, error: TantivyError) -> Error {
    match &error {
        TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(name)) => {
            return missing(&directory.join(name));
        }
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath })
            if io_error.kind() == ErrorKind::NotFound =>
        {
            return missing(&directory.join(filepath));
        }
        _ => {}
    }
    let data = directory.ancestors().nth(2).unwrap_or(directory);
    match Error::internal(OPEN)(error) {
        Error::Internal { source, .. } => {
            damaged_file(data, &directory.join(META), source.to_string())
        }
        known => known,
    }
}

/// Returns the error for a damaged file of a generation. The damage is logged, unless the file
/// belongs to a generation that is being removed.
fn damaged_file(data: &Path, path: &Path, what: String) -> Error {
    let current = current_name(data).map(|name| directory(data, &name));
    if current.is_ok_and(|current| path.starts_with(current)) {
        return Damage::new(path, what).into_error();
    }
    let file = path.to_owned();
    Error::Damaged { file, what }
}

fn incompatible(data: &Path, reason: String, remedy: Remedy) -> Error {
    let data = data.to_owned();
    Error::Incompatible {
        data,
        reason,
        remedy,
    }
}
