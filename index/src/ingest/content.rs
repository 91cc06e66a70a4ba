//! What a file can hold: articles in a known format, other files, or something foreign. Detecting
//! it is left to `sniff`.

/// The length of a file's head in bytes. Its content is detected from the head alone.
pub const HEAD_BYTES: u64 = 16 << 10;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A compressed file.
    Compressed(Compression),
    /// Several files.
    Archive(Archive),
    /// Articles.
    Articles(ArticleFormat),
    /// Something else, with a description if it is known.
    Foreign(Option<&'static str>),
}

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// `.gz`
    Gzip,
    /// `.xz`
    Xz,
    /// `.zst`
    Zstd,
}

/// How several files are packed into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Archive {
    /// `.zip`
    Zip,
    /// `.tar`
    Tar,
}

/// How articles are written in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArticleFormat {
    /// One article as plain text.
    Text,
    /// One article as a web page.
    Html,
    /// One article a line as JSON.
    JsonLines,
    /// A JSON list of articles, or one object after the other.
    JsonValues,
    /// One article a row.
    Table,
    /// The entries of an RSS or Atom feed.
    Feed,
    /// Web pages as a crawler archives them.
    Warc,
}
