//! The kinds of content that a file can have: articles in a known format, other files, or something
//! foreign. `sniff` detects the kind.

/// The number of bytes at a file's beginning from which its content is detected.
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
    /// Content without articles, with a description such as `a PDF file` if it is recognised.
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
