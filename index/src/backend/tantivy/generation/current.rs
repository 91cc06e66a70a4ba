//! Names the current generation, and manages the directories of all generations.
//!
//! A new generation has the mark `UNFINISHED` until it becomes current. It becomes current in three
//! steps, each of which survives a loss of power:
//!
//! 1. `CURRENT.next` names it.
//! 2. Its mark is removed. From here on it is the current generation, even if the writer is killed.
//! 3. `CURRENT.next` is renamed to `CURRENT`.
//!
//! So a generation without the mark has been current, or is current. If `CURRENT` does not name the
//! newest one, `CURRENT` is lost. Then nothing is read, written or removed.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::whole_files::{
    TEMPORARY, create_directory, first_json, read_if_exists, remove_temporary_files, sync_entry,
    write_whole,
};
use super::{META, SMALL_FILES, Stamp};
use crate::backend::tantivy::format::sync_directory;
use crate::damage::Damage;
use crate::disk as fs;
use crate::error::{Error, Result};

const CURRENT: &str = "CURRENT";
const NEXT: &str = "CURRENT.next";
const GENERATIONS: &str = "generations";
/// The name of the file that marks an unfinished generation.
pub const UNFINISHED: &str = "UNFINISHED";

/// The extension of the directory of a generation that is being removed.
const REMOVED: &str = "removed";

/// Returns the directory of a generation.
pub fn directory(data: &Path, name: &str) -> PathBuf {
    data.join(GENERATIONS).join(name)
}

/// Returns the name of the current generation. Fails when there is no index, or when `CURRENT` is
/// lost.
pub fn current_name(data: &Path) -> Result<String> {
    let path = data.join(CURRENT);
    let read = || read_if_exists(&path).map_err(Error::io("read", &path));
    let mut content = read()?;
    loop {
        let fault = match check_name(data, content.as_deref())? {
            Ok(name) => return Ok(name),
            Err(fault) => fault,
        };
        // Another generation may have become current meanwhile.
        let content_after = read()?;
        if content_after != content {
            content = content_after;
            continue;
        }
        // A writer may have been killed before the last step.
        let next = read_if_exists(&data.join(NEXT)).map_err(Error::io("read", &path))?;
        if let Ok(name) = check_name(data, next.as_deref())? {
            return Ok(name);
        }
        return Err(match last_committed(data)? {
            Some(generation) => Error::CurrentLost {
                data: data.to_owned(),
                fault,
                generation,
            },
            None if content.is_none() => Error::NoIndex(data.to_owned()),
            None => Damage::new(&path, fault).into_error(),
        });
    }
}

/// Returns the generation that a file names, or why that cannot be the current one.
fn check_name(data: &Path, content: Option<&[u8]>) -> Result<Result<String, String>> {
    let Some(content) = content.map(<[u8]>::trim_ascii) else {
        return Ok(Err("is missing".to_owned()));
    };
    if content.is_empty() {
        return Ok(Err("is empty".to_owned()));
    }
    let Some((name, number)) = str::from_utf8(content).ok().and_then(numbered) else {
        return Ok(Err("does not hold the name of a generation".to_owned()));
    };
    let directory = directory(data, name);
    if !directory.is_dir() {
        return Ok(Err(format!("names `{name}`, which does not exist")));
    }
    if is_unfinished(&directory) {
        return Ok(Err(format!("names `{name}`, which is unfinished")));
    }
    for newer in names(data)?.iter().rev() {
        if numbered(newer).is_some_and(|(_, newer)| newer > number) && has_been_current(data, newer)
        {
            return Ok(Err(format!("names `{name}`, but `{newer}` is newer")));
        }
    }
    Ok(Ok(name.to_owned()))
}

/// Returns whether a generation has been current. Programs that did not mark unfinished generations
/// wrote older formats.
fn has_been_current(data: &Path, name: &str) -> bool {
    let directory = directory(data, name);
    !is_unfinished(&directory)
        && Stamp::of_last_commit(&directory).is_some_and(|stamp| stamp.has_checksums())
}

fn is_unfinished(directory: &Path) -> bool {
    directory.join(UNFINISHED).exists()
}

/// Returns the name of the last generation with a commit, preferably with one that can be read;
/// `None` if there is none. Unfinished generations do not count.
fn last_committed(data: &Path) -> Result<Option<String>> {
    let mut names = names(data)?;
    names.retain(|name| {
        let directory = directory(data, name);
        !is_unfinished(&directory) && may_hold_commit(&directory)
    });
    let is_readable = |name: &&String| Stamp::of_last_commit(&directory(data, name)).is_some();
    let readable = names.iter().rfind(is_readable);
    Ok(readable.or(names.last()).cloned())
}

/// Returns whether a generation holds a commit. If that cannot be read, returns whether there is any
/// file that a new generation does not have.
fn may_hold_commit(directory: &Path) -> bool {
    let json = fs::read(directory.join(META)).unwrap_or_default();
    if let Some(meta) = first_json(&json) {
        return !meta["payload"].is_null();
    }
    let Ok(mut entries) = fs::read_dir(directory) else {
        return true;
    };
    entries.any(|entry| {
        entry.map_or(true, |entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_new = SMALL_FILES.contains(&&*name) || *name == *META;
            !is_new && !name.starts_with('.') && !name.ends_with(".tmp")
        })
    })
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

/// Creates the directory of the next generation with its mark, and returns the generation's name.
pub fn create_next(data: &Path) -> Result<String> {
    sync_entry(data).map_err(Error::io("sync the parent of", data))?;
    let generations = data.join(GENERATIONS);
    create_directory(&generations).map_err(Error::io("create", &generations))?;
    let names = names(data)?;
    let numbers = names.iter().filter_map(|name| numbered(name));
    let last = numbers.map(|(_, number)| number).max().unwrap_or(0);
    let name = format!("{:06}", last.saturating_add(1));
    let directory = directory(data, &name);
    create_directory(&directory).map_err(Error::io("create", &directory))?;
    write_whole(&directory.join(UNFINISHED), &[])?;
    Ok(name)
}

/// Makes a generation the current one. A reader sees the old name or the new one.
pub fn make_current(data: &Path, name: &str) -> Result<()> {
    let (current, next) = (data.join(CURRENT), data.join(NEXT));
    write_whole(&next, format!("{name}\n").as_bytes())?;
    let directory = directory(data, name);
    remove_if_exists(&directory.join(UNFINISHED))?;
    sync_directory(&directory).map_err(Error::io("write", &directory))?;
    fs::rename(&next, &current)
        .and_then(|()| sync_directory(data))
        .map_err(Error::io("write", &current))
}

/// Removes the generations that are not current: replaced ones, and what killed writers left. Also
/// completes what a killed writer began. Only the writer may call it. `current` is `None` if there
/// is no index.
///
/// A process that has their files open can still read them. A directory that cannot be removed is
/// left to the next writer.
pub fn remove_others(data: &Path, current: Option<&str>) -> Result<()> {
    if let Some(current) = current {
        let path = data.join(CURRENT);
        let named = read_if_exists(&path).map_err(Error::io("read", &path))?;
        if named.is_none_or(|named| named.trim_ascii() != current.as_bytes()) {
            make_current(data, current)?;
        }
        remove_temporary_files(&directory(data, current));
    }
    remove_if_exists(&data.join(NEXT))?;
    remove_if_exists(&data.join(CURRENT).with_extension(TEMPORARY))?;
    for name in names(data)? {
        if Some(&*name) != current {
            remove(data, &name);
        }
    }
    for entry in fs::read_dir(data.join(GENERATIONS))
        .into_iter()
        .flatten()
        .flatten()
    {
        let path = entry.path();
        if path
            .extension()
            .is_some_and(|extension| extension == REMOVED)
        {
            remove_directory(&path);
        }
    }
    Ok(())
}

/// Removes a generation, unless it is the current one. A failure is only logged.
pub fn remove(data: &Path, name: &str) {
    if current_name(data).is_ok_and(|current| current == name) {
        return;
    }
    let directory = directory(data, name);
    let removed = directory.with_extension(REMOVED);
    remove_directory(&removed);
    // A generation that is half removed must not look like a whole one.
    match fs::rename(&directory, &removed) {
        Ok(()) => remove_directory(&removed),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => log_failure(&directory, &error),
    }
}

fn remove_directory(directory: &Path) {
    match fs::remove_dir_all(directory) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => log_failure(directory, &error),
    }
}

fn log_failure(directory: &Path, error: &io::Error) {
    tracing::warn!(
        "cannot remove `{}`: {error}; the next writer tries again",
        directory.display()
    );
}

fn remove_if_exists(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Removes the directory of the generations if it is empty. A failure does not matter.
pub fn remove_if_empty(data: &Path) {
    let _stays_if_not_empty = fs::remove_dir(data.join(GENERATIONS));
}

/// Returns the names of all generations, in order.
fn names(data: &Path) -> Result<Vec<String>> {
    let generations = data.join(GENERATIONS);
    let entries = match fs::read_dir(&generations) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("read", &generations)(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let name = entry.map_err(Error::io("read", &generations))?.file_name();
        if let Some((name, number)) = name.to_str().and_then(numbered) {
            found.push((number, name.to_owned()));
        }
    }
    found.sort_unstable();
    Ok(found.into_iter().map(|(_, name)| name).collect())
}

/// Returns the name of a generation and its number; `None` if the text is no such name.
fn numbered(name: &str) -> Option<(&str, u64)> {
    let is_name = name.bytes().all(|byte| byte.is_ascii_digit());
    let number = name.parse().ok().filter(|_| is_name)?;
    Some((name, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_repeated_when_another_generation_became_current() {
        let data = tempfile::tempdir().unwrap();
        for fails in [true, false] {
            let names = [(); 2].map(|()| create_next(data.path()).unwrap());
            make_current(data.path(), &names[0]).unwrap();
            let outcome = with_current(data.path(), |name| {
                if name == names[0] {
                    make_current(data.path(), &names[1])?;
                    if fails {
                        return Err(Error::Invalid("removed under the reader".to_owned()));
                    }
                }
                Ok(name.to_owned())
            });
            assert_eq!(outcome.unwrap(), names[1]);
        }
        let failure = with_current(data.path(), |_| {
            Err::<(), _>(Error::Invalid("damaged".to_owned()))
        });
        assert_eq!(failure.unwrap_err().to_string(), "damaged");
    }
}
