//! What an index has on disk, as far as it goes beyond Tantivy's own API: segments that are written ready-made, positions of
//! forms, the stored articles, deletions of one segment, and how files are read.

pub mod compact;
pub mod document;
pub mod files;
pub mod older;
pub mod places;
pub mod schema;
pub mod segment;
