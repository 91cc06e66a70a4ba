//! Paths → files, in an order that is the same on every run. It does not look inside files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::report::Rejected;
use super::{Format, Input};

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// How reports call it.
    pub name: String,
    /// Where its bytes are.
    pub place: Place,
    /// What is in it once it is decompressed.
    pub kind: Kind,
    /// How it is compressed.
    pub compression: Compression,
    /// Its size as it lies there.
    pub size_bytes: u64,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the file system.
    Disk(PathBuf),
    /// In the program.
    Memory(&'static [u8]),
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One article as text.
    Text,
    /// One article a line as JSON.
    Jsonl,
}

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// `.gz`
    Gzip,
    /// `.xz`
    Xz,
    /// `.zst`
    Zstd,
}

/// One step of a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file to read.
    File(File),
    /// A file in a folder that is none of ours.
    Skipped,
    /// A path that should have been read and can't be.
    Rejected(Rejected),
}

/// The files of `inputs`: those in the order given, the files of each folder sorted by name.
pub fn walk(inputs: &[Input], format: Format) -> impl Iterator<Item = Found> + '_ {
    inputs.iter().flat_map(move |input| -> Box<dyn Iterator<Item = Found> + '_> {
        match input {
            Input::Memory { name, bytes } => Box::new(std::iter::once(in_memory(name, bytes, format))),
            Input::Path(path) if path.is_dir() => Box::new(folder(path, format)),
            Input::Path(path) => Box::new(std::iter::once(named_file(path, format))),
        }
    })
}

fn in_memory(name: &str, bytes: &'static [u8], format: Format) -> Found {
    match understand(name, format) {
        Some((kind, compression)) => Found::File(File {
            name: name.to_owned(),
            place: Place::Memory(bytes),
            kind,
            compression,
            size_bytes: bytes.len() as u64,
        }),
        None => unknown_format(name),
    }
}

fn named_file(path: &Path, format: Format) -> Found {
    let name = path.display().to_string();
    match (fs::metadata(path), understand(&name, format)) {
        (Err(error), _) => Found::Rejected(Rejected::new(name, unreadable(&error))),
        (Ok(_), None) => unknown_format(&name),
        (Ok(metadata), Some((kind, compression))) => Found::File(File {
            name,
            place: Place::Disk(path.to_owned()),
            kind,
            compression,
            size_bytes: metadata.len(),
        }),
    }
}

/// Hidden files and folders are left alone: version control, and the `._name.txt` that macOS leaves beside every file.
fn folder(root: &Path, format: Format) -> impl Iterator<Item = Found> {
    WalkDir::new(root)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b"."))
        .filter_map(move |entry| match entry {
            Ok(entry) if entry.file_type().is_dir() => None,
            // Pipes and sockets would block for ever.
            Ok(entry) if !entry.file_type().is_file() => Some(Found::Skipped),
            Ok(entry) => match named_file(entry.path(), format) {
                Found::Rejected(_) if understand(&entry.path().display().to_string(), format).is_none() => {
                    Some(Found::Skipped)
                }
                found => Some(found),
            },
            // What the link leads back to is being read already.
            Err(error) if error.loop_ancestor().is_some() => Some(Found::Skipped),
            Err(error) => {
                let name = error.path().unwrap_or(Path::new("?")).display().to_string();
                let reason = error.io_error().map_or_else(|| format!("cannot be read: {error}"), unreadable);
                Some(Found::Rejected(Rejected::new(name, reason)))
            }
        })
}

fn unknown_format(name: &str) -> Found {
    let reason = "not a known format: give a .txt, .jsonl or .ndjson file (also .gz, .xz, .zst), or say --format";
    Found::Rejected(Rejected::new(name, reason))
}

/// Why a file can't be read, without the jargon of the operating system where there are plain words.
pub fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "cannot be read: permission denied".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

/// The kind and compression that a name tells, or the format that was asked for.
fn understand(name: &str, format: Format) -> Option<(Kind, Compression)> {
    let name = name.to_lowercase();
    let (stem, compression) = split_compression(&name);
    let kind = match format {
        Format::Text => Kind::Text,
        Format::Jsonl => Kind::Jsonl,
        Format::Auto if stem.ends_with(".txt") => Kind::Text,
        Format::Auto if stem.ends_with(".jsonl") || stem.ends_with(".ndjson") => Kind::Jsonl,
        Format::Auto => return None,
    };
    Some((kind, compression))
}

fn split_compression(name: &str) -> (&str, Compression) {
    [(".gz", Compression::Gzip), (".xz", Compression::Xz), (".zst", Compression::Zstd)]
        .into_iter()
        .find_map(|(suffix, compression)| Some((name.strip_suffix(suffix)?, compression)))
        .unwrap_or((name, Compression::None))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lays `files` in a new folder and lists what a walk of `inputs` (relative to it) finds.
    fn check(files: &[&str], inputs: &[&str], format: Format, expected: &[&str]) {
        let home = tempfile::tempdir().unwrap();
        for file in files {
            let path = home.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "نص").unwrap();
        }
        #[cfg(unix)]
        if files.contains(&"loop/a.txt") {
            std::os::unix::fs::symlink(home.path().join("loop"), home.path().join("loop/again")).unwrap();
        }
        let inputs: Vec<_> = inputs.iter().map(|input| Input::Path(home.path().join(input))).collect();
        let prefix = format!("{}/", home.path().display());
        let found: Vec<_> = walk(&inputs, format)
            .map(|found| match found {
                Found::File(file) => {
                    format!("{} {:?} {:?}", file.name.replace(&prefix, ""), file.kind, file.compression)
                }
                Found::Skipped => "skipped".to_owned(),
                Found::Rejected(rejected) => format!("{}: {}", rejected.source.replace(&prefix, ""), rejected.reason),
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn files_of_a_folder_come_sorted_and_others_are_skipped() {
        check(
            &["d/b.TXT", "d/a.jsonl.xz", "d/c/z.ndjson.zst", "d/notes.md", "d/.git/x.txt", "d/._b.txt", "d/e.txt.gz"],
            &["d"],
            Format::Auto,
            &[
                "d/a.jsonl.xz Jsonl Xz",
                "d/b.TXT Text None",
                "d/c/z.ndjson.zst Jsonl Zstd",
                "d/e.txt.gz Text Gzip",
                "skipped",
            ],
        );
    }

    #[test]
    fn paths_keep_their_order_and_bad_ones_do_not_stop_the_rest() {
        let unknown =
            "a.doc: not a known format: give a .txt, .jsonl or .ndjson file (also .gz, .xz, .zst), or say --format";
        check(
            &["b.txt", "a.doc", "a.txt"],
            &["b.txt", "a.doc", "gone.txt", "a.txt"],
            Format::Auto,
            &["b.txt Text None", unknown, "gone.txt: no such file or folder", "a.txt Text None"],
        );
    }

    #[test]
    fn a_format_overrides_names() {
        check(&["d/a.log", "d/b.txt.gz"], &["d"], Format::Jsonl, &["d/a.log Jsonl None", "d/b.txt.gz Jsonl Gzip"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_back_to_its_folder_is_skipped() {
        check(&["loop/a.txt"], &["loop"], Format::Auto, &["loop/a.txt Text None", "skipped"]);
    }
}
