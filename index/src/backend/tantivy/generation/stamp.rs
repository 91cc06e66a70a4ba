//! The stamp of a generation: the versions that its terms depend on, and how much its model has
//! learnt from. It opens no index.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{incompatible, write_whole};
use crate::backend::tantivy::format::{OLDEST_READABLE_SCHEMA, SCHEMA_VERSION};
use crate::error::{Error, OrInternal, Remedy, Result};
use crate::learning::TrainingSize;
use fihrist_arabic::{ANALYSIS_VERSION, Model};

/// The name of the file with the stamp.
pub const STAMP: &str = "stamp.json";

/// The stamp of a generation. It is stored in a file beside the index, and in every commit as its
/// payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The version of the schema.
    pub schema: u32,
    /// The version of the analysis.
    pub analysis: u32,
    /// The hash of the model.
    #[serde(rename = "model")]
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

    /// Reads the stamp of the generation in `directory`, which any version of this program may have
    /// written. Fails when the stamp is missing or damaged.
    pub fn read(data: &Path, directory: &Path) -> Result<Self> {
        let path = directory.join(STAMP);
        let json = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
        Self::parse(data, &json, &format!("its stamp `{}`", path.display()))
    }

    /// Writes the stamp into `directory`.
    pub fn write(&self, directory: &Path) -> Result<()> {
        write_whole(&directory.join(STAMP), self.to_json()?.as_bytes())
    }

    /// Returns the stamp as the payload of a commit.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).or_internal("encode the stamp")
    }

    /// Fails when this program would make other terms than the index has. The error says whether a
    /// rebuild helps.
    pub fn check(&self, data: &Path) -> Result<()> {
        self.check_readable(data)?;
        self.check_versions(data, (SCHEMA_VERSION, ANALYSIS_VERSION))
    }

    /// Fails when this program cannot read the stored articles.
    pub fn check_readable(&self, data: &Path) -> Result<()> {
        if (OLDEST_READABLE_SCHEMA..=SCHEMA_VERSION).contains(&self.schema) {
            return Ok(());
        }
        let reason = differs("schema version", self.schema, SCHEMA_VERSION);
        Err(incompatible(data, reason, Remedy::IndexAgain))
    }

    /// Fails when the stamp in a commit's payload differs from this stamp in a version or in the
    /// model.
    pub fn check_commit(&self, data: &Path, payload: &str) -> Result<()> {
        let committed = Self::parse(data, payload, "the stamp of its last commit")?;
        committed.check_versions(data, (self.schema, self.analysis))?;
        if committed.model_hash == self.model_hash {
            return Ok(());
        }
        let reason = format!(
            "its last commit was made with model {}, not {}",
            committed.model_hash, self.model_hash
        );
        Err(incompatible(data, reason, Remedy::Rebuild))
    }

    /// Fails when the versions of schema and analysis differ from these.
    fn check_versions(&self, data: &Path, (schema, analysis): (u32, u32)) -> Result<()> {
        let reason = if self.schema != schema {
            differs("schema version", self.schema, schema)
        } else if self.analysis != analysis {
            differs("analysis version", self.analysis, analysis)
        } else {
            return Ok(());
        };
        Err(incompatible(data, reason, Remedy::Rebuild))
    }

    /// Returns how much the model has learnt from.
    pub fn learnt(&self) -> TrainingSize {
        TrainingSize {
            articles: self.learnt_articles,
            words: self.learnt_words,
        }
    }

    fn parse(data: &Path, json: &str, what: &str) -> Result<Self> {
        serde_json::from_str(json).map_err(|error| {
            let reason = format!("{what} is damaged: {error}");
            incompatible(data, reason, Remedy::IndexAgain)
        })
    }
}

fn differs(what: &str, theirs: u32, ours: u32) -> String {
    format!("written with {what} {theirs}, this program needs {ours}")
}
