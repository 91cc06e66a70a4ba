//! Paths → files, in an order that is the same on every run. It does not look inside files.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::{Format, Input, Rejected, Spool, is_foreign_name, open_failure};

/// A file to read.
pub struct File {
    /// The file's name in reports.
    pub name: String,
    /// Where its bytes are.
    pub location: FileLocation,
    /// True if the user named this file; false if it was found in a folder.
    pub is_asked_for: bool,
    /// The file's size in bytes, before decompression.
    pub size_bytes: u64,
}

impl File {
    /// Returns the file's path; `None` for input outside the file system.
    pub fn path(&self) -> Option<&Path> {
        match &self.location {
            FileLocation::Disk(path) => Some(path),
            FileLocation::Memory(_) | FileLocation::Spool(_) => None,
        }
    }
}

/// Where the bytes of a file are.
pub enum FileLocation {
    /// In the file system.
    Disk(PathBuf),
    /// Compiled into the program.
    Memory(&'static [u8]),
    /// In a temporary file.
    Spool(Spool),
}

/// One step of a walk.
pub enum WalkStep {
    /// A file to read.
    File(File),
    /// Something in a folder that is not read, such as a picture, a pipe or a link back to its own
    /// folder.
    Skipped,
    /// A path that cannot be read.
    Rejected(Rejected),
}

/// Returns the files of `inputs`, in the order given. The files of a folder are sorted by name.
pub fn walk(inputs: &[Input], format: Format) -> impl Iterator<Item = WalkStep> + '_ {
    inputs
        .iter()
        .flat_map(move |input| walk_input(input, format))
}

fn walk_input(input: &Input, format: Format) -> Box<dyn Iterator<Item = WalkStep> + '_> {
    let step = match input {
        Input::Memory { name, bytes } => {
            file_step(name, FileLocation::Memory(bytes), true, bytes.len() as u64)
        }
        Input::Stream { name, spool } => {
            let location = FileLocation::Spool(spool.clone());
            file_step(name, location, true, spool.size_bytes())
        }
        Input::Path(path) if path.is_dir() => return Box::new(walk_folder(path, format)),
        Input::Path(path) => path_step(path, true),
    };
    Box::new(std::iter::once(step))
}

fn path_step(path: &Path, is_asked_for: bool) -> WalkStep {
    let name = path.display().to_string();
    match fs::metadata(path) {
        Err(error) => WalkStep::Rejected(Rejected::new(name, open_failure(&error))),
        Ok(metadata) => {
            let location = FileLocation::Disk(path.to_owned());
            file_step(&name, location, is_asked_for, metadata.len())
        }
    }
}

fn file_step(name: &str, location: FileLocation, is_asked_for: bool, size_bytes: u64) -> WalkStep {
    WalkStep::File(File {
        name: name.to_owned(),
        location,
        is_asked_for,
        size_bytes,
    })
}

/// Walks a folder. Hidden files and folders are left out: version control, and the `._name.txt`
/// that macOS adds beside files.
fn walk_folder(root: &Path, format: Format) -> impl Iterator<Item = WalkStep> {
    let entries = WalkDir::new(root)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry));
    entries.filter_map(move |entry| match entry {
        Ok(entry) => entry_step(&entry, format),
        Err(error) => Some(error_step(&error)),
    })
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// Returns the step for a file in a folder; `None` for a folder, whose files come later.
fn entry_step(entry: &DirEntry, format: Format) -> Option<WalkStep> {
    if entry.file_type().is_dir() {
        return None;
    }
    // Reading a pipe or socket would block forever.
    let is_readable = entry.file_type().is_file();
    let is_foreign = format == Format::Auto && is_foreign_name(&entry.path().to_string_lossy());
    if !is_readable || is_foreign {
        return Some(WalkStep::Skipped);
    }
    Some(path_step(entry.path(), false))
}

fn error_step(error: &walkdir::Error) -> WalkStep {
    // The link leads back to a folder that is being read already.
    if error.loop_ancestor().is_some() {
        return WalkStep::Skipped;
    }
    let name = error.path().unwrap_or(Path::new("?")).display().to_string();
    let reason = match error.io_error() {
        Some(io_error) => open_failure(io_error),
        None => format!("cannot be read: {error}"),
    };
    WalkStep::Rejected(Rejected::new(name, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Creates `files` in a new folder and compares what a walk of `inputs` (relative to it) finds.
    fn check(files: &[&str], inputs: &[&str], format: Format, expected: &[&str]) {
        let home = tempfile::tempdir().unwrap();
        for file in files {
            let path = home.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "نص").unwrap();
        }
        #[cfg(unix)]
        if files.contains(&"loop/a.txt") {
            std::os::unix::fs::symlink(home.path().join("loop"), home.path().join("loop/again"))
                .unwrap();
        }
        let inputs: Vec<_> = inputs
            .iter()
            .map(|input| Input::Path(home.path().join(input)))
            .collect();
        let prefix = format!("{}/", home.path().display());
        let found: Vec<_> = walk(&inputs, format)
            .map(|found| match found {
                WalkStep::File(file) => file.name.replace(&prefix, ""),
                WalkStep::Skipped => "skipped".to_owned(),
                WalkStep::Rejected(rejected) => {
                    format!(
                        "{}: {}",
                        rejected.source.replace(&prefix, ""),
                        rejected.reason
                    )
                }
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn files_of_a_folder_come_sorted_and_others_are_skipped() {
        check(
            &[
                "d/b.TXT",
                "d/a.jsonl.xz",
                "d/c/z.ndjson.zst",
                "d/notes.md",
                "d/.git/x.txt",
                "d/._b.txt",
                "d/e",
            ],
            &["d"],
            Format::Auto,
            &[
                "d/a.jsonl.xz",
                "d/b.TXT",
                "d/c/z.ndjson.zst",
                "d/e",
                "skipped",
            ],
        );
    }

    #[test]
    fn paths_keep_their_order_and_bad_ones_do_not_stop_the_rest() {
        check(
            &["b.txt", "a.doc", "a.txt"],
            &["b.txt", "a.doc", "gone.txt", "a.txt"],
            Format::Auto,
            &[
                "b.txt",
                "a.doc",
                "gone.txt: no such file or folder",
                "a.txt",
            ],
        );
    }

    #[test]
    fn a_format_overrides_names() {
        check(
            &["d/a.log", "d/b.txt.gz"],
            &["d"],
            Format::Jsonl,
            &["d/a.log", "d/b.txt.gz"],
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_back_to_its_folder_is_skipped() {
        check(
            &["loop/a.txt"],
            &["loop"],
            Format::Auto,
            &["loop/a.txt", "skipped"],
        );
    }
}
