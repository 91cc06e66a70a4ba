//! Which files of a directory the last commit needs, and which a killed writer left behind.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The length of a segment's id in the names of its files.
const ID_CHARS: usize = 32;
/// The extension of the files with deletions. Their names also have the number of an operation.
const DELETIONS: &str = "del";

/// What `meta.json` says about the files of a commit.
#[derive(Debug, Deserialize)]
pub struct LivingFiles {
    segments: Vec<Segment>,
}

#[derive(Debug, Deserialize)]
struct Segment {
    segment_id: String,
    deletes: Option<Deletes>,
}

#[derive(Debug, Deserialize)]
struct Deletes {
    opstamp: u64,
}

impl LivingFiles {
    /// Reads the content of `meta.json`.
    pub fn of(meta: &[u8]) -> io::Result<Self> {
        let mut living: Self = serde_json::from_slice(meta)?;
        for segment in &mut living.segments {
            segment.segment_id.retain(|character| character != '-');
        }
        Ok(living)
    }

    /// Returns whether the commit needs a file. The file must belong to a segment.
    pub fn contains(&self, name: &Path) -> bool {
        let Some(id) = segment_of(name) else {
            return false;
        };
        let segment = self
            .segments
            .iter()
            .find(|segment| segment.segment_id == id);
        let Some(segment) = segment else {
            return false;
        };
        if name
            .extension()
            .is_none_or(|extension| extension != DELETIONS)
        {
            return true;
        }
        let deletes = segment.deletes.as_ref();
        deletes.is_some_and(|Deletes { opstamp }| {
            name == Path::new(&format!("{id}.{opstamp}.{DELETIONS}"))
        })
    }
}

/// Returns the names of all files in a directory that belong to segments.
pub fn segment_files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let name = PathBuf::from(entry?.file_name());
        if segment_of(&name).is_some() {
            files.push(name);
        }
    }
    Ok(files)
}

/// Returns the id of the segment that a file belongs to; `None` if it is no file of a segment.
pub fn segment_of(name: &Path) -> Option<&str> {
    let (id, _) = name.to_str()?.split_once('.')?;
    let is_id = id.len() == ID_CHARS && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then_some(id)
}
