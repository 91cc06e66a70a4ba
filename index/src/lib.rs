//! The engine of Fihrist: from bytes on disk to a committed segment to a hit.
//!
//! Text is analysed once, by [`arabic`], into tokens that carry their place in the original; indexing, querying and
//! highlighting all use those. The engine is synchronous and knows nothing of HTTP, nor of the command line.

#![warn(missing_docs)]

pub mod backend;
pub mod backup;
pub mod deadline;
pub mod document;
pub mod duplicates;
pub mod error;
pub mod ingest;
pub mod learning;
mod parallel;
pub mod progress;
pub mod query;
pub mod ranking;
pub mod search;
pub mod snippet;
pub mod timings;
mod varint;
mod writer;

pub use fihrist_arabic as arabic;

pub use backend::{Cluster, Location, Login};
pub use deadline::Deadline;
pub use document::{Article, ArticleId};
pub use error::{Error, ErrorKind, Remedy, Result};
pub use fihrist_arabic::Span;
pub use learning::{CollectionGraph, RebuildReport, TrainingSize};
pub use search::Index;
pub use writer::{IndexWriter, Upserted, rebuild, rebuild_graph};
