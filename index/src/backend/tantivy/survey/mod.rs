//! Reads a generation that may be damaged, as far as it can be read. It names the damaged files and
//! the articles that are lost with them. It takes no lock and writes nothing.
//!
//! A segment is read file by file, so a damaged file costs only what it holds:
//!
//! | damaged | what is lost |
//! |---|---|
//! | a page of the stored articles | the articles of the blocks that touch the page |
//! | the columns | nothing; wrong articles of a damaged store without checksums are not noticed |
//! | the terms | nothing; the ids of lost articles are not known |
//! | the list of deleted documents | nothing; deleted articles come back |
//! | `meta.json` | nothing; articles of segments that no commit has come back |
//! | `meta.json` and the stamp | the same; the files of segments and of words tell the format |

mod lost;
mod open_files;
mod open_segment;
mod segment;
mod small_files;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tantivy::schema::Schema;

use super::format::{META, StoredFields, TextEncoding, schema};
use super::generation::{STAMP, Scan, Stamp, WORDS, decoding, read_boilerplate, scan_parts};
use crate::document::Article;
use crate::error::{ErrorKind, Result};
use crate::learning::{Boilerplate, JobControl};
use crate::meter::Meter;
use crate::progress::Phase;
pub use lost::LostArticles;
use open_files::OpenFiles;
use open_segment::open_segments;
use segment::{Found, Segment};

/// A damaged file of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedFile {
    /// The path of the file.
    pub file: PathBuf,
    /// What is wrong with the file, and where in it.
    pub what: String,
}

/// An article that can be read, and where it was found.
pub struct Readout<'a> {
    /// The article.
    pub article: &'a Article,
    /// Where in the generation.
    pub place: Place,
    /// Orders the copies of an article: the greatest is the newest, as far as is known.
    pub rank: Rank,
}

/// A place in a generation: the number of the segment, and the place in it.
pub type Place = (u32, u64);
/// Whether it is known that the article is not deleted, when its segment was written, and its place.
pub type Rank = (bool, Option<SystemTime>, u64);

/// The function that is called for each article that is not deleted: with the number of the thread,
/// the number of the segment, what was found, and the article if it can be read.
type VisitFound<'a> = dyn Fn(usize, usize, &Found, Option<Readout<'_>>) -> Result<()> + Sync + 'a;

/// A generation that is surveyed.
pub struct Survey {
    /// The name of the generation.
    pub generation: String,
    /// The damaged files.
    pub damage: Vec<DamagedFile>,
    /// The files without page checksums, which an earlier format does not have. Each was verified as
    /// a whole.
    pub unpaged: Vec<PathBuf>,
    /// The number of files of segments.
    pub files: u64,
    /// The number of bytes that were verified.
    pub verified_bytes: u64,
    /// Whether the list of segments is lost, so that segments without a commit are among them.
    pub has_lost_list: bool,
    /// Whether the common words are lost, so that articles are read without them.
    pub has_lost_words: bool,
    directory: PathBuf,
    segments: Vec<Segment>,
    schema: Schema,
    decoding: Decoding,
    /// The lines that count as furniture, as far as they can be read.
    pub boilerplate: Boilerplate,
}

/// How the stored articles are decoded, or why they cannot be.
type Decoding = Result<(StoredFields, TextEncoding), String>;

impl Survey {
    /// Opens the current generation at `data`, and checks the small files. If `verifies` is true,
    /// verifies every byte of the segments; otherwise only the ends of their files. Returns `None`
    /// if the job was cancelled. Fails when there is no index.
    pub fn open(data: &Path, verifies: bool, control: JobControl<'_>) -> Result<Option<Self>> {
        let files = OpenFiles::open(data)?;
        let stamp = Stamp::read(data, &files.directory).ok();
        let stamp = stamp.or_else(|| Stamp::derived(&files.directory, files.has_pages()));
        let mut damage = Vec::from_iter(files.current.clone());
        damage.extend(files.meta.as_ref().err().cloned());
        damage.extend(small_files::check(data, &files, stamp.as_ref()));
        let directory = files.directory.clone();
        let mut survey = Self {
            generation: files.generation.clone(),
            damage,
            unpaged: Vec::new(),
            files: files.names().count() as u64,
            verified_bytes: 0,
            has_lost_list: files.meta.is_err(),
            has_lost_words: false,
            segments: Vec::new(),
            schema: match &files.meta {
                Ok(meta) => meta.schema.clone(),
                Err(_) => schema().0,
            },
            decoding: Err(format!(
                "cannot be decoded: its format is not known without `{STAMP}`, `{META}` and `{WORDS}`; restore one of \
                 them from a backup"
            )),
            boilerplate: Boilerplate::default(),
            directory,
        };
        if let Some(stamp) = &stamp {
            stamp.check_readable(data)?;
            let directory = &survey.directory;
            survey.boilerplate = read_boilerplate(data, directory, stamp).unwrap_or_default();
            survey.decoding = match decoding(data, directory, &survey.schema, stamp) {
                Err(error) if error.kind() == ErrorKind::Damaged => {
                    survey.has_lost_words = true;
                    StoredFields::in_schema(&survey.schema)
                        .map(|fields| (fields, TextEncoding::LostWords))
                }
                outcome => outcome.map_err(|error| format!("cannot be decoded: {error}")),
            };
        }
        let names = || files.names();
        let unpaged = names().filter(|name| files.is_unpaged(name));
        survey.unpaged = unpaged.map(|name| survey.directory.join(name)).collect();
        if !verifies {
            for name in names() {
                survey.note(files.fault(name));
            }
            return Ok(Some(survey));
        }
        let total = names().map(|name| files.size_bytes(name)).sum();
        let mut meter = Meter::new(control, Phase::Checking, total);
        let mut readable = BTreeMap::new();
        for name in names() {
            let (file, fault) = files.verify(name, |bytes| meter.add(bytes as usize));
            if meter.is_cancelled() {
                return Ok(None);
            }
            survey.note(fault);
            readable.insert(name.clone(), file);
        }
        survey.verified_bytes = total;
        let mut damage = Vec::new();
        survey.segments = open_segments(
            &files,
            &readable,
            !survey.has_lost_words,
            &mut |name, what| {
                let file = survey.directory.join(name);
                damage.push(DamagedFile { file, what });
            },
        );
        damage
            .into_iter()
            .for_each(|damage| survey.note(Some(damage)));
        Ok(Some(survey))
    }

    /// Adds damage that is not known yet. Several files can be parts of one compound file.
    fn note(&mut self, damage: Option<DamagedFile>) {
        let new = damage.filter(|damage| !self.damage.contains(damage));
        self.damage.extend(new);
    }

    /// Returns the number of articles that should be readable.
    pub fn expected_articles(&self) -> u64 {
        let alive = |segment: &Segment| u64::from(segment.documents - segment.deleted);
        self.segments.iter().map(alive).sum()
    }

    /// Reads all articles on several threads, and calls `work` for those that can be read, with the
    /// number of the thread. Returns false if the job was cancelled.
    pub fn scan(
        &self,
        phase: Phase,
        control: JobControl<'_>,
        work: &(dyn Fn(usize, Readout<'_>) -> Result<()> + Sync),
    ) -> Result<bool> {
        self.scan_all(phase, control, &|thread, _, _, readout| {
            readout.map_or(Ok(()), |readout| work(thread, readout))
        })
    }

    fn scan_all(
        &self,
        phase: Phase,
        control: JobControl<'_>,
        work: &VisitFound<'_>,
    ) -> Result<bool> {
        let parts = self
            .segments
            .iter()
            .enumerate()
            .flat_map(|(number, segment)| {
                let step = segment.parts_at_a_time();
                let starts = (0..segment.parts()).step_by(step as usize);
                starts.map(move |start| (number, start..segment.parts().min(start + step)))
            });
        let size = (phase, self.expected_articles());
        scan_parts(parts, size, control, |thread, next, scan: &Scan| {
            while let Some((number, parts)) = next() {
                let segment = &self.segments[number];
                let mut outcome = Ok(());
                segment.read(parts, &self.decoding, |found| {
                    let readout = found.article.as_ref().ok().map(|article| Readout {
                        article,
                        place: (number as u32, found.place),
                        rank: (found.is_alive, segment.written, found.place),
                    });
                    scan.count_article();
                    outcome = work(thread, number, &found, readout);
                    outcome.is_ok() && !scan.is_stopped()
                });
                outcome?;
            }
            Ok(())
        })
    }
}
