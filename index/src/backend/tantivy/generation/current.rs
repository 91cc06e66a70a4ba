//! Which generation is current, and the directories of all of them. What is in a generation is not its business.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

const CURRENT: &str = "CURRENT";
const GENERATIONS: &str = "generations";

/// A server that looks for a commit puts a lock file into the directory that is being removed; rarely more than once.
const REMOVALS: usize = 5;

/// The directory of a generation.
pub fn directory(data: &Path, name: &str) -> PathBuf {
    data.join(GENERATIONS).join(name)
}

/// The name in `CURRENT`.
pub fn current_name(data: &Path) -> Result<String> {
    let path = data.join(CURRENT);
    match fs::read_to_string(&path) {
        Ok(name) => Ok(name.trim().to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::NoIndex(data.to_owned())),
        Err(error) => Err(Error::io("read", &path)(error)),
    }
}

/// Does something with the current generation. If another has become current meanwhile, then files were removed under it,
/// and it is done again with the other one: also if it did not fail, for some files may be missing and their absence means
/// something.
pub fn with_current<T>(data: &Path, attempt: impl Fn(&str) -> Result<T>) -> Result<T> {
    let mut name = current_name(data)?;
    loop {
        let outcome = attempt(&name);
        let now = current_name(data)?;
        if now == name {
            return outcome;
        }
        name = now;
    }
}

/// Makes the directory of the next generation and returns its name.
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

/// Makes a generation the current one, atomically.
pub fn make_current(data: &Path, name: &str) -> Result<()> {
    write_whole(&data.join(CURRENT), name.as_bytes())
}

/// Removes the generations that are not current: replaced ones, and those whose job was killed. For the one writer.
///
/// Readers that have them open keep reading: their files stay until the last of them is done. What cannot be removed
/// is left to the next writer.
pub fn remove_others(data: &Path, current: &str) -> Result<()> {
    for name in names(&data.join(GENERATIONS))?
        .iter()
        .filter(|name| *name != current)
    {
        remove(data, name);
    }
    Ok(())
}

/// Removes a generation that is not current.
pub fn remove(data: &Path, name: &str) {
    let directory = directory(data, name);
    let mut attempts = (0..REMOVALS).map(|_| fs::remove_dir_all(&directory));
    let is_gone = |outcome: &std::io::Result<()>| match outcome {
        Ok(()) => true,
        Err(error) => error.kind() == ErrorKind::NotFound,
    };
    if !attempts.any(|outcome| is_gone(&outcome)) {
        tracing::warn!(
            "cannot remove `{}` yet: the next job tries again",
            directory.display()
        );
    }
}

/// Writes a file so that a reader sees the old content or the new, never half of it, and so that it is there after a
/// loss of power.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<()> {
    let temporary = path.with_extension("tmp");
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&temporary, path)?;
        path.parent().map_or(Ok(()), sync_directory)
    };
    write().map_err(Error::io("write", path))
}

fn sync_directory(directory: &Path) -> std::io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Removes the directory of the generations where none was made. It says nothing: that is for tidiness alone.
pub fn remove_if_empty(data: &Path) {
    let _stays_if_not_empty = fs::remove_dir(data.join(GENERATIONS));
}

/// The names of all generations, in order.
fn names(generations: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(generations) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("read", generations)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry
            .map_err(Error::io("read", generations))?
            .file_name()
            .to_string_lossy()
            .into_owned();
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_while_another_becomes_current_is_done_again() {
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
