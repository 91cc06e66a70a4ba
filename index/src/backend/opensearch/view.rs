//! A generation as it was after one commit, and what is read from it once. The cluster keeps the same moment for searches, a
//! point in time; where a node that kept a part of it is gone, the moment is chosen anew, and nobody notices but by what was
//! committed meanwhile.

use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::client::Client;
use super::copies;
use super::files::{self, File, Read, State};
use super::generation::Generation;
use super::point_in_time;
use super::request::Talk;
use super::summary;
use super::words::{Dictionary, Part};
use crate::backend::Once;
use crate::deadline::Deadline;
use crate::error::{Error, Result};
use crate::learning::graph::Graph;
use crate::learning::{CollectionGraph, TrainingSize};
use crate::parallel::warm_for;
use crate::query::Keyword;
use crate::ranking::{RootGroups, TermStatistics};
use fihrist_arabic::spelling::{Vocabulary, WordList};

/// How long a node keeps a moment after the last search in it: as long as somebody may turn to another page.
const KEPT: &str = "6m";

/// A search that meets a loss goes on for so long, while others take over.
const LOSS: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(150);

/// What searches see after one commit.
pub struct View {
    client: Arc<Client>,
    pub generation: Arc<Generation>,
    pub read: Read,
    pub dictionary: Dictionary,
    pub graph: Arc<Graph>,
    pub graph_learnt: Option<TrainingSize>,
    /// The sizes of the clusters of copies.
    pub copies: Arc<FxHashMap<u64, u32>>,
    pub articles: u64,
    parts: FxHashMap<File, Arc<Part>>,
    moment: Mutex<Option<String>>,
    is_retired: AtomicBool,
    root_groups: Once<RootGroups>,
    vocabulary: Once<Vocabulary>,
    values: [Once<Vec<String>>; Keyword::ALL.len()],
}

impl View {
    /// Reads what a state names; what the view before has read already is taken from that.
    pub fn open(client: Arc<Client>, read: Read, before: Option<&Self>) -> Result<Self> {
        let deadline = Deadline::default();
        let talk = Talk::to_search(&client, &deadline);
        let same = before.filter(|before| {
            before.read.index == read.index && before.read.state.model == read.state.model
        });
        let generation = match same {
            Some(before) => Arc::clone(&before.generation),
            None => Arc::new(Generation::open(talk, &read)?),
        };
        let mut parts = FxHashMap::default();
        for file in &read.state.words {
            let part = match same.and_then(|before| before.parts.get(file)) {
                Some(part) => Arc::clone(part),
                None => Arc::new(read_part(talk, &read.index, file)?),
            };
            parts.insert(file.clone(), part);
        }
        let (graph, graph_learnt) =
            match same.filter(|before| before.read.state.graph == read.state.graph) {
                Some(before) => (Arc::clone(&before.graph), before.graph_learnt),
                None => read_graph(talk, &read),
            };
        let copies = match same.filter(|before| before.read.state.copies == read.state.copies) {
            Some(before) => Arc::clone(&before.copies),
            None => Arc::new(copies::read_sizes(talk, &read)?),
        };
        let articles = generation.count(talk)?;
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
            moment: Mutex::default(),
            is_retired: AtomicBool::new(false),
            root_groups: Once::default(),
            vocabulary: Once::default(),
            values: Default::default(),
        })
    }

    /// Whether it shows this state.
    pub fn is_of(&self, read: &Read) -> bool {
        // What is known of files changes nothing here.
        let (own, other) = (&self.read, read);
        let is_same_state = own.state
            == State {
                ledger: own.state.ledger.clone(),
                ..other.state.clone()
            };
        own.index == other.index && is_same_state
    }

    /// The way to the cluster.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// How many other articles are copies of one in a cluster of copies.
    pub fn copies_of(&self, cluster: u64) -> u64 {
        self.copies
            .get(&cluster)
            .map_or(0, |size| u64::from(size.saturating_sub(1)))
    }

    /// Runs a search in this moment.
    pub fn search(&self, deadline: &Deadline, body: &Value) -> Result<Value> {
        let talk = Talk::to_search(&self.client, deadline);
        let retry_until = Instant::now() + LOSS;
        loop {
            deadline.check()?;
            let moment = self.moment(talk)?;
            let mut body = body.clone();
            body["pit"] = json!({"id": moment, "keep_alive": KEPT});
            let lost = match talk.search_once("/_search", &body) {
                Ok(answer) if answer.status() < 300 => return Ok(answer.accepted(&self.client)?.0),
                Ok(answer) if !answer.is_loss() => {
                    return Err(self.client.refused(&answer.refusal()));
                }
                Ok(answer) => self.client.refused(&answer.refusal()),
                Err(error @ Error::Unavailable { .. }) => error,
                Err(error) => return Err(error),
            };
            self.forget(&moment);
            if Instant::now() > retry_until {
                return Err(lost);
            }
            sleep(PAUSE);
        }
    }

    /// The kin of the stems.
    pub fn root_groups(&self) -> Result<Arc<RootGroups>> {
        self.root_groups.get(|| {
            Ok(RootGroups::new(
                self.dictionary.body_stems(),
                self.dictionary.articles(),
            ))
        })
    }

    /// The words.
    pub fn vocabulary(&self) -> Result<Arc<Vocabulary>> {
        self.vocabulary.get(|| {
            let words: WordList = self.dictionary.words().into_iter().collect();
            warm_for(&self.generation.analyzer, words.iter().count());
            Ok(Vocabulary::new(words, &self.generation.analyzer))
        })
    }

    /// The values of a field, in the order of the alphabet.
    pub fn values(&self, deadline: &Deadline, field: Keyword) -> Result<Arc<Vec<String>>> {
        let number = Keyword::ALL
            .iter()
            .position(|each| *each == field)
            .unwrap_or_default();
        let read = || summary::values(self, deadline, field);
        self.values
            .get(number)
            .map_or_else(|| read().map(Arc::new), |once| once.get(read))
    }

    /// Reads what queries need, so that none waits for it.
    pub fn warm(&self) -> Result<()> {
        self.root_groups()?;
        self.vocabulary().map(drop)
    }

    /// Lets go of the words, which weigh the most: a later view has taken its place, whose words will do.
    pub fn retire(&self) {
        self.is_retired.store(true, Ordering::Relaxed);
        self.vocabulary.forget();
    }

    /// Whether a later view has taken its place.
    pub fn is_retired(&self) -> bool {
        self.is_retired.load(Ordering::Relaxed)
    }

    fn moment(&self, talk: Talk<'_>) -> Result<String> {
        // Held while it is chosen, so that whoever comes meanwhile searches the same.
        let mut moment = self.moment.lock();
        if let Some(moment) = &*moment {
            return Ok(moment.clone());
        }
        let id = point_in_time::open(talk, &self.generation.index, KEPT)?;
        Ok(moment.insert(id).clone())
    }

    /// Lets go of a moment that is lost, unless another was chosen already.
    fn forget(&self, lost: &str) {
        let mut moment = self.moment.lock();
        if moment.as_deref() == Some(lost) {
            *moment = None;
        }
    }
}

impl Drop for View {
    fn drop(&mut self) {
        let moment = self.moment.get_mut();
        if let Some(id) = moment.take() {
            point_in_time::close(&self.client, &id);
        }
    }
}

/// Reads a part of the words.
pub fn read_part(talk: Talk<'_>, index: &str, file: &File) -> Result<Part> {
    let bytes = files::get(talk, index, file)?;
    Part::from_bytes(&bytes).map_err(Error::internal("read the words of the index"))
}

/// The graph to search with, and what it has learnt from; one that cannot be read is warned of and done without.
fn read_graph(talk: Talk<'_>, read: &Read) -> (Arc<Graph>, Option<TrainingSize>) {
    let Some(file) = &read.state.graph else {
        return (Graph::base(), None);
    };
    let own = files::get(talk, &read.index, file)
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
