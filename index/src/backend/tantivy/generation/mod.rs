//! Opens and creates generations. `generations/NNNNNN/` holds one Tantivy index, the model that
//! made its terms, and the stamp of both; `CURRENT` names the generation in use. If another version
//! of this program wrote a generation, opening fails, and the error says what to do.

mod commit;
mod current;
mod graph_file;
mod lock;
mod open;
mod restore_target;
mod stamp;
mod stored;
mod whole_files;
mod words;
mod writer;

use parking_lot::RwLock;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use tantivy::{Index, IndexReader, ReloadPolicy};

use super::collect::View;
use super::format::{Fields, IndexFiles, META, TextEncoding, schema, settings};
use crate::backend::Basis;
use crate::error::{Error, OrInternal, Remedy, Result};
use crate::learning::{Boilerplate, CollectionGraph};
pub use commit::{Commit, CommitFile};
use current::create_next;
pub use current::{directory, with_current};
use fihrist_arabic::{Analyzer, Model};
pub use graph_file::GenerationGraph;
pub use restore_target::RestoreTarget;
pub use stamp::Stamp;
use whole_files::{read_if_exists, write_whole};
#[cfg(any(test, feature = "fuzzing"))]
pub use words::from_bytes as words_from_bytes;
pub use writer::EmbeddedWriter;

/// The name of the file with the model.
pub const MODEL: &str = "model";
/// The name of the file with the ledger.
pub const LEDGER: &str = "ledger";
/// The name of the file with the boilerplate lines.
pub const BOILERPLATE: &str = "recurring";

/// The number of blocks of stored articles that stay decompressed for each segment. The article
/// cache keeps articles longer.
const CACHED_BLOCKS: usize = 8;

/// This level compresses a model to a third. Higher levels take far longer and save another tenth.
const MODEL_COMPRESSION_LEVEL: i32 = 3;

/// An open generation.
pub struct Generation {
    /// The name of the generation, which is also the name of its directory.
    pub name: String,
    directory: PathBuf,
    /// The Tantivy index, for writing.
    pub index: Index,
    reader: IndexReader,
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
        let model = read_model(data, &directory, &stamp, Remedy::Rebuild)?;
        let index = open_index(data, &directory)?;
        let meta = index.load_metas().or_internal("read the last commit")?;
        if let Some(payload) = meta.payload {
            stamp.check_commit(data, &payload)?;
        }
        let boilerplate = read_boilerplate(data, &directory)?;
        let analyzer = Analyzer::new(model);
        Self::with_index(name, directory, index, stamp, analyzer, boilerplate)
    }

    /// Creates the next generation, without articles. It is not current yet.
    pub fn create(
        data: &Path,
        Basis {
            model,
            learnt,
            boilerplate,
        }: Basis,
    ) -> Result<Self> {
        let name = create_next(data)?;
        let directory = directory(data, &name);
        let path = directory.join(MODEL);
        let compressed = model
            .to_compressed(MODEL_COMPRESSION_LEVEL)
            .map_err(Error::io("write", &path))?;
        write_whole(&path, &compressed)?;
        let stamp = Stamp::of(&model, learnt);
        let analyzer = Analyzer::new(model);
        words::write(&directory, &analyzer)?;
        write_whole(&directory.join(BOILERPLATE), &boilerplate.to_bytes())?;
        stamp.write(&directory)?;
        let index = Index::builder().schema(schema().0).settings(settings());
        let index = index
            .create_in_dir(&directory)
            .or_internal("create an index")?;
        Self::with_index(&name, directory, index, stamp, analyzer, boilerplate)
    }

    fn with_index(
        name: &str,
        directory: PathBuf,
        index: Index,
        stamp: Stamp,
        analyzer: Analyzer,
        boilerplate: Boilerplate,
    ) -> Result<Self> {
        // These files serve the reader only. A merge reads the stored articles of a segment as one
        // piece, so the writer keeps them mapped.
        let open_reader = || -> tantivy::Result<IndexReader> {
            let index = Index::open(IndexFiles::open(&directory)?)?;
            let builder = index.reader_builder().reload_policy(ReloadPolicy::Manual);
            builder.doc_store_cache_num_blocks(CACHED_BLOCKS).try_into()
        };
        let reader = open_reader().or_internal("open a reader")?;
        let (_, fields) = schema();
        let view = View::new(reader.searcher(), fields, analyzer.clone());
        let generation = Self {
            name: name.to_owned(),
            graph: RwLock::new(GenerationGraph::read(&directory)),
            directory,
            index,
            reader,
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
            *self.graph.write() = GenerationGraph::read(&self.directory);
        }
    }

    /// Returns its ledger; `None` if it has none.
    pub fn ledger(&self) -> Result<Option<Vec<u8>>> {
        read_ledger(&self.directory)
    }

    /// Replaces its ledger.
    pub fn set_ledger(&self, bytes: &[u8]) -> Result<()> {
        write_whole(&self.directory.join(LEDGER), bytes)
    }

    /// Returns the view of the commit that the last [`reload`](Self::reload) saw.
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read())
    }

    /// Makes later calls of [`view`](Self::view) return the view of the last commit. Calls
    /// `prepare` with that view first; if `prepare` fails, the view stays as it was.
    pub fn reload(&self, prepare: impl FnOnce(&View) -> Result<()>) -> Result<()> {
        self.reader.reload().or_internal("follow the last commit")?;
        let searcher = self.reader.searcher();
        let current = self.view();
        if current.is_of(&searcher) {
            return prepare(&current);
        }
        let next = View::new(searcher, self.fields, self.analyzer.clone());
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

/// Reads the ledger of the generation in a directory; `None` if it has none. Any version of this
/// program may have written the generation.
pub fn read_ledger(directory: &Path) -> Result<Option<Vec<u8>>> {
    let path = directory.join(LEDGER);
    read_if_exists(&path).map_err(Error::io("read", &path))
}

/// Opens the Tantivy index in a generation's directory. Any version of this program may have
/// written the generation.
pub fn open_index(data: &Path, directory: &Path) -> Result<Index> {
    Index::open_in_dir(directory).map_err(|error| damaged(data, error))
}

/// Reads the boilerplate lines of a generation, which any version of this program may have written.
/// Old generations have none.
pub fn read_boilerplate(data: &Path, directory: &Path) -> Result<Boilerplate> {
    let path = directory.join(BOILERPLATE);
    let boilerplate = read_if_exists(&path).and_then(|bytes| match bytes {
        Some(bytes) => Boilerplate::from_bytes(&bytes),
        None => Ok(Boilerplate::default()),
    });
    boilerplate.map_err(|error| {
        let reason = format!("`{}` cannot be used: {error}", path.display());
        incompatible(data, reason, Remedy::IndexAgain)
    })
}

/// Reads the model of a generation, which any version of this program may have written. Fails with
/// `remedy` when it is not the model that the stamp names.
pub fn read_model(
    data: &Path,
    directory: &Path,
    stamp: &Stamp,
    remedy: Remedy,
) -> Result<Arc<Model>> {
    let path = directory.join(MODEL);
    let unusable = |what: String| {
        let reason = format!("its model `{}` {what}", path.display());
        incompatible(data, reason, remedy)
    };
    let compressed =
        fs::read(&path).map_err(|error| unusable(format!("cannot be read: {error}")))?;
    let model = Model::from_compressed(&compressed)
        .map_err(|error| unusable(format!("is damaged: {error}")))?;
    if model.hash() != stamp.model_hash {
        return Err(unusable(format!(
            "has hash {}, but its terms were made with {}",
            model.hash(),
            stamp.model_hash
        )));
    }
    Ok(Arc::new(model))
}

fn damaged(data: &Path, what: impl Display) -> Error {
    let reason = format!("it is damaged: {what}");
    incompatible(data, reason, Remedy::IndexAgain)
}

fn incompatible(data: &Path, reason: String, remedy: Remedy) -> Error {
    let data = data.to_owned();
    Error::Incompatible {
        data,
        reason,
        remedy,
    }
}
