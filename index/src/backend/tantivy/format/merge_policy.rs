//! Which segments are merged: Tantivy's choice by default, without damaged segments. A merge
//! verifies what it reads. So the merge of a damaged segment fails, and would be repeated after every
//! commit.

use tantivy::index::SegmentMeta;
use tantivy::merge_policy::{LogMergePolicy, MergeCandidate, MergePolicy};

use super::IndexFiles;

/// Merges the segments in which no damage was found.
#[derive(Debug)]
pub struct UndamagedSegments {
    files: IndexFiles,
    policy: LogMergePolicy,
}

impl UndamagedSegments {
    /// Returns the policy for the segments in a directory.
    pub fn of(files: IndexFiles) -> Self {
        let policy = LogMergePolicy::default();
        Self { files, policy }
    }
}

impl MergePolicy for UndamagedSegments {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let segments = segments
            .iter()
            .filter(|segment| !self.files.is_damaged(segment));
        let segments: Vec<SegmentMeta> = segments.cloned().collect();
        self.policy.compute_merge_candidates(&segments)
    }
}
