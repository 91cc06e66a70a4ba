//! The only place that relies on Tantivy's internals: how segments are written, what is stored in
//! them, and how their files are named, read and deleted from. The rest of the backend uses
//! Tantivy's documented API. A query or a ranking does not belong here.
//!
//! # Contract
//!
//! This code was written for Tantivy 0.27 (index format 7) and tantivy-common 0.27. Each item of
//! the list is something that it relies on. "Otherwise" says what breaks when the item is no longer
//! true, and "noticed by" names the tests that fail then. The compiler notices a changed signature.
//!
//! [`segment`] writes segments:
//!
//! - `FieldSerializer` takes a field's terms in the order of their bytes, a term's documents in
//!   ascending order, and positions as differences. It writes to three writers. Each of the files
//!   `.term`, `.idx` and `.pos` is the fields' bytes one after the other (`CompositeWrite`).
//!   Otherwise terms or documents are not found. Noticed by `tests`.
//! - `FieldSerializer::create` takes the number of words and the field norms, and stores the
//!   highest score of each block. Otherwise the best hits of frequent words are missing. Noticed by
//!   `tests` (scores).
//! - Field norms are written first and read by the other serializers. `FastFieldsWriter` and
//!   `StoreWriter` take the documents in the order of their numbers. Only a sorted index needs the
//!   temporary store. Otherwise dates, copies and stored articles belong to the wrong articles.
//!   Noticed by `tests`.
//! - `IndexWriter::new_segment` protects the files of a segment from removal while its
//!   `SegmentMeta` lives. Otherwise files vanish while they are written. Noticed by the test of
//!   `generation::open`.
//! - A term has at most `MAX_TOKEN_LEN` bytes, and Tantivy skips a longer value. There is one known
//!   difference: a skipped value counts in our field norm and not in Tantivy's. No query uses the
//!   norms of these fields.
//!
//! [`form_positions`] stores numbers that need not be positions:
//!
//! - Positions are any ascending `u32`, and a merge copies them unchanged. Otherwise exact phrases
//!   are wrong after a merge. Noticed by `tests` (merges).
//! - Only our own query (`query::positional`) reads the positions of forms. A `PhraseQuery` is used
//!   for stems only. Otherwise exact phrases are wrong. Noticed by the engine test
//!   `exact_positions`.
//!
//! [`scoped_delete`] deletes from ready-made segments:
//!
//! - `IndexWriter::add_segment` (hidden) publishes a segment whose documents have no opstamps. A
//!   deletion may then apply to all of it, even if it was made before. `IndexWriter::delete_query`
//!   (hidden) evaluates its query for each segment, which it names by its id. Otherwise an updated
//!   article is lost, or its old copy stays.
//! - A merge of uncommitted segments first applies all deletions made until then, and its result
//!   has a new id. Otherwise an updated article is lost, or its old copy stays.
//! - Both are noticed by `tests` (deletes), the test of `generation::open` and the engine test
//!   `exact_positions`.
//!
//! [`directory`] and [`commit_files`] know Tantivy's files:
//!
//! - A segment has the files `.term`, `.idx`, `.pos`, `.fieldnorm`, `.fast` and `.store` and, with
//!   deletions, one `.del` file. Their names begin with the id of the segment. Tantivy takes a
//!   missing `.pos` for a segment without positions. Otherwise stored articles are mapped, or a
//!   damaged index is opened. Noticed by the tests of `directory` and the engine test `backup`.
//! - Tantivy never changes a file of a segment, and replaces `meta.json` as a whole. Otherwise a
//!   backup mixes two commits. Noticed by the engine test `backup`.
//! - `meta.json` names the segments by `segment_id` and their deletions by `opstamp`. A file is
//!   needed on disk only when `meta.json` names its segment. Otherwise a commit is lost. Noticed by
//!   the tests of `directory`.
//! - Tantivy reads a file only through `read_bytes`, and returns its errors. Otherwise damage is
//!   not found, or ends a thread. Noticed by the tests of `directory` (flipped bits).
//! - Tantivy removes only files in the list of `.managed.json`, which it reads when an index is
//!   opened. Here the list is derived from the folder. Otherwise an index keeps the files of merged
//!   segments. Noticed by the tests of `directory` (leftovers).
//! - A file as Tantivy writes it ends with a footer: a JSON object with the checksum `crc` of the
//!   bytes before it, the length of the object, and the number 1337. Otherwise the files of earlier
//!   versions cannot be verified. Noticed by the engine test `backup`.
//! - A merge that fails leaves its segments as they are. Noticed by the tests of
//!   `generation::open`.
//!
//! [`store_scan`] reads a damaged store:
//!
//! - A block of a store is a length and a frame of Zstandard. The content ends with the offsets of
//!   the documents. A store ends with an index of its blocks and a footer of 28 bytes. Otherwise
//!   salvaging finds fewer articles. Noticed by the tests of `store_scan`.
//!
//! Outside this folder, `generation::stamp` relies on the payload of a commit, and `query`
//! implements `Weight` and `Scorer` with their methods for pruning (`for_each_pruning`,
//! `seek_danger`). These are documented parts of Tantivy's API. Noticed by the tests of
//! `query::deadline_query`.
//!
//! [`document`] and [`text_codec`] rely on Tantivy for storing bytes only. They also read the
//! stored articles of schemas 1 to 5, as long as Tantivy reads the index format of those indexes.
//!
//! # Upgrading Tantivy
//!
//! 1. Read Tantivy's changelog for each item of the contract. Look for a new index format, new
//!    files of a segment, and changes to `segment_writer.rs`, `postings_writer.rs`,
//!    `index_writer.rs` and `delete_queue.rs`.
//! 2. Change both versions in `index/Cargo.toml`: tantivy and tantivy-common must have the same
//!    one. Update `fuzz/Cargo.lock`, too.
//! 3. Run `cargo test -p fihrist-index --lib backend::tantivy`. Its `format::tests` compare our
//!    segments with Tantivy's.
//! 4. Break the segment writer on purpose, for example by adding 1 to each field norm. The
//!    comparison must fail. Undo the change.
//! 5. Run `cargo test -p fihrist-index --test engine`, then all other tests.
//! 6. Open, search and write to an index of the last release with the new program. Make a backup of
//!    it and restore the backup.
//! 7. If Tantivy cannot read the old index format, raise [`schema::SCHEMA_VERSION`] and
//!    [`schema::OLDEST_READABLE_SCHEMA`].
//! 8. Measure `benches/compare`: Tantivy's own indexing may have become faster than ours.
//! 9. Change the versions in this document.

mod commit_files;
mod directory;
mod document;
mod form_positions;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod loose_files;
mod merge_policy;
mod raw_compound;
mod schema;
mod scoped_delete;
mod segment;
mod store_scan;
mod text_codec;

#[cfg(test)]
mod tests;

use commit_files::MANAGED;
pub use commit_files::{META, SegmentFacts, segment_files, segments};
pub use directory::{
    FileVersion, IndexFiles, VerifiedFile, checksum_line, missing, segment_of, sync_directory,
    version_of,
};
pub use document::{EncodedArticle, StoredFields, TextEncoding, to_document};
pub use form_positions::{FormPostings, PositionedTerm};
pub use loose_files::{column, terms_of, whole_despite_tail, without_footer};
pub use merge_policy::UndamagedSegments;
pub use raw_compound::{RawParts, raw_parts};
pub use schema::{
    FIRST_CHECKED_SCHEMA, OLDEST_READABLE_SCHEMA, OLDEST_SEARCHABLE_SCHEMA, SCHEMA_VERSION,
    SCHEMA_WITH_LETTERS, SIGNATURE,
};
pub use schema::{Fields, Levels, schema, settings};
pub use scoped_delete::UncommittedSegments;
pub use segment::SegmentBuilder;
pub use store_scan::{StoredBlock, read_block, scan_store};
