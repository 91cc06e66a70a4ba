//! Names the files that Tantivy keeps for a commit. It opens no file, and knows only Tantivy's
//! files, not the files that a generation adds.

use std::path::{Path, PathBuf};

use tantivy::index::{IndexMeta, SegmentComponent, SegmentMeta};

/// The file that lists the segments of the last commit. Tantivy replaces it as a whole.
pub const META: &str = "meta.json";

/// The list of files that Tantivy may remove. Tantivy removes a file in this list when no commit
/// needs it. Earlier versions of this program stored the list.
pub const MANAGED: &str = ".managed.json";

/// Returns the files of a commit's segments, sorted by name.
pub fn segment_files(meta: &IndexMeta) -> Vec<PathBuf> {
    let is_absent = |path: &PathBuf| meta.segments.iter().any(|segment| is_absent(segment, path));
    let mut files = Vec::from_iter(meta.list_segment_files());
    files.retain(|path| !is_absent(path));
    files.sort();
    files
}

/// What a commit says about a segment.
#[derive(Debug, Clone)]
pub struct SegmentFacts {
    /// The id, which begins the names of its files.
    pub id: String,
    /// The number of documents, with the deleted ones.
    pub documents: u32,
    /// The number of documents that are not deleted.
    pub alive: u32,
    /// The name of the file with the deletions; `None` if no document is deleted.
    pub deletions: Option<String>,
}

/// Returns what a commit says about its segments.
pub fn segments(meta: &IndexMeta) -> Vec<SegmentFacts> {
    let deletions = |segment: &SegmentMeta| {
        let path = segment.relative_path(SegmentComponent::Delete);
        path.to_string_lossy().into_owned()
    };
    let segments = meta.segments.iter().map(|segment| SegmentFacts {
        id: segment.id().uuid_string(),
        documents: segment.max_doc(),
        alive: segment.num_docs(),
        deletions: segment.has_deletes().then(|| deletions(segment)),
    });
    segments.collect()
}

/// Returns whether Tantivy lists this file of a segment although it does not exist. That is true of
/// the temporary store, and of the deletions of a segment without deletions.
fn is_absent(segment: &SegmentMeta, path: &Path) -> bool {
    let is = |component| path == segment.relative_path(component);
    is(SegmentComponent::TempStore) || (!segment.has_deletes() && is(SegmentComponent::Delete))
}
