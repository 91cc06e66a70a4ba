//! Explains what a user can do about an error, in the words of the command line. The engine names a
//! remedy; this module names the command and its options.

use fihrist_index::{Error, Remedy};

/// Returns an error in one line: the message, its causes after colons, and what to do about it.
pub fn explain(error: &anyhow::Error) -> String {
    let from_engine = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<Error>());
    with_advice(format!("{error:#}"), from_engine)
}

/// Returns an error of the engine in one line, with its cause and what to do about it.
pub fn explain_engine(error: &Error) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    let message = format!("{error}{}", cause.unwrap_or_default());
    with_advice(message, Some(error))
}

fn with_advice(message: String, error: Option<&Error>) -> String {
    match error.and_then(advice) {
        Some(advice) => format!("{message}; {advice}"),
        None => message,
    }
}

fn advice(error: &Error) -> Option<String> {
    let advice = match error.remedy()? {
        Remedy::IndexArticles => {
            return Some(format!("run `fihrist index PATH…{}` first", options(error)));
        }
        Remedy::Rebuild => {
            return Some(format!(
                "run `fihrist rebuild{}`, or index the articles again with `--fresh`",
                options(error)
            ));
        }
        Remedy::IndexAgain => "index the articles again with `--fresh`",
        Remedy::Salvage => {
            "`fihrist check` lists all damage; restore a backup, or save the readable articles with `fihrist salvage`"
        }
        Remedy::FreeSpace => "free space on the disk of the index",
        Remedy::Replace => "`fihrist restore --force` replaces it once the other is whole",
        Remedy::Wait => "try again when that job has ended",
        Remedy::TryAgain => "try again",
        Remedy::CheckCluster => "check that the cluster runs and that its address is right",
        Remedy::CheckLogin => {
            "check the user and the password, or the API key, and their rights in the cluster"
        }
        Remedy::FreeDiskSpace => "free space on the disks of the cluster",
        Remedy::UseSupportedCluster => "use a cluster of one of these versions",
    };
    Some(advice.to_owned())
}

/// Returns the command line options that identify the index in the error.
fn options(error: &Error) -> String {
    match error {
        Error::NoIndex(data) | Error::IndexExists(data) | Error::Incompatible { data, .. } => {
            format!(" --data {}", data.display())
        }
        Error::NoClusterIndex { urls, index } | Error::Unusable { urls, index, .. } => {
            format!(" --backend opensearch --opensearch-url {urls} --opensearch-index {index}")
        }
        Error::Unavailable { .. }
        | Error::Busy { .. }
        | Error::Invalid(_)
        | Error::AnswerTooLarge { .. }
        | Error::Damaged { .. }
        | Error::DiskFull { .. }
        | Error::TimedOut
        | Error::Cancelled
        | Error::Io { .. }
        | Error::Internal { .. } => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(error: Error, expected: &str) {
        assert_eq!(explain_engine(&error), expected);
        assert_eq!(explain(&error.into()), expected);
    }

    #[test]
    fn an_error_says_what_to_do() {
        check(
            Error::NoIndex("data".into()),
            "no index at `data`; run `fihrist index PATH… --data data` first",
        );
        check(
            Error::Incompatible {
                data: "data".into(),
                reason: "written with schema version 1, this binary speaks 6".to_owned(),
                remedy: Remedy::Rebuild,
            },
            "cannot open the index at `data`: written with schema version 1, this binary speaks 6; run `fihrist rebuild \
             --data data`, or index the articles again with `--fresh`",
        );
        check(
            Error::Unusable {
                urls: "http://127.0.0.1:9200".to_owned(),
                index: "fihrist".to_owned(),
                reason: "its state is damaged".to_owned(),
                remedy: Remedy::IndexAgain,
            },
            "the index `fihrist` in the cluster at http://127.0.0.1:9200 cannot be used: its state is damaged; index the \
             articles again with `--fresh`",
        );
        check(Error::Invalid("no".to_owned()), "no");
    }

    #[test]
    fn a_context_keeps_the_advice_at_the_end() {
        let error = anyhow::Error::from(Error::NoIndex("data".into())).context("cannot back up");
        assert_eq!(
            explain(&error),
            "cannot back up: no index at `data`; run `fihrist index PATH… --data data` first"
        );
    }
}
