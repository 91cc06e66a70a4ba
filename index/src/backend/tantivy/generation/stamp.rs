//! The stamp of a generation: the versions that its terms depend on, and how much its model has
//! learnt from. It opens no index.

use std::fmt::Display;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::current::write_whole;
use crate::backend::tantivy::format::schema::{OLDEST_READABLE_SCHEMA, SCHEMA_VERSION};
use crate::error::{Error, Remedy, Result};
use crate::learning::TrainingSize;
use fihrist_arabic::{ANALYSIS_VERSION, Model};

/// The name of the file with the stamp.
pub const STAMP: &str = "stamp.json";

/// The stamp of a generation. It is stored in a file beside the index, and in every commit as its
/// payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    schema: u32,
    analysis: u32,
    model: String,
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
            model: model.hash().to_owned(),
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
        serde_json::to_string(self).map_err(Error::internal("encode the stamp"))
    }

    /// Fails when this program would make terms that differ from those of the index. The error says
    /// whether a rebuild helps.
    pub fn check(&self, data: &Path) -> Result<()> {
        if self.schema != SCHEMA_VERSION {
            let remedy = if self.check_readable(data).is_ok() {
                Remedy::Rebuild
            } else {
                Remedy::IndexAgain
            };
            Err(differs(
                data,
                "schema version",
                self.schema,
                SCHEMA_VERSION,
                remedy,
            ))
        } else if self.analysis != ANALYSIS_VERSION {
            Err(differs(
                data,
                "analysis version",
                self.analysis,
                ANALYSIS_VERSION,
                Remedy::Rebuild,
            ))
        } else {
            Ok(())
        }
    }

    /// Fails when this program cannot read the stored articles.
    pub fn check_readable(&self, data: &Path) -> Result<()> {
        if (OLDEST_READABLE_SCHEMA..=SCHEMA_VERSION).contains(&self.schema) {
            return Ok(());
        }
        Err(differs(
            data,
            "schema version",
            self.schema,
            SCHEMA_VERSION,
            Remedy::IndexAgain,
        ))
    }

    /// Fails when the stamp in a commit's payload differs from this stamp in a version or in the
    /// model.
    pub fn check_commit(&self, data: &Path, payload: &str) -> Result<()> {
        let committed = Self::parse(data, payload, "the stamp of its last commit")?;
        if committed.schema != self.schema {
            Err(differs(
                data,
                "schema version",
                committed.schema,
                self.schema,
                Remedy::Rebuild,
            ))
        } else if committed.analysis != self.analysis {
            Err(differs(
                data,
                "analysis version",
                committed.analysis,
                self.analysis,
                Remedy::Rebuild,
            ))
        } else if committed.model != self.model {
            let reason = format!(
                "its last commit was made with model {}, not {}",
                committed.model, self.model
            );
            Err(Error::Incompatible {
                data: data.to_owned(),
                reason,
                remedy: Remedy::Rebuild,
            })
        } else {
            Ok(())
        }
    }

    /// Returns the version of the schema.
    pub fn schema(&self) -> u32 {
        self.schema
    }

    /// Returns the version of the analysis.
    pub fn analysis(&self) -> u32 {
        self.analysis
    }

    /// Returns the hash of the model.
    pub fn model_hash(&self) -> &str {
        &self.model
    }

    /// Returns how much the model has learnt from.
    pub fn learnt(&self) -> TrainingSize {
        TrainingSize {
            articles: self.learnt_articles,
            words: self.learnt_words,
        }
    }

    fn parse(data: &Path, json: &str, what: &str) -> Result<Self> {
        serde_json::from_str(json).map_err(|error| Error::Incompatible {
            data: data.to_owned(),
            reason: format!("{what} is damaged: {error}"),
            remedy: Remedy::IndexAgain,
        })
    }
}

fn differs(
    data: &Path,
    what: &str,
    theirs: impl Display,
    ours: impl Display,
    remedy: Remedy,
) -> Error {
    let reason = format!("written with {what} {theirs}, this program needs {ours}");
    Error::Incompatible {
        data: data.to_owned(),
        reason,
        remedy,
    }
}
