//! Names the current generation, and manages the directories of all generations. It reads no file
//! of a generation.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::whole_files::{sync_directory, write_whole};
use crate::error::{Error, Result};

const CURRENT: &str = "CURRENT";
const GENERATIONS: &str = "generations";

/// The number of attempts to remove a directory. An attempt fails if a server that looks for a
/// commit creates a lock file in the directory meanwhile. That rarely happens twice.
const REMOVAL_ATTEMPTS: usize = 5;

/// Returns the directory of a generation.
pub fn directory(data: &Path, name: &str) -> PathBuf {
    data.join(GENERATIONS).join(name)
}

/// Returns the name of the current generation. Fails when there is no index.
pub fn current_name(data: &Path) -> Result<String> {
    let path = data.join(CURRENT);
    match fs::read_to_string(&path) {
        Ok(name) => Ok(name.trim().to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::NoIndex(data.to_owned())),
        Err(error) => Err(Error::io("read", &path)(error)),
    }
}

/// Returns `None` instead of the error that there is no index.
pub fn if_any<T>(outcome: Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(Error::NoIndex(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Calls `attempt` with the name of the current generation. If another generation became current
/// meanwhile, files may have vanished, so it calls `attempt` again. It does so even after a
/// success: `attempt` may have taken a file that vanished for one that the generation never had.
pub fn with_current<T>(data: &Path, attempt: impl Fn(&str) -> Result<T>) -> Result<T> {
    let mut name = current_name(data)?;
    loop {
        let outcome = attempt(&name);
        let name_after = current_name(data)?;
        if name_after == name {
            return outcome;
        }
        name = name_after;
    }
}

/// Creates the directory of the next generation, and returns the generation's name.
pub fn create_next(data: &Path) -> Result<String> {
    let generations = data.join(GENERATIONS);
    let last = names(&generations)?
        .last()
        .and_then(|name| name.parse::<u64>().ok())
        .unwrap_or(0);
    let name = format!("{:06}", last + 1);
    let directory = directory(data, &name);
    fs::create_dir_all(&directory).map_err(Error::io("create", &directory))?;
    sync_directory(&generations).map_err(Error::io("write", &generations))?;
    Ok(name)
}

/// Makes a generation the current one. A reader sees the old name or the new one.
pub fn make_current(data: &Path, name: &str) -> Result<()> {
    write_whole(&data.join(CURRENT), name.as_bytes())
}

/// Removes the generations that are not current: replaced ones, and what killed jobs left. Only the
/// writer may call it.
///
/// A process that has their files open can still read them. A directory that cannot be removed is
/// left to the next writer.
pub fn remove_others(data: &Path, current: &str) -> Result<()> {
    for name in names(&data.join(GENERATIONS))? {
        if name != current {
            remove(data, &name);
        }
    }
    Ok(())
}

/// Removes a generation that is not current. A failure is only logged.
pub fn remove(data: &Path, name: &str) {
    let directory = directory(data, name);
    for _ in 0..REMOVAL_ATTEMPTS {
        match fs::remove_dir_all(&directory) {
            Ok(()) => return,
            Err(error) if error.kind() == ErrorKind::NotFound => return,
            Err(_) => {}
        }
    }
    tracing::warn!(
        "cannot remove `{}`; the next job tries again",
        directory.display()
    );
}

/// Removes the directory of the generations if it is empty. A failure does not matter.
pub fn remove_if_empty(data: &Path) {
    let _stays_if_not_empty = fs::remove_dir(data.join(GENERATIONS));
}

/// Returns the names of all generations, in order.
fn names(generations: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(generations) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("read", generations)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(Error::io("read", generations))?.file_name();
        let name = name.to_string_lossy();
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            names.push(name.into_owned());
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_repeated_when_another_generation_became_current() {
        let data = tempfile::tempdir().unwrap();
        for fails in [true, false] {
            make_current(data.path(), "000001").unwrap();
            let outcome = with_current(data.path(), |name| {
                if name == "000001" {
                    make_current(data.path(), "000002")?;
                    if fails {
                        return Err(Error::Invalid("removed under the reader".to_owned()));
                    }
                }
                Ok(name.to_owned())
            });
            assert_eq!(outcome.unwrap(), "000002");
        }
        let failure = with_current(data.path(), |_| {
            Err::<(), _>(Error::Invalid("damaged".to_owned()))
        });
        assert_eq!(failure.unwrap_err().to_string(), "damaged");
    }
}
