//! Generations in a cluster. Each has an index for its articles and one for the documents beside
//! them; two aliases name the generation in use. If another version of this program wrote a
//! generation, opening fails, and the error names the command to run.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{Method, Read, Requester, SCHEMA_VERSION, State, files, schema, to_number, total_of};
use crate::backend::{Basis, Cluster};
use crate::error::{Error, OrInternal, Remedy, Result};
use crate::learning::{Boilerplate, TrainingSize};
use fihrist_arabic::{ANALYSIS_VERSION, Analyzer, Model};

/// This level compresses a model to a third. Higher levels take far longer and save another tenth.
const MODEL_COMPRESSION_LEVEL: i32 = 3;

const FILES: &str = "-files";

/// A new generation without a commit for this many seconds counts as abandoned. A rebuild that is
/// running commits every half minute.
const ABANDONED_AFTER_S: i64 = 600;

/// A generation in a cluster, with its analyzer and its boilerplate.
pub struct Generation {
    /// The name of the index with the articles.
    pub index: String,
    /// The name of the index with the cluster state and the files.
    pub files: String,
    pub learnt: TrainingSize,
    pub analyzer: Analyzer,
    pub boilerplate: Boilerplate,
}

/// Reads the state of the generation in use; `None` if there is none.
pub fn current(requester: &Requester) -> Result<Option<Read>> {
    files::read_state(requester, &format!("{}{FILES}", requester.client.index))
}

/// Reads the state of the generation in use. Fails if there is none.
pub fn existing(requester: &Requester) -> Result<Read> {
    current(requester)?.ok_or_else(|| Error::NoClusterIndex {
        urls: requester.client.urls.clone(),
        index: requester.client.index.clone(),
    })
}

impl Generation {
    /// Opens the generation of a state. Fails if this program would make terms that differ from the
    /// stored ones.
    pub fn open(requester: &Requester, read: &Read) -> Result<Self> {
        let state = &read.state;
        let beside = read.index.as_str();
        for (what, theirs, ours) in [
            ("schema version", state.schema, SCHEMA_VERSION),
            ("analysis version", state.analysis, ANALYSIS_VERSION),
        ] {
            if theirs != ours {
                let reason =
                    format!("it was written with {what} {theirs}, and this program uses {ours}");
                return Err(unusable(requester, reason));
            }
        }
        let model = Model::from_compressed(&files::get(requester, beside, &state.model)?)
            .map_err(|error| unusable(requester, format!("its model is damaged: {error}")))?;
        if model.hash() != state.model_hash {
            let reason = format!(
                "its model has hash {}, its terms were made with {}",
                model.hash(),
                state.model_hash
            );
            return Err(unusable(requester, reason));
        }
        let lines = files::get(requester, beside, &state.boilerplate)?;
        let boilerplate = Boilerplate::from_bytes(&lines)
            .map_err(|error| unusable(requester, format!("its boilerplate is damaged: {error}")))?;
        Ok(Self {
            index: read.articles().to_owned(),
            files: beside.to_owned(),
            learnt: TrainingSize {
                articles: state.learnt_articles,
                words: state.learnt_words,
            },
            analyzer: Analyzer::new(Arc::new(model)),
            boilerplate,
        })
    }

    /// Creates an empty generation with this model and boilerplate, without making it current.
    /// Returns `None` if another writer is creating it.
    pub fn create(
        requester: &Requester,
        cluster: &Cluster,
        number: u64,
        basis: &Basis,
    ) -> Result<Option<Self>> {
        let Basis {
            model,
            learnt,
            boilerplate,
        } = basis;
        let index = index_of(requester, number);
        let beside = format!("{index}{FILES}");
        // The index of articles comes first: the writer that creates it creates the generation.
        let articles = schema::articles(cluster, &written_to(&index));
        if !create_index(requester, &index, articles)? {
            return Ok(None);
        }
        create_index(requester, &beside, schema::files(cluster))?;
        let compressed = model
            .to_compressed(MODEL_COMPRESSION_LEVEL)
            .or_internal("compress the model")?;
        let state = State {
            schema: SCHEMA_VERSION,
            analysis: ANALYSIS_VERSION,
            model_hash: model.hash().to_owned(),
            learnt_articles: learnt.articles,
            learnt_words: learnt.words,
            model: files::put(requester, &beside, "model", &compressed)?,
            boilerplate: files::put(requester, &beside, "recurring", &boilerplate.to_bytes())?,
            graph: None,
            ledger: None,
            words: Vec::new(),
            copies: None,
            commits: 0,
            changed: jiff::Timestamp::now().as_second(),
        };
        files::create_state(requester, &beside, &state)?;
        let analyzer = Analyzer::new(Arc::clone(model));
        Ok(Some(Self {
            index,
            files: beside,
            learnt: *learnt,
            analyzer,
            boilerplate: boilerplate.clone(),
        }))
    }

    /// Returns the number of the generation as text, for messages.
    pub fn name(&self) -> &str {
        self.index.rsplit('-').next().unwrap_or(&self.index)
    }

    /// Makes this generation the current one, in one step, and removes older generations.
    pub fn make_current(&self, requester: &Requester) -> Result<()> {
        let alias = &requester.client.index;
        let mut actions = Vec::new();
        for (index, name) in [
            (&self.index, alias.clone()),
            (&self.files, format!("{alias}{FILES}")),
        ] {
            actions.push(json!({"remove": {"index": format!("{alias}-*"), "alias": name, "must_exist": false}}));
            actions.push(json!({"add": {"index": index, "alias": name, "is_write_index": true}}));
        }
        requester.post("/_aliases".to_owned(), &json!({ "actions": actions }))?;
        for old in numbers(requester)? {
            if old < self.number() {
                // A search that still uses the old indexes then opens the new generation.
                remove(requester, &index_of(requester, old));
            }
        }
        Ok(())
    }

    /// Makes sure that the index can be written to. Fails if another writer is rebuilding it. If an
    /// abandoned rebuild has closed the index, opens it again.
    pub fn wait_for_rebuild(&self, requester: &Requester) -> Result<()> {
        let path = format!("/{}/_settings/index.blocks.write", self.index);
        let settings = requester.get(path)?.accepted()?;
        if settings[&self.index]["settings"]["index"]["blocks"]["write"] != json!("true") {
            return Ok(());
        }
        for number in numbers(requester)? {
            if number > self.number() && !is_abandoned(requester, &index_of(requester, number))? {
                return Err(Error::Busy {
                    data: requester.client.index.clone().into(),
                    holder: format!("a rebuild into generation {number}"),
                });
            }
        }
        close(requester, &self.index, false)
    }

    fn number(&self) -> u64 {
        self.name().parse().unwrap_or_default()
    }
}

impl Read {
    /// Returns the name of the index with the articles that the state belongs to.
    pub fn articles(&self) -> &str {
        self.index.strip_suffix(FILES).unwrap_or(&self.index)
    }
}

/// Returns the number of articles that searches can find in an index.
pub fn count(requester: &Requester, index: &str) -> Result<u64> {
    let body = json!({"size": 0, "track_total_hits": true});
    Ok(total_of(&requester.search(index, &body)?))
}

/// Makes all writes to an index so far visible to searches.
pub fn refresh(requester: &Requester, index: &str) -> Result<()> {
    let refreshed = requester.post(format!("/{index}/_refresh"), &json!({}));
    refreshed.map(drop)
}

/// Closes an index against writing, after the writes in progress are done, or opens it again.
pub fn close(requester: &Requester, index: &str, is_closed: bool) -> Result<()> {
    let closed = if is_closed {
        requester.put(format!("/{index}/_block/write"), &json!({}))
    } else {
        let open = json!({"index.blocks.write": null});
        requester.put(format!("/{index}/_settings"), &open)
    };
    closed.map(drop)
}

/// Removes the generation whose articles are in `index`. A failure is ignored.
pub fn remove(requester: &Requester, index: &str) {
    requester.delete(format!("/{index}"));
    requester.delete(format!("/{index}{FILES}"));
}

fn unusable(requester: &Requester, reason: String) -> Error {
    requester.unusable(&requester.client.index, reason, Remedy::Rebuild)
}

/// Returns the alias that the articles of an index are written to. OpenSearch removes the alias
/// together with its index, so a late write does not create a new index.
pub fn written_to(index: &str) -> String {
    format!("{index}-write")
}

/// Returns the name of the index with the articles of a generation.
fn index_of(requester: &Requester, number: u64) -> String {
    format!("{}-{number:06}", requester.client.index)
}

/// Creates an index; returns false if another writer has created it.
fn create_index(requester: &Requester, index: &str, mut body: Value) -> Result<bool> {
    let maker = format!("{:016x}", RandomState::new().hash_one(index));
    body["mappings"]["_meta"] = json!({ "maker": maker });
    let body = body.to_string().into();
    let answer = requester.send(Method::Put, format!("/{index}"), Vec::new(), Some(body))?;
    if answer.refusal().kind != "resource_already_exists_exception" {
        return answer.accepted().map(|_| true);
    }
    // This writer may have created the index itself: a request is sent again when its answer is
    // lost.
    let mapping = requester.get(format!("/{index}/_mapping"))?.accepted()?;
    Ok(mapping[index]["mappings"]["_meta"]["maker"] == json!(maker))
}

/// Returns the number of the next generation, and removes abandoned generations.
pub fn next_number(requester: &Requester) -> Result<u64> {
    let in_use = current(requester)?;
    let mut last = 0;
    for number in numbers(requester)? {
        let index = index_of(requester, number);
        last = last.max(number);
        let is_in_use = in_use.as_ref().is_some_and(|read| read.articles() == index);
        if !is_in_use && is_abandoned(requester, &index)? {
            remove(requester, &index);
        }
    }
    Ok(last + 1)
}

/// Removes the generation with a number if it is empty and abandoned.
pub fn remove_if_abandoned(requester: &Requester, number: u64) -> Result<()> {
    let index = index_of(requester, number);
    let state = files::read_state(requester, &format!("{index}{FILES}"))?;
    let is_empty = state.is_none_or(|read| read.state.commits == 0);
    if is_empty && is_abandoned(requester, &index)? {
        remove(requester, &index);
    }
    Ok(())
}

/// Returns whether a generation is abandoned.
fn is_abandoned(requester: &Requester, index: &str) -> Result<bool> {
    let changed = match files::read_state(requester, &format!("{index}{FILES}"))? {
        Some(read) => read.state.changed,
        None => {
            let path = format!("/{index}/_settings/index.creation_date");
            let Some(found) = requester.get(path)?.found()? else {
                return Ok(true);
            };
            let milliseconds = to_number(&found[index]["settings"]["index"]["creation_date"]);
            i64::try_from(milliseconds / 1_000).unwrap_or_default()
        }
    };
    Ok(jiff::Timestamp::now().as_second() - changed > ABANDONED_AFTER_S)
}

/// Returns the numbers of all generations, in use or not.
fn numbers(requester: &Requester) -> Result<Vec<u64>> {
    let prefix = format!("{}-", requester.client.index);
    let found = requester
        .get(format!("/{prefix}*/_settings/index.uuid"))?
        .found()?
        .unwrap_or_default();
    let names = found.as_object().into_iter().flat_map(Map::keys);
    Ok(names
        .filter_map(|name| name.strip_prefix(&prefix)?.parse().ok())
        .collect())
}
