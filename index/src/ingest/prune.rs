//! Deletes articles that jobs have written and that the input no longer holds. With
//! `prunes`, a job deletes all of them; with `follows_deletions`, those whose files were deleted or
//! edited.
//!
//! An article that came over HTTP is never deleted, nor one whose origin is unknown. Nothing is
//! deleted if the input looks incomplete, as it does when a folder is not mounted.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    IngestJob, IngestReport, PruneRefusal, Pruned, PrunedPath, ReadFile, UnchangedFiles, id_hash,
    inputs, is_gone,
};
use crate::backend::Snapshot;
use crate::{ArticleId, IndexWriter, Result};

/// Returns the committed articles for whose ids the argument returns true, each with its content
/// hash.
pub type Committed<'a> = dyn FnMut(&dyn Fn(&str) -> bool) -> Result<Vec<(ArticleId, u64)>> + 'a;

/// The articles that a job would delete.
pub struct Candidates {
    /// The ids, by their hashes.
    pub ids: FxHashMap<u64, ArticleId>,
    /// The number of the other articles that were asked for: no job has written them.
    foreign_count: u64,
}

/// What a job deletes, and what it keeps although the input does not hold it.
struct Plan {
    ids: FxHashMap<u64, ArticleId>,
    foreign: u64,
    unread: u64,
    paths: Vec<PrunedPath>,
    gone: Gone,
}

/// The deleted and the edited files of the input.
#[derive(Default)]
struct Gone {
    /// The paths of the deleted files.
    files: FxHashSet<String>,
    /// The hashes of the ids that the files held, and that no other file holds.
    ids: FxHashSet<u64>,
}

impl IngestJob {
    /// Deletes articles that jobs have written and that no file of the input holds. The settings of the
    /// job say which. `read` lists the files that this job has read.
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
            Ok(Some(plan)) => plan,
            Ok(None) => return Ok(Pruned::NotAsked),
            Err(refusal) => return Ok(Pruned::Refused(refusal)),
        };
        let deleted = delete(writer, unchanged, plan.ids)?;
        unchanged.ledger.remove_files(&plan.gone.files);
        Ok(Pruned::Done {
            deleted,
            foreign: plan.foreign,
            unread: plan.unread,
        })
    }

    /// Returns what [`prune`](Self::prune) would do. `read` has all files of the input, and `added` is
    /// the number of their articles that the index does not hold.
    pub(super) fn rehearse_prune(
        &self,
        index: Option<&dyn Snapshot>,
        unchanged: &UnchangedFiles,
        read: &[ReadFile],
        report: &IngestReport,
        added: u64,
    ) -> Result<Pruned> {
        let committed = &mut |is_wanted: &dyn Fn(&str) -> bool| {
            index.map_or_else(|| Ok(Vec::new()), |index| index.committed(is_wanted))
        };
        let articles = added + index.map_or(0, |index| index.terms().articles());
        Ok(
            match self.plan(unchanged, read, report, articles, committed)? {
                Ok(Some(plan)) => Pruned::Planned {
                    count: plan.ids.len() as u64,
                    foreign: plan.foreign,
                    unread: plan.unread,
                    paths: plan.paths,
                },
                Ok(None) => Pruned::NotAsked,
                Err(refusal) => Pruned::Refused(refusal),
            },
        )
    }

    /// Returns what to delete, or why nothing is deleted; `None` if the job is not told to delete
    /// anything. `articles` is the number of all articles.
    fn plan(
        &self,
        unchanged: &UnchangedFiles,
        read: &[ReadFile],
        report: &IngestReport,
        articles: u64,
        committed: &mut Committed<'_>,
    ) -> Result<Result<Option<Plan>, PruneRefusal>> {
        if !self.prunes && !self.follows_deletions {
            return Ok(Ok(None));
        }
        if self.prunes && report.rejected_count > 0 {
            return Ok(Err(PruneRefusal::RejectedInput));
        }
        let in_input = unchanged.ids_in_input(read);
        let inputs = inputs(self);
        let mut gone = Gone::default();
        if !self.prunes {
            gone = find_gone(&inputs, unchanged, read, &in_input);
            if gone.ids.is_empty() {
                return Ok(Ok(None));
            }
        }
        let is_wanted = |id: u64| match self.prunes {
            true => !in_input.contains(&id),
            false => gone.ids.contains(&id),
        };
        let Candidates {
            mut ids,
            foreign_count,
        } = candidates(committed, unchanged, &is_wanted)?;
        let found = ids.len();
        if self.prunes && !self.prunes_all {
            keep_unread(&inputs, &mut ids, unchanged, read);
        }
        let count = ids.len() as u64;
        let mut roots = Roots::default();
        for file in unchanged.ledger.files() {
            if let Some(root) = self.root(&inputs, file.path, file.root) {
                roots.add(root, file.ids, &ids, &in_input);
            }
        }
        for file in read {
            let root = file.path.get(..file.root_bytes).unwrap_or(&file.path);
            if let Some(root) = self.root(&inputs, &file.path, root) {
                roots.add(root, &file.ids, &ids, &in_input);
            }
        }
        let paths = roots.paths();
        let is_too_many =
            count.saturating_mul(2) > articles || paths.iter().any(|path| path.is_all);
        if is_too_many && !self.prunes_all {
            return Ok(Err(PruneRefusal::TooMany {
                count,
                articles,
                paths,
            }));
        }
        Ok(Ok(Some(Plan {
            foreign: foreign_count,
            unread: (found - ids.len()) as u64,
            ids,
            paths,
            gone,
        })))
    }

    /// Returns the path of which a file is a part. With `prunes`, that is the input of the job that
    /// has read the file. Otherwise it is the input of this job.
    fn root<'p>(&self, inputs: &'p [PathBuf], path: &str, root: &'p str) -> Option<&'p str> {
        if self.prunes {
            return Some(root);
        }
        let input = inputs
            .iter()
            .find(|input| Path::new(path).starts_with(input));
        input.and_then(|input| input.to_str())
    }
}

/// Deletes articles from the index and the ledger. Returns their number.
pub fn delete(
    writer: &mut IndexWriter,
    unchanged: &mut UnchangedFiles,
    ids: FxHashMap<u64, ArticleId>,
) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    for id in ids.values() {
        writer.backend.delete(id)?;
    }
    writer.backend.commit()?;
    let deleted: FxHashSet<u64> = ids.into_keys().collect();
    unchanged.forget(&deleted);
    Ok(deleted.len() as u64)
}

/// Finds the files below `inputs` that were deleted or edited, and the articles that they no longer
/// hold.
fn find_gone(
    inputs: &[PathBuf],
    unchanged: &UnchangedFiles,
    read: &[ReadFile],
    in_input: &FxHashSet<u64>,
) -> Gone {
    let read: FxHashMap<&str, &ReadFile> =
        read.iter().map(|file| (file.path.as_str(), file)).collect();
    let mut gone = Gone::default();
    let mut kept: FxHashSet<u64> = FxHashSet::default();
    for file in unchanged.ledger.files() {
        let path = Path::new(file.path);
        let is_missing = |id: &&u64| !in_input.contains(id);
        if let Some(read) = read.get(file.path) {
            // An article with an id of its own may only have moved on, as in a list of the newest.
            // A file with rejections may still hold what it does not show.
            if !read.has_rejections {
                gone.ids.extend(file.located_ids.iter().filter(is_missing));
            }
        } else if inputs.iter().any(|input| path.starts_with(input))
            && file.ids.iter().any(|id| !in_input.contains(id))
            && is_gone(path)
        {
            gone.files.insert(file.path.to_owned());
            gone.ids.extend(file.ids.iter().filter(is_missing));
        } else {
            kept.extend(file.ids);
        }
    }
    gone.ids.retain(|id| !kept.contains(id));
    gone
}

/// Removes the articles of files that exist in the input but gave no articles: links that are not
/// followed, and files that are damaged or changed so that they are skipped.
fn keep_unread(
    inputs: &[PathBuf],
    candidates: &mut FxHashMap<u64, ArticleId>,
    unchanged: &UnchangedFiles,
    read: &[ReadFile],
) {
    let read: FxHashSet<&str> = read.iter().map(|file| file.path.as_str()).collect();
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

/// Returns the wanted articles that a job has written. `is_wanted` takes the hash of an id.
pub fn candidates(
    committed: &mut Committed<'_>,
    unchanged: &UnchangedFiles,
    is_wanted: &dyn Fn(u64) -> bool,
) -> Result<Candidates> {
    let wanted = committed(&|id| ArticleId::new(id).is_ok_and(|id| is_wanted(id_hash(&id))))?;
    let wanted_count = wanted.len();
    let written = unchanged.written.lock();
    let ids: FxHashMap<u64, ArticleId> = wanted
        .into_iter()
        .map(|(id, content_hash)| (id_hash(&id), id, content_hash))
        .filter(|(id_hash, _, content_hash)| written.get(id_hash) == Some(content_hash))
        .map(|(id_hash, id, _)| (id_hash, id))
        .collect();
    Ok(Candidates {
        foreign_count: wanted_count.saturating_sub(ids.len()) as u64,
        ids,
    })
}

/// For each input path: the candidates among its articles, and whether it still holds an article.
#[derive(Default)]
struct Roots<'a>(FxHashMap<&'a str, (FxHashSet<u64>, bool)>);

impl<'a> Roots<'a> {
    /// Adds the articles of a file.
    fn add(
        &mut self,
        root: &'a str,
        file_ids: &[u64],
        candidates: &FxHashMap<u64, ArticleId>,
        in_input: &FxHashSet<u64>,
    ) {
        let (gone, has_others) = self.0.entry(root).or_default();
        gone.extend(file_ids.iter().filter(|id| candidates.contains_key(id)));
        *has_others |= file_ids.iter().any(|id| in_input.contains(id));
    }

    /// Returns the paths that would lose articles.
    fn paths(self) -> Vec<PrunedPath> {
        let paths = self.0.into_iter();
        let mut paths: Vec<PrunedPath> = paths
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
}
