//! What is to be written, and what became of it. It opens and commits nothing.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::panic::resume_unwind;
use std::thread::available_parallelism;

use fihrist_index::{Article, ArticleId, Error, ErrorKind, IndexWriter, Upserted};

/// Fewer changes are made faster than threads are started.
const MIN_CHANGES_PER_THREAD: usize = 32;

/// One thing to write.
#[derive(Debug)]
pub enum Change {
    /// Put the article in the place of the one with its id.
    Upsert(Box<Article>),
    /// Remove the article.
    Delete(ArticleId),
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The article is new.
    Created,
    /// The article has changed.
    Updated,
    /// The index holds the article already, word for word.
    Unchanged,
    /// The engine does not take the article, and why.
    Rejected(String),
    /// The article was removed.
    Deleted,
    /// There is no such article to remove.
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
    /// Whether there is something to commit.
    pub fn has_written(&self) -> bool {
        match self {
            Self::Created | Self::Updated | Self::Deleted => true,
            Self::Unchanged | Self::Rejected(_) | Self::Absent => false,
        }
    }
}

/// Makes the changes, many of them on several threads: those of one article on one, in order. Outcomes are in the order
/// of the changes.
pub fn apply(writer: &IndexWriter, changes: &[Change]) -> Result<Vec<Outcome>, Error> {
    let most = available_parallelism().map_or(1, usize::from);
    let threads = (changes.len() / MIN_CHANGES_PER_THREAD).clamp(1, most);
    if threads == 1 {
        return changes
            .iter()
            .map(|change| apply_one(writer, change))
            .collect();
    }
    let shares = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn(move || {
                    let own = changes
                        .iter()
                        .enumerate()
                        .filter(|(_, change)| thread_for(change.id(), threads) == thread);
                    own.map(|(i, change)| Ok((i, apply_one(writer, change)?)))
                        .collect::<Result<Vec<_>, Error>>()
                })
            })
            .collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        running
            .into_iter()
            .map(join)
            .collect::<Result<Vec<_>, Error>>()
    })?;
    let mut all: Vec<_> = shares.into_iter().flatten().collect();
    all.sort_unstable_by_key(|(i, _)| *i);
    Ok(all.into_iter().map(|(_, outcome)| outcome).collect())
}

fn apply_one(writer: &IndexWriter, change: &Change) -> Result<Outcome, Error> {
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
