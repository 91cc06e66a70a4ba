//! How far long work is, for whoever watches it. It draws nothing.

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The words of the input are counted, before anything is indexed. Work is bytes.
    CountingWords,
    /// Articles of the input are indexed. Work is bytes.
    Indexing,
    /// Articles of the input are read, and compared with those of an index. Work is bytes.
    Previewing,
    /// The words of the stored articles are counted anew. Work is articles.
    RecountingWords,
    /// The company of words is looked at in the stored articles. Work is articles.
    LearningGraph,
    /// Stored articles are written to the next generation. Work is articles.
    Rebuilding,
    /// The files of a commit are checked before they are backed up. Work is bytes, and there are no articles.
    Checking,
    /// They are written to an archive. Work is bytes, and there are no articles.
    Packing,
    /// The files of an archive are checked and, for a restore, written. Work is bytes, and there are no articles.
    Unpacking,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgressUpdate {
    /// What is being done; each phase begins at nothing done.
    pub phase: Phase,
    /// Work done: bytes read from files, before decompression, or articles.
    pub done: u64,
    /// All the work, as far as it was there when the phase began.
    pub total: u64,
    /// Articles done.
    pub articles: u64,
}

/// Told how far the work is, about ten times a second.
pub trait Progress: Sync {
    /// The work is here now.
    fn advanced(&self, now: ProgressUpdate);
}

/// For callers that do not watch.
pub struct NoProgress;

impl Progress for NoProgress {
    fn advanced(&self, _: ProgressUpdate) {}
}
