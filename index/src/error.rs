//! The errors of the engine, grouped by what a caller can do about them. A rejected article is not
//! an error: the report of a job lists it.
//!
//! An error says what happened and why. A [`Remedy`] says what can be done about it; the program
//! words it for its users:
//!
//! ```
//! use fihrist_index::{Error, Remedy};
//!
//! let error = Error::NoIndex("data".into());
//! assert_eq!(error.to_string(), "no index at `data`");
//! assert_eq!(error.remedy(), Some(Remedy::IndexArticles));
//! ```

use std::path::{Path, PathBuf};

/// An error of a library.
pub(crate) type BoxedError = Box<dyn std::error::Error + Send + Sync>;

/// The class of an [`Error`], for callers that handle classes differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The index does not exist.
    NotFound,
    /// Another process is writing to the index.
    Busy,
    /// The index was written by another version, or is damaged.
    Incompatible,
    /// The caller's input is wrong.
    Invalid,
    /// The cluster that stores the index cannot be reached, or refuses the request.
    Unavailable,
    /// The deadline of the caller has passed.
    TimedOut,
    /// The caller has cancelled the work.
    Cancelled,
    /// The file system failed.
    Io,
    /// The engine itself failed.
    Internal,
}

/// An error of the engine. Its message says what failed and why; `source()` returns the cause.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data directory holds no index.
    #[error("no index at `{}`", .0.display())]
    NoIndex(PathBuf),
    /// The data directory holds an index that a restore must not replace.
    #[error("there is an index at `{}` already", .0.display())]
    IndexExists(PathBuf),
    /// The cluster holds no index with this name.
    #[error("no index `{index}` in the cluster at {urls}")]
    NoClusterIndex {
        /// The addresses of the cluster's nodes.
        urls: String,
        /// The name of the index.
        index: String,
    },
    /// The cluster cannot be reached, or refuses the request.
    #[error("the cluster at {urls} cannot be used: {reason}")]
    Unavailable {
        /// The addresses of the cluster's nodes.
        urls: String,
        /// Why the cluster cannot be used.
        reason: String,
        /// What makes the cluster usable again.
        remedy: Remedy,
    },
    /// The cluster or its index has a version that this program cannot use, or the index is
    /// damaged.
    #[error("the index `{index}` in the cluster at {urls} cannot be used: {reason}")]
    Unusable {
        /// The addresses of the cluster's nodes.
        urls: String,
        /// The name of the index.
        index: String,
        /// Why the cluster or its index cannot be used.
        reason: String,
        /// What makes the index usable again.
        remedy: Remedy,
    },
    /// Another process is writing to the index.
    #[error("another indexing job is writing to `{}`: {holder}", data.display())]
    Busy {
        /// The data directory, or the name of the index in a cluster.
        data: PathBuf,
        /// The process that is writing, if it is known, and since when.
        holder: String,
    },
    /// The index was written by another version, or is damaged.
    #[error("cannot open the index at `{}`: {reason}", data.display())]
    Incompatible {
        /// The data directory of the index.
        data: PathBuf,
        /// Why the index cannot be opened.
        reason: String,
        /// What makes the index usable again.
        remedy: Remedy,
    },
    /// The request cannot be carried out; the message says what is wrong with it.
    #[error("{0}")]
    Invalid(String),
    /// The deadline of the caller has passed.
    #[error("the deadline has passed and the work was cancelled")]
    TimedOut,
    /// The caller has cancelled the work.
    #[error("the caller has cancelled the work")]
    Cancelled,
    /// A file operation failed.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was attempted, as a verb phrase.
        action: &'static str,
        /// The file or the directory.
        path: PathBuf,
        /// The error of the file system.
        source: std::io::Error,
    },
    /// An operation failed that should never fail.
    #[error("the index failed to {action}")]
    Internal {
        /// What was attempted, as a verb phrase.
        action: &'static str,
        /// The error that caused the failure.
        source: BoxedError,
    },
}

/// What a user can do about an [`Error`]. It names no command and no option; the program adds
/// these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Index articles first, because there is no index yet.
    IndexArticles,
    /// Rebuild the index from its stored articles, which are still readable.
    Rebuild,
    /// Index the articles again into a new index, because nothing in this one is reliable.
    IndexAgain,
    /// Confirm explicitly that the existing index may be replaced.
    Replace,
    /// Wait until the other writer has ended.
    Wait,
    /// Try again, because the cause is likely to be temporary.
    TryAgain,
    /// Check that the cluster runs, and that its address is right.
    CheckCluster,
    /// Check the user and the password, or the API key, and their rights in the cluster.
    CheckLogin,
    /// Free space on the disks of the cluster.
    FreeDiskSpace,
    /// Use a cluster of a version that this program supports.
    UseSupportedCluster,
}

impl Error {
    /// Returns the class of the error.
    pub const fn kind(&self) -> ErrorKind {
        self.kind_and_remedy().0
    }

    /// Returns what a user can do about the error. Returns `None` if the message already says it,
    /// or if no remedy is known.
    pub const fn remedy(&self) -> Option<Remedy> {
        self.kind_and_remedy().1
    }

    const fn kind_and_remedy(&self) -> (ErrorKind, Option<Remedy>) {
        match self {
            Self::NoIndex(_) | Self::NoClusterIndex { .. } => {
                (ErrorKind::NotFound, Some(Remedy::IndexArticles))
            }
            Self::IndexExists(_) => (ErrorKind::Invalid, Some(Remedy::Replace)),
            Self::Unavailable { remedy, .. } => (ErrorKind::Unavailable, Some(*remedy)),
            Self::Incompatible { remedy, .. } | Self::Unusable { remedy, .. } => {
                (ErrorKind::Incompatible, Some(*remedy))
            }
            Self::Busy { .. } => (ErrorKind::Busy, Some(Remedy::Wait)),
            Self::Invalid(_) => (ErrorKind::Invalid, None),
            Self::TimedOut => (ErrorKind::TimedOut, None),
            Self::Cancelled => (ErrorKind::Cancelled, None),
            Self::Io { .. } => (ErrorKind::Io, None),
            Self::Internal { .. } => (ErrorKind::Internal, None),
        }
    }

    /// Returns a function that makes an [`Error::Io`], as an argument of `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    /// Returns a function that makes an [`Error::Internal`], as an argument of `map_err`.
    pub(crate) fn internal<E: Into<BoxedError>>(action: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Internal {
            action,
            source: source.into(),
        }
    }
}

/// Replaces the errors of libraries by errors of the engine.
pub(crate) trait OrInternal<T> {
    /// Returns the value. If there is an error, it becomes the source of an [`Error::Internal`].
    fn or_internal(self, action: &'static str) -> Result<T>;
}

impl<T, E: Into<BoxedError>> OrInternal<T> for Result<T, E> {
    fn or_internal(self, action: &'static str) -> Result<T> {
        self.map_err(Error::internal(action))
    }
}

/// The result of an operation of the engine.
pub type Result<T, E = Error> = std::result::Result<T, E>;
