//! What can go wrong in the engine, by what the caller would do about it. Bad articles are not here: they are
//! lines of a report.

use std::path::{Path, PathBuf};

/// What a caller can do about an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// There is no such thing: index an article first, or ask for another.
    NotFound,
    /// Somebody else is at it: try again later.
    Busy,
    /// Written by another version: rebuild or index again.
    Incompatible,
    /// The caller's input is at fault.
    Invalid,
    /// What stores the articles cannot be reached or refuses: try again when it is well.
    Unavailable,
    /// It took longer than the caller waits.
    TimedOut,
    /// The caller no longer waits.
    Cancelled,
    /// The file system failed.
    Io,
    /// The engine's own mistake.
    Internal,
}

/// An error of the engine. Messages name the thing; `source()` carries the cause.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No index where one was expected.
    #[error("no index at `{}`: run `fihrist index PATH… --data {}` first", .0.display(), .0.display())]
    NoIndex(PathBuf),
    /// No index in a cluster where one was expected.
    #[error(
        "no index `{index}` in the cluster at {urls}: run `fihrist index PATH… --backend opensearch \
         --opensearch-url {urls}` first"
    )]
    NoClusterIndex {
        /// The addresses of its nodes.
        urls: String,
        /// The name of the index.
        index: String,
    },
    /// A cluster cannot be used now.
    #[error("the cluster at {urls} cannot be used: {reason}")]
    Unavailable {
        /// The addresses of its nodes.
        urls: String,
        /// What is wrong, and what helps if that is known.
        reason: String,
    },
    /// A cluster, or the index in it, is of a kind that this program does not speak.
    #[error("the index `{index}` in the cluster at {urls} cannot be used: {reason}")]
    Unusable {
        /// The addresses of its nodes.
        urls: String,
        /// The name of the index.
        index: String,
        /// What differs, and what helps.
        reason: String,
    },
    /// Another writer holds the index.
    #[error("another indexing job is writing to `{}`: {holder}", data.display())]
    Busy {
        /// The data directory.
        data: PathBuf,
        /// Who holds it, as far as the holder has said.
        holder: String,
    },
    /// The index speaks another version.
    #[error("cannot open the index at `{}`: {reason}; {}", data.display(), remedy.advice(data))]
    Incompatible {
        /// The data directory.
        data: PathBuf,
        /// What differs.
        reason: String,
        /// What helps.
        remedy: Remedy,
    },
    /// A request that can't be carried out.
    #[error("{0}")]
    Invalid(String),
    /// The deadline of the caller has passed.
    #[error("it took too long and was given up")]
    TimedOut,
    /// The caller gave up.
    #[error("it was given up")]
    Cancelled,
    /// A file operation failed.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was attempted, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A backend failed at something it should have been able to do.
    #[error("the index failed to {action}")]
    Internal {
        /// What was attempted, as a verb.
        action: &'static str,
        /// Why it failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// What helps with an index that cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Its stored articles can be read: a rebuild makes an index of them.
    Rebuild,
    /// Nothing in it can be relied on: the articles have to be indexed again.
    IndexAgain,
}

impl Remedy {
    fn advice(self, data: &Path) -> String {
        match self {
            Self::Rebuild => {
                format!(
                    "run `fihrist rebuild --data {}`, or index the articles again with `--fresh`",
                    data.display()
                )
            }
            Self::IndexAgain => "index the articles again with `--fresh`".to_owned(),
        }
    }
}

impl Error {
    /// What a caller can do about it.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NoIndex(_) | Self::NoClusterIndex { .. } => ErrorKind::NotFound,
            Self::Unavailable { .. } => ErrorKind::Unavailable,
            Self::Busy { .. } => ErrorKind::Busy,
            Self::Incompatible { .. } | Self::Unusable { .. } => ErrorKind::Incompatible,
            Self::Invalid(_) => ErrorKind::Invalid,
            Self::TimedOut => ErrorKind::TimedOut,
            Self::Cancelled => ErrorKind::Cancelled,
            Self::Io { .. } => ErrorKind::Io,
            Self::Internal { .. } => ErrorKind::Internal,
        }
    }

    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    pub(crate) fn internal<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
        action: &'static str,
    ) -> impl FnOnce(E) -> Self {
        move |source| Self::Internal {
            action,
            source: source.into(),
        }
    }
}

/// The engine's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;
