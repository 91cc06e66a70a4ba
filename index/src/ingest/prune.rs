//! `--prune`: deletes the articles that jobs have written and the input no longer holds.
//!
//! An article that came over HTTP is never deleted, nor one whose origin is unknown. Nothing is
//! deleted if the input looks incomplete, as it does when a folder is not mounted.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::unchanged_files::absolute;
use super::{
    IngestJob, IngestReport, Input, PruneRefusal, Pruned, ReadFile, UnchangedFiles, id_hash,
};
use crate::{ArticleId, IndexWriter, Result};

/// The articles that a job would delete.
struct Candidates {
    ids: FxHashMap<u64, ArticleId>,
    /// The number of articles that the input does not hold and no job has written.
    foreign_count: u64,
}

impl IngestJob {
    /// Deletes the articles that jobs have written and no file of the input holds. `read` has the
    /// files that this job has read.
    pub(super) fn prune(
        &self,
        writer: &mut IndexWriter,
        unchanged: &mut UnchangedFiles,
        read: &[ReadFile],
        report: &IngestReport,
    ) -> Result<Pruned> {
        if report.rejected_count > 0 {
            return Ok(Pruned::Refused(PruneRefusal::RejectedInput));
        }
        let in_input = unchanged
            .ids()
            .chain(read.iter().flat_map(|file| &file.ids));
        let in_input: FxHashSet<u64> = in_input.copied().collect();
        let mut candidates = candidates(writer, unchanged, &in_input)?;
        let mut unread_count = 0;
        if !self.prunes_all {
            let before = candidates.ids.len();
            self.keep_unread(&mut candidates.ids, unchanged, read);
            unread_count = (before - candidates.ids.len()) as u64;
            let articles = writer.backend.growth()?.articles;
            if let Some(refusal) = refusal(&candidates.ids, unchanged, read, &in_input, articles) {
                return Ok(Pruned::Refused(refusal));
            }
        }
        for id in candidates.ids.values() {
            writer.backend.delete(id)?;
        }
        writer.backend.commit()?;
        let deleted = candidates.ids.into_keys().collect::<FxHashSet<u64>>();
        unchanged.forget(&deleted);
        Ok(Pruned::Done {
            deleted: deleted.len() as u64,
            foreign: candidates.foreign_count,
            unread: unread_count,
        })
    }

    /// Removes the articles of files that exist in the input but gave no articles: links that are
    /// not followed, and files that are damaged or changed so that they are skipped.
    fn keep_unread(
        &self,
        candidates: &mut FxHashMap<u64, ArticleId>,
        unchanged: &UnchangedFiles,
        read: &[ReadFile],
    ) {
        let read: FxHashSet<&str> = read.iter().map(|file| file.path.as_str()).collect();
        let inputs = self.inputs.iter().filter_map(|input| match input {
            Input::Path(path) => absolute(path),
            Input::Memory { .. } | Input::Stream { .. } => None,
        });
        let inputs: Vec<String> = inputs.collect();
        for file in unchanged.ledger.files() {
            let path = Path::new(file.path);
            // A candidate of an unchanged file would be in the input.
            if file.ids.iter().any(|id| candidates.contains_key(id))
                && !read.contains(file.path)
                && inputs.iter().any(|input| path.starts_with(input))
                && path.symlink_metadata().is_ok()
            {
                file.ids.iter().for_each(|id| drop(candidates.remove(id)));
            }
        }
    }
}

/// Returns the articles that the input does not hold and that jobs have written.
fn candidates(
    writer: &mut IndexWriter,
    unchanged: &UnchangedFiles,
    in_input: &FxHashSet<u64>,
) -> Result<Candidates> {
    let is_gone = |id: &str| ArticleId::new(id).is_ok_and(|id| !in_input.contains(&id_hash(&id)));
    let gone = writer.backend.committed(&is_gone)?;
    let gone_count = gone.len();
    let written = unchanged.written.lock();
    let ids: FxHashMap<u64, ArticleId> = gone
        .into_iter()
        .map(|(id, content_hash)| (id_hash(&id), id, content_hash))
        .filter(|(id_hash, _, content_hash)| written.get(id_hash) == Some(content_hash))
        .map(|(id_hash, id, _)| (id_hash, id))
        .collect();
    Ok(Candidates {
        foreign_count: gone_count.saturating_sub(ids.len()) as u64,
        ids,
    })
}

/// Returns why the candidates are not deleted: they are more than half of the articles, or an input
/// path that held articles holds none now.
fn refusal(
    candidates: &FxHashMap<u64, ArticleId>,
    unchanged: &UnchangedFiles,
    read: &[ReadFile],
    in_input: &FxHashSet<u64>,
    articles: u64,
) -> Option<PruneRefusal> {
    // For each root: the candidates among its articles, and whether it still holds an article.
    let mut roots: FxHashMap<&str, (FxHashSet<u64>, bool)> = FxHashMap::default();
    for file in unchanged.ledger.files() {
        let (gone, has_others) = roots.entry(file.root).or_default();
        gone.extend(file.ids.iter().filter(|id| candidates.contains_key(id)));
        *has_others |= file.ids.iter().any(|id| in_input.contains(id));
    }
    for file in read.iter().filter(|file| !file.ids.is_empty()) {
        let root = file.path.get(..file.root_bytes).unwrap_or(&file.path);
        roots.entry(root).or_default().1 = true;
    }
    let mut paths: Vec<(String, u64)> = roots
        .into_iter()
        .filter(|(_, (gone, has_others))| !gone.is_empty() && !has_others)
        .map(|(root, (gone, _))| (root.to_owned(), gone.len() as u64))
        .collect();
    paths.sort_by(|(one, one_count), (other, other_count)| {
        other_count.cmp(one_count).then_with(|| one.cmp(other))
    });
    let count = candidates.len() as u64;
    (count.saturating_mul(2) > articles || !paths.is_empty()).then_some(PruneRefusal::TooMany {
        count,
        articles,
        paths,
    })
}
