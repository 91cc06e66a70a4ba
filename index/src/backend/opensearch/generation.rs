//! Generations in a cluster: an index for the articles of each, one for the documents beside it, and two aliases that name
//! the generation in use. A generation of another version is refused with what to do about it.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;

use serde_json::{Value, json};

use super::files::{self, Read, State};
use super::request::Talk;
use super::schema::{self, SCHEMA_VERSION};
use crate::backend::Cluster;
use crate::error::{Error, Remedy, Result};
use crate::learning::{Boilerplate, TrainingSize};
use fihrist_arabic::{ANALYSIS_VERSION, Analyzer, Model};

/// Models shrink to a third; higher levels take far longer and gain a tenth.
const MODEL_COMPRESSION_LEVEL: i32 = 3;

const FILES: &str = "-files";

/// Whoever writes to a generation commits every half minute.
const LEFT_AFTER_S: i64 = 600;

/// A generation and what its terms depend on.
pub struct Generation {
    /// Its index of articles.
    pub index: String,
    /// Its index of documents beside them.
    pub files: String,
    pub learnt: TrainingSize,
    pub analyzer: Analyzer,
    pub boilerplate: Boilerplate,
}

/// Reads the state of the generation in use; `None` where there is none yet.
pub fn current(talk: Talk<'_>) -> Result<Option<Read>> {
    files::read_state(talk, &format!("{}{FILES}", talk.client.index()))
}

impl Generation {
    /// Opens the generation whose state was read, if this program would make its terms the same way.
    pub fn open(talk: Talk<'_>, read: &Read) -> Result<Self> {
        let (state, beside) = (&read.state, read.index.as_str());
        check(talk, state)?;
        let damaged =
            |error: std::io::Error| unusable(talk, format!("its model is damaged: {error}"));
        let model =
            Model::from_compressed(&files::get(talk, beside, &state.model)?).map_err(damaged)?;
        if model.hash() != state.model_hash {
            let reason = format!(
                "its model has hash {}, its terms were made with {}",
                model.hash(),
                state.model_hash
            );
            return Err(unusable(talk, reason));
        }
        let lines = files::get(talk, beside, &state.boilerplate)?;
        let boilerplate = Boilerplate::from_bytes(&lines).map_err(|error| {
            unusable(
                talk,
                format!("its list of lines that recur is damaged: {error}"),
            )
        })?;
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

    /// Makes an empty generation, with its model and the lines that recur. It is not the current one yet. `None` if somebody
    /// else is about to make it.
    pub fn create(
        talk: Talk<'_>,
        cluster: &Cluster,
        number: u64,
        model: Arc<Model>,
        learnt: TrainingSize,
        boilerplate: Boilerplate,
    ) -> Result<Option<Self>> {
        let index = format!("{}-{number:06}", cluster.index);
        let beside = format!("{index}{FILES}");
        // Its articles first: whoever makes that index makes the generation.
        if !create_index(talk, &index, schema::articles(cluster, &written_to(&index)))? {
            return Ok(None);
        }
        create_index(talk, &beside, schema::files(cluster))?;
        let compressed = model
            .to_compressed(MODEL_COMPRESSION_LEVEL)
            .map_err(Error::internal("compress the model"))?;
        let state = State {
            schema: SCHEMA_VERSION,
            analysis: ANALYSIS_VERSION,
            model_hash: model.hash().to_owned(),
            learnt_articles: learnt.articles,
            learnt_words: learnt.words,
            model: files::put(talk, &beside, "model", &compressed)?,
            boilerplate: files::put(talk, &beside, "recurring", &boilerplate.to_bytes())?,
            graph: None,
            ledger: None,
            words: Vec::new(),
            copies: None,
            commits: 0,
            changed: jiff::Timestamp::now().as_second(),
        };
        files::create_state(talk, &beside, &state)?;
        let analyzer = Analyzer::new(model);
        Ok(Some(Self {
            index,
            files: beside,
            learnt,
            analyzer,
            boilerplate,
        }))
    }

    /// The name that articles are written to. It goes with the index, so that nothing makes another of that name.
    pub fn written_to(&self) -> String {
        written_to(&self.index)
    }

    /// Its number, for people.
    pub fn name(&self) -> &str {
        self.index.rsplit('-').next().unwrap_or(&self.index)
    }

    /// Makes it the one in use, in one step, and removes those before it.
    pub fn make_current(&self, talk: Talk<'_>) -> Result<()> {
        let alias = talk.client.index();
        let mut actions = Vec::new();
        for (index, name) in [
            (&self.index, alias.to_owned()),
            (&self.files, format!("{alias}{FILES}")),
        ] {
            actions.push(json!({"remove": {"index": format!("{alias}-*"), "alias": name, "must_exist": false}}));
            actions.push(json!({"add": {"index": index, "alias": name, "is_write_index": true}}));
        }
        talk.post("/_aliases".to_owned(), &json!({ "actions": actions }))?
            .accepted(talk.client)?;
        let own = self.name().parse::<u64>().unwrap_or_default();
        for old in numbers(talk)?.into_iter().filter(|number| *number < own) {
            let index = format!("{alias}-{old:06}");
            // Whoever still searches them opens the next one.
            drop(talk.delete(format!("/{index}")));
            drop(talk.delete(format!("/{index}{FILES}")));
        }
        Ok(())
    }

    /// Removes it: it never came into use.
    pub fn remove(&self, talk: Talk<'_>) {
        drop(talk.delete(format!("/{}", self.index)));
        drop(talk.delete(format!("/{}", self.files)));
    }

    /// Makes what was written visible.
    pub fn refresh(&self, talk: Talk<'_>) -> Result<()> {
        talk.post(format!("/{}/_refresh", self.index), &json!({}))?
            .accepted(talk.client)
            .map(drop)
    }

    /// How many articles can be found.
    pub fn count(&self, talk: Talk<'_>) -> Result<u64> {
        count(talk, &self.index)
    }

    /// The number of a later generation that somebody is making.
    pub fn successor(&self, talk: Talk<'_>) -> Result<Option<u64>> {
        let own = self.name().parse::<u64>().unwrap_or_default();
        let now = jiff::Timestamp::now().as_second();
        for number in numbers(talk)?.into_iter().filter(|number| *number > own) {
            if !is_left(talk, &format!("{}-{number:06}", talk.client.index()), now)? {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// Closes it against writing, or opens it again.
    pub fn close(&self, talk: Talk<'_>, is_closed: bool) -> Result<()> {
        close(talk, &self.index, is_closed)
    }
}

impl Read {
    /// The index with the articles whose state it is.
    pub fn articles(&self) -> &str {
        self.index.strip_suffix(FILES).unwrap_or(&self.index)
    }
}

/// How many articles can be found in an index.
pub fn count(talk: Talk<'_>, index: &str) -> Result<u64> {
    let body = json!({"size": 0, "track_total_hits": true});
    let found = talk
        .search(&format!("/{index}/_search"), &body)?
        .accepted(talk.client)?;
    Ok(found.0["hits"]["total"]["value"]
        .as_u64()
        .unwrap_or_default())
}

/// Closes an index against writing, once what is being written is, or opens it again.
pub fn close(talk: Talk<'_>, index: &str, is_closed: bool) -> Result<()> {
    let answer = if is_closed {
        talk.put(format!("/{index}/_block/write"), &json!({}))?
    } else {
        talk.put(
            format!("/{index}/_settings"),
            &json!({"index.blocks.write": null}),
        )?
    };
    answer.accepted(talk.client).map(drop)
}

/// Refuses what this program would search with other terms than those that were indexed.
fn check(talk: Talk<'_>, state: &State) -> Result<()> {
    let differs = |what: &str, theirs: u32, ours: u32| {
        unusable(
            talk,
            format!("it was written with {what} {theirs}, this program speaks {ours}"),
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

fn unusable(talk: Talk<'_>, reason: String) -> Error {
    Error::Unusable {
        urls: talk.client.urls().to_owned(),
        index: talk.client.index().to_owned(),
        reason,
        remedy: Remedy::Rebuild,
    }
}

fn written_to(index: &str) -> String {
    format!("{index}-write")
}

/// Makes an index; false where somebody else has.
fn create_index(talk: Talk<'_>, index: &str, mut body: Value) -> Result<bool> {
    let maker = format!("{:016x}", RandomState::new().hash_one(index));
    body["mappings"]["_meta"] = json!({ "maker": maker });
    let answer = talk.put(format!("/{index}"), &body)?;
    if answer.refusal().kind != "resource_already_exists_exception" {
        return answer.accepted(talk.client).map(|_| true);
    }
    // It may have been us: an answer that is lost is asked for again.
    let mapping = talk
        .get(format!("/{index}/_mapping"))?
        .accepted(talk.client)?;
    Ok(mapping.0[index]["mappings"]["_meta"]["maker"] == json!(maker))
}

/// The number of the next generation. Those whose makers are gone are removed.
pub fn next_number(talk: Talk<'_>) -> Result<u64> {
    let in_use = current(talk)?.map(|read| read.index);
    let now = jiff::Timestamp::now().as_second();
    let mut last = 0;
    for number in numbers(talk)? {
        let index = format!("{}-{number:06}", talk.client.index());
        let beside = format!("{index}{FILES}");
        last = last.max(number);
        if in_use.as_ref() != Some(&beside) && is_left(talk, &index, now)? {
            drop(talk.delete(format!("/{index}")));
            drop(talk.delete(format!("/{beside}")));
        }
    }
    Ok(last + 1)
}

/// Removes the generation of a number if whoever began it is gone, and nothing is in it.
pub fn remove_if_left(talk: Talk<'_>, number: u64) -> Result<()> {
    let index = format!("{}-{number:06}", talk.client.index());
    let beside = format!("{index}{FILES}");
    let is_empty = files::read_state(talk, &beside)?.is_none_or(|read| read.state.commits == 0);
    if is_empty && is_left(talk, &index, jiff::Timestamp::now().as_second())? {
        drop(talk.delete(format!("/{index}")));
        drop(talk.delete(format!("/{beside}")));
    }
    Ok(())
}

/// Whether nobody has written to a generation for so long that nobody will.
fn is_left(talk: Talk<'_>, index: &str, now: i64) -> Result<bool> {
    let changed = match files::read_state(talk, &format!("{index}{FILES}"))? {
        Some(read) => read.state.changed,
        None => {
            let Some(found) = talk
                .get(format!("/{index}/_settings/index.creation_date"))?
                .found(talk.client)?
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
    Ok(now - changed > LEFT_AFTER_S)
}

/// The numbers of all generations there are, in use or not.
fn numbers(talk: Talk<'_>) -> Result<Vec<u64>> {
    let prefix = format!("{}-", talk.client.index());
    let found = talk
        .get(format!("/{prefix}*/_settings/index.uuid"))?
        .found(talk.client)?;
    let Some(Value::Object(indices)) = found.map(|found| found.0) else {
        return Ok(Vec::new());
    };
    Ok(indices
        .keys()
        .filter_map(|name| name.strip_prefix(&prefix)?.parse().ok())
        .collect())
}
