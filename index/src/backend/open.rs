//! Opens the backend of a location. No other code chooses between backends.

use std::sync::Arc;

#[cfg(feature = "opensearch")]
use super::opensearch::{Remote, RemoteWriter};
use super::tantivy::{Embedded, EmbeddedWriter};
use super::{Backend, Location, Writer};
use crate::error::Result;

/// Opens an index for searching.
pub fn open(location: &Location) -> Result<Arc<dyn Backend>> {
    match location {
        Location::Folder(data) => Ok(Arc::new(Embedded::open(data)?)),
        #[cfg(feature = "opensearch")]
        Location::Cluster(cluster) => Ok(Arc::new(Remote::open(cluster)?)),
        #[cfg(not(feature = "opensearch"))]
        Location::Cluster(_) => Err(built_without()),
    }
}

/// Opens an index for writing. With `is_fresh`, begins a new index, which replaces the present one
/// when the writer finishes.
pub fn open_writer(location: &Location, is_fresh: bool) -> Result<Box<dyn Writer>> {
    match location {
        Location::Folder(data) if is_fresh => Ok(Box::new(EmbeddedWriter::open_fresh(data)?)),
        Location::Folder(data) => Ok(Box::new(EmbeddedWriter::open(data)?)),
        #[cfg(feature = "opensearch")]
        Location::Cluster(cluster) => Ok(Box::new(RemoteWriter::open(cluster, is_fresh)?)),
        #[cfg(not(feature = "opensearch"))]
        Location::Cluster(_) => Err(built_without()),
    }
}

/// Opens an index for a rebuild, which also accepts an index of another version. Fails if there is
/// no index.
pub fn open_existing(location: &Location) -> Result<Box<dyn Writer>> {
    match location {
        Location::Folder(data) => Ok(Box::new(EmbeddedWriter::open_existing(data)?)),
        #[cfg(feature = "opensearch")]
        Location::Cluster(cluster) => Ok(Box::new(RemoteWriter::open_existing(cluster)?)),
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
