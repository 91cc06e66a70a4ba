//! The engine of Fihrist: from bytes on disk to a committed segment to a hit.
//!
//! Text is analysed once, by [`analysis`], into tokens that carry their place in the original; indexing, querying and
//! highlighting all use those. The engine is synchronous and knows nothing of HTTP, nor of the command line.

#![warn(missing_docs)]

pub mod analysis;
pub mod article;
pub mod backend;
pub mod backup;
pub mod calendar;
pub mod duplicates;
pub mod error;
pub mod graph;
pub mod ingest;
mod parallel;
pub mod patience;
pub mod progress;
pub mod query;
pub mod search;
pub mod snippet;
pub mod span;
pub mod stages;
pub mod suggest;
mod varint;
mod writer;

pub use article::{Article, ArticleId};
pub use backend::{Cluster, Learnt, Location, Login, OwnGraph, Rebuilt};
pub use error::{Error, ErrorKind, Result};
pub use patience::Patience;
pub use search::Index;
pub use span::Span;
pub use writer::{IndexWriter, Upserted, rebuild, rebuild_graph};
