//! The writer to a cluster: which generation is written to, and when it becomes the current one.
//!
//! Writers hold no lock, so several jobs can each write a part of the input at the same time. Only
//! a rebuild keeps other writers out: it closes the index against writing.

use parking_lot::Mutex;
use std::sync::{Arc, OnceLock};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::Client;
use super::files::Read;
use super::generation::{self, Generation};
use super::no_index;
use super::open_generation::OpenGeneration;
use super::rebuild::{RemoteArticles, predecessor};
use super::request::Requester;
use crate::backend::{Analysis, Cluster, Ending, Predecessor, Refused, StoredArticles, Writer};
use crate::deadline::Deadline;
use crate::document::{AnalyzedArticle, ArticleId};
use crate::error::{Error, Result};
use crate::learning::{Boilerplate, CollectionGraph, Growth, TrainingSize};
use fihrist_arabic::Model;

/// How long a writer waits while another one creates the first generation.
const MAKING: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(250);

/// How often a rebuild commits. Other writers see from the commits that the rebuild is not
/// abandoned.
const COMMIT_INTERVAL: Duration = Duration::from_secs(30);

/// Writes to a generation in a cluster.
pub struct RemoteWriter {
    cluster: Cluster,
    client: Arc<Client>,
    deadline: Deadline,
    role: Role,
    /// The generation that is written to; empty until it is opened or begun.
    open: OnceLock<OpenGeneration>,
    /// Held while a generation is opened, because the first articles may come from several threads at once.
    opening: Mutex<()>,
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
        let role = if is_fresh { Role::Fresh } else { Role::Current };
        let writer = Self::new(cluster, client, role);
        let requester = Requester::to_look(&writer.client, &writer.deadline);
        let Some(read) = generation::current(requester)?.filter(|_| !is_fresh) else {
            return Ok(writer);
        };
        let current = Generation::open(requester, &read)?;
        current.wait_for_rebuild(requester)?;
        Ok(Self {
            open: OpenGeneration::new(current, false).into(),
            ..writer
        })
    }

    /// Opens an index; fails if there is none. Its generation is opened later, when needed, because
    /// a rebuild also accepts a generation of another version.
    pub fn open_existing(cluster: &Cluster) -> Result<Self> {
        let client = Arc::new(Client::new(cluster)?);
        let deadline = Deadline::default();
        let requester = Requester::to_write(&client, &deadline);
        let existing = Existing {
            read: generation::current(requester)?.ok_or_else(|| no_index(&client))?,
            is_closed: false,
            last_commit: Mutex::new(Instant::now()),
        };
        Ok(Self::new(
            cluster,
            client,
            Role::Existing(Box::new(existing)),
        ))
    }

    fn new(cluster: &Cluster, client: Arc<Client>, role: Role) -> Self {
        Self {
            cluster: cluster.clone(),
            client,
            deadline: Deadline::default(),
            role,
            open: OnceLock::new(),
            opening: Mutex::new(()),
        }
    }

    fn requester(&self) -> Requester<'_> {
        Requester::to_write(&self.client, &self.deadline)
    }

    /// Returns the generation that is written to. Opens or begins it, if none is open.
    fn generation(&self) -> Result<&OpenGeneration> {
        if let Some(open) = self.open.get() {
            return Ok(open);
        }
        let _one_opens = self.opening.lock();
        if let Some(open) = self.open.get() {
            return Ok(open);
        }
        let opened = match &self.role {
            Role::Existing(existing) => {
                OpenGeneration::new(Generation::open(self.requester(), &existing.read)?, false)
            }
            Role::Current | Role::Fresh => self.create(
                Model::base(),
                TrainingSize::default(),
                &Boilerplate::default(),
            )?,
        };
        Ok(self.open.get_or_init(|| opened))
    }

    /// Creates a generation. If several jobs begin the same index at the same time, one of them
    /// creates it, with the model of its part of the input. The others write to that generation.
    fn create(
        &self,
        model: Arc<Model>,
        learnt: TrainingSize,
        boilerplate: &Boilerplate,
    ) -> Result<OpenGeneration> {
        let requester = self.requester();
        let is_fresh = match &self.role {
            Role::Current => false,
            Role::Fresh | Role::Existing(_) => true,
        };
        let number = if is_fresh {
            generation::next_number(requester)?
        } else {
            1
        };
        let retry_until = Instant::now() + MAKING;
        loop {
            if !is_fresh && let Some(read) = generation::current(requester)? {
                return Ok(OpenGeneration::new(
                    Generation::open(requester, &read)?,
                    false,
                ));
            }
            let made = Generation::create(
                requester,
                &self.cluster,
                number,
                Arc::clone(&model),
                learnt,
                boilerplate.clone(),
            )?;
            if let Some(generation) = made {
                if !is_fresh {
                    generation.make_current(requester)?;
                }
                // Other jobs may write to a generation that is current. A fresh one is not current
                // yet.
                return Ok(OpenGeneration::new(generation, is_fresh));
            }
            if Instant::now() > retry_until {
                return Err(Error::Busy {
                    data: self.client.index().into(),
                    holder: "it began to create the index and does not continue".to_owned(),
                });
            }
            generation::remove_if_abandoned(requester, number)?;
            sleep(LOOK);
        }
    }

    /// Creates the successor of the current generation, and closes the current one against other
    /// writers.
    fn create_successor(
        &mut self,
        model: Arc<Model>,
        learnt: TrainingSize,
        boilerplate: Boilerplate,
    ) -> Result<()> {
        let requester = Requester::to_write(&self.client, &self.deadline);
        let number = generation::next_number(requester)?;
        let made =
            Generation::create(requester, &self.cluster, number, model, learnt, boilerplate)?;
        let Some(generation) = made else {
            return Err(Error::Busy {
                data: self.client.index().into(),
                holder: format!("it is creating generation {number}"),
            });
        };
        self.open = OpenGeneration::new(generation, true).into();
        let Role::Existing(existing) = &mut self.role else {
            return Ok(());
        };
        let old = existing.read.articles();
        generation::close(requester, old, true)?;
        existing.is_closed = true;
        // The refresh makes visible what was written before the index was closed.
        requester
            .post(format!("/{old}/_refresh"), &json!({}))?
            .accepted(requester.client.urls())?;
        *existing.last_commit.lock() = Instant::now();
        Ok(())
    }

    /// Commits, and makes a new generation current.
    fn keep(&mut self) -> Result<()> {
        let requester = Requester::to_write(&self.client, &self.deadline);
        let Some(open) = self.open.get() else {
            return Ok(());
        };
        open.commit(requester)?;
        open.update_copies(requester)?;
        match &self.role {
            Role::Current => {}
            Role::Fresh | Role::Existing(_) => open.generation.make_current(requester)?,
        }
        self.role = Role::Current;
        Ok(())
    }

    /// Removes a new generation, and opens the current one to other writers again.
    fn discard(&mut self) -> Result<()> {
        let open = self.open.take();
        let role = std::mem::replace(&mut self.role, Role::Current);
        match role {
            Role::Current => {}
            Role::Fresh => {
                if let Some(open) = open {
                    open.generation.remove(self.requester());
                }
            }
            Role::Existing(existing) => {
                if let Some(open) = open {
                    open.generation.remove(self.requester());
                }
                if existing.is_closed {
                    generation::close(self.requester(), existing.read.articles(), false)?;
                }
            }
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

    fn begin(
        &mut self,
        model: Arc<Model>,
        learnt: TrainingSize,
        boilerplate: Boilerplate,
    ) -> Result<String> {
        debug_assert!(
            self.open.get().is_none(),
            "a generation that has a model keeps it"
        );
        match &self.role {
            Role::Existing(_) => self.create_successor(model, learnt, boilerplate)?,
            Role::Current | Role::Fresh => {
                self.open = self.create(model, learnt, &boilerplate)?.into();
            }
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
        let requester = self.requester();
        Ok(Growth {
            articles: open.generation.count(requester)?,
            learnt_articles: open.generation.learnt.articles,
            graph_articles: open.graph(requester)?.map(|own| own.learnt.articles),
        })
    }

    fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        self.generation()?.content_hash(self.requester(), id)
    }

    fn upsert(&self, article: &AnalyzedArticle<'_>) -> Result<()> {
        let open = self.generation()?;
        open.upsert(self.requester(), article)?;
        let Role::Existing(existing) = &self.role else {
            return Ok(());
        };
        let is_due = existing
            .last_commit
            .try_lock()
            .filter(|last| last.elapsed() > COMMIT_INTERVAL);
        if let Some(mut last_commit) = is_due {
            open.commit(self.requester())?;
            *last_commit = Instant::now();
        }
        Ok(())
    }

    fn delete(&self, id: &ArticleId) -> Result<()> {
        self.generation()?.delete(self.requester(), id)
    }

    fn delete_others(&mut self, keeps: &dyn Fn(&str) -> bool) -> Result<u64> {
        let Some(open) = self.open.get() else {
            return Ok(0);
        };
        let requester = self.requester();
        open.commit(requester)?;
        let before = open.generation.count(requester)?;
        open.delete_others(requester, keeps)?;
        open.commit(requester)?;
        Ok(before.saturating_sub(open.generation.count(requester)?))
    }

    fn commit(&mut self) -> Result<Vec<Refused>> {
        let Some(open) = self.open.get() else {
            return Ok(Vec::new());
        };
        open.commit(self.requester())?;
        Ok(open.refused())
    }

    fn ledger(&self) -> Result<Option<Vec<u8>>> {
        match self.open.get() {
            Some(open) => open.ledger(self.requester()),
            None => Ok(None),
        }
    }

    fn set_ledger(&mut self, bytes: &[u8]) -> Result<()> {
        match self.open.get() {
            Some(open) => open.set_ledger(self.requester(), bytes),
            None => Ok(()),
        }
    }

    fn set_graph(&mut self, graph: CollectionGraph) -> Result<()> {
        self.generation()?.set_graph(self.requester(), &graph)
    }

    fn stored(&mut self) -> Result<Box<dyn StoredArticles>> {
        let index = &self.generation()?.generation.index;
        Ok(Box::new(RemoteArticles::new(
            Arc::clone(&self.client),
            index,
        )))
    }

    fn begin_rebuild(&mut self) -> Result<Option<Predecessor>> {
        match &self.role {
            // Other jobs may be writing, and a rebuild would keep them out. The job's report says
            // that a rebuild is due.
            Role::Current | Role::Fresh => Ok(None),
            Role::Existing(existing) => predecessor(&self.client, &existing.read).map(Some),
        }
    }

    fn finish(&mut self, ending: Ending) -> Result<()> {
        match ending {
            Ending::Keep => self.keep(),
            Ending::Discard => self.discard(),
        }
    }
}
