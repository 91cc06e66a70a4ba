//! A view: the data that is read or computed only once after a commit. All snapshots of that commit
//! share the view.
//!
//! Searches run in a point in time. If a node that holds a part of it leaves, a new point in time is opened. Then
//! searches may also see what was committed meanwhile.

use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::client::Client;
use super::copies::{self, ClusterSizes};
use super::files::{self, File, Read, State};
use super::generation::Generation;
use super::point_in_time;
use super::request::Requester;
use super::term_counts::{Dictionary, TermCounts};
use crate::backend::Once;
use crate::deadline::Deadline;
use crate::error::{Error, Result};
use crate::learning::graph::Graph;
use crate::learning::{CollectionGraph, TrainingSize};
use crate::parallel::warm_for;
use crate::query::Keyword;
use crate::ranking::RootGroups;
use fihrist_arabic::spelling::{Vocabulary, WordList};

/// How long a node keeps a point in time after the last search. Within this time, a caller may ask
/// for another page.
const KEPT: &str = "6m";

/// How long a search that lost a shard is tried again, while other nodes take over.
const LOSS: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(150);

/// The data that searches read after one commit.
pub struct View {
    client: Arc<Client>,
    pub generation: Arc<Generation>,
    pub read: Read,
    pub dictionary: Dictionary,
    pub graph: Arc<Graph>,
    pub graph_learnt: Option<TrainingSize>,
    /// The sizes of the clusters of copies.
    pub copies: Arc<ClusterSizes>,
    pub articles: u64,
    parts: FxHashMap<File, Arc<TermCounts>>,
    point_in_time: Mutex<Option<String>>,
    is_retired: AtomicBool,
    root_groups: Once<RootGroups>,
    vocabulary: Once<Vocabulary>,
    values: [Once<Vec<String>>; Keyword::ALL.len()],
}

impl View {
    /// Reads the files that a state names. Files that the view `before` has already read are
    /// reused.
    pub fn open(client: Arc<Client>, read: Read, before: Option<&Self>) -> Result<Self> {
        let deadline = Deadline::default();
        let requester = Requester::to_search(&client, &deadline);
        let same = before.filter(|before| {
            before.read.index == read.index && before.read.state.model == read.state.model
        });
        let generation = match same {
            Some(before) => Arc::clone(&before.generation),
            None => Arc::new(Generation::open(requester, &read)?),
        };
        let mut parts = FxHashMap::default();
        for file in &read.state.words {
            let part = match same.and_then(|before| before.parts.get(file)) {
                Some(part) => Arc::clone(part),
                None => Arc::new(read_term_counts(requester, &read.index, file)?),
            };
            parts.insert(file.clone(), part);
        }
        let (graph, graph_learnt) =
            match same.filter(|before| before.read.state.graph == read.state.graph) {
                Some(before) => (Arc::clone(&before.graph), before.graph_learnt),
                None => read_graph(requester, &read),
            };
        let copies = match same.filter(|before| before.read.state.copies == read.state.copies) {
            Some(before) => Arc::clone(&before.copies),
            None => Arc::new(copies::read_sizes(requester, &read)?),
        };
        let articles = generation.count(requester)?;
        let dictionary = Dictionary::new(parts.values().cloned().collect(), articles);
        Ok(Self {
            client,
            generation,
            read,
            dictionary,
            graph,
            graph_learnt,
            copies,
            articles,
            parts,
            point_in_time: Mutex::default(),
            is_retired: AtomicBool::new(false),
            root_groups: Once::default(),
            vocabulary: Once::default(),
            values: Default::default(),
        })
    }

    /// Returns whether the view shows the state `read`.
    pub fn is_of(&self, read: &Read) -> bool {
        // The ledger makes no difference to searches.
        let own = &self.read;
        let other = read;
        let is_same_state = own.state
            == State {
                ledger: own.state.ledger.clone(),
                ..other.state.clone()
            };
        own.index == other.index && is_same_state
    }

    /// Returns the client of the cluster.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Runs a search in the point in time of this view.
    pub fn search(&self, deadline: &Deadline, body: &Value) -> Result<Value> {
        let requester = Requester::to_search(&self.client, deadline);
        let retry_until = Instant::now() + LOSS;
        loop {
            deadline.check()?;
            let point_in_time = self.point_in_time(requester)?;
            let mut body = body.clone();
            body["pit"] = json!({"id": point_in_time, "keep_alive": KEPT});
            let lost = match requester.search_once("/_search", &body) {
                Ok(answer) if answer.status() < 300 => {
                    return Ok(answer.accepted(self.client.urls())?.0);
                }
                Ok(answer) if !answer.is_loss() => {
                    return Err(answer.refusal().into_error(self.client.urls()));
                }
                Ok(answer) => answer.refusal().into_error(self.client.urls()),
                Err(error @ Error::Unavailable { .. }) => error,
                Err(error) => return Err(error),
            };
            self.forget(&point_in_time);
            if Instant::now() > retry_until {
                return Err(lost);
            }
            sleep(PAUSE);
        }
    }

    /// Returns the root groups of the stems.
    pub fn root_groups(&self) -> Result<Arc<RootGroups>> {
        self.root_groups.get(|| {
            Ok(RootGroups::new(
                self.dictionary.body_stems(),
                self.dictionary.articles(),
            ))
        })
    }

    /// Returns the vocabulary.
    pub fn vocabulary(&self) -> Result<Arc<Vocabulary>> {
        self.vocabulary.get(|| {
            let words: WordList = self.dictionary.words().into_iter().collect();
            warm_for(&self.generation.analyzer, words.word_count());
            Ok(Vocabulary::new(words, &self.generation.analyzer))
        })
    }

    /// Returns the cache for the values of a field.
    pub fn values_of(&self, field: Keyword) -> &Once<Vec<String>> {
        let [source, section, author] = &self.values;
        match field {
            Keyword::Source => source,
            Keyword::Section => section,
            Keyword::Author => author,
        }
    }

    /// Computes the data that queries need, so that no query waits for it.
    pub fn warm(&self) -> Result<()> {
        self.root_groups()?;
        self.vocabulary().map(drop)
    }

    /// Drops the vocabulary, which takes the most memory. Called when a later view has replaced
    /// this one.
    pub fn retire(&self) {
        self.is_retired.store(true, Ordering::Relaxed);
        self.vocabulary.forget();
    }

    /// Returns whether a later view has replaced this one.
    pub fn is_retired(&self) -> bool {
        self.is_retired.load(Ordering::Relaxed)
    }

    fn point_in_time(&self, requester: Requester<'_>) -> Result<String> {
        // The lock is held until the point in time is open, so that other searches use the same
        // one.
        let mut open = self.point_in_time.lock();
        if let Some(open) = &*open {
            return Ok(open.clone());
        }
        let id = point_in_time::open(requester, &self.generation.index, KEPT)?;
        Ok(open.insert(id).clone())
    }

    /// Forgets the point in time `lost`, unless another one has already replaced it.
    fn forget(&self, lost: &str) {
        let mut open = self.point_in_time.lock();
        if open.as_deref() == Some(lost) {
            *open = None;
        }
    }
}

impl Drop for View {
    fn drop(&mut self) {
        if let Some(id) = self.point_in_time.get_mut().take() {
            point_in_time::close(&self.client, &id);
        }
    }
}

/// Reads a file of term counts.
pub fn read_term_counts(requester: Requester<'_>, index: &str, file: &File) -> Result<TermCounts> {
    let bytes = files::get(requester, index, file)?;
    TermCounts::from_bytes(&bytes).map_err(Error::internal("read the words of the index"))
}

/// Returns the graph to search with, and how much it was learnt from. If the graph cannot be read,
/// logs a warning and returns the base graph.
fn read_graph(requester: Requester<'_>, read: &Read) -> (Arc<Graph>, Option<TrainingSize>) {
    let Some(file) = &read.state.graph else {
        return (Graph::base(), None);
    };
    let own = files::get(requester, &read.index, file)
        .map_err(|error| error.to_string())
        .and_then(|bytes| CollectionGraph::from_bytes(&bytes).map_err(|error| error.to_string()));
    match own {
        Ok(own) => (Arc::new(own.on_base()), Some(own.learnt)),
        Err(reason) => {
            tracing::warn!(
                "cannot use the graph of `{}`: {reason}; the next indexing job learns it anew",
                read.index
            );
            (Graph::base(), None)
        }
    }
}
