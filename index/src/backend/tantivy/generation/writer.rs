//! The writer of the embedded index: which generation is written to, and when it becomes the current one.

use once_cell::sync::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::current::{current_name, if_any, make_current, remove, remove_others};
use super::lock::WriterLock;
use super::open::OpenGeneration;
use super::stored::EmbeddedArticles;
use super::{Generation, Stamp, directory, read_boilerplate, read_ledger};
use crate::backend::{Analysis, Basis, Ending, Predecessor, Refused, StoredArticles, Writer};
use crate::document::{AnalyzedArticle, ArticleId};
use crate::error::{Error, Result};
use crate::learning::{CollectionGraph, Growth};

/// Holds the lock of a data directory, and the generation that is written to.
pub struct EmbeddedWriter {
    data: PathBuf,
    role: Role,
    /// The generation that is written to; empty until it is opened or begun.
    open: OnceCell<OpenGeneration>,
    _lock: Arc<WriterLock>,
}

/// Which generation a writer writes to.
#[derive(PartialEq)]
enum Role {
    /// The current generation. If there is none, the first one, which becomes current when it is
    /// begun.
    Current,
    /// A new generation, which becomes current when the writer finishes.
    Fresh,
    /// The successor of a generation, made from the stored articles.
    Successor {
        /// The name of the predecessor.
        of: String,
    },
}

impl EmbeddedWriter {
    /// Opens an index for writing to its current generation. If there is none, the writer begins
    /// the first one later.
    pub fn open(data: &Path) -> Result<Self> {
        let mut writer = Self::new(data, Role::Current, WriterLock::acquire(data)?);
        let current = if_any(Generation::open_current(data))?;
        remove_others(data, current.as_ref().map(|current| &*current.name))?;
        if let Some(current) = current {
            writer.open = OpenGeneration::new(current)?.into();
        }
        Ok(writer)
    }

    /// Opens an index for writing to a new, empty generation, which replaces the current one at
    /// [`Writer::finish`].
    pub fn open_fresh(data: &Path) -> Result<Self> {
        let writer = Self::new(data, Role::Fresh, WriterLock::acquire(data)?);
        match if_any(current_name(data)) {
            Ok(current) => remove_others(data, current.as_deref())?,
            // No generation is left that could be lost.
            Err(Error::Damaged { .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(writer)
    }

    /// Opens an index; fails if there is none. Its generation is opened later, when needed, because
    /// a rebuild also accepts a generation of another version.
    pub fn open_existing(data: &Path) -> Result<Self> {
        // This check comes before the lock, because taking the lock would create the directory.
        current_name(data)?;
        let writer = Self::new(data, Role::Current, WriterLock::acquire(data)?);
        remove_others(data, Some(&current_name(data)?))?;
        Ok(writer)
    }

    /// Returns a writer for the successor of a generation that is not current. The caller holds the
    /// lock.
    pub(super) fn successor_of(data: &Path, name: &str, lock: Arc<WriterLock>) -> Self {
        let of = name.to_owned();
        Self::new(data, Role::Successor { of }, lock)
    }

    fn new(data: &Path, role: Role, lock: Arc<WriterLock>) -> Self {
        Self {
            data: data.to_owned(),
            role,
            open: OnceCell::new(),
            _lock: lock,
        }
    }

    /// Returns the generation that is written to. Opens the current one, or begins the first one, if none is open.
    fn generation(&self) -> Result<&OpenGeneration> {
        self.open.get_or_try_init(|| self.open_or_create())
    }

    fn open_or_create(&self) -> Result<OpenGeneration> {
        if self.role != Role::Fresh
            && let Some(current) = if_any(Generation::open_current(&self.data))?
        {
            return OpenGeneration::new(current);
        }
        self.create(Basis::default())
    }

    fn create(&self, basis: Basis) -> Result<OpenGeneration> {
        let generation = Generation::create(&self.data, basis)?;
        let open = OpenGeneration::new(generation)?;
        if self.role == Role::Current {
            make_current(&self.data, &open.generation.name)?;
        }
        Ok(open)
    }

    /// Fails when the open generation should be current and is not. Its commits would be lost.
    fn check_current(&self, open: &OpenGeneration) -> Result<()> {
        let generation = &open.generation.name;
        if self.role != Role::Current {
            return Ok(());
        }
        let name = current_name(&self.data)?;
        if name == *generation {
            return Ok(());
        }
        Err(Error::CurrentLost {
            data: self.data.clone(),
            fault: format!("names `{name}` instead of the generation that is written to"),
            generation: generation.clone(),
        })
    }

    /// Commits the open generation, and makes it current if it is a new one.
    fn keep(&mut self) -> Result<()> {
        let Some(mut open) = self.open.take() else {
            return Ok(());
        };
        self.check_current(&open)?;
        open.commit()?;
        let generation = open.finish()?;
        let name = &generation.name;
        if self.role != Role::Current {
            make_current(&self.data, name)?;
            remove_others(&self.data, Some(name))?;
        }
        if let Role::Successor { .. } = self.role {
            self.open = OpenGeneration::new(generation)?.into();
        }
        self.role = Role::Current;
        Ok(())
    }

    /// Removes the open generation if it is a new one.
    fn discard(&mut self) -> Result<()> {
        let name = self.open.take().map(|open| open.generation.name.clone());
        if std::mem::replace(&mut self.role, Role::Current) == Role::Current {
            return Ok(());
        }
        if let Some(name) = name {
            remove(&self.data, &name);
        }
        // A generation of another version stays closed, because only a rebuild can use it.
        if let Ok(current) = Generation::open_current(&self.data) {
            self.open = OpenGeneration::new(current)?.into();
        }
        Ok(())
    }
}

impl Writer for EmbeddedWriter {
    fn is_new(&self) -> bool {
        let has_none = || matches!(current_name(&self.data), Err(Error::NoIndex(_)));
        self.open.get().is_none() && (self.role == Role::Fresh || has_none())
    }

    fn begin(&mut self, basis: Basis) -> Result<String> {
        debug_assert!(
            self.open.get().is_none(),
            "a generation that has a model keeps it"
        );
        let open = self.create(basis)?;
        let name = open.generation.name.clone();
        self.open = open.into();
        Ok(name)
    }

    fn analysis(&self) -> Result<Analysis<'_>> {
        let generation = &self.generation()?.generation;
        Ok(Analysis {
            analyzer: &generation.analyzer,
            boilerplate: &generation.boilerplate,
        })
    }

    fn growth(&self) -> Result<Growth> {
        let generation = &self.generation()?.generation;
        let graph_learnt = generation.graph().learnt;
        Ok(Growth {
            articles: generation.view().searcher.num_docs(),
            learnt_articles: generation.stamp.learnt().articles,
            graph_articles: graph_learnt.map(|learnt| learnt.articles),
        })
    }

    fn content_hash(&self, id: &ArticleId) -> Result<Option<u64>> {
        self.generation()?.content_hash(id)
    }

    fn upsert(&self, article: &AnalyzedArticle<'_>) -> Result<()> {
        let open = self.generation()?;
        match self.role {
            Role::Current | Role::Fresh => open.upsert(article),
            // Stored articles have different ids, so none has to be replaced.
            Role::Successor { .. } => open.add(article),
        }
    }

    fn delete(&self, id: &ArticleId) -> Result<()> {
        self.generation()?.delete(id)
    }

    fn delete_others(&mut self, keeps: &dyn Fn(&str) -> bool) -> Result<u64> {
        self.commit()?;
        let Some(open) = self.open.get_mut() else {
            return Ok(0);
        };
        let before = open.generation.view().searcher.num_docs();
        open.delete_others(keeps)?;
        open.commit()?;
        Ok(before.saturating_sub(open.generation.view().searcher.num_docs()))
    }

    fn commit(&mut self) -> Result<Vec<Refused>> {
        if let Some(open) = self.open.get() {
            self.check_current(open)?;
        }
        if let Some(open) = self.open.get_mut() {
            open.commit()?;
        }
        // There are none, because the write of an article that cannot be stored fails at once.
        Ok(Vec::new())
    }

    fn ledger(&self) -> Result<Option<Vec<u8>>> {
        let open = self.open.get();
        open.map_or(Ok(None), |open| open.generation.ledger())
    }

    fn set_ledger(&mut self, bytes: &[u8]) -> Result<()> {
        let open = self.open.get();
        open.map_or(Ok(()), |open| open.generation.set_ledger(bytes))
    }

    fn set_graph(&mut self, graph: CollectionGraph) -> Result<()> {
        self.generation()?.generation.set_graph(&graph)
    }

    fn stored(&mut self) -> Result<Box<dyn StoredArticles>> {
        let name = &self.generation()?.generation.name;
        Ok(Box::new(EmbeddedArticles::open(&self.data, name)?))
    }

    fn begin_rebuild(&mut self) -> Result<Option<Predecessor>> {
        // The generation is closed first: its model takes memory that learning the next model
        // needs.
        if let Some(open) = self.open.take() {
            let generation = open.finish()?;
            if self.role == Role::Fresh {
                make_current(&self.data, &generation.name)?;
            }
        }
        let of = match &self.role {
            Role::Successor { of } => of.clone(),
            Role::Current | Role::Fresh => current_name(&self.data)?,
        };
        let articles = EmbeddedArticles::open(&self.data, &of)?;
        let directory = directory(&self.data, &of);
        let stamp = Stamp::read(&self.data, &directory)?;
        let predecessor = Predecessor {
            model_hash: articles.model_hash.clone(),
            articles: Box::new(articles),
            boilerplate: read_boilerplate(&self.data, &directory, &stamp)?,
            ledger: read_ledger(&directory, &stamp)?,
        };
        self.role = Role::Successor { of };
        Ok(Some(predecessor))
    }

    fn finish(&mut self, ending: Ending) -> Result<()> {
        match ending {
            Ending::Keep => self.keep(),
            Ending::Discard => self.discard(),
        }
    }
}
