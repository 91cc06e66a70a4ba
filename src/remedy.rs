//! Explains what a user can do about an error, in the words of the command line. The engine names a
//! remedy; this module names the command and its options.

use std::path::Path;

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
            let options = options(error);
            return Some(format!(
                "run `fihrist rebuild{options}`, which keeps all articles"
            ));
        }
        Remedy::UseNewerVersion => "use that version of the program, or a later one",
        Remedy::NameGeneration => return name_generation(error),
        Remedy::Salvage => return Some(salvage(error)),
        Remedy::FreeSpace => "free space on the disk, or raise its quota",
        Remedy::Replace => "`fihrist restore --force` replaces it once the other is whole",
        Remedy::Wait => "try again when that job has ended, or wait longer with `--wait`",
        Remedy::TryAgain => "try again",
        Remedy::CheckCluster => "check that the cluster runs and that its address is right",
        Remedy::CheckLogin => {
            "check the user and the password, or the API key, and their rights in the cluster"
        }
        Remedy::RestoreSnapshot => "restore a snapshot of this index in the cluster",
        Remedy::FreeDiskSpace => "free space on the disks of the cluster",
        Remedy::UseSupportedCluster => "use a cluster of one of these versions",
    };
    Some(advice.to_owned())
}

/// Returns how the current generation is named again, if that is what the error is about.
fn name_generation(error: &Error) -> Option<String> {
    let Error::CurrentLost {
        data, generation, ..
    } = error
    else {
        return None;
    };
    let options = options(error);
    let current = quoted(&data.join("CURRENT"));
    Some(format!(
        "to use it, run `echo {generation} > {current}`, then `fihrist check{options}`"
    ))
}

/// Returns how damage is listed, and how the articles are saved.
fn salvage(error: &Error) -> String {
    let data = match error {
        Error::Damaged { file, .. } => data_of(file),
        Error::Incompatible { data, .. } => Some(&**data),
        _ => None,
    };
    let data = data.map_or("DATA".to_owned(), quoted);
    format!(
        "`fihrist check --data {data}` lists all damage; restore a backup, or save the readable articles with \
         `fihrist salvage {data} NEW`"
    )
}

/// Returns the data directory of an index with this file; `None` if the path does not tell.
fn data_of(file: &Path) -> Option<&Path> {
    let is_data = |folder: &&Path| folder.join("generations").is_dir();
    let folders = file.ancestors().skip(1);
    let data = folders
        .take(3)
        .find(|folder| folder.ends_with("generations"));
    let data = data.and_then(Path::parent);
    data.or_else(|| file.parent().filter(is_data))
}

/// Returns a path as one word of a shell's command line.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |char: char| char.is_alphanumeric() || "/._-+".contains(char);
    if path.chars().all(is_plain) {
        return path;
    }
    format!("'{}'", path.replace('\'', "'\\''"))
}

/// Returns the command line options that identify the index in the error.
fn options(error: &Error) -> String {
    match error {
        Error::NoIndex(data)
        | Error::IndexExists(data)
        | Error::CurrentLost { data, .. }
        | Error::Incompatible { data, .. } => format!(" --data {}", quoted(data)),
        Error::NoClusterIndex { urls, index } | Error::Unusable { urls, index, .. } => {
            format!(" --backend opensearch --opensearch-url {urls} --opensearch-index {index}")
        }
        Error::Unavailable { .. }
        | Error::Busy { .. }
        | Error::Invalid(_)
        | Error::AnswerTooLarge { .. }
        | Error::Damaged { .. }
        | Error::DiskFull { .. }
        | Error::ReadOnly { .. }
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
                reason: "written with format 1, this program searches formats from 6 on".to_owned(),
                remedy: Remedy::Rebuild,
            },
            "cannot open the index at `data`: written with format 1, this program searches formats from 6 on; run \
             `fihrist rebuild --data data`, which keeps all articles",
        );
        check(
            Error::Unusable {
                urls: "http://127.0.0.1:9200".to_owned(),
                index: "fihrist".to_owned(),
                reason: "its state is damaged".to_owned(),
                remedy: Remedy::RestoreSnapshot,
            },
            "the index `fihrist` in the cluster at http://127.0.0.1:9200 cannot be used: its state is damaged; restore a \
             snapshot of this index in the cluster",
        );
        check(
            Error::CurrentLost {
                data: "my data".into(),
                fault: "is empty".to_owned(),
                generation: "000003".to_owned(),
            },
            "`my data/CURRENT` is empty; the last whole generation is `000003`; to use it, run `echo 000003 > \
             'my data/CURRENT'`, then `fihrist check --data 'my data'`",
        );
        check(
            Error::Damaged {
                file: "my data/generations/000001/model".into(),
                what: "it is missing".to_owned(),
            },
            "`my data/generations/000001/model` is damaged: it is missing; `fihrist check --data 'my data'` lists all \
             damage; restore a backup, or save the readable articles with `fihrist salvage 'my data' NEW`",
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
