//! `--prune`: deletes the articles that jobs have written and the input no longer holds.
//!
//! An article that came over HTTP is never deleted, nor one whose origin is unknown. Nothing is
//! deleted if the input looks incomplete, as it does when a folder is not mounted.

use std::cmp::Reverse;
use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::job::parse_ledger;
use super::unchanged_files::absolute;
use super::{
    IngestJob, IngestReport, Input, PruneRefusal, Pruned, PrunedPath, ReadFile, UnchangedFiles,
    id_hash,
};
use crate::backend::Snapshot;
use crate::{ArticleId, IndexWriter, Result};

/// Returns the committed articles for whose ids the argument returns true, each with its content
/// hash.
pub type Committed<'a> = dyn FnMut(&dyn Fn(&str) -> bool) -> Result<Vec<(ArticleId, u64)>> + 'a;

/// The articles that a job would delete.
struct Candidates {
    ids: FxHashMap<u64, ArticleId>,
    /// The number of articles that the input does not hold and no job has written.
    foreign_count: u64,
}

/// What a job deletes, and what it keeps although the input does not hold it.
struct Plan {
    ids: FxHashMap<u64, ArticleId>,
    foreign: u64,
    unread: u64,
    paths: Vec<PrunedPath>,
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
        let articles = writer.backend.growth()?.articles;
        let committed = &mut |is_wanted: &dyn Fn(&str) -> bool| writer.backend.committed(is_wanted);
        let plan = match self.plan(unchanged, read, report, articles, committed)? {
            Ok(plan) => plan,
            Err(refusal) => return Ok(Pruned::Refused(refusal)),
        };
        for id in plan.ids.values() {
            writer.backend.delete(id)?;
        }
        writer.backend.commit()?;
        let deleted = plan.ids.into_keys().collect::<FxHashSet<u64>>();
        unchanged.forget(&deleted);
        Ok(Pruned::Done {
            deleted: deleted.len() as u64,
            foreign: plan.foreign,
            unread: plan.unread,
        })
    }

    /// Returns what [`prune`](Self::prune) would do. `read` has all files of the input, and `added` is
    /// the number of their articles that the index does not hold.
    pub(super) fn rehearse_prune(
        &self,
        index: Option<&dyn Snapshot>,
        read: &[ReadFile],
        report: &IngestReport,
        added: u64,
    ) -> Result<Pruned> {
        let bytes = index.map_or(Ok(None), Snapshot::ledger)?;
        let committed = &mut |is_wanted: &dyn Fn(&str) -> bool| {
            index.map_or_else(|| Ok(Vec::new()), |index| index.committed(is_wanted))
        };
        let unchanged = UnchangedFiles::survey(self, parse_ledger(bytes, committed)?);
        let articles = added + index.map_or(0, |index| index.terms().articles());
        Ok(
            match self.plan(&unchanged, read, report, articles, committed)? {
                Ok(plan) => Pruned::Planned {
                    count: plan.ids.len() as u64,
                    foreign: plan.foreign,
                    unread: plan.unread,
                    paths: plan.paths,
                },
                Err(refusal) => Pruned::Refused(refusal),
            },
        )
    }

    /// Returns what to delete, or why nothing is deleted. `articles` is the number of all articles.
    fn plan(
        &self,
        unchanged: &UnchangedFiles,
        read: &[ReadFile],
        report: &IngestReport,
        articles: u64,
        committed: &mut Committed<'_>,
    ) -> Result<Result<Plan, PruneRefusal>> {
        if report.rejected_count > 0 {
            return Ok(Err(PruneRefusal::RejectedInput));
        }
        let in_input = unchanged
            .ids()
            .chain(read.iter().flat_map(|file| &file.ids));
        let in_input: FxHashSet<u64> = in_input.copied().collect();
        let Candidates {
            mut ids,
            foreign_count,
        } = candidates(committed, unchanged, &in_input)?;
        let found = ids.len();
        if !self.prunes_all {
            self.keep_unread(&mut ids, unchanged, read);
        }
        let count = ids.len() as u64;
        let paths = paths(&ids, unchanged, read, &in_input);
        let is_too_many =
            count.saturating_mul(2) > articles || paths.iter().any(|path| path.is_all);
        if is_too_many && !self.prunes_all {
            return Ok(Err(PruneRefusal::TooMany {
                count,
                articles,
                paths,
            }));
        }
        Ok(Ok(Plan {
            foreign: foreign_count,
            unread: (found - ids.len()) as u64,
            ids,
            paths,
        }))
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
    committed: &mut Committed<'_>,
    unchanged: &UnchangedFiles,
    in_input: &FxHashSet<u64>,
) -> Result<Candidates> {
    let is_gone = |id: &str| ArticleId::new(id).is_ok_and(|id| !in_input.contains(&id_hash(&id)));
    let gone = committed(&is_gone)?;
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

/// Returns the input paths that would lose candidates.
fn paths(
    candidates: &FxHashMap<u64, ArticleId>,
    unchanged: &UnchangedFiles,
    read: &[ReadFile],
    in_input: &FxHashSet<u64>,
) -> Vec<PrunedPath> {
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
    let mut paths: Vec<PrunedPath> = roots
        .into_iter()
        .filter(|(_, (gone, _))| !gone.is_empty())
        .map(|(root, (gone, has_others))| PrunedPath {
            path: root.to_owned(),
            articles: gone.len() as u64,
            is_all: !has_others,
        })
        .collect();
    let order = |path: &PrunedPath| (Reverse(path.is_all), Reverse(path.articles));
    paths.sort_by(|one, other| {
        let ordering = order(one).cmp(&order(other));
        ordering.then_with(|| one.path.cmp(&other.path))
    });
    paths
}
