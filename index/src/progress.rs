//! The progress of long work. The engine reports the progress; the program displays it.

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
    /// Verifies the files of a commit. The unit of work is bytes; articles
    /// are not counted.
    Checking,
    /// Reads the stored articles and checks each. The unit of work is articles.
    CheckingArticles,
    /// Writes the files to an archive. The unit of work is bytes; articles are not counted.
    Packing,
    /// Checks the files of an archive and, for a restore, writes them. The unit of work is bytes;
    /// articles are not counted.
    Unpacking,
}

/// How much of a phase has been done so far.
#[derive(Debug, Clone, Copy)]
pub struct ProgressUpdate {
    /// The phase that is running. The counts of each phase start at zero.
    pub phase: Phase,
    /// How much work has been done, in the unit of the phase. Bytes of compressed input are counted
    /// before decompression.
    pub done: u64,
    /// How much work the phase has in total, as far as it was known at its beginning.
    pub total: u64,
    /// The number of articles that have been processed.
    pub articles: u64,
}

/// Receives progress updates.
pub trait Progress: Sync {
    /// Receives an update. The engine calls this about ten times a second.
    fn advanced(&self, now: ProgressUpdate);
}

/// A receiver that ignores all updates.
pub struct NoProgress;

impl Progress for NoProgress {
    fn advanced(&self, _: ProgressUpdate) {}
}
