//! The engine of Fihrist: it reads articles, indexes them and searches them.
//!
//! [`arabic`] analyses text into tokens with their spans in the original. Indexing, queries and
//! highlighting use the same tokens. The engine is synchronous. It knows neither HTTP nor the
//! command line.

#![warn(missing_docs)]

#[macro_use]
mod named;

mod answer_limit;
pub mod backend;
pub mod backup;
pub mod check;
mod damage;
pub mod deadline;
mod disk;
pub mod document;
pub mod duplicates;
pub mod error;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod ingest;
pub mod learning;
mod ledger;
mod meter;
#[cfg(test)]
mod model_test;
mod parallel;
pub mod progress;
pub mod query;
pub mod ranking;
mod rebuild;
pub mod salvage;
pub mod search;
pub mod snippet;
pub mod timings;
mod varint;
mod writer;

pub use fihrist_arabic as arabic;

pub use answer_limit::AnswerLimit;
pub use backend::{Cluster, Location, LockWait, Login, WriterTurn, in_turn};
pub use damage::{damage_count, log_damage_after};
pub use deadline::Deadline;
pub use document::{Article, ArticleId};
pub use error::{Error, ErrorKind, Remedy, Result};
pub use fihrist_arabic::Span;
pub use learning::{CollectionGraph, RebuildReport, TrainingSize};
pub use search::Index;
pub use writer::{IndexWriter, Upserted, rebuild, rebuild_graph};
