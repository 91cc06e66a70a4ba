//! A view: the data that is read or computed only once after a commit. All snapshots of that commit
//! share the view.
//!
//! Searches run in a point in time. If a node that holds a part of it leaves, a new point in time is opened. Then
//! searches may also see what was committed meanwhile.

use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{
    Client, ClusterSizes, Dictionary, File, Generation, Read, Requester, State, TermCounts, copies,
    elements, files, generation, point_in_time,
};
use crate::backend::{Once, SearchContext};
use crate::deadline::Deadline;
use crate::error::{BoxedError, OrInternal, Result};
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

/// The number of values in a request for all values of a field.
const BUCKETS: usize = 10_000;

/// The data that searches read after one commit.
pub struct View {
    pub client: Arc<Client>,
    pub generation: Arc<Generation>,
    pub read: Read,
    pub dictionary: Dictionary,
    pub graph: Arc<Graph>,
    pub graph_learnt: Option<TrainingSize>,
    /// The sizes of the clusters of copies.
    pub copies: Arc<ClusterSizes>,
    /// The id of the point in time that is open.
    point_in_time: Once<String>,
    root_groups: Once<RootGroups>,
    vocabulary: Once<Vocabulary>,
    /// The values of each keyword field.
    values: [Once<Vec<String>>; Keyword::ALL.len()],
}

impl View {
    /// Reads the files that a state names. Files that the view `before` has already read are
    /// reused.
    pub fn open(client: Arc<Client>, read: Read, before: Option<&Self>) -> Result<Self> {
        let requester = &Requester::to_search(&client, &Deadline::default());
        let same = before.filter(|before| {
            before.read.index == read.index && before.read.state.model == read.state.model
        });
        let generation = match same {
            Some(before) => Arc::clone(&before.generation),
            None => Arc::new(Generation::open(requester, &read)?),
        };
        let mut parts = Vec::with_capacity(read.state.words.len());
        for file in &read.state.words {
            parts.push(match same.and_then(|before| before.term_counts(file)) {
                Some(part) => Arc::clone(part),
                None => Arc::new(read_term_counts(requester, &read.index, file)?),
            });
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
        let articles = generation::count(requester, &generation.index)?;
        Ok(Self {
            client,
            generation,
            read,
            dictionary: Dictionary { parts, articles },
            graph,
            graph_learnt,
            copies,
            point_in_time: Once::default(),
            root_groups: Once::default(),
            vocabulary: Once::default(),
            values: Default::default(),
        })
    }

    /// Returns whether the view shows the state `read`.
    pub fn is_of(&self, read: &Read) -> bool {
        // The ledger makes no difference to searches.
        let state = State {
            ledger: self.read.state.ledger.clone(),
            ..read.state.clone()
        };
        self.read.index == read.index && self.read.state == state
    }

    /// Returns the term counts of a file, if the view has them.
    fn term_counts(&self, file: &File) -> Option<&Arc<TermCounts>> {
        let mut known = self.read.state.words.iter().zip(&self.dictionary.parts);
        known.find_map(|(known, part)| (known == file).then_some(part))
    }

    /// Runs a search in the point in time of this view.
    pub fn search(&self, context: &SearchContext, body: &Value) -> Result<Value> {
        let requester = Requester::to_search(&self.client, &context.deadline);
        let retry_until = Instant::now() + LOSS;
        loop {
            context.deadline.check()?;
            let open = || point_in_time::open(&requester, &self.generation.index, KEPT);
            let id = self.point_in_time.get(open)?;
            match point_in_time::search(&requester, &id, KEPT, body)? {
                Ok(answer) => return Ok(answer),
                Err(lost) => {
                    self.point_in_time.forget(&id);
                    if Instant::now() > retry_until {
                        return Err(lost);
                    }
                    sleep(PAUSE);
                }
            }
        }
    }

    /// Returns the root groups of the stems.
    pub fn root_groups(&self) -> Result<Arc<RootGroups>> {
        self.root_groups.get(|| {
            Ok(RootGroups::new(
                self.dictionary.body_stems(),
                self.dictionary.articles,
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

    /// Returns the values of a field in alphabetical order. They are read once.
    pub fn values(&self, context: &SearchContext, field: Keyword) -> Result<Arc<Vec<String>>> {
        self.values[field as usize].get(|| {
            let mut values = Vec::new();
            let mut composite = json!({
                "size": BUCKETS,
                "sources": [{"value": {"terms": {"field": field.name()}}}],
            });
            loop {
                let body = json!({"size": 0, "aggs": {"values": {"composite": composite}}});
                let answer = self.search(context, &body)?;
                let counted = &answer["aggregations"]["values"];
                for bucket in elements(&counted["buckets"]) {
                    values.extend(bucket["key"]["value"].as_str().map(str::to_owned));
                }
                let after = &counted["after_key"];
                if after.is_null() {
                    values.sort_unstable();
                    return Ok(values);
                }
                composite["after"] = after.clone();
            }
        })
    }

    /// Computes the data that queries need, so that no query waits for it.
    pub fn warm(&self) -> Result<()> {
        self.root_groups()?;
        self.vocabulary().map(drop)
    }

    /// Drops the vocabulary, which takes the most memory. Called when a later view has replaced
    /// this one.
    pub fn retire(&self) {
        self.vocabulary.take();
    }
}

impl Drop for View {
    fn drop(&mut self) {
        if let Some(id) = self.point_in_time.take() {
            point_in_time::close(&self.client, &id);
        }
    }
}

/// Reads a file of term counts.
pub fn read_term_counts(requester: &Requester, index: &str, file: &File) -> Result<TermCounts> {
    let bytes = files::get(requester, index, file)?;
    TermCounts::from_bytes(&bytes).or_internal("read the words of the index")
}

/// Returns the graph to search with, and how much it was learnt from. If the graph cannot be read,
/// logs a warning and returns the base graph.
fn read_graph(requester: &Requester, read: &Read) -> (Arc<Graph>, Option<TrainingSize>) {
    let Some(file) = &read.state.graph else {
        return (Graph::base(), None);
    };
    let own = || -> Result<_, BoxedError> {
        CollectionGraph::from_bytes(&files::get(requester, &read.index, file)?)
    };
    match own() {
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
