//! Finds the articles that are lost: the documents that are not deleted and cannot be read.

use parking_lot::Mutex;
use std::path::PathBuf;

use tantivy::{BitSet, DocId};

use super::segment::{Found, Segment};
use super::{DamagedFile, Readout, Survey};
use crate::error::Result;
use crate::learning::JobControl;
use crate::progress::Phase;

/// The articles of a segment that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostArticles {
    /// The file with the stored articles.
    pub file: PathBuf,
    /// The ids that are known, in their order.
    pub ids: Vec<String>,
    /// The number of articles whose ids are not known.
    pub unnamed: u64,
}

impl Survey {
    /// Reads all articles, calls `work` for each readable one, and returns the lost ones.
    /// Returns `None` if the job was cancelled.
    pub fn find_lost(
        &mut self,
        phase: Phase,
        control: JobControl<'_>,
        work: &(dyn Fn(Readout<'_>) -> Result<()> + Sync),
    ) -> Result<Option<Vec<LostArticles>>> {
        let new_tally = |segment: &Segment| Mutex::new(Tally::new(segment.documents));
        let tallies: Vec<_> = self.segments.iter().map(new_tally).collect();
        let is_complete = self.scan_all(phase, control, &|_, number, found, readout| {
            tallies[number].lock().count(found);
            readout.map_or(Ok(()), work)
        })?;
        if !is_complete {
            return Ok(None);
        }
        let tallies = tallies.into_iter().map(Mutex::into_inner);
        let mut lost = Vec::new();
        for (number, tally) in tallies.enumerate() {
            let segment = &self.segments[number];
            let file = self.directory.join(format!("{}.store", segment.id));
            if let Some((document, what)) = &tally.wrong {
                let place = document.map_or_else(
                    || "an article".to_owned(),
                    |document| format!("document {document}"),
                );
                let what = format!("{place} {what}");
                let file = file.clone();
                if !self.damage.iter().any(|damage| damage.file == file) {
                    self.damage.push(DamagedFile { file, what });
                }
            }
            lost.extend(self.lost_of(number, &tally, file));
        }
        Ok(Some(lost))
    }

    fn lost_of(&self, number: usize, tally: &Tally, file: PathBuf) -> Option<LostArticles> {
        let segment = &self.segments[number];
        let is_lost = |document| segment.is_alive(document) && !tally.seen.contains(document);
        let missing = (0..segment.documents)
            .filter(|document| is_lost(*document))
            .count() as u64;
        let count = missing.saturating_sub(tally.unnumbered);
        if count == 0 {
            return None;
        }
        let field = self.schema.get_field("id").ok();
        // Any of the documents may be one that was found without its number.
        let field = field.filter(|_| tally.unnumbered == 0);
        let named = field.map(|field| segment.ids(field, is_lost));
        let mut ids: Vec<String> = named.into_iter().flatten().map(|(_, id)| id).collect();
        ids.sort_unstable();
        let unnamed = count.saturating_sub(ids.len() as u64);
        Some(LostArticles { file, ids, unnamed })
    }
}

/// The documents of a segment that were found.
struct Tally {
    seen: BitSet,
    unnumbered: u64,
    /// The first article that is wrong although its block can be read.
    wrong: Option<(Option<DocId>, String)>,
}

impl Tally {
    fn new(documents: u32) -> Self {
        Self {
            seen: BitSet::with_max_value(documents),
            unnumbered: 0,
            wrong: None,
        }
    }

    fn count(&mut self, found: &Found) {
        match (&found.article, found.document) {
            (Ok(_), Some(document)) => {
                self.seen.insert(document);
            }
            (Ok(_), None) => self.unnumbered += 1,
            (Err(what), document) => {
                self.wrong.get_or_insert_with(|| (document, what.clone()));
            }
        }
    }
}
