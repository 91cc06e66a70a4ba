//! Generations: `generations/NNNNNN/` holds one Tantivy index, the model that made its terms and the stamp of both;
//! `CURRENT` names the one in use. A generation of another version is refused with what to do about it.

pub mod commit;
pub mod current;
pub mod graph_file;
pub mod lock;
pub mod open;
pub mod rebuild;
pub mod restore_target;
pub mod stamp;
pub mod stored;
pub mod words;
pub mod writer;

use parking_lot::RwLock;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use tantivy::{Index, IndexReader, ReloadPolicy};

use super::format::document::TextForm;
use super::format::mapped_files::IndexFiles;
use super::format::schema::{self, Fields};
use super::view::View;
use crate::error::{Error, Remedy, Result};
use crate::learning::{Boilerplate, CollectionGraph, TrainingSize};
use current::{create_next, directory, with_current, write_whole};
use fihrist_arabic::{Analyzer, Model};
use graph_file::KeptGraph;
use stamp::Stamp;

/// The file with the model.
pub const MODEL: &str = "model";
/// The file with what is known of the files that were read.
pub const LEDGER: &str = "ledger";
/// The file with the lines that recur.
pub const RECURRING: &str = "recurring";
/// Tantivy's list of its segments.
const META: &str = "meta.json";

/// Blocks of stored articles that stay decompressed, for each segment; the articles themselves stay longer.
const CACHED_BLOCKS: usize = 8;

const OPEN: &str = "open a reader";

/// Models shrink to a third; higher levels take far longer and gain a tenth.
const MODEL_COMPRESSION_LEVEL: i32 = 3;

/// An open generation.
pub struct Generation {
    name: String,
    directory: PathBuf,
    index: Index,
    reader: IndexReader,
    fields: Fields,
    stamp: Stamp,
    analyzer: Analyzer,
    boilerplate: Boilerplate,
    /// Replaced when another is learnt.
    graph: RwLock<KeptGraph>,
    /// What its files weighed when they were last there.
    size_bytes: AtomicU64,
    /// Replaced after each commit that was seen.
    view: RwLock<Arc<View>>,
}

impl Generation {
    /// Opens the generation that `CURRENT` names.
    pub fn open_current(data: &Path) -> Result<Self> {
        with_current(data, |name| Self::open(data, name))
    }

    /// Opens a generation whose terms this binary would make the same way.
    pub fn open(data: &Path, name: &str) -> Result<Self> {
        let directory = directory(data, name);
        let stamp = Stamp::read(data, &directory)?;
        stamp.check(data)?;
        let model = read_model(data, &directory, &stamp, Remedy::Rebuild)?;
        let index = open_index(data, &directory)?;
        if let Some(payload) = index
            .load_metas()
            .map_err(Error::internal("read the last commit"))?
            .payload
        {
            stamp.check_commit(data, &payload)?;
        }
        let boilerplate = read_recurring(data, &directory)?;
        Self::with_index(name, directory, index, stamp, model, boilerplate)
    }

    /// Makes the next, empty generation, with its model and the lines that recur. It is not the current one yet.
    pub fn create(
        data: &Path,
        model: Arc<Model>,
        learnt: TrainingSize,
        boilerplate: Boilerplate,
    ) -> Result<Self> {
        let name = create_next(data)?;
        let directory = directory(data, &name);
        let path = directory.join(MODEL);
        let compressed = model
            .to_compressed(MODEL_COMPRESSION_LEVEL)
            .map_err(Error::io("write", &path))?;
        write_whole(&path, &compressed)?;
        words::write(&directory, &model)?;
        write_whole(&directory.join(RECURRING), &boilerplate.to_bytes())?;
        let stamp = Stamp::of(&model, learnt);
        stamp.write(&directory)?;
        let index = Index::builder()
            .schema(schema::schema().0)
            .settings(schema::settings());
        let index = index
            .create_in_dir(&directory)
            .map_err(Error::internal("create an index"))?;
        Self::with_index(&name, directory, index, stamp, model, boilerplate)
    }

    fn with_index(
        name: &str,
        directory: PathBuf,
        index: Index,
        stamp: Stamp,
        model: Arc<Model>,
        boilerplate: Boilerplate,
    ) -> Result<Self> {
        // Not of the index that is written to: a merge takes the stored articles of a segment as one piece.
        let files = IndexFiles::open(&directory).map_err(Error::internal(OPEN))?;
        let to_read = Index::open(files).map_err(Error::internal(OPEN))?;
        let reader = to_read.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader = reader
            .doc_store_cache_num_blocks(CACHED_BLOCKS)
            .try_into()
            .map_err(Error::internal(OPEN))?;
        let (fields, analyzer) = (schema::schema().1, Analyzer::new(model));
        let size_bytes = AtomicU64::new(0);
        let view = View::new(reader.searcher(), fields, analyzer.clone());
        let generation = Self {
            name: name.to_owned(),
            graph: RwLock::new(KeptGraph::read(&directory)),
            directory,
            index,
            reader,
            fields,
            stamp,
            analyzer,
            boilerplate,
            size_bytes,
            view: RwLock::new(Arc::new(view)),
        };
        generation.size_bytes();
        Ok(generation)
    }

    /// Its name, the number of the directory.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What was written beside its index.
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// The Tantivy index.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The fields of its schema.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The analyzer that made its terms.
    pub fn analyzer(&self) -> &Analyzer {
        &self.analyzer
    }

    /// How it stores texts.
    pub fn text_form(&self) -> TextForm {
        TextForm::Words(Arc::clone(self.analyzer.model().written_words()))
    }

    /// The lines that are furniture because they recur.
    pub fn boilerplate(&self) -> &Boilerplate {
        &self.boilerplate
    }

    /// Which stems stand in for which.
    pub fn graph(&self) -> KeptGraph {
        self.graph.read().clone()
    }

    /// Keeps a graph in place of the one before.
    pub fn set_graph(&self, own: &CollectionGraph) -> Result<()> {
        graph_file::write(&self.directory, own)?;
        self.follow_graph();
        Ok(())
    }

    /// Reads the graph again if it was replaced.
    pub fn follow_graph(&self) {
        if self.graph().is_outdated(&self.directory) {
            *self.graph.write() = KeptGraph::read(&self.directory);
        }
    }

    /// What was last kept of the files that were read.
    pub fn ledger(&self) -> Result<Option<Vec<u8>>> {
        read_ledger(&self.directory)
    }

    /// Keeps what is known of the files that were read.
    pub fn set_ledger(&self, bytes: &[u8]) -> Result<()> {
        write_whole(&self.directory.join(LEDGER), bytes)
    }

    /// What the last [`reload`](Self::reload) saw.
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read())
    }

    /// Makes later views show the last commit, once `prepare` has had it.
    pub fn reload(&self, prepare: impl FnOnce(&View) -> Result<()>) -> Result<()> {
        self.reader
            .reload()
            .map_err(Error::internal("follow the last commit"))?;
        let searcher = self.reader.searcher();
        let now = self.view();
        if now.is_of(&searcher) {
            return prepare(&now);
        }
        let next = View::new(searcher, self.fields, self.analyzer.clone());
        prepare(&next)?;
        *self.view.write() = Arc::new(next);
        now.retire();
        Ok(())
    }

    /// When its list of segments last changed.
    pub fn changed(&self) -> Option<SystemTime> {
        fs::metadata(self.directory.join(META))
            .and_then(|meta| meta.modified())
            .ok()
    }

    /// What its files weigh; if another generation has taken its place, what they weighed.
    pub fn size_bytes(&self) -> u64 {
        if let Ok(entries) = fs::read_dir(&self.directory) {
            // A file that a merge removes while we look weighs nothing.
            let sizes = entries
                .flatten()
                .filter_map(|entry| entry.metadata().ok())
                .map(|meta| meta.len());
            self.size_bytes.store(sizes.sum(), Ordering::Relaxed);
        }
        self.size_bytes.load(Ordering::Relaxed)
    }
}

/// What was kept of the files that were read for the generation in a directory, of whatever version.
pub fn read_ledger(directory: &Path) -> Result<Option<Vec<u8>>> {
    let path = directory.join(LEDGER);
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", &path)(error)),
    }
}

/// Opens the Tantivy index in a generation's directory, of whatever version.
pub fn open_index(data: &Path, directory: &Path) -> Result<Index> {
    Index::open_in_dir(directory).map_err(|error| Error::Incompatible {
        data: data.to_owned(),
        reason: format!("it is damaged: {error}"),
        remedy: Remedy::IndexAgain,
    })
}

/// The lines that recur in a generation of whatever version; older ones know none.
pub fn read_recurring(data: &Path, directory: &Path) -> Result<Boilerplate> {
    let path = directory.join(RECURRING);
    let unusable = |error: std::io::Error| Error::Incompatible {
        data: data.to_owned(),
        reason: format!("`{}` cannot be used: {error}", path.display()),
        remedy: Remedy::IndexAgain,
    };
    match fs::read(&path) {
        Ok(bytes) => Boilerplate::from_bytes(&bytes).map_err(unusable),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Boilerplate::default()),
        Err(error) => Err(unusable(error)),
    }
}

/// The model of a generation of whatever version, if it is the one that the stamp names; `remedy` is what helps if not.
pub fn read_model(
    data: &Path,
    directory: &Path,
    stamp: &Stamp,
    remedy: Remedy,
) -> Result<Arc<Model>> {
    let path = directory.join(MODEL);
    let unusable = |what: String| Error::Incompatible {
        data: data.to_owned(),
        reason: format!("its model `{}` {what}", path.display()),
        remedy,
    };
    let compressed =
        fs::read(&path).map_err(|error| unusable(format!("cannot be read: {error}")))?;
    let model = Model::from_compressed(&compressed)
        .map_err(|error| unusable(format!("is damaged: {error}")))?;
    if model.hash() != stamp.model_hash() {
        return Err(unusable(format!(
            "has hash {}, its terms were made with {}",
            model.hash(),
            stamp.model_hash()
        )));
    }
    Ok(Arc::new(model))
}
