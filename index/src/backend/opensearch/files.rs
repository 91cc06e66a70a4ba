//! The documents beside a generation: the cluster state, and files. The cluster state is one
//! document, which a writer replaces only if no other writer has changed it meanwhile. A file is
//! kept in pieces that are named by their hash and never change.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::client::Method;
use super::request::Requester;
use crate::error::{Error, Remedy, Result};

/// The size of a piece before it is encoded. It is far below the greatest request that a node
/// accepts.
const PIECE_BYTES: usize = 4 << 20;

const STATE: &str = "state";

/// How often a change of the state is tried, while other writers change it at the same time.
const ATTEMPTS: usize = 50;

/// A file in pieces.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct File {
    name: String,
    /// The SHA-256 of the whole file.
    hash: String,
    pieces: usize,
}

/// The cluster state: what a generation was written with, and the files that belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub schema: u32,
    pub analysis: u32,
    /// The hash of the model that made the generation's terms.
    pub model_hash: String,
    pub learnt_articles: u64,
    pub learnt_words: u64,
    pub model: File,
    pub boilerplate: File,
    #[serde(default)]
    pub graph: Option<File>,
    #[serde(default)]
    pub ledger: Option<File>,
    /// The files with the term counts of the articles. Each covers one commit, or several after a
    /// merge.
    #[serde(default)]
    pub words: Vec<File>,
    /// The sizes of the clusters of copies.
    #[serde(default)]
    pub copies: Option<File>,
    /// The number of commits.
    #[serde(default)]
    pub commits: u64,
    /// The time of the last commit, in seconds since 1970.
    #[serde(default)]
    pub changed: i64,
}

/// A cluster state that was read, with its version in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub state: State,
    /// The index that holds the state.
    pub index: String,
    sequence_number: i64,
    primary_term: i64,
}

/// Reads the state in an index or behind an alias; `None` if there is none.
pub fn read_state(requester: Requester<'_>, index: &str) -> Result<Option<Read>> {
    let Some(found) = requester
        .get(format!("/{index}/_doc/{STATE}"))?
        .found(requester.client.urls())?
    else {
        return Ok(None);
    };
    let number = |name: &str| found.0[name].as_i64().unwrap_or_default();
    let state =
        serde_json::from_value(found.0["_source"].clone()).map_err(|error| Error::Unusable {
            urls: requester.client.urls().to_owned(),
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

/// Writes the first state of an index.
pub fn create_state(requester: Requester<'_>, index: &str, state: &State) -> Result<()> {
    requester
        .put(format!("/{index}/_doc/{STATE}"), &to_value(state)?)?
        .accepted(requester.client.urls())
        .map(drop)
}

/// Changes the state. Changes of other writers at the same time are kept.
pub fn change_state(
    requester: Requester<'_>,
    index: &str,
    change: &dyn Fn(&mut State),
) -> Result<State> {
    for _ in 0..ATTEMPTS {
        let Some(Read {
            mut state,
            sequence_number,
            primary_term,
            ..
        }) = read_state(requester, index)?
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
        let answer = requester.send(
            Method::Put,
            format!("/{index}/_doc/{STATE}"),
            query,
            Some(body),
        )?;
        // 409: another writer was faster. Or this change was made and its answer was lost; then it
        // is made once more.
        if answer.status() != 409 {
            return answer.accepted(requester.client.urls()).map(|_| state);
        }
    }
    let reason =
        "its state was removed or changes all the time, because the index was replaced".to_owned();
    Err(Error::Unavailable {
        urls: requester.client.urls().to_owned(),
        reason,
        remedy: Remedy::TryAgain,
    })
}

/// Stores a file in pieces. If the same file is already stored, its pieces do not change.
pub fn put(requester: Requester<'_>, index: &str, name: &str, bytes: &[u8]) -> Result<File> {
    let hash = hex::encode(Sha256::digest(bytes));
    let file = File {
        name: name.to_owned(),
        hash,
        pieces: bytes.len().div_ceil(PIECE_BYTES),
    };
    for (piece, part) in bytes.chunks(PIECE_BYTES).enumerate() {
        let body = json!({ "data": STANDARD.encode(part) });
        requester
            .put(path(index, &file, piece), &body)?
            .accepted(requester.client.urls())?;
    }
    Ok(file)
}

/// Reads a file; fails if it is gone or damaged.
pub fn get(requester: Requester<'_>, index: &str, file: &File) -> Result<Vec<u8>> {
    let damaged = |what: &str| Error::Unusable {
        urls: requester.client.urls().to_owned(),
        index: index.to_owned(),
        reason: format!("its {} {what}", file.name),
        remedy: Remedy::Rebuild,
    };
    let mut bytes = Vec::new();
    for piece in 0..file.pieces {
        let found = requester
            .get(path(index, file, piece))?
            .found(requester.client.urls())?
            .ok_or_else(|| damaged("is gone"))?;
        let data = found.0["_source"]["data"].as_str().unwrap_or_default();
        bytes.extend(STANDARD.decode(data).map_err(|_| damaged("is damaged"))?);
    }
    if hex::encode(Sha256::digest(&bytes)) == file.hash {
        Ok(bytes)
    } else {
        Err(damaged("is damaged"))
    }
}

/// Removes a file that no state names.
pub fn remove(requester: Requester<'_>, index: &str, file: &File) {
    for piece in 0..file.pieces {
        // A failure only wastes space.
        drop(requester.delete(path(index, file, piece)));
    }
}

fn path(index: &str, file: &File, piece: usize) -> String {
    format!("/{index}/_doc/{}-{}-{piece}", file.name, file.hash)
}

fn to_value(state: &State) -> Result<Value> {
    serde_json::to_value(state).map_err(Error::internal("encode the state"))
}
