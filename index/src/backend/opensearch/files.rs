//! The documents beside a generation: its state, which is one document that is only ever replaced as it was read, and larger
//! things in pieces, which are named by their hash and never change.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::client::Method;
use super::request::Talk;
use crate::error::{Error, Remedy, Result};

/// A piece, before it is encoded: far below what a node takes at once.
const PIECE_BYTES: usize = 4 << 20;

const STATE: &str = "state";

/// So many others may change the state in between before something is amiss.
const ATTEMPTS: usize = 50;

/// Something that is kept in pieces.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct File {
    name: String,
    /// SHA-256 of all of it.
    hash: String,
    pieces: usize,
}

/// What a generation is, and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub schema: u32,
    pub analysis: u32,
    /// Hash of the model that made its terms.
    pub model_hash: String,
    pub learnt_articles: u64,
    pub learnt_words: u64,
    pub model: File,
    pub boilerplate: File,
    #[serde(default)]
    pub graph: Option<File>,
    #[serde(default)]
    pub ledger: Option<File>,
    /// The words of the articles, a part for each commit or some of them together.
    #[serde(default)]
    pub words: Vec<File>,
    /// The sizes of the clusters of copies.
    #[serde(default)]
    pub copies: Option<File>,
    /// How often something was committed.
    #[serde(default)]
    pub commits: u64,
    /// When that was last, in seconds since 1970.
    #[serde(default)]
    pub changed: i64,
}

/// A state as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub state: State,
    /// The index that it is in.
    pub index: String,
    sequence_number: i64,
    primary_term: i64,
}

/// Reads the state in an index or behind an alias; `None` where there is none.
pub fn read_state(talk: Talk<'_>, index: &str) -> Result<Option<Read>> {
    let Some(found) = talk
        .get(format!("/{index}/_doc/{STATE}"))?
        .found(talk.client)?
    else {
        return Ok(None);
    };
    let number = |name: &str| found.0[name].as_i64().unwrap_or_default();
    let state =
        serde_json::from_value(found.0["_source"].clone()).map_err(|error| Error::Unusable {
            urls: talk.client.urls().to_owned(),
            index: index.to_owned(),
            reason: format!("its state is damaged: {error}"),
            remedy: Remedy::IndexAgain,
        })?;
    let in_index = found.0["_index"].as_str().unwrap_or(index).to_owned();
    Ok(Some(Read {
        state,
        index: in_index,
        sequence_number: number("_seq_no"),
        primary_term: number("_primary_term"),
    }))
}

/// Puts the first state into an index.
pub fn create_state(talk: Talk<'_>, index: &str, state: &State) -> Result<()> {
    talk.put(format!("/{index}/_doc/{STATE}"), &to_value(state)?)?
        .accepted(talk.client)
        .map(drop)
}

/// Changes the state. Whatever others change at the same time is kept.
pub fn change_state(talk: Talk<'_>, index: &str, change: &dyn Fn(&mut State)) -> Result<State> {
    for _ in 0..ATTEMPTS {
        let Some(Read {
            mut state,
            sequence_number,
            primary_term,
            ..
        }) = read_state(talk, index)?
        else {
            break;
        };
        change(&mut state);
        let query = vec![
            ("if_seq_no", sequence_number.to_string()),
            ("if_primary_term", primary_term.to_string()),
        ];
        let body =
            serde_json::to_vec(&to_value(&state)?).map_err(Error::internal("encode the state"))?;
        let answer = talk.send(
            Method::Put,
            format!("/{index}/_doc/{STATE}"),
            query,
            Some(body),
        )?;
        // Somebody else was faster; or it was us, and the answer was lost: then the change is made once more.
        if answer.status() != 409 {
            return answer.accepted(talk.client).map(|_| state);
        }
    }
    let reason =
        "its state is gone or never at rest: it was replaced meanwhile; run the same command again"
            .to_owned();
    Err(Error::Unavailable {
        urls: talk.client.urls().to_owned(),
        reason,
    })
}

/// Keeps something; what is there already is not sent again.
pub fn put(talk: Talk<'_>, index: &str, name: &str, bytes: &[u8]) -> Result<File> {
    let hash = hex::encode(&Sha256::digest(bytes));
    let file = File {
        name: name.to_owned(),
        hash,
        pieces: bytes.len().div_ceil(PIECE_BYTES),
    };
    for (piece, part) in bytes.chunks(PIECE_BYTES).enumerate() {
        let body = json!({ "data": STANDARD.encode(part) });
        talk.put(path(index, &file, piece), &body)?
            .accepted(talk.client)?;
    }
    Ok(file)
}

/// Reads something back; an error where it is gone or not what was kept.
pub fn get(talk: Talk<'_>, index: &str, file: &File) -> Result<Vec<u8>> {
    let damaged = |what: &str| Error::Unusable {
        urls: talk.client.urls().to_owned(),
        index: index.to_owned(),
        reason: format!("its {} {what}", file.name),
        remedy: Remedy::Rebuild,
    };
    let mut bytes = Vec::new();
    for piece in 0..file.pieces {
        let found = talk
            .get(path(index, file, piece))?
            .found(talk.client)?
            .ok_or_else(|| damaged("is gone"))?;
        let data = found.0["_source"]["data"].as_str().unwrap_or_default();
        bytes.extend(STANDARD.decode(data).map_err(|_| damaged("is damaged"))?);
    }
    if hex::encode(&Sha256::digest(&bytes)) == file.hash {
        Ok(bytes)
    } else {
        Err(damaged("is damaged"))
    }
}

/// Removes something that no state names any more.
pub fn remove(talk: Talk<'_>, index: &str, file: &File) {
    for piece in 0..file.pieces {
        // It only takes room.
        drop(talk.delete(path(index, file, piece)));
    }
}

fn path(index: &str, file: &File, piece: usize) -> String {
    format!("/{index}/_doc/{}-{}-{piece}", file.name, file.hash)
}

fn to_value(state: &State) -> Result<Value> {
    serde_json::to_value(state).map_err(Error::internal("encode the state"))
}
