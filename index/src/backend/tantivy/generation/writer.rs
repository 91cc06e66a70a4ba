//! The writer of the embedded index: which generation is written to, and when it becomes the current one.

use parking_lot::Mutex;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::Generation;
use super::current::{current_name, make_current, remove_others};
use super::lock::WriterLock;
use super::open::OpenGeneration;
use super::rebuild::{learn_graph, rebuild_locked};
use crate::backend::Writer;
use crate::document::AnalyzedArticle;
use crate::document::ArticleId;
use crate::error::{Error, ErrorKind, Result};
use crate::learning::{
    Boilerplate, CollectionGraph, Growth, JobControl, RebuildReport, TrainingSize,
};
use fihrist_arabic::{Analyzer, Model};

/// Holds the lock of a data directory, and the generation that is written to.
pub struct EmbeddedWriter {
    data: PathBuf,
    lock: WriterLock,
    /// Whether a generation that is begun becomes current only when the job finishes.
    swaps: bool,
    /// Empty until the first generation is begun.
    open: OnceLock<OpenGeneration>,
    /// Held while a generation is begun by the first article, which may come to several threads at once.
    beginning: Mutex<()>,
}

impl EmbeddedWriter {
    /// Writes to the current generation; where there is none, to one that is to be begun.
    pub fn open(data: &Path) -> Result<Self> {
        let writer = Self::locked(data, false)?;
        match Generation::open_current(data) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(writer),
            Err(error) => Err(error),
            Ok(current) => {
                remove_others(data, current.name())?;
                Ok(Self {
                    open: OpenGeneration::new(current)?.into(),
                    ..writer
                })
            }
        }
    }

    /// Writes to a new, empty generation, which replaces the current one at [`Writer::finish`].
    pub fn open_fresh(data: &Path) -> Result<Self> {
        let writer = Self::locked(data, true)?;
        match current_name(data) {
            Ok(current) => remove_others(data, &current)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(writer)
    }

    fn locked(data: &Path, swaps: bool) -> Result<Self> {
        let lock = WriterLock::acquire(data)?;
        Ok(Self {
            data: data.to_owned(),
            lock,
            swaps,
            open: OnceLock::new(),
            beginning: Mutex::new(()),
        })
    }

    fn open_generation(&self) -> Result<&OpenGeneration> {
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
            Boilerplate::default(),
        )?;
        Ok(self.open.get_or_init(|| first))
    }

    fn create(
        &self,
        model: Arc<Model>,
        learnt: TrainingSize,
        boilerplate: Boilerplate,
    ) -> Result<OpenGeneration> {
        let open = OpenGeneration::create(&self.data, model, learnt, boilerplate)?;
        if !self.swaps {
            make_current(&self.data, open.generation().name())?;
        }
        Ok(open)
    }
}

impl Writer for EmbeddedWriter {
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
        self.open = self.create(model, learnt, boilerplate)?.into();
        Ok(())
    }

    fn analyzer(&self) -> Result<&Analyzer> {
        Ok(self.open_generation()?.generation().analyzer())
    }

    fn boilerplate(&self) -> Result<&Boilerplate> {
        Ok(self.open_generation()?.generation().boilerplate())
    }

    fn growth(&self) -> Result<Growth> {
        let generation = self.open_generation()?.generation();
        let learnt_articles = generation.stamp().learnt().articles;
        let graph_articles = generation.graph().learnt.map(|learnt| learnt.articles);
        Ok(Growth {
            articles: generation.view().searcher.num_docs(),
            learnt_articles,
            graph_articles,
        })
    }

    fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        self.open_generation()?.content_hash(id)
    }

    fn upsert(&self, article: &AnalyzedArticle<'_>) -> Result<()> {
        self.open_generation()?.upsert(article)
    }

    fn delete_others(&mut self, keeps: &dyn Fn(&str) -> bool) -> Result<u64> {
        let Some(open) = self.open.get_mut() else {
            return Ok(0);
        };
        open.commit()?;
        let before = open.generation().view().searcher.num_docs();
        open.delete_others(keeps)?;
        open.commit()?;
        Ok(before.saturating_sub(open.generation().view().searcher.num_docs()))
    }

    fn ledger(&self) -> Result<Option<Vec<u8>>> {
        self.open
            .get()
            .map_or(Ok(None), |open| open.generation().ledger())
    }

    fn set_ledger(&mut self, bytes: &[u8]) -> Result<()> {
        self.open
            .get()
            .map_or(Ok(()), |open| open.generation().set_ledger(bytes))
    }

    fn delete(&self, id: &ArticleId) -> Result<()> {
        self.open_generation()?.delete(id)
    }

    fn commit(&mut self) -> Result<()> {
        self.open.get_mut().map_or(Ok(()), OpenGeneration::commit)
    }

    fn refused(&self) -> Vec<(ArticleId, String)> {
        // What cannot be stored fails at once.
        Vec::new()
    }

    fn set_graph(&mut self, graph: CollectionGraph) -> Result<()> {
        self.open_generation()?.generation().set_graph(&graph)
    }

    fn learn_graph(&mut self, control: JobControl<'_>) -> Result<Option<CollectionGraph>> {
        self.commit()?;
        learn_graph(&self.data, self.open_generation()?.generation(), control)
    }

    fn rebuild(&mut self, control: JobControl<'_>) -> Result<Option<RebuildReport>> {
        let Some(mut open) = self.open.take() else {
            return Err(Error::NoIndex(self.data.clone()));
        };
        open.commit()?;
        let old = open.finish()?;
        if self.swaps {
            make_current(&self.data, old.name())?;
            self.swaps = false;
        }
        // Its model is not needed while the next one is learnt.
        drop(old);
        let outcome = rebuild_locked(&self.data, &self.lock, control)?;
        let (rebuilt, current) = match outcome {
            Some((rebuilt, next)) => (Some(rebuilt), next),
            None => (None, Generation::open_current(&self.data)?),
        };
        self.open = OpenGeneration::new(current)?.into();
        Ok(rebuilt)
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        let Some(mut open) = self.open.take() else {
            return Ok(());
        };
        open.commit()?;
        let generation = open.finish()?;
        if self.swaps {
            make_current(&self.data, generation.name())?;
        }
        Ok(())
    }
}
