//! Keeps rejected input unchanged in a folder, so that the user can repair it and index it
//! separately. Other modules decide what is rejected.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{Rejected, RejectedInput};
use crate::{Error, Result};

/// The file of rejected JSON lines.
const LINES: &str = "lines.jsonl";
/// The file of reasons. Its name is hidden, so that it is not read as an article.
const REASONS: &str = ".reasons.txt";

/// The folder of rejected input.
pub struct Rejects {
    folder: PathBuf,
    lines: Option<BufWriter<File>>,
    reasons: BufWriter<File>,
    /// The file that was kept last. All rejections of a file come together, and the file is kept
    /// once.
    last_file: Option<PathBuf>,
    /// The number of records and files in the folder.
    count: u64,
}

impl Rejects {
    /// Creates the folder. Fails if it is not empty, because nobody may have looked at its content
    /// yet.
    pub fn create(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let mut entries = fs::read_dir(folder).map_err(Error::io("read", folder))?;
        if entries.next().is_some() {
            return Err(Error::Invalid(format!(
                "`{}` is not empty: name a new folder",
                folder.display()
            )));
        }
        let path = folder.join(REASONS);
        let reasons = File::create(&path).map_err(Error::io("create", &path))?;
        Ok(Self {
            folder: folder.to_owned(),
            lines: None,
            reasons: BufWriter::new(reasons),
            last_file: None,
            count: 0,
        })
    }

    /// Keeps a rejected input: the record as it was written, or else the file that holds it.
    pub fn keep(&mut self, rejected: &Rejected) -> Result<()> {
        self.write(rejected)
            .map_err(|error| Error::io("write to", &self.folder)(error))
    }

    /// Writes what is still in memory.
    pub fn flush(&mut self) -> Result<()> {
        let mut flush = || {
            self.lines.as_mut().map_or(Ok(()), Write::flush)?;
            self.reasons.flush()
        };
        flush().map_err(Error::io("write to", &self.folder))
    }

    fn write(&mut self, rejected: &Rejected) -> io::Result<()> {
        let place = match &rejected.input {
            RejectedInput::Record(record) if record.contains(&b'\n') => {
                let name = self.next_name("record.json");
                fs::write(self.folder.join(&name), record)?;
                name
            }
            RejectedInput::Record(record) => {
                let lines = match &mut self.lines {
                    Some(lines) => lines,
                    none @ None => {
                        none.insert(BufWriter::new(File::create(self.folder.join(LINES))?))
                    }
                };
                lines.write_all(record)?;
                lines.write_all(b"\n")?;
                LINES.to_owned()
            }
            RejectedInput::File(path) if self.last_file.as_ref() != Some(path) => {
                let file_name = path
                    .file_name()
                    .map_or_else(|| "file".into(), |name| name.to_string_lossy());
                let name = self.next_name(&file_name);
                match link_or_copy(path, &self.folder.join(&name)) {
                    Ok(()) => {
                        self.last_file = Some(path.clone());
                        name
                    }
                    // The file could not be read in the first place.
                    Err(error) => format!("not kept: {error}"),
                }
            }
            RejectedInput::File(_) => "kept before".to_owned(),
            RejectedInput::Unknown => "not kept".to_owned(),
        };
        writeln!(
            self.reasons,
            "{}\t{}\t{place}",
            rejected.source, rejected.reason
        )
    }

    fn next_name(&mut self, name: &str) -> String {
        self.count += 1;
        format!("{:04}-{name}", self.count)
    }
}

/// Links the file, which takes no disk space, or copies it where a link is impossible.
fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(fs::canonicalize(from)?, to).or_else(|_| fs::copy(from, to).map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_rejected_can_be_mended_and_read_again() {
        let home = tempfile::tempdir().unwrap();
        let (folder, file) = (home.path().join("rejected"), home.path().join("a.txt"));
        fs::write(&file, " ").unwrap();
        let mut rejects = Rejects::create(&folder).unwrap();
        let rejected = |input| Rejected {
            input,
            ..Rejected::new("here", "because")
        };
        for input in [
            RejectedInput::Record(b"{\"id\": 1".as_slice().into()),
            RejectedInput::Record(b"{\n}".as_slice().into()),
            RejectedInput::File(file.clone()),
            RejectedInput::File(file),
            RejectedInput::File(home.path().join("gone.txt")),
            RejectedInput::Unknown,
        ] {
            rejects.keep(&rejected(input)).unwrap();
        }
        rejects.flush().unwrap();
        let mut names: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(
            names,
            [
                ".reasons.txt",
                "0001-record.json",
                "0002-a.txt",
                "lines.jsonl"
            ]
        );
        assert_eq!(
            fs::read_to_string(folder.join(LINES)).unwrap(),
            "{\"id\": 1\n"
        );
        assert_eq!(
            fs::read_to_string(folder.join(REASONS))
                .unwrap()
                .lines()
                .count(),
            6
        );
        assert!(Rejects::create(&folder).is_err(), "it is not empty");
    }
}
