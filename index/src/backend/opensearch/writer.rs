//! The writer to a cluster: which generation is written to, and when it becomes the current one. Nobody holds a lock: jobs over
//! parts of the input run side by side, and only a rebuild keeps them out, by closing the index against writing.

use parking_lot::Mutex;
use std::sync::{Arc, OnceLock};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::Client;
use super::generation::{self, Generation};
use super::opened::Opened;
use super::rebuild::learn_graph;
use super::request::Talk;
use crate::backend::{Cluster, Writer};
use crate::deadline::Deadline;
use crate::document::AnalyzedArticle;
use crate::document::ArticleId;
use crate::error::{Error, Result};
use crate::learning::{
    Boilerplate, CollectionGraph, Growth, JobControl, RebuildReport, TrainingSize,
};
use fihrist_arabic::{Analyzer, Model};

/// How long one waits for whoever is making the first generation.
const MAKING: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(250);

/// Writes to a generation in a cluster.
pub struct RemoteWriter {
    cluster: Cluster,
    client: Client,
    deadline: Deadline,
    /// Whether a generation that is begun becomes current only when the job finishes.
    swaps: bool,
    /// Empty until the first generation is begun.
    open: OnceLock<Opened>,
    /// Held while a generation is begun by the first article, which may come to several threads at once.
    beginning: Mutex<()>,
}

impl RemoteWriter {
    /// Writes to the current generation; where there is none, or a fresh one is wanted, to one that is to be begun.
    pub fn open(cluster: &Cluster, is_fresh: bool) -> Result<Self> {
        let client = Client::new(cluster)?;
        let writer = Self {
            cluster: cluster.clone(),
            client,
            deadline: Deadline::default(),
            swaps: is_fresh,
            open: OnceLock::new(),
            beginning: Mutex::new(()),
        };
        let talk = Talk::to_look(&writer.client, &writer.deadline);
        let Some(read) = generation::current(talk)?.filter(|_| !is_fresh) else {
            return Ok(writer);
        };
        let current = Generation::open(talk, &read)?;
        current.wait_for_rebuild(talk)?;
        Ok(Self {
            open: Opened::new(current, false).into(),
            ..writer
        })
    }

    fn talk(&self) -> Talk<'_> {
        Talk::to_write(&self.client, &self.deadline)
    }

    fn opened(&self) -> Result<&Opened> {
        if let Some(open) = self.open.get() {
            return Ok(open);
        }
        let _one_begins = self.beginning.lock();
        if let Some(open) = self.open.get() {
            return Ok(open);
        }
        let first = self.create(
            Model::base(),
            TrainingSize::default(),
            &Boilerplate::default(),
        )?;
        Ok(self.open.get_or_init(|| first))
    }

    /// Makes a generation. Where several jobs begin the same index at the same time, one of them makes it, with the model of
    /// its part, and the others write to that.
    fn create(
        &self,
        model: Arc<Model>,
        learnt: TrainingSize,
        boilerplate: &Boilerplate,
    ) -> Result<Opened> {
        let talk = self.talk();
        let number = if self.swaps {
            generation::next_number(talk)?
        } else {
            1
        };
        let retry_until = Instant::now() + MAKING;
        loop {
            if !self.swaps
                && let Some(read) = generation::current(talk)?
            {
                return Ok(Opened::new(Generation::open(talk, &read)?, false));
            }
            let made = Generation::create(
                talk,
                &self.cluster,
                number,
                Arc::clone(&model),
                learnt,
                boilerplate.clone(),
            )?;
            if let Some(generation) = made {
                if !self.swaps {
                    generation.make_current(talk)?;
                }
                // Others may write to one that is current.
                return Ok(Opened::new(generation, self.swaps));
            }
            if Instant::now() > retry_until {
                return Err(Error::Busy {
                    data: self.client.index().into(),
                    holder: "it has begun to make the index and does not go on".to_owned(),
                });
            }
            generation::remove_if_left(talk, number)?;
            sleep(LOOK);
        }
    }
}

impl Writer for RemoteWriter {
    fn is_new(&self) -> bool {
        self.open.get().is_none()
    }

    fn begin(
        &mut self,
        model: Arc<Model>,
        learnt: TrainingSize,
        boilerplate: Boilerplate,
    ) -> Result<()> {
        debug_assert!(self.is_new(), "a generation that has a model keeps it");
        self.open = self.create(model, learnt, &boilerplate)?.into();
        Ok(())
    }

    fn analyzer(&self) -> Result<&Analyzer> {
        Ok(&self.opened()?.generation.analyzer)
    }

    fn boilerplate(&self) -> Result<&Boilerplate> {
        Ok(&self.opened()?.generation.boilerplate)
    }

    fn growth(&self) -> Result<Growth> {
        let (open, talk) = (self.opened()?, self.talk());
        Ok(Growth {
            articles: open.generation.count(talk)?,
            learnt_articles: open.generation.learnt.articles,
            graph_articles: open.graph(talk)?.map(|own| own.learnt.articles),
        })
    }

    fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        self.opened()?.content_hash(self.talk(), id)
    }

    fn upsert(&self, article: &AnalyzedArticle<'_>) -> Result<()> {
        self.opened()?.upsert(self.talk(), article)
    }

    fn delete_others(&mut self, keeps: &dyn Fn(&str) -> bool) -> Result<u64> {
        let Some(open) = self.open.get() else {
            return Ok(0);
        };
        let talk = self.talk();
        open.commit(talk)?;
        let before = open.generation.count(talk)?;
        open.delete_others(talk, keeps)?;
        open.commit(talk)?;
        Ok(before.saturating_sub(open.generation.count(talk)?))
    }

    fn ledger(&self) -> Result<Option<Vec<u8>>> {
        self.open
            .get()
            .map_or(Ok(None), |open| open.ledger(self.talk()))
    }

    fn set_ledger(&mut self, bytes: &[u8]) -> Result<()> {
        self.open
            .get()
            .map_or(Ok(()), |open| open.set_ledger(self.talk(), bytes))
    }

    fn delete(&self, id: &ArticleId) -> Result<()> {
        self.opened()?.delete(self.talk(), id)
    }

    fn commit(&mut self) -> Result<()> {
        self.open
            .get()
            .map_or(Ok(()), |open| open.commit(self.talk()))
    }

    fn refused(&self) -> Vec<(ArticleId, String)> {
        self.open.get().map(Opened::refused).unwrap_or_default()
    }

    fn set_graph(&mut self, graph: CollectionGraph) -> Result<()> {
        let (open, talk) = (self.opened()?, self.talk());
        // Of jobs that have begun side by side, the one that has seen most has the say.
        let known = open.graph(talk)?.map_or(0, |known| known.learnt.articles);
        if known > graph.learnt.articles {
            Ok(())
        } else {
            open.set_graph(talk, &graph)
        }
    }

    fn learn_graph(&mut self, control: JobControl<'_>) -> Result<Option<CollectionGraph>> {
        self.commit()?;
        learn_graph(self.talk(), self.opened()?, control)
    }

    fn rebuild(&mut self, _: JobControl<'_>) -> Result<Option<RebuildReport>> {
        // Other jobs may be writing, which a rebuild would keep out: the report says that one is due.
        self.commit().map(|()| None)
    }

    fn finish(self: Box<Self>) -> Result<()> {
        let Some(open) = self.open.get() else {
            return Ok(());
        };
        let talk = self.talk();
        open.commit(talk)?;
        open.settle_copies(talk)?;
        if self.swaps {
            open.generation.make_current(talk)
        } else {
            Ok(())
        }
    }
}

impl Generation {
    /// Returns when the index can be written to, or an error if it is being rebuilt. One that was closed for a rebuild that has
    /// not come to its end is opened again.
    fn wait_for_rebuild(&self, talk: Talk<'_>) -> Result<()> {
        let path = format!("/{}/_settings/index.blocks.write", self.index);
        let settings = talk.get(path)?.accepted(talk.client)?;
        if settings.0[&self.index]["settings"]["index"]["blocks"]["write"] != json!("true") {
            return Ok(());
        }
        if let Some(number) = self.successor(talk)? {
            let holder = format!("a rebuild, into generation {number}");
            return Err(Error::Busy {
                data: talk.client.index().into(),
                holder,
            });
        }
        self.close(talk, false)
    }
}
