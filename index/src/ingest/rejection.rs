//! Rejections: an input that gave no article, where it stands, and the reason in plain words.
//!
//! This module defines the types and words the common reasons; it collects and prints nothing.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

/// An input that gave no article.
#[derive(Debug, Clone)]
pub struct Rejected {
    /// The position in the input: the file, `file:line`, or the id of the article.
    pub source: String,
    /// The reason, in words that a reader who is no programmer understands.
    pub reason: String,
    /// The rejected input as it came. A report does not keep it.
    pub input: RejectedInput,
}

/// A rejected input as it came.
#[derive(Debug, Clone, Default)]
pub enum RejectedInput {
    /// The input is not available.
    #[default]
    Unknown,
    /// A JSON record, as it was written.
    Record(Box<[u8]>),
    /// A file. The rejection concerns the file, or something inside it.
    File(PathBuf),
}

impl Rejected {
    /// Creates a rejection whose input is not available.
    pub fn new(source: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            reason: reason.into(),
            input: RejectedInput::Unknown,
        }
    }
}

/// Returns the reason why a file cannot be opened. Common errors get plain words instead of the
/// system's message.
pub fn open_failure(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "cannot be read: permission denied".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

/// Returns the reason why reading a stream stopped before its end.
pub fn read_failure(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::PermissionDenied => open_failure(error),
        _ => format!("cut off or damaged: {error}"),
    }
}
