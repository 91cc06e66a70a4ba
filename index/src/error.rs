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

use std::error::Error as StdError;
use std::io::ErrorKind as IoErrorKind;
use std::iter::successors;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenReadError, OpenWriteError};

use crate::damage::Damage;

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
    /// The answer would be larger than the caller allows.
    TooLarge,
    /// A file of the index does not hold what was written to it.
    Damaged,
    /// The disk has no room left, or a quota is used up.
    DiskFull,
    /// The index can be read but not written to.
    ReadOnly,
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
    /// The file `CURRENT` does not name the current generation of the index, although there is one.
    #[error(
        "`{}` {fault}; the last whole generation is `{generation}`", data.join("CURRENT").display()
    )]
    CurrentLost {
        /// The data directory of the index.
        data: PathBuf,
        /// What is wrong with the file.
        fault: String,
        /// The name of the last whole generation.
        generation: String,
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
    /// The answer would be larger than the caller allows.
    #[error("the answer would be larger than {max_bytes} bytes")]
    AnswerTooLarge {
        /// The greatest size that the caller allows.
        max_bytes: usize,
    },
    /// A file of the index does not hold what was written to it.
    #[error("`{}` is damaged: {what}", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with the file, and where in it.
        what: String,
    },
    /// The disk has no room left, or a quota or the limit of a file's size is reached.
    #[error("cannot {action}: the disk is full")]
    DiskFull {
        /// What was attempted, as a verb phrase.
        action: String,
    },
    /// The folder of the index cannot be written to.
    #[error("cannot write to `{}`: the folder is read-only", data.display())]
    ReadOnly {
        /// The data directory.
        data: PathBuf,
    },
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
    /// Use the version of the program that wrote the index, or a later one.
    UseNewerVersion,
    /// Write the name of the last whole generation into the file that names the current one.
    NameGeneration,
    /// Restore a backup, or save the articles that are still readable into a new index.
    Salvage,
    /// Free space on the disk of the index.
    FreeSpace,
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
    /// Restore a snapshot of the index in the cluster.
    RestoreSnapshot,
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
            Self::CurrentLost { .. } => (ErrorKind::Damaged, Some(Remedy::NameGeneration)),
            Self::AnswerTooLarge { .. } => (ErrorKind::TooLarge, None),
            Self::Damaged { .. } => (ErrorKind::Damaged, Some(Remedy::Salvage)),
            Self::DiskFull { .. } => (ErrorKind::DiskFull, Some(Remedy::FreeSpace)),
            Self::ReadOnly { .. } => (ErrorKind::ReadOnly, None),
            Self::Io { .. } => (ErrorKind::Io, None),
            Self::Internal { .. } => (ErrorKind::Internal, None),
        }
    }

    /// Returns a function that makes the error of a file operation, as an argument of `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| {
            let attempt = || format!("{action} `{}`", path.display());
            Self::of_io(&source, attempt).unwrap_or(Self::Io {
                action,
                path,
                source,
            })
        }
    }

    /// Returns a function that makes the error of a library that failed, as an argument of
    /// `map_err`. It is an [`Error::Internal`], unless a damaged file or a full disk is the cause.
    pub(crate) fn internal<E: Into<BoxedError>>(action: &'static str) -> impl FnOnce(E) -> Self {
        move |source| {
            let source = source.into();
            let cause = io_error(&*source);
            let known = cause.and_then(|cause| Self::of_io(cause, || action.to_owned()));
            known.unwrap_or(Self::Internal { action, source })
        }
    }

    /// Returns the error for a damaged file or a full disk; `None` for other errors.
    fn of_io(error: &std::io::Error, action: impl FnOnce() -> String) -> Option<Self> {
        if let Some(Damage { file, what }) = error.get_ref().and_then(|inner| inner.downcast_ref())
        {
            let (file, what) = (file.clone(), what.clone());
            return Some(Self::Damaged { file, what });
        }
        let is_full = matches!(
            error.kind(),
            IoErrorKind::StorageFull | IoErrorKind::QuotaExceeded | IoErrorKind::FileTooLarge
        );
        is_full.then(|| Self::DiskFull { action: action() })
    }
}

/// Returns the first I/O error among an error and its causes. Tantivy's errors hold I/O errors that
/// they do not report as causes.
fn io_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a std::io::Error> {
    let in_tantivy = |error: &'a (dyn StdError + 'static)| match error.downcast_ref()? {
        TantivyError::IoError(io) => Some(&**io),
        TantivyError::OpenReadError(error) => in_open_read(error),
        TantivyError::OpenWriteError(error) => in_open_write(error),
        TantivyError::LockFailure(LockError::IoError(io), _) => Some(&**io),
        _ => None,
    };
    let next = |error: &&'a (dyn StdError + 'static)| -> Option<&'a (dyn StdError + 'static)> {
        StdError::source(*error)
    };
    successors(Some(error), next).find_map(|error| {
        let plain = error.downcast_ref::<std::io::Error>();
        plain
            .or_else(|| in_tantivy(error))
            .or_else(|| in_open_read(error.downcast_ref()?))
            .or_else(|| in_open_write(error.downcast_ref()?))
    })
}

fn in_open_read(error: &OpenReadError) -> Option<&std::io::Error> {
    match error {
        OpenReadError::IoError { io_error, .. } => Some(io_error),
        _ => None,
    }
}

fn in_open_write(error: &OpenWriteError) -> Option<&std::io::Error> {
    match error {
        OpenWriteError::IoError { io_error, .. } => Some(io_error),
        _ => None,
    }
}

/// Replaces the errors of libraries by errors of the engine.
pub(crate) trait OrInternal<T> {
    /// Returns the value. If there is an error, [`Error::internal`] makes an error of the engine of
    /// it.
    fn or_internal(self, action: &'static str) -> Result<T>;
}

impl<T, E: Into<BoxedError>> OrInternal<T> for Result<T, E> {
    fn or_internal(self, action: &'static str) -> Result<T> {
        self.map_err(Error::internal(action))
    }
}

/// The result of an operation of the engine.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn damage_and_a_full_disk_are_recognised_within_the_errors_of_libraries() {
        let damage = || std::io::Error::from(Damage::new(Path::new("a.store"), "page 3"));
        let nested = |error| TantivyError::IoError(Arc::new(error));
        let opened = OpenReadError::wrap_io_error(damage(), "a.store".into());
        for error in [
            Error::io("read", Path::new("x"))(damage()),
            Error::internal("search")(nested(damage())),
            Error::internal("search")(TantivyError::OpenReadError(opened.clone())),
            Error::internal("search")(opened),
        ] {
            assert_eq!(error.to_string(), "`a.store` is damaged: page 3");
            assert_eq!(error.kind(), ErrorKind::Damaged);
        }
        let full = std::io::Error::from(IoErrorKind::StorageFull);
        let error = Error::internal("commit")(nested(full));
        assert_eq!(error.to_string(), "cannot commit: the disk is full");
        let other = std::io::Error::from(IoErrorKind::PermissionDenied);
        let error = Error::internal("commit")(nested(other));
        assert_eq!(error.kind(), ErrorKind::Internal);
    }
}
