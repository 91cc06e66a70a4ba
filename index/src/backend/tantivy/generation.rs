//! Generations: `generations/NNNNNN/` holds one Tantivy index and the stamp of what made its terms; `CURRENT` names
//! the one in use. A generation of another version is refused with what to do about it.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::{Index, IndexReader, ReloadPolicy, Searcher};

use super::schema::{self, Fields, SCHEMA_VERSION};
use crate::analysis::{ANALYSIS_VERSION, Analyzer, Model};
use crate::error::{Error, Result};

const CURRENT: &str = "CURRENT";
const GENERATIONS: &str = "generations";
const STAMP: &str = "stamp.json";

/// An open generation.
pub struct Generation {
    name: String,
    directory: PathBuf,
    index: Index,
    reader: IndexReader,
    fields: Fields,
    analyzer: Analyzer,
}

/// What the terms of a generation depend on. Written beside the index and into every commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    schema: u32,
    analysis: u32,
    model: String,
}

impl Stamp {
    /// What this binary writes with `model`.
    pub fn of(model: &Model) -> Self {
        Self { schema: SCHEMA_VERSION, analysis: ANALYSIS_VERSION, model: model.hash().to_owned() }
    }

    /// As a commit carries it.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::internal("encode the stamp"))
    }

    fn check(&self, data: &Path, ours: &Self) -> Result<()> {
        let differs = |what: &str, theirs: &dyn std::fmt::Display, ours: &dyn std::fmt::Display| {
            Err(Error::Incompatible {
                data: data.to_owned(),
                reason: format!("written with {what} {theirs}, this binary speaks {ours}"),
            })
        };
        if self.schema != ours.schema {
            differs("schema version", &self.schema, &ours.schema)
        } else if self.analysis != ours.analysis {
            differs("analysis version", &self.analysis, &ours.analysis)
        } else if self.model != ours.model {
            differs("stemming model", &self.model, &ours.model)
        } else {
            Ok(())
        }
    }
}

impl Generation {
    /// Opens the generation that `CURRENT` names.
    pub fn open_current(data: &Path) -> Result<Self> {
        Self::open(data, &current_name(data)?)
    }

    fn open(data: &Path, name: &str) -> Result<Self> {
        let directory = data.join(GENERATIONS).join(name);
        let stamp_path = directory.join(STAMP);
        let stamp = fs::read(&stamp_path).map_err(Error::io("read", &stamp_path))?;
        let incompatible = |reason: String| Error::Incompatible { data: data.to_owned(), reason };
        let stamp: Stamp = serde_json::from_slice(&stamp)
            .map_err(|error| incompatible(format!("its stamp `{}` is damaged: {error}", stamp_path.display())))?;
        let model = Model::base();
        stamp.check(data, &Stamp::of(&model))?;
        let index = Index::open_in_dir(&directory).map_err(|error| incompatible(format!("it is damaged: {error}")))?;
        if let Some(payload) = index.load_metas().map_err(Error::internal("read the last commit"))?.payload {
            let committed: Stamp = serde_json::from_str(&payload)
                .map_err(|error| incompatible(format!("the stamp of its last commit is damaged: {error}")))?;
            committed.check(data, &stamp)?;
        }
        Self::with_index(name, directory, index, Analyzer::new(model))
    }

    /// Makes the next, empty generation. It is not the current one yet.
    pub fn create(data: &Path) -> Result<Self> {
        let model = Model::base();
        let generations = data.join(GENERATIONS);
        let last = names(&generations)?.last().and_then(|name| name.parse::<u64>().ok()).unwrap_or(0);
        let name = format!("{:06}", last + 1);
        let directory = generations.join(&name);
        fs::create_dir_all(&directory).map_err(Error::io("create", &directory))?;
        write_whole(&directory.join(STAMP), &Stamp::of(&model).to_json()?)?;
        let index = Index::create_in_dir(&directory, schema::schema().0).map_err(Error::internal("create an index"))?;
        Self::with_index(&name, directory, index, Analyzer::new(model))
    }

    fn with_index(name: &str, directory: PathBuf, mut index: Index, analyzer: Analyzer) -> Result<Self> {
        index.set_tokenizers(schema::tokenizers());
        let reader: IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(Error::internal("open a reader"))?;
        let fields = schema::schema().1;
        Ok(Self { name: name.to_owned(), directory, index, reader, fields, analyzer })
    }

    /// Its name, the number of the directory.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its files are.
    pub fn directory(&self) -> &Path {
        &self.directory
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

    /// What the last [`reload`](Self::reload) saw.
    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Makes later searchers see the last commit.
    pub fn reload(&self) -> Result<()> {
        self.reader.reload().map_err(Error::internal("follow the last commit"))
    }
}

/// The name in `CURRENT`.
pub fn current_name(data: &Path) -> Result<String> {
    let path = data.join(CURRENT);
    match fs::read_to_string(&path) {
        Ok(name) => Ok(name.trim().to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::NoIndex(data.to_owned())),
        Err(error) => Err(Error::io("read", &path)(error)),
    }
}

/// Makes a generation the current one, atomically.
pub fn make_current(data: &Path, name: &str) -> Result<()> {
    write_whole(&data.join(CURRENT), name)
}

/// Removes the generations that are not current: replaced ones, and those whose job was killed. For the one writer.
pub fn remove_others(data: &Path, current: &str) -> Result<()> {
    let generations = data.join(GENERATIONS);
    for name in names(&generations)?.iter().filter(|name| *name != current) {
        let directory = generations.join(name);
        fs::remove_dir_all(&directory).map_err(Error::io("remove", &directory))?;
    }
    Ok(())
}

/// The names of all generations, in order.
fn names(generations: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(generations) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("read", generations)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(Error::io("read", generations))?.file_name().to_string_lossy().into_owned();
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Writes a small file so that a reader sees the old content or the new, never half of it.
fn write_whole(path: &Path, content: &str) -> Result<()> {
    let temporary = path.with_extension("tmp");
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(content.as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, path)?;
        path.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
    };
    write().map_err(Error::io("write", path))
}
