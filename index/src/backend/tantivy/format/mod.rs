//! What an index has on disk, as far as it goes beyond Tantivy's own API: segments that are written ready-made, positions of
//! forms, the stored articles, deletions of one segment, and how files are read.

pub mod commit_files;
pub mod document;
pub mod form_positions;
pub mod mapped_files;
pub mod schema;
pub mod scoped_delete;
pub mod segment;
#[cfg(test)]
mod tests;
pub mod text_codec;
