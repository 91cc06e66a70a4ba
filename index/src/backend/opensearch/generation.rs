//! Generations in a cluster. Each has an index for its articles and one for the documents beside
//! them; two aliases name the generation in use. If another version of this program wrote a
//! generation, opening fails, and the error names the command to run.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;

use serde_json::{Value, json};

use super::files::{self, Read, State};
use super::request::Requester;
use super::schema::{self, SCHEMA_VERSION};
use crate::backend::Cluster;
use crate::error::{Error, Remedy, Result};
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
pub fn current(requester: Requester<'_>) -> Result<Option<Read>> {
    files::read_state(requester, &format!("{}{FILES}", requester.client.index()))
}

impl Generation {
    /// Opens the generation of a state. Fails if this program would make terms that differ from the
    /// stored ones.
    pub fn open(requester: Requester<'_>, read: &Read) -> Result<Self> {
        let state = &read.state;
        let beside = read.index.as_str();
        check(requester, state)?;
        let damaged =
            |error: std::io::Error| unusable(requester, format!("its model is damaged: {error}"));
        let model = Model::from_compressed(&files::get(requester, beside, &state.model)?)
            .map_err(damaged)?;
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
        requester: Requester<'_>,
        cluster: &Cluster,
        number: u64,
        model: Arc<Model>,
        learnt: TrainingSize,
        boilerplate: Boilerplate,
    ) -> Result<Option<Self>> {
        let index = format!("{}-{number:06}", cluster.index);
        let beside = format!("{index}{FILES}");
        // The index of articles comes first: the writer that creates it creates the generation.
        if !create_index(
            requester,
            &index,
            schema::articles(cluster, &written_to(&index)),
        )? {
            return Ok(None);
        }
        create_index(requester, &beside, schema::files(cluster))?;
        let compressed = model
            .to_compressed(MODEL_COMPRESSION_LEVEL)
            .map_err(Error::internal("compress the model"))?;
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
        let analyzer = Analyzer::new(model);
        Ok(Some(Self {
            index,
            files: beside,
            learnt,
            analyzer,
            boilerplate,
        }))
    }

    /// Returns the alias that articles are written to. OpenSearch removes the alias together with
    /// its index, so a late write does not create a new index.
    pub fn written_to(&self) -> String {
        written_to(&self.index)
    }

    /// Returns the number of the generation as text, for messages.
    pub fn name(&self) -> &str {
        self.index.rsplit('-').next().unwrap_or(&self.index)
    }

    /// Makes this generation the current one, in one step, and removes older generations.
    pub fn make_current(&self, requester: Requester<'_>) -> Result<()> {
        let alias = requester.client.index();
        let mut actions = Vec::new();
        for (index, name) in [
            (&self.index, alias.to_owned()),
            (&self.files, format!("{alias}{FILES}")),
        ] {
            actions.push(json!({"remove": {"index": format!("{alias}-*"), "alias": name, "must_exist": false}}));
            actions.push(json!({"add": {"index": index, "alias": name, "is_write_index": true}}));
        }
        requester
            .post("/_aliases".to_owned(), &json!({ "actions": actions }))?
            .accepted(requester.client.urls())?;
        let own = self.name().parse::<u64>().unwrap_or_default();
        for old in numbers(requester)?
            .into_iter()
            .filter(|number| *number < own)
        {
            let index = format!("{alias}-{old:06}");
            // A search that still uses the old indexes then opens the new generation.
            drop(requester.delete(format!("/{index}")));
            drop(requester.delete(format!("/{index}{FILES}")));
        }
        Ok(())
    }

    /// Removes this generation, which never became current. A failure is ignored.
    pub fn remove(&self, requester: Requester<'_>) {
        drop(requester.delete(format!("/{}", self.index)));
        drop(requester.delete(format!("/{}", self.files)));
    }

    /// Makes all writes so far visible to searches.
    pub fn refresh(&self, requester: Requester<'_>) -> Result<()> {
        requester
            .post(format!("/{}/_refresh", self.index), &json!({}))?
            .accepted(requester.client.urls())
            .map(drop)
    }

    /// Returns the number of articles that searches can find.
    pub fn count(&self, requester: Requester<'_>) -> Result<u64> {
        count(requester, &self.index)
    }

    /// Returns the number of a later generation that another writer is making.
    pub fn successor(&self, requester: Requester<'_>) -> Result<Option<u64>> {
        let own = self.name().parse::<u64>().unwrap_or_default();
        let now = jiff::Timestamp::now().as_second();
        for number in numbers(requester)?
            .into_iter()
            .filter(|number| *number > own)
        {
            if !is_abandoned(
                requester,
                &format!("{}-{number:06}", requester.client.index()),
                now,
            )? {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// Makes sure that the index can be written to. Fails if another writer is rebuilding it. If an
    /// abandoned rebuild has closed the index, opens it again.
    pub fn wait_for_rebuild(&self, requester: Requester<'_>) -> Result<()> {
        let path = format!("/{}/_settings/index.blocks.write", self.index);
        let settings = requester.get(path)?.accepted(requester.client.urls())?;
        if settings.0[&self.index]["settings"]["index"]["blocks"]["write"] != json!("true") {
            return Ok(());
        }
        if let Some(number) = self.successor(requester)? {
            let holder = format!("a rebuild into generation {number}");
            return Err(Error::Busy {
                data: requester.client.index().into(),
                holder,
            });
        }
        self.close(requester, false)
    }

    /// Closes the index of the articles against writing, or opens it again.
    pub fn close(&self, requester: Requester<'_>, is_closed: bool) -> Result<()> {
        close(requester, &self.index, is_closed)
    }
}

impl Read {
    /// Returns the name of the index with the articles that the state belongs to.
    pub fn articles(&self) -> &str {
        self.index.strip_suffix(FILES).unwrap_or(&self.index)
    }
}

/// Returns the number of articles that searches can find in an index.
pub fn count(requester: Requester<'_>, index: &str) -> Result<u64> {
    let body = json!({"size": 0, "track_total_hits": true});
    let found = requester
        .search(&format!("/{index}/_search"), &body)?
        .accepted(requester.client.urls())?;
    Ok(found.0["hits"]["total"]["value"]
        .as_u64()
        .unwrap_or_default())
}

/// Closes an index against writing, after the writes in progress are done, or opens it again.
pub fn close(requester: Requester<'_>, index: &str, is_closed: bool) -> Result<()> {
    let answer = if is_closed {
        requester.put(format!("/{index}/_block/write"), &json!({}))?
    } else {
        requester.put(
            format!("/{index}/_settings"),
            &json!({"index.blocks.write": null}),
        )?
    };
    answer.accepted(requester.client.urls()).map(drop)
}

/// Fails if this program would make terms that differ from those in the index.
fn check(requester: Requester<'_>, state: &State) -> Result<()> {
    let differs = |what: &str, theirs: u32, ours: u32| {
        unusable(
            requester,
            format!("it was written with {what} {theirs}, and this program uses {ours}"),
        )
    };
    if state.schema != SCHEMA_VERSION {
        return Err(differs("schema version", state.schema, SCHEMA_VERSION));
    }
    if state.analysis != ANALYSIS_VERSION {
        return Err(differs(
            "analysis version",
            state.analysis,
            ANALYSIS_VERSION,
        ));
    }
    Ok(())
}

fn unusable(requester: Requester<'_>, reason: String) -> Error {
    Error::Unusable {
        urls: requester.client.urls().to_owned(),
        index: requester.client.index().to_owned(),
        reason,
        remedy: Remedy::Rebuild,
    }
}

fn written_to(index: &str) -> String {
    format!("{index}-write")
}

/// Creates an index; returns false if another writer has created it.
fn create_index(requester: Requester<'_>, index: &str, mut body: Value) -> Result<bool> {
    let maker = format!("{:016x}", RandomState::new().hash_one(index));
    body["mappings"]["_meta"] = json!({ "maker": maker });
    let answer = requester.put(format!("/{index}"), &body)?;
    if answer.refusal().kind != "resource_already_exists_exception" {
        return answer.accepted(requester.client.urls()).map(|_| true);
    }
    // This writer may have created the index itself: a request is sent again when its answer is
    // lost.
    let mapping = requester
        .get(format!("/{index}/_mapping"))?
        .accepted(requester.client.urls())?;
    Ok(mapping.0[index]["mappings"]["_meta"]["maker"] == json!(maker))
}

/// Returns the number of the next generation, and removes abandoned generations.
pub fn next_number(requester: Requester<'_>) -> Result<u64> {
    let in_use = current(requester)?.map(|read| read.index);
    let now = jiff::Timestamp::now().as_second();
    let mut last = 0;
    for number in numbers(requester)? {
        let index = format!("{}-{number:06}", requester.client.index());
        let beside = format!("{index}{FILES}");
        last = last.max(number);
        if in_use.as_ref() != Some(&beside) && is_abandoned(requester, &index, now)? {
            drop(requester.delete(format!("/{index}")));
            drop(requester.delete(format!("/{beside}")));
        }
    }
    Ok(last + 1)
}

/// Removes the generation with a number if it is empty and abandoned.
pub fn remove_if_abandoned(requester: Requester<'_>, number: u64) -> Result<()> {
    let index = format!("{}-{number:06}", requester.client.index());
    let beside = format!("{index}{FILES}");
    let is_empty =
        files::read_state(requester, &beside)?.is_none_or(|read| read.state.commits == 0);
    if is_empty && is_abandoned(requester, &index, jiff::Timestamp::now().as_second())? {
        drop(requester.delete(format!("/{index}")));
        drop(requester.delete(format!("/{beside}")));
    }
    Ok(())
}

/// Returns whether a generation is abandoned.
fn is_abandoned(requester: Requester<'_>, index: &str, now: i64) -> Result<bool> {
    let changed = match files::read_state(requester, &format!("{index}{FILES}"))? {
        Some(read) => read.state.changed,
        None => {
            let Some(found) = requester
                .get(format!("/{index}/_settings/index.creation_date"))?
                .found(requester.client.urls())?
            else {
                return Ok(true);
            };
            let made = &found.0[index]["settings"]["index"]["creation_date"];
            made.as_str()
                .and_then(|millis| millis.parse::<i64>().ok())
                .unwrap_or_default()
                / 1_000
        }
    };
    Ok(now - changed > ABANDONED_AFTER_S)
}

/// Returns the numbers of all generations, in use or not.
fn numbers(requester: Requester<'_>) -> Result<Vec<u64>> {
    let prefix = format!("{}-", requester.client.index());
    let found = requester
        .get(format!("/{prefix}*/_settings/index.uuid"))?
        .found(requester.client.urls())?;
    let Some(Value::Object(indices)) = found.map(|found| found.0) else {
        return Ok(Vec::new());
    };
    Ok(indices
        .keys()
        .filter_map(|name| name.strip_prefix(&prefix)?.parse().ok())
        .collect())
}
