//! The report of a job: counts, rejections and notes. It prints nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use super::{Event, NoteKind, Rejected, RejectedInput, SkippedFile};
use crate::learning::Growth;
use crate::{RebuildReport, Result, Upserted};

/// The outcome of an [`IngestJob`](super::IngestJob).
#[derive(Debug, Default)]
pub struct IngestReport {
    /// Articles that were new or changed.
    pub indexed: u64,
    /// Articles that were in the index already, with the same content.
    pub unchanged: u64,
    /// What happened to indexed articles that the input no longer holds.
    pub pruned: Pruned,
    /// Sample articles that were deleted, because the job has indexed other articles.
    pub deleted_samples: u64,
    /// The first [`MAX_REJECTED`](Self::MAX_REJECTED) rejections, in order.
    pub rejected: Vec<Rejected>,
    /// The number of all rejections.
    pub rejected_count: u64,
    /// Files in folders that are in no known format.
    pub skipped_files: u64,
    /// How many of them are of each kind, such as `.jpg`.
    pub skipped_kinds: BTreeMap<Cow<'static, str>, u64>,
    /// The names of the first [`MAX_SKIPPED`](Self::MAX_SKIPPED) of them.
    pub first_skipped_files: Vec<String>,
    /// Links that were not followed, because they lead out of the folder of the input.
    pub skipped_links: u64,
    /// The names of the first [`MAX_LINKS`](Self::MAX_LINKS) of these links.
    pub first_skipped_links: Vec<String>,
    /// Files that were read, wholly or in part.
    pub files: u64,
    /// Files that were not read again, because they have not changed. Their articles count as
    /// unchanged.
    pub unchanged_files: u64,
    /// Bytes read from files, before decompression.
    pub bytes_read: u64,
    /// Bytes of article text that reached the index.
    pub text_bytes: u64,
    /// The duration of the job.
    pub elapsed: Duration,
    /// What was unusual about indexed articles: one note for each kind, in order of first
    /// occurrence.
    pub notes: Vec<Note>,
    /// True if the job was cancelled before it had read everything.
    pub is_cancelled: bool,
    /// Whether the index had outgrown its model, and whether it was rebuilt.
    pub rebuild: Rebuild,
}

/// What happened to an index that may have outgrown its model.
#[derive(Debug, PartialEq, Eq, Default)]
pub enum Rebuild {
    /// The index has not outgrown its model.
    #[default]
    NotDue,
    /// A rebuild is due. The job was told not to rebuild, or it was cancelled.
    Due(Growth),
    /// The index was rebuilt.
    Done(RebuildReport),
}

/// What happened to indexed articles that the input no longer holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Pruned {
    /// The job was not told to delete them.
    #[default]
    NotAsked,
    /// They were deleted. Articles that no job has written were kept.
    Done {
        /// The number of articles that were deleted.
        deleted: u64,
        /// The number of articles that were kept because they came over HTTP, or because their
        /// origin is unknown.
        foreign: u64,
        /// The number of articles that were kept because their file exists in the input, although
        /// it was not read.
        unread: u64,
    },
    /// A job would delete them. A rehearsal deletes nothing.
    Planned {
        /// The number of articles that a job would delete.
        count: u64,
        /// As in `Done`.
        foreign: u64,
        /// As in `Done`.
        unread: u64,
        /// The input paths that would lose articles.
        paths: Vec<PrunedPath>,
    },
    /// None were deleted.
    Refused(PruneRefusal),
}

/// An input path that would lose articles. In a list, the paths that would lose all their articles
/// come first, then those that would lose the most. An article that left its file before the last
/// job belongs to no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrunedPath {
    /// The path, as an absolute one.
    pub path: String,
    /// The number of articles that would be deleted.
    pub articles: u64,
    /// Whether the path would lose all its articles.
    pub is_all: bool,
}

/// Why a job deletes none of the articles that the input no longer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PruneRefusal {
    /// Some input was rejected and may hold them.
    RejectedInput,
    /// They are more than half of the index, or an input path that held articles holds none now.
    TooMany {
        /// The number of articles that would be deleted.
        count: u64,
        /// The number of all articles.
        articles: u64,
        /// The input paths that would lose articles.
        paths: Vec<PrunedPath>,
    },
}

impl IngestReport {
    /// The number of rejections that a report keeps. Further ones are only counted.
    pub const MAX_REJECTED: usize = 1_000;

    /// The number of skipped files that a report names.
    pub const MAX_SKIPPED: usize = 1_000;

    /// The maximum number of kinds of skipped files. Further ones are counted together.
    const MAX_KINDS: usize = 100;

    /// The number of skipped links that a report names.
    pub const MAX_LINKS: usize = 5;

    /// Returns the number of articles that were indexed or unchanged.
    pub const fn articles(&self) -> u64 {
        self.indexed + self.unchanged
    }

    /// Returns the articles per second.
    pub fn articles_per_second(&self) -> f64 {
        self.articles() as f64 / self.elapsed.as_secs_f64().max(1e-6)
    }

    /// Returns the megabytes (10⁶ bytes) of article text per second.
    pub fn megabytes_per_second(&self) -> f64 {
        self.text_bytes as f64 / 1e6 / self.elapsed.as_secs_f64().max(1e-6)
    }

    /// Records an event. Fails if the event is a failure of the index.
    pub(super) fn record(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Upserted(upserted, text_bytes) => {
                self.text_bytes += text_bytes;
                match upserted {
                    Upserted::Indexed => self.indexed += 1,
                    Upserted::Unchanged => self.unchanged += 1,
                }
            }
            Event::Repeated(id, text_bytes) => {
                self.text_bytes += text_bytes;
                self.indexed += 1;
                self.note(NoteKind::RepeatedId, id.to_string());
            }
            Event::Counted => {}
            Event::Rejected(rejected) => self.reject(rejected),
            Event::Refused(rejected) => {
                self.indexed = self.indexed.saturating_sub(1);
                self.reject(rejected);
            }
            Event::Note(kind, example) => self.note(kind, example),
            Event::Skipped(file) => self.skip(file),
            Event::LinkOut(name) => {
                self.skipped_links += 1;
                if self.first_skipped_links.len() < Self::MAX_LINKS {
                    self.first_skipped_links.push(name);
                }
            }
            Event::File => self.files += 1,
            Event::UnchangedFile(articles) => {
                self.unchanged_files += 1;
                self.unchanged += articles;
            }
            Event::Failed(error) => return Err(error),
        }
        Ok(())
    }

    fn skip(&mut self, file: SkippedFile) {
        self.skipped_files += 1;
        let is_known = self.skipped_kinds.contains_key(&file.kind);
        let kind = match is_known || self.skipped_kinds.len() < Self::MAX_KINDS {
            true => file.kind,
            false => "of other kinds".into(),
        };
        *self.skipped_kinds.entry(kind).or_default() += 1;
        if self.first_skipped_files.len() < Self::MAX_SKIPPED {
            self.first_skipped_files.push(file.name);
        }
    }

    fn reject(&mut self, mut rejected: Rejected) {
        self.rejected_count += 1;
        if self.rejected.len() < Self::MAX_REJECTED {
            rejected.input = RejectedInput::Unknown;
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

/// Something unusual about indexed articles, and how often it occurred.
#[derive(Debug)]
pub struct Note {
    /// What was unusual.
    pub kind: NoteKind,
    /// How often it occurred.
    pub count: u64,
    /// The first example, such as the position `file:17`.
    pub example: String,
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
