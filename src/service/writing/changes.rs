//! The changes that a request makes to the index, and their outcomes. Opening and committing happen
//! elsewhere.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::panic::resume_unwind;
use std::thread::{ScopedJoinHandle, available_parallelism};

use fihrist_index::{Article, ArticleId, ErrorKind, IndexWriter, Result, Upserted};

/// Minimum number of changes per thread. Fewer changes take less time than starting a thread.
const MIN_CHANGES_PER_THREAD: usize = 32;

/// One change of the index.
#[derive(Debug)]
pub enum Change {
    /// Writes the article in place of the one with the same id.
    Upsert(Box<Article>),
    /// Deletes the article with this id.
    Delete(ArticleId),
}

/// The outcome of a change.
#[derive(PartialEq, Eq)]
pub enum Outcome {
    /// The article was added.
    Created,
    /// The article was replaced.
    Updated,
    /// The index already contains exactly this article.
    Unchanged,
    /// The engine rejected the article. The text is the reason.
    Rejected(String),
    /// The article was deleted.
    Deleted,
    /// There is no article with this id.
    Absent,
}

impl Change {
    fn id(&self) -> &ArticleId {
        match self {
            Self::Upsert(article) => &article.id,
            Self::Delete(id) => id,
        }
    }
}

impl Outcome {
    /// Returns the name of the outcome in answers and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Rejected(_) => "rejected",
            Self::Deleted => "deleted",
            Self::Absent => "absent",
        }
    }

    /// Whether the change altered the index, so that it must be committed.
    pub fn has_written(&self) -> bool {
        match self {
            Self::Created | Self::Updated | Self::Deleted => true,
            Self::Unchanged | Self::Rejected(_) | Self::Absent => false,
        }
    }
}

/// Applies the changes, on several threads if there are many. Changes of one article stay on one
/// thread, in order. Returns the outcomes in the order of the changes.
pub fn apply(writer: &IndexWriter, changes: &[Change]) -> Result<Vec<Outcome>> {
    let most = available_parallelism().map_or(1, usize::from);
    let threads = (changes.len() / MIN_CHANGES_PER_THREAD).clamp(1, most);
    if threads == 1 {
        return changes
            .iter()
            .map(|change| apply_one(writer, change))
            .collect();
    }
    let shares = std::thread::scope(|scope| {
        let share = |thread| {
            scope.spawn(move || {
                let numbered = changes.iter().enumerate();
                let own = numbered.filter(|(_, change)| thread_for(change.id(), threads) == thread);
                own.map(|(i, change)| Ok((i, apply_one(writer, change)?)))
                    .collect::<Result<Vec<_>>>()
            })
        };
        let running: Vec<_> = (0..threads).map(share).collect();
        let joined = running.into_iter().map(ScopedJoinHandle::join);
        joined
            .map(|share| share.unwrap_or_else(|panic| resume_unwind(panic)))
            .collect::<Result<Vec<_>>>()
    })?;
    let mut all: Vec<_> = shares.into_iter().flatten().collect();
    all.sort_unstable_by_key(|(i, _)| *i);
    Ok(all.into_iter().map(|(_, outcome)| outcome).collect())
}

fn apply_one(writer: &IndexWriter, change: &Change) -> Result<Outcome> {
    match change {
        Change::Delete(id) => Ok(if writer.delete(id)? {
            Outcome::Deleted
        } else {
            Outcome::Absent
        }),
        Change::Upsert(article) => {
            let is_there = writer.holds(&article.id)?;
            match writer.upsert(article) {
                Ok(Upserted::Indexed) if is_there => Ok(Outcome::Updated),
                Ok(Upserted::Indexed) => Ok(Outcome::Created),
                Ok(Upserted::Unchanged) => Ok(Outcome::Unchanged),
                Err(error) if error.kind() == ErrorKind::Invalid => {
                    Ok(Outcome::Rejected(error.to_string()))
                }
                Err(error) => Err(error),
            }
        }
    }
}

fn thread_for(id: &ArticleId, threads: usize) -> usize {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(id);
    (hash % threads as u64) as usize
}
