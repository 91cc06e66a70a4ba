//! Which backend an index is in: the one place that chooses.

use std::sync::Arc;

#[cfg(feature = "opensearch")]
use super::opensearch;
use super::tantivy::{self, Embedded, EmbeddedWriter};
use super::{Backend, Location, Writer};
use crate::error::Result;
use crate::learning::{CollectionGraph, JobControl, RebuildReport};

/// Opens an index for searching.
pub fn open(location: &Location) -> Result<Arc<dyn Backend>> {
    match location {
        Location::Folder(data) => Ok(Arc::new(Embedded::open(data)?)),
        #[cfg(feature = "opensearch")]
        Location::Cluster(cluster) => Ok(Arc::new(opensearch::Remote::open(cluster)?)),
        #[cfg(not(feature = "opensearch"))]
        Location::Cluster(_) => Err(built_without()),
    }
}

/// Opens an index for writing; a fresh one replaces the present one when it is finished.
pub fn open_writer(location: &Location, is_fresh: bool) -> Result<Box<dyn Writer>> {
    match location {
        Location::Folder(data) if is_fresh => Ok(Box::new(EmbeddedWriter::open_fresh(data)?)),
        Location::Folder(data) => Ok(Box::new(EmbeddedWriter::open(data)?)),
        #[cfg(feature = "opensearch")]
        Location::Cluster(cluster) => {
            Ok(Box::new(opensearch::RemoteWriter::open(cluster, is_fresh)?))
        }
        #[cfg(not(feature = "opensearch"))]
        Location::Cluster(_) => Err(built_without()),
    }
}

/// Makes an index anew from the articles it stores; `None` if it was cancelled.
pub fn rebuild(location: &Location, control: JobControl<'_>) -> Result<Option<RebuildReport>> {
    match location {
        Location::Folder(data) => tantivy::rebuild(data, control),
        #[cfg(feature = "opensearch")]
        Location::Cluster(cluster) => opensearch::rebuild(cluster, control),
        #[cfg(not(feature = "opensearch"))]
        Location::Cluster(_) => Err(built_without()),
    }
}

/// Learns the graph of an index anew from the articles it stores; `None` if it was cancelled.
pub fn rebuild_graph(
    location: &Location,
    control: JobControl<'_>,
) -> Result<Option<CollectionGraph>> {
    match location {
        Location::Folder(data) => tantivy::rebuild_graph(data, control),
        #[cfg(feature = "opensearch")]
        Location::Cluster(cluster) => opensearch::rebuild_graph(cluster, control),
        #[cfg(not(feature = "opensearch"))]
        Location::Cluster(_) => Err(built_without()),
    }
}

#[cfg(not(feature = "opensearch"))]
fn built_without() -> crate::error::Error {
    crate::error::Error::Invalid(
        "this program was built without the feature `opensearch`".to_owned(),
    )
}
