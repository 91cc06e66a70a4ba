//! The stamp of a generation: its format, the version that its terms depend on, and how much its
//! model has learnt from.

use std::fs;
use std::io::ErrorKind as IoErrorKind;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::whole_files::first_json;
use super::{META, MODEL, damaged_file, incompatible, read_checked, words, write_whole};
use crate::backend::tantivy::format::{
    FIRST_CHECKED_SCHEMA, OLDEST_READABLE_SCHEMA, OLDEST_SEARCHABLE_SCHEMA, SCHEMA_VERSION,
    checksum_line,
};
use crate::error::{Error, ErrorKind, OrInternal, Remedy, Result};
use crate::learning::TrainingSize;
use fihrist_arabic::{ANALYSIS_VERSION, Model};

/// The name of the file with the stamp.
pub const STAMP: &str = "stamp.json";

/// The stamp of a generation. It is stored in a file beside the index, and in every commit as its
/// payload.
///
/// Invariant: a later version of this program may add fields, and keeps the meaning of `schema`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The format: the version of the fields and of all files of the generation.
    pub schema: u32,
    /// The version of the analysis.
    #[serde(default)]
    pub analysis: u32,
    /// The hash of the model.
    #[serde(default, rename = "model")]
    pub model_hash: String,
    #[serde(default)]
    learnt_articles: u64,
    #[serde(default)]
    learnt_words: u64,
}

impl Stamp {
    /// Returns the stamp of a generation that this program writes with `model`.
    pub fn of(model: &Model, learnt: TrainingSize) -> Self {
        Self {
            schema: SCHEMA_VERSION,
            analysis: ANALYSIS_VERSION,
            model_hash: model.hash().to_owned(),
            learnt_articles: learnt.articles,
            learnt_words: learnt.words,
        }
    }

    /// Returns this stamp with the format that this program writes.
    pub fn in_our_format(&self) -> Self {
        Self {
            schema: SCHEMA_VERSION,
            ..self.clone()
        }
    }

    /// Reads the stamp of the generation in `directory`, which any version of this program may have
    /// written. If its file is missing or damaged, returns the stamp of the last commit. Fails if
    /// that is missing or damaged, too.
    pub fn read(data: &Path, directory: &Path) -> Result<Self> {
        Self::read_file(data, directory).or_else(|error| {
            if error.kind() != ErrorKind::Damaged {
                return Err(error);
            }
            Self::of_last_commit(directory).ok_or(error)
        })
    }

    /// Returns the stamp of the last commit of the generation in `directory`; `None` if there is
    /// none, or if it cannot be read.
    pub fn of_last_commit(directory: &Path) -> Option<Self> {
        let meta = first_json(&fs::read(directory.join(META)).ok()?)?;
        serde_json::from_str(meta["payload"].as_str()?).ok()
    }

    /// Returns the stamp of a generation that has lost it, as far as its files tell: the format and the
    /// model. `has_pages` says whether a file of a segment has page checksums. Returns `None` if the
    /// format is not known, because a text could then be decoded as another text.
    ///
    /// Only the format of this program has page checksums. Of the others, only the last one has a file
    /// of words. If both the model and the words are lost, the hash of the model is empty.
    pub fn derived(directory: &Path, has_pages: bool) -> Option<Self> {
        let words_hash = words::model_hash(directory, has_pages);
        if words_hash.is_none() && !has_pages {
            return None;
        }
        let hash_of_model = || {
            let bytes = read_checked(&directory.join(MODEL), has_pages).ok()??;
            let model = Model::from_compressed(&bytes).ok()?;
            Some(model.hash().to_owned())
        };
        Some(Self {
            schema: if has_pages {
                SCHEMA_VERSION
            } else {
                FIRST_CHECKED_SCHEMA - 1
            },
            analysis: ANALYSIS_VERSION,
            model_hash: words_hash.or_else(hash_of_model).unwrap_or_default(),
            learnt_articles: 0,
            learnt_words: 0,
        })
    }

    /// Reads the stamp from its file. Fails if the file is missing or damaged.
    pub fn read_file(data: &Path, directory: &Path) -> Result<Self> {
        let path = directory.join(STAMP);
        let stamp = match fs::read(&path) {
            Ok(bytes) => parse_file(&bytes),
            Err(error) if error.kind() == IoErrorKind::NotFound => Err("it is missing".to_owned()),
            Err(error) => return Err(Error::io("read", &path)(error)),
        };
        stamp.map_err(|what| damaged_file(data, &path, what))
    }

    /// Writes the stamp into `directory`.
    pub fn write(&self, directory: &Path) -> Result<()> {
        write_whole(&directory.join(STAMP), &self.to_file()?)
    }

    /// Returns the content of the file with the stamp.
    pub fn to_file(&self) -> Result<Vec<u8>> {
        let json = self.to_json()?;
        Ok(format!("{json}\n{}", checksum_line(json.as_bytes())).into_bytes())
    }

    /// Returns the stamp as the payload of a commit.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).or_internal("encode the stamp")
    }

    /// Returns whether every small file of the generation ends with a checksum.
    pub fn has_checksums(&self) -> bool {
        self.schema >= FIRST_CHECKED_SCHEMA
    }

    /// Fails when this program cannot search the index. The error says whether a rebuild helps.
    pub fn check(&self, data: &Path) -> Result<()> {
        self.check_readable(data)?;
        let reason = if self.schema < OLDEST_SEARCHABLE_SCHEMA {
            let (theirs, ours) = (self.schema, OLDEST_SEARCHABLE_SCHEMA);
            format!("written with format {theirs}, this program searches formats from {ours} on")
        } else if self.analysis != ANALYSIS_VERSION {
            let theirs = self.analysis;
            format!("written with analysis version {theirs}, this program needs {ANALYSIS_VERSION}")
        } else {
            return Ok(());
        };
        Err(incompatible(data, reason, Remedy::Rebuild))
    }

    /// Fails when this program cannot read the stored articles.
    pub fn check_readable(&self, data: &Path) -> Result<()> {
        let (theirs, ours) = (self.schema, SCHEMA_VERSION);
        if (OLDEST_READABLE_SCHEMA..=ours).contains(&theirs) {
            return Ok(());
        }
        let reason = format!(
            "written by a newer version (format {theirs}, this program reads up to {ours})"
        );
        Err(incompatible(data, reason, Remedy::UseNewerVersion))
    }

    /// Fails when the stamp in a commit's payload does not belong to this stamp. The formats may
    /// differ: a writer that was killed may have begun to write the commits of a newer one.
    pub fn check_commit(&self, data: &Path, directory: &Path, payload: &str) -> Result<()> {
        let committed: Self = serde_json::from_str(payload).map_err(|error| {
            let what = format!("the stamp of its last commit cannot be read: {error}");
            damaged_file(data, &directory.join(META), what)
        })?;
        committed.check(data)?;
        if committed.model_hash == self.model_hash {
            return Ok(());
        }
        let reason = format!(
            "its last commit was made with model {}, not {}",
            committed.model_hash, self.model_hash
        );
        Err(incompatible(data, reason, Remedy::Rebuild))
    }

    /// Returns how much the model has learnt from.
    pub fn learnt(&self) -> TrainingSize {
        TrainingSize {
            articles: self.learnt_articles,
            words: self.learnt_words,
        }
    }
}

/// Parses the file of a stamp: a line of JSON, and a line with its checksum. The second line is
/// missing in formats without checksums.
fn parse_file(bytes: &[u8]) -> Result<Stamp, String> {
    let text = str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let (json, checksum) = match text.split_once('\n') {
        Some((json, checksum)) => (json, Some(checksum)),
        None => (text, None),
    };
    if checksum.is_some_and(|checksum| checksum != checksum_line(json.as_bytes())) {
        return Err("it does not match its checksum".to_owned());
    }
    let stamp: Stamp = serde_json::from_str(json).map_err(|error| error.to_string())?;
    if stamp.schema < OLDEST_READABLE_SCHEMA {
        return Err(format!("there is no format {}", stamp.schema));
    }
    if checksum.is_none() && stamp.has_checksums() && stamp.schema <= SCHEMA_VERSION {
        return Err("it has no checksum".to_owned());
    }
    Ok(stamp)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stamp(schema: u32) -> Stamp {
        Stamp {
            schema,
            ..Stamp::of(&Model::base(), TrainingSize::default())
        }
    }

    #[test]
    fn only_older_formats_have_no_checksum() {
        let check = |text: &str, expected: Result<u32, &str>| {
            let outcome = parse_file(text.as_bytes()).map(|stamp| stamp.schema);
            match (&outcome, expected) {
                (Err(error), Err(part)) => assert!(error.contains(part), "{text}: {error}"),
                (outcome, expected) => assert_eq!(outcome.as_ref().ok(), expected.ok().as_ref()),
            }
        };
        let json = |schema| stamp(schema).to_json().unwrap();
        let before = FIRST_CHECKED_SCHEMA - 1;
        check(&json(before), Ok(before));
        check(&json(FIRST_CHECKED_SCHEMA), Err("no checksum"));
        // Any later version of this program may write another checksum.
        check(r#"{"schema": 99, "terms": 3}"#, Ok(99));
        check(r#"{"schema": 0}"#, Err("no format 0"));
        let line = checksum_line(json(before).as_bytes());
        check(&format!("{}\n{line}", json(before)), Ok(before));
        check(&format!("{}\n", json(before)), Err("does not match"));
        check(
            &format!("{}\n{line}", json(FIRST_CHECKED_SCHEMA)),
            Err("does not match"),
        );
        check("", Err("EOF"));
    }

    proptest! {
        #[test]
        fn every_changed_or_missing_byte_is_noticed(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
            let home = tempfile::tempdir().unwrap();
            stamp(SCHEMA_VERSION).write(home.path()).unwrap();
            let whole = fs::read(home.path().join(STAMP)).unwrap();
            prop_assert_eq!(parse_file(&whole), Ok(stamp(SCHEMA_VERSION)));
            let at = at.index(whole.len());
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << bit;
            prop_assert!(parse_file(&flipped).is_err());
            prop_assert!(parse_file(&whole[..at]).is_err());
        }
    }
}
