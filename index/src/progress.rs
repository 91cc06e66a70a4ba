//! The progress of long work. The engine reports it; it draws nothing.

/// A phase of long work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Counts the words of the input, before anything is indexed. The unit of work is bytes.
    CountingWords,
    /// Indexes the articles of the input. The unit of work is bytes.
    Indexing,
    /// Reads the articles of the input and indexes nothing. The unit of work is bytes.
    Previewing,
    /// Counts the words of the stored articles. The unit of work is articles.
    RecountingWords,
    /// Counts co-occurrences in the articles for the graph. The unit of work is articles.
    LearningGraph,
    /// Writes the stored articles to the next generation. The unit of work is articles.
    Rebuilding,
    /// Checks the files of a commit before they are backed up. The unit of work is bytes; articles are not counted.
    Checking,
    /// Writes the files to an archive. The unit of work is bytes; articles are not counted.
    Packing,
    /// Checks the files of an archive and, for a restore, writes them. The unit of work is bytes; articles are not counted.
    Unpacking,
}

/// How much of a phase is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgressUpdate {
    /// The phase. Each phase starts again at zero.
    pub phase: Phase,
    /// The work that is done, in the unit of the phase. Bytes are counted before decompression.
    pub done: u64,
    /// The work that was known when the phase began.
    pub total: u64,
    /// The articles that are done.
    pub articles: u64,
}

/// Receives progress updates.
pub trait Progress: Sync {
    /// Receives an update, about ten times a second.
    fn advanced(&self, now: ProgressUpdate);
}

/// Ignores all updates.
pub struct NoProgress;

impl Progress for NoProgress {
    fn advanced(&self, _: ProgressUpdate) {}
}
