//! Checks the small files of a generation: the stamp, the model, and the files that are derived
//! from others. It writes nothing.

use std::io;
use std::path::Path;

use super::DamagedFile;
use super::open_files::{OpenFiles, damage_of};
use crate::backend::tantivy::format::META;
use crate::backend::tantivy::generation::{
    BOILERPLATE, GRAPH, LEDGER, MODEL, STAMP, Stamp, WORDS, read_checked, read_model, words,
};
use crate::error::{BoxedError, Error, ErrorKind, Result};
use crate::learning::{Boilerplate, CollectionGraph};

/// Returns the damage of the small files of a generation. `stamp` is its stamp, if any is readable.
pub fn check(data: &Path, files: &OpenFiles, stamp: Option<&Stamp>) -> Vec<DamagedFile> {
    let directory = &files.directory;
    let mut damage = Vec::new();
    let mut note = |name: &str, outcome: Result<()>| {
        let found = outcome.map_err(|error| damage_of(&directory.join(name), error));
        damage.extend(found.err());
    };
    note(STAMP, Stamp::read_file(data, directory).map(drop));
    // Every file of a format without checksums can be missing.
    let is_checked = stamp.is_none_or(Stamp::has_checksums);
    if let Some(stamp) = stamp {
        note(MODEL, read_model(data, directory, stamp).map(drop));
        if let Ok(meta) = &files.meta {
            let payload = meta.payload.as_deref();
            let checked = payload.map_or(Ok(()), |payload| {
                stamp.check_commit(data, directory, payload)
            });
            // A commit of another version is not damaged.
            let is_damage = |error: &Error| error.kind() == ErrorKind::Damaged;
            note(
                META,
                if checked.as_ref().is_err_and(is_damage) {
                    checked
                } else {
                    Ok(())
                },
            );
        }
        let words = words::read(directory, stamp).map(drop);
        let is_absent = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
        if is_checked || !words.as_ref().is_err_and(is_absent) {
            note(WORDS, words.map_err(missing(&directory.join(WORDS))));
        }
    }
    let mut read = |name: &str, parse: &dyn Fn(&[u8]) -> Result<(), BoxedError>| {
        let path = directory.join(name);
        let content = read_checked(&path, is_checked).map_err(Error::io("read", &path));
        let checked = content.and_then(|content| match content {
            Some(content) => parse(&content).map_err(Error::internal("read a file")),
            // Only this file is always there.
            None if name == BOILERPLATE && is_checked => {
                Err(missing(&path)(io::ErrorKind::NotFound.into()))
            }
            None => Ok(()),
        });
        note(name, checked);
    };
    read(BOILERPLATE, &|bytes| {
        Boilerplate::from_bytes(bytes).map(drop).map_err(Into::into)
    });
    read(GRAPH, &|bytes| CollectionGraph::from_bytes(bytes).map(drop));
    // A job does without a ledger that it cannot read, so only its checksum counts.
    read(LEDGER, &|_| Ok(()));
    damage
}

/// Returns a function that makes the error for a file that is missing or cannot be read.
fn missing(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let file = path.to_owned();
    move |error| match error.kind() {
        io::ErrorKind::NotFound => Error::Damaged {
            file,
            what: "it is missing".to_owned(),
        },
        _ => Error::io("read", &file)(error),
    }
}
