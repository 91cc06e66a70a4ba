//! The small files of a generation, which end with checksums: their names, and how those are read
//! that a search or a job needs. A damaged file is an error only if a term depends on it.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use super::current::UNFINISHED;
use super::graph_file::GRAPH;
use super::stamp::{STAMP, Stamp};
use super::whole_files::{read_checked, write_checked};
use super::words::{self, WORDS};
use super::{damaged_file, incompatible};
use crate::damage::Damage;
use crate::error::{Error, Remedy, Result};
use crate::learning::Boilerplate;
use fihrist_arabic::Model;

/// The name of the file with the model.
pub const MODEL: &str = "model";
/// The name of the file with the ledger.
pub const LEDGER: &str = "ledger";
/// The name of the file with the boilerplate lines.
pub const BOILERPLATE: &str = "recurring";

/// The names of all small files. A generation has them beside the files of Tantivy.
pub const SMALL_FILES: [&str; 7] = [STAMP, MODEL, WORDS, BOILERPLATE, LEDGER, GRAPH, UNFINISHED];

/// This level compresses a model to a third. Higher levels take far longer and save another tenth.
const MODEL_COMPRESSION_LEVEL: i32 = 3;

/// Writes the model of the generation in `directory`.
pub fn write_model(directory: &Path, model: &Model) -> Result<()> {
    let path = directory.join(MODEL);
    let compressed = model
        .to_compressed(MODEL_COMPRESSION_LEVEL)
        .map_err(Error::io("write", &path))?;
    write_checked(&path, &compressed)
}

/// Reads the model of the generation with a stamp. Fails when it is not the model that the stamp
/// names. The error says whether a rebuild helps.
pub fn read_model(data: &Path, directory: &Path, stamp: &Stamp) -> Result<Arc<Model>> {
    let path = directory.join(MODEL);
    let damaged = |what: String| damaged_file(data, &path, what);
    let bytes = read_checked(&path, stamp.has_checksums()).map_err(Error::io("read", &path));
    let model = bytes.and_then(|bytes| {
        let bytes = bytes.ok_or_else(|| damaged("it is missing".to_owned()))?;
        let model = Model::from_compressed(&bytes).map_err(|error| damaged(error.to_string()))?;
        if model.hash() == stamp.model_hash {
            return Ok(Arc::new(model));
        }
        let (theirs, ours) = (model.hash(), &stamp.model_hash);
        Err(damaged(format!(
            "it has hash {theirs}, but the terms were made with {ours}"
        )))
    });
    model.map_err(|error| {
        // The stored articles can be read without the model, and a rebuild makes another one.
        let is_readable = words::read(directory, stamp).is_ok();
        match error {
            Error::Damaged { .. } if is_readable => {
                incompatible(data, format!("its model {error}"), Remedy::Rebuild)
            }
            error => error,
        }
    })
}

/// Writes the boilerplate lines of the generation in `directory`.
pub fn write_boilerplate(directory: &Path, boilerplate: &Boilerplate) -> Result<()> {
    write_checked(&directory.join(BOILERPLATE), &boilerplate.to_bytes())
}

/// Reads the boilerplate lines of the generation with a stamp. There are none if the file is
/// damaged, and in generations of old formats. The next rebuild finds them again.
pub fn read_boilerplate(data: &Path, directory: &Path, stamp: &Stamp) -> Result<Boilerplate> {
    let path = directory.join(BOILERPLATE);
    let has_checksum = stamp.has_checksums();
    let found = read_checked(&path, has_checksum).and_then(|bytes| match bytes {
        Some(bytes) => Boilerplate::from_bytes(&bytes),
        None if has_checksum => Err(io::Error::new(ErrorKind::InvalidData, "it is missing")),
        None => Ok(Boilerplate::default()),
    });
    match found {
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            if !error.get_ref().is_some_and(|inner| inner.is::<Damage>()) {
                // Logged, like every damage.
                damaged_file(data, &path, error.to_string());
            }
            Ok(Boilerplate::default())
        }
        outcome => outcome.map_err(Error::io("read", &path)),
    }
}

/// Reads the ledger of the generation with a stamp; `None` if it has none, or if it is damaged. The
/// next job then reads all files again.
pub fn read_ledger(directory: &Path, stamp: &Stamp) -> Result<Option<Vec<u8>>> {
    let path = directory.join(LEDGER);
    match read_checked(&path, stamp.has_checksums()) {
        Err(error) if error.kind() == ErrorKind::InvalidData => Ok(None),
        outcome => outcome.map_err(Error::io("read", &path)),
    }
}
