//! What became of the input: counts, rejections with their reasons, notes. It prints nothing.

use std::path::PathBuf;
use std::time::Duration;

use super::pass::Event;
use crate::error::Result;
use crate::learning::{Growth, RebuildReport};
use crate::writer::Upserted;

/// The outcome of an [`IngestJob`](super::IngestJob).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IngestReport {
    /// Articles that were new or changed.
    pub indexed: u64,
    /// Articles that the index already held, word for word.
    pub unchanged: u64,
    /// Articles that the input no longer holds and the index did, if the job was to prune it.
    pub pruned: Pruned,
    /// The first [`MAX_REJECTED`](Self::MAX_REJECTED) rejections, in the order they happened.
    pub rejected: Vec<Rejected>,
    /// How many rejections there were in all.
    pub rejected_count: u64,
    /// Files in folders that are in no known format, and links back to a folder that is being read.
    pub skipped_files: u64,
    /// Files read, wholly or in part.
    pub files: u64,
    /// Files that have not changed since they were read, and were not read again; their articles are unchanged.
    pub unchanged_files: u64,
    /// Bytes read from files, before decompression.
    pub bytes_read: u64,
    /// Bytes of article text that reached the index.
    pub text_bytes: u64,
    /// How long the job took.
    pub elapsed: Duration,
    /// What was odd about articles that were nevertheless kept, one note a kind, in the order they first happened.
    pub notes: Vec<Note>,
    /// The job was told to stop before it had read everything.
    pub is_cancelled: bool,
    /// Whether the index has outgrown its model, and what was done about it.
    pub rebuild: Rebuild,
}

/// What became of an index that may have outgrown its model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Rebuild {
    /// It has not.
    #[default]
    NotDue,
    /// It has, and was not rebuilt: the job was told not to, or to stop.
    Due(Growth),
    /// It had, and was rebuilt.
    Done(RebuildReport),
}

/// What became of the articles that the input no longer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pruned {
    /// They were left alone.
    #[default]
    NotAsked,
    /// So many were deleted.
    Done(u64),
    /// They were left alone, since some input was rejected: its articles may be among them.
    Refused,
}

impl IngestReport {
    /// How many rejections are kept with their reasons; the rest is counted.
    pub const MAX_REJECTED: usize = 1_000;

    /// Articles that are in the index now, whether it changed for them or not.
    pub const fn articles(&self) -> u64 {
        self.indexed + self.unchanged
    }

    /// Articles a second.
    pub fn articles_per_second(&self) -> f64 {
        self.articles() as f64 / self.elapsed.as_secs_f64().max(1e-6)
    }

    /// Megabytes (10⁶ bytes) of article text a second.
    pub fn megabytes_per_second(&self) -> f64 {
        self.text_bytes as f64 / 1e6 / self.elapsed.as_secs_f64().max(1e-6)
    }

    /// Takes note of an event; a failure of the index comes back as the error it is.
    pub(super) fn take(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Upserted(upserted, text_bytes) => {
                self.text_bytes += text_bytes;
                match upserted {
                    Upserted::Indexed => self.indexed += 1,
                    Upserted::Unchanged => self.unchanged += 1,
                }
            }
            Event::Counted => {}
            Event::Rejected(rejected) => self.reject(rejected),
            Event::Refused(rejected) => {
                self.indexed = self.indexed.saturating_sub(1);
                self.reject(rejected);
            }
            Event::Note(kind, example) => self.note(kind, example),
            Event::Skipped => self.skipped_files += 1,
            Event::File => self.files += 1,
            Event::UnchangedFile(articles) => {
                self.unchanged_files += 1;
                self.unchanged += articles;
            }
            Event::Failed(error) => return Err(error),
        }
        Ok(())
    }

    fn reject(&mut self, rejected: Rejected) {
        let rejected = Rejected {
            input: Source::Unknown,
            ..rejected
        };
        self.rejected_count += 1;
        if self.rejected.len() < Self::MAX_REJECTED {
            self.rejected.push(rejected);
        }
    }

    fn note(&mut self, kind: NoteKind, example: String) {
        match self.notes.iter_mut().find(|note| note.kind == kind) {
            Some(note) => note.count += 1,
            None => self.notes.push(Note {
                kind,
                count: 1,
                example,
            }),
        }
    }
}

/// Input that gave no article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The file, or `file:line`.
    pub source: String,
    /// Why, in words that someone who can't program understands.
    pub reason: String,
    /// What was rejected, as it came; nothing in a report.
    pub input: Source,
}

/// Something that was rejected, as it came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Source {
    /// Not to be had.
    #[default]
    Unknown,
    /// A record of JSON.
    Record(Box<[u8]>),
    /// A file, or something in it.
    File(PathBuf),
}

impl Rejected {
    /// A rejection of something that is not to be had.
    pub fn new(source: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            reason: reason.into(),
            input: Source::Unknown,
        }
    }
}

/// How often something odd happened to articles that were kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What happened.
    pub kind: NoteKind,
    /// How often.
    pub count: u64,
    /// Where it first happened.
    pub example: String,
}

/// What can be odd about an article that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoteKind {
    /// Its bytes were not UTF-8; they were read as this encoding.
    DecodedAs(&'static str),
    /// It had been decoded wrongly before it came here, in this way, and was put right.
    Repaired(&'static str),
    /// It names a date that can't be read, and is kept without one.
    UnreadableDate,
}

impl NoteKind {
    /// The name in reports for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DecodedAs(_) => "decoded_as",
            Self::Repaired(_) => "repaired",
            Self::UnreadableDate => "unreadable_date",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejections_beyond_the_limit_are_counted_only() {
        let mut report = IngestReport::default();
        for line in 0..1_500 {
            report.reject(Rejected::new(format!("a.jsonl:{line}"), "broken"));
        }
        assert_eq!(
            (report.rejected.len(), report.rejected_count),
            (IngestReport::MAX_REJECTED, 1_500)
        );
    }

    #[test]
    fn a_note_keeps_its_first_example() {
        let mut report = IngestReport::default();
        report.note(NoteKind::UnreadableDate, "a:1".to_owned());
        report.note(NoteKind::DecodedAs("windows-1256"), "b".to_owned());
        report.note(NoteKind::UnreadableDate, "a:2".to_owned());
        let notes: Vec<_> = report
            .notes
            .iter()
            .map(|note| (note.kind.code(), note.count, note.example.as_str()))
            .collect();
        assert_eq!(
            notes,
            [("unreadable_date", 2, "a:1"), ("decoded_as", 1, "b")]
        );
    }
}
