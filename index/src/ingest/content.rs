//! The kinds of content that a file can have: articles in a known format, other files, or something
//! foreign. `sniff` detects the kind.

/// The number of bytes at a file's beginning from which its content is detected.
pub const HEAD_BYTES: u64 = 16 << 10;

/// The kind of content in a file, as detected from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A compressed file.
    Compressed(Compression),
    /// Several files packed into one.
    Archive(Archive),
    /// Articles, with the format in which they are written.
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

/// The format in which a file holds articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArticleFormat {
    /// One article as plain text.
    Text,
    /// One article as a web page.
    Html,
    /// JSON Lines: one article a line, as an object.
    JsonLines,
    /// A JSON list of articles, or JSON objects one after the other.
    JsonValues,
    /// One article a row.
    Table,
    /// The entries of an RSS or Atom feed.
    Feed,
    /// One article in the XML of trafilatura.
    Trafilatura,
    /// Web pages in WARC, the archive format of crawlers.
    Warc,
}
