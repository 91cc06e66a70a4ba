//! Paths → files, in an order that is the same on every run. It does not look inside files.
//!
//! A path that the user names is followed if it is a link. In a folder, a link that leads out of the
//! folder is followed only if the job says so. A link within the folder is followed once: a target
//! that the walk reaches by itself is not read under a second name. For example, a folder holds
//! `a.txt`, `.hidden/b.txt` and these links:
//!
//! | link | target | result |
//! |---|---|---|
//! | `c.txt` | `a.txt` | nothing, because `a.txt` is read |
//! | `d.txt` | `.hidden/b.txt` | is read, because hidden folders are left out |
//! | `e` | `..` | is reported, because it leads out |

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;
use walkdir::{DirEntry, WalkDir};

use super::{
    Format, IngestJob, Input, InputPath, Rejected, SkippedFile, Spool, is_foreign_name,
    open_failure,
};

/// A file to read.
pub struct File {
    /// The file's name in reports.
    pub name: String,
    /// The path of the input that the file belongs to.
    pub input: Arc<InputPath>,
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
    /// Something in a folder that is not read, such as a picture or a pipe.
    Skipped(SkippedFile),
    /// A link with this name, which is not followed because it leads out of the folder.
    LinkOut(String),
    /// A path that cannot be read.
    Rejected(Rejected),
}

/// Returns the files of a job's input, in the order given. The files of a folder are sorted by name.
pub fn walk(job: &IngestJob) -> impl Iterator<Item = WalkStep> + '_ {
    job.inputs
        .iter()
        .flat_map(move |input| walk_input(input, job))
}

fn walk_input<'a>(input: &'a Input, job: &IngestJob) -> Box<dyn Iterator<Item = WalkStep> + 'a> {
    let (name, location, size_bytes) = match input {
        Input::Memory { name, bytes } => (name, FileLocation::Memory(bytes), bytes.len() as u64),
        Input::Stream { name, spool } => {
            let location = FileLocation::Spool(spool.clone());
            (name, location, spool.size_bytes())
        }
        Input::Path(path) if path.is_dir() => return Box::new(FolderWalk::new(path, job)),
        Input::Path(path) => {
            let step = path_step(path, &Arc::new(InputPath::of(path)), true);
            return Box::new(std::iter::once(step));
        }
    };
    let file = File {
        name: name.clone(),
        input: Arc::new(InputPath {
            given: name.into(),
            real: name.into(),
        }),
        location,
        is_asked_for: true,
        size_bytes,
    };
    Box::new(std::iter::once(WalkStep::File(file)))
}

/// Returns the step for a file. A file that blocks its reader or has no end is never opened.
fn path_step(path: &Path, input: &Arc<InputPath>, is_asked_for: bool) -> WalkStep {
    let name = path.display().to_string();
    match fs::metadata(path) {
        Err(error) => WalkStep::Rejected(Rejected::new(name, open_failure(&error))),
        Ok(metadata) if metadata.is_file() => WalkStep::File(File {
            name,
            input: Arc::clone(input),
            location: FileLocation::Disk(path.to_owned()),
            is_asked_for,
            size_bytes: metadata.len(),
        }),
        Ok(_) if is_asked_for => {
            let reason = "not a file but a pipe, socket or device; to index a stream, name `-` and \
                          redirect it to standard input";
            WalkStep::Rejected(Rejected::new(name, reason))
        }
        Ok(_) => WalkStep::Skipped(SkippedFile {
            name,
            kind: "pipe, socket or device".into(),
        }),
    }
}

/// The walk of a folder. Hidden files and folders are left out: version control, and the
/// `._name.txt` that macOS adds beside files.
struct FolderWalk {
    root: Arc<InputPath>,
    format: Format,
    follows_links: bool,
    /// The folders that are being walked: the root, and folders that a link in the one before leads
    /// to.
    trees: Vec<Tree>,
    /// The real paths of the root and of the targets of links that were followed.
    entered: FxHashSet<PathBuf>,
}

/// A folder that is being walked.
struct Tree {
    /// The path in the names of its files.
    path: PathBuf,
    /// The path without links.
    real_path: PathBuf,
    entries: walkdir::IntoIter,
}

impl Tree {
    fn new(path: &Path, real_path: PathBuf) -> Self {
        Self {
            path: path.to_owned(),
            real_path,
            entries: WalkDir::new(path).sort_by_file_name().into_iter(),
        }
    }

    /// Returns the path of an entry without links.
    fn real_path_of(&self, entry: &Path) -> PathBuf {
        let within = entry.strip_prefix(&self.path).unwrap_or(Path::new(""));
        self.real_path.join(within)
    }
}

impl FolderWalk {
    fn new(root: &Path, job: &IngestJob) -> Self {
        let input = InputPath::of(root);
        Self {
            format: job.format,
            follows_links: job.follows_links,
            trees: vec![Tree::new(root, input.real.clone())],
            entered: [input.real.clone()].into_iter().collect(),
            root: Arc::new(input),
        }
    }

    /// Returns the step for an entry; `None` for a folder, whose files come later, and for a link
    /// whose target is read under its own name.
    fn step(&mut self, entry: &DirEntry) -> Option<WalkStep> {
        let is_root = entry.depth() == 0;
        if !is_root && is_hidden(entry.file_name()) {
            self.skip_if_folder(entry);
            return None;
        }
        if is_root {
            return None;
        }
        let kind = entry.file_type();
        if kind.is_symlink() {
            return self.link_step(entry.path());
        }
        // A link has led here before, or leads back to here.
        let is_read = self.entered.len() > 1
            && self
                .entered
                .contains(&self.trees.last()?.real_path_of(entry.path()));
        if is_read {
            self.skip_if_folder(entry);
        }
        (!is_read && !kind.is_dir()).then(|| self.file_step(entry.path()))
    }

    fn skip_if_folder(&mut self, entry: &DirEntry) {
        if entry.file_type().is_dir()
            && let Some(tree) = self.trees.last_mut()
        {
            tree.entries.skip_current_dir();
        }
    }

    fn file_step(&self, path: &Path) -> WalkStep {
        if self.is_foreign(path) {
            return WalkStep::Skipped(SkippedFile::named(path.display().to_string()));
        }
        path_step(path, &self.root, false)
    }

    fn link_step(&mut self, path: &Path) -> Option<WalkStep> {
        let real_path = match fs::canonicalize(path) {
            Ok(real_path) => real_path,
            Err(error) => {
                let name = path.display().to_string();
                return Some(WalkStep::Rejected(Rejected::new(
                    name,
                    open_failure(&error),
                )));
            }
        };
        if !self.follows_links && !real_path.starts_with(&self.root.real) {
            return Some(WalkStep::LinkOut(path.display().to_string()));
        }
        let is_dir = real_path.is_dir();
        let is_read_elsewhere = self.is_reached(&real_path)
            && (is_dir || self.is_foreign(path) || !self.is_foreign(&real_path));
        if is_read_elsewhere || !self.entered.insert(real_path.clone()) {
            return None;
        }
        if is_dir {
            self.trees.push(Tree::new(path, real_path));
            return None;
        }
        Some(self.file_step(path))
    }

    /// Returns whether the walk reaches a real path without a link: it lies in a folder that is
    /// walked, and not in a hidden folder of it.
    fn is_reached(&self, real_path: &Path) -> bool {
        let mut below = real_path;
        loop {
            if self.entered.contains(below) {
                return true;
            }
            match (below.file_name(), below.parent()) {
                (Some(name), Some(parent)) if !is_hidden(name) => below = parent,
                (_, _) => return false,
            }
        }
    }

    fn is_foreign(&self, path: &Path) -> bool {
        self.format == Format::Auto && is_foreign_name(&path.to_string_lossy())
    }
}

impl Iterator for FolderWalk {
    type Item = WalkStep;

    fn next(&mut self) -> Option<WalkStep> {
        loop {
            let step = match self.trees.last_mut()?.entries.next() {
                None => {
                    self.trees.pop();
                    None
                }
                Some(Ok(entry)) => self.step(&entry),
                Some(Err(error)) => Some(error_step(&error)),
            };
            if step.is_some() {
                return step;
            }
        }
    }
}

fn is_hidden(name: &std::ffi::OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

fn error_step(error: &walkdir::Error) -> WalkStep {
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
        let inputs: Vec<_> = inputs
            .iter()
            .map(|input| Input::Path(home.path().join(input)))
            .collect();
        let prefix = format!("{}/", home.path().display());
        let job = IngestJob {
            format,
            ..IngestJob::new(inputs)
        };
        let found: Vec<_> = walk(&job)
            .map(|found| match found {
                WalkStep::File(file) => file.name.replace(&prefix, ""),
                WalkStep::Skipped(file) => format!("skipped {}", file.kind),
                WalkStep::LinkOut(name) => format!("{} out", name.replace(&prefix, "")),
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
                "d/notes.pdf",
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
                "skipped .pdf",
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
}
