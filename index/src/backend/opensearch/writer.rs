//! The writer to a cluster: which generation is written to, and when it becomes the current one.
//!
//! Writers hold no lock, so several jobs can each write a part of the input at the same time. Only
//! a rebuild keeps other writers out: it closes the index against writing.

use once_cell::sync::OnceCell;
use parking_lot::Mutex;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::open_generation::OpenGeneration;
use super::rebuild::{RemoteArticles, predecessor};
use super::{Client, Generation, Read, Requester, generation};
use crate::backend::{
    Analysis, Basis, Cluster, Ending, Predecessor, Refused, StoredArticles, Writer,
};
use crate::document::{AnalyzedArticle, ArticleId};
use crate::error::{Error, Result};
use crate::learning::{CollectionGraph, Growth};

/// How long a writer waits while another one creates the first generation.
const MAKING: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(250);

/// How often a rebuild commits. Other writers see from the commits that the rebuild is not
/// abandoned.
const COMMIT_INTERVAL: Duration = Duration::from_secs(30);

/// Writes to a generation in a cluster.
pub struct RemoteWriter {
    cluster: Cluster,
    requester: Requester,
    role: Role,
    /// The generation that is written to; empty until it is opened or begun.
    open: OnceCell<OpenGeneration>,
}

/// Which generation a writer writes to.
enum Role {
    /// The current generation. If there is none, the first one, which becomes current when it is
    /// begun.
    Current,
    /// A new generation, which becomes current when the writer finishes.
    Fresh,
    /// The current generation, or a successor that is made from its articles.
    Existing(Box<Existing>),
}

/// A generation that may be rebuilt.
struct Existing {
    read: Read,
    /// Whether this writer has closed the generation against other writers.
    is_closed: bool,
    last_commit: Mutex<Instant>,
}

impl RemoteWriter {
    /// Opens an index for writing to its current generation. If there is none, or if `is_fresh`,
    /// the writer begins a new generation later.
    pub fn open(cluster: &Cluster, is_fresh: bool) -> Result<Self> {
        let client = Arc::new(Client::new(cluster)?);
        let requester = Requester::to_look(&client);
        let role = if is_fresh { Role::Fresh } else { Role::Current };
        let mut writer = Self::new(cluster, Requester::to_write(&client), role);
        if let Some(read) = generation::current(&requester)?
            && !is_fresh
        {
            let current = Generation::open(&requester, &read)?;
            current.wait_for_rebuild(&requester)?;
            writer.open = writer.opened(current, false).into();
        }
        Ok(writer)
    }

    /// Opens an index; fails if there is none. Its generation is opened later, when needed, because
    /// a rebuild also accepts a generation of another version.
    pub fn open_existing(cluster: &Cluster) -> Result<Self> {
        let requester = Requester::to_write(&Arc::new(Client::new(cluster)?));
        let existing = Existing {
            read: generation::existing(&requester)?,
            is_closed: false,
            last_commit: Mutex::new(Instant::now()),
        };
        Ok(Self::new(
            cluster,
            requester,
            Role::Existing(Box::new(existing)),
        ))
    }

    fn new(cluster: &Cluster, requester: Requester, role: Role) -> Self {
        Self {
            cluster: cluster.clone(),
            requester,
            role,
            open: OnceCell::new(),
        }
    }

    /// Returns the generation that is written to. Opens or begins it, if none is open.
    fn generation(&self) -> Result<&OpenGeneration> {
        self.open.get_or_try_init(|| match &self.role {
            Role::Existing(existing) => self.open_current(&existing.read),
            Role::Current | Role::Fresh => self.create(&Basis::default()),
        })
    }

    fn open_current(&self, read: &Read) -> Result<OpenGeneration> {
        Ok(self.opened(Generation::open(&self.requester, read)?, false))
    }

    fn opened(&self, generation: Generation, is_ours: bool) -> OpenGeneration {
        OpenGeneration::new(self.requester.clone(), generation, is_ours)
    }

    /// Creates a generation. If several jobs begin the same index at the same time, one of them
    /// creates it, with the model of its part of the input. The others write to that generation.
    fn create(&self, basis: &Basis) -> Result<OpenGeneration> {
        let requester = &self.requester;
        // Other jobs may write to the first generation at once. A later one is not current yet.
        let is_first = match &self.role {
            Role::Current => true,
            Role::Fresh | Role::Existing(_) => false,
        };
        let number = if is_first {
            1
        } else {
            generation::next_number(requester)?
        };
        let retry_until = Instant::now() + MAKING;
        loop {
            if is_first && let Some(read) = generation::current(requester)? {
                return self.open_current(&read);
            }
            let made = Generation::create(requester, &self.cluster, number, basis)?;
            if let Some(generation) = made {
                if is_first {
                    generation.make_current(requester)?;
                }
                return Ok(self.opened(generation, !is_first));
            }
            let holder = if let Role::Existing(_) = self.role {
                format!("it is creating generation {number}")
            } else if Instant::now() > retry_until {
                "it began to create the index and does not continue".to_owned()
            } else {
                generation::remove_if_abandoned(requester, number)?;
                sleep(LOOK);
                continue;
            };
            return Err(Error::Busy {
                data: requester.client.index.clone().into(),
                holder,
            });
        }
    }

    /// Commits, and makes a new generation current.
    fn keep(&mut self) -> Result<()> {
        let Some(open) = self.open.get() else {
            return Ok(());
        };
        open.commit()?;
        open.update_copies()?;
        match &self.role {
            Role::Current => {}
            Role::Fresh | Role::Existing(_) => open.generation.make_current(&self.requester)?,
        }
        self.role = Role::Current;
        Ok(())
    }

    /// Removes a new generation, and opens the current one to other writers again.
    fn discard(&mut self) -> Result<()> {
        let open = self.open.take();
        let role = std::mem::replace(&mut self.role, Role::Current);
        if let (Role::Fresh | Role::Existing(_), Some(open)) = (&role, open) {
            generation::remove(&self.requester, &open.generation.index);
        }
        if let Role::Existing(existing) = role
            && existing.is_closed
        {
            generation::close(&self.requester, existing.read.articles(), false)?;
        }
        Ok(())
    }
}

impl Writer for RemoteWriter {
    fn is_new(&self) -> bool {
        match &self.role {
            Role::Current | Role::Fresh => self.open.get().is_none(),
            Role::Existing(_) => false,
        }
    }

    fn begin(&mut self, basis: Basis) -> Result<String> {
        debug_assert!(
            self.open.get().is_none(),
            "a generation that has a model keeps it"
        );
        self.open = self.create(&basis)?.into();
        if let Role::Existing(existing) = &mut self.role {
            // The generation is closed against other writers. The refresh makes visible what was
            // written before.
            let old = existing.read.articles();
            generation::close(&self.requester, old, true)?;
            existing.is_closed = true;
            generation::refresh(&self.requester, old)?;
            *existing.last_commit.lock() = Instant::now();
        }
        Ok(self.generation()?.generation.name().to_owned())
    }

    fn analysis(&self) -> Result<Analysis<'_>> {
        let generation = &self.generation()?.generation;
        Ok(Analysis {
            analyzer: &generation.analyzer,
            boilerplate: &generation.boilerplate,
        })
    }

    fn growth(&self) -> Result<Growth> {
        let open = self.generation()?;
        Ok(Growth {
            articles: open.count()?,
            learnt_articles: open.generation.learnt.articles,
            graph_articles: open.graph()?.map(|own| own.learnt.articles),
        })
    }

    fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        self.generation()?.content_hash(id)
    }

    fn upsert(&self, article: &AnalyzedArticle<'_>) -> Result<()> {
        let open = self.generation()?;
        open.upsert(article)?;
        let Role::Existing(existing) = &self.role else {
            return Ok(());
        };
        let is_due = existing
            .last_commit
            .try_lock()
            .filter(|last| last.elapsed() > COMMIT_INTERVAL);
        if let Some(mut last_commit) = is_due {
            open.commit()?;
            *last_commit = Instant::now();
        }
        Ok(())
    }

    fn delete(&self, id: &ArticleId) -> Result<()> {
        self.generation()?.delete(id)
    }

    fn committed(&mut self, is_wanted: &dyn Fn(&str) -> bool) -> Result<Vec<(ArticleId, u64)>> {
        let Some(open) = self.open.get() else {
            return Ok(Vec::new());
        };
        open.commit()?;
        open.committed(is_wanted)
    }

    fn commit(&mut self) -> Result<Vec<Refused>> {
        let Some(open) = self.open.get() else {
            return Ok(Vec::new());
        };
        open.commit()?;
        Ok(open.bulk.refused())
    }

    fn stop_merging(&mut self) {
        // The nodes of the cluster merge by themselves.
    }

    fn ledger(&self) -> Result<Option<Vec<u8>>> {
        self.open.get().map_or(Ok(None), OpenGeneration::ledger)
    }

    fn set_ledger(&mut self, bytes: &[u8]) -> Result<()> {
        let open = self.open.get();
        open.map_or(Ok(()), |open| open.set_ledger(bytes))
    }

    fn set_graph(&mut self, graph: CollectionGraph) -> Result<()> {
        self.generation()?.set_graph(&graph)
    }

    fn stored(&mut self) -> Result<Box<dyn StoredArticles>> {
        Ok(Box::new(RemoteArticles {
            requester: self.requester.clone(),
            index: self.generation()?.generation.index.clone(),
        }))
    }

    fn begin_rebuild(&mut self) -> Result<Option<Predecessor>> {
        match &self.role {
            // Other jobs may be writing, and a rebuild would keep them out. The job's report says
            // that a rebuild is due.
            Role::Current | Role::Fresh => Ok(None),
            Role::Existing(existing) => predecessor(&self.requester, &existing.read).map(Some),
        }
    }

    fn finish(&mut self, ending: Ending) -> Result<()> {
        match ending {
            Ending::Keep => self.keep(),
            Ending::Discard => self.discard(),
        }
    }
}
