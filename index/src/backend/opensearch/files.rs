//! The documents beside a generation: the cluster state, and files. The cluster state is one
//! document, which a writer replaces only if no other writer has changed it meanwhile. A file is
//! kept in pieces that are named by their hash and never change.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Method, Requester};
use crate::error::{Remedy, Result};

/// The size of a piece before it is encoded. It is far below the greatest request that a node
/// accepts.
const PIECE_BYTES: usize = 4 << 20;

const STATE: &str = "state";

/// How often a change of the state is tried, while other writers change it at the same time.
const ATTEMPTS: usize = 50;

/// A file in pieces.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    name: String,
    /// The SHA-256 of the whole file.
    hash: String,
    pieces: usize,
}

/// The cluster state: what a generation was written with, and the files that belong to it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub schema: u32,
    pub analysis: u32,
    /// The hash of the model that made the generation's terms.
    pub model_hash: String,
    pub learnt_articles: u64,
    pub learnt_words: u64,
    pub model: File,
    /// The boilerplate. Its stored name is that of the first version; one version wrote the other.
    #[serde(rename = "recurring", alias = "boilerplate")]
    pub boilerplate: File,
    pub graph: Option<File>,
    pub ledger: Option<File>,
    /// The files with the term counts of the articles. Each covers one commit, or several after a
    /// merge.
    #[serde(default)]
    pub words: Vec<File>,
    /// The sizes of the clusters of copies.
    pub copies: Option<File>,
    /// The number of commits.
    #[serde(default)]
    pub commits: u64,
    /// The time of the last commit, in seconds since 1970.
    #[serde(default)]
    pub changed: i64,
}

/// A cluster state that was read, with its version in the index.
pub struct Read {
    pub state: State,
    /// The index that holds the state.
    pub index: String,
    sequence_number: i64,
    primary_term: i64,
}

/// Reads the state in an index or behind an alias; `None` if there is none.
pub fn read_state(requester: &Requester, index: &str) -> Result<Option<Read>> {
    let Some(found) = requester.get(format!("/{index}/_doc/{STATE}"))?.found()? else {
        return Ok(None);
    };
    let number = |name: &str| found[name].as_i64().unwrap_or_default();
    let state = State::deserialize(&found["_source"]).map_err(|error| {
        let reason = format!("its state is damaged: {error}");
        requester.unusable(index, reason, Remedy::RestoreSnapshot)
    })?;
    Ok(Some(Read {
        state,
        index: found["_index"].as_str().unwrap_or(index).to_owned(),
        sequence_number: number("_seq_no"),
        primary_term: number("_primary_term"),
    }))
}

/// Writes the first state of an index.
pub fn create_state(requester: &Requester, index: &str, state: &State) -> Result<()> {
    let path = format!("/{index}/_doc/{STATE}");
    requester.put(path, &json!(state)).map(drop)
}

/// Changes the state, and returns the new one. Changes of other writers at the same time are kept.
/// `change` may be called several times.
pub fn change_state(
    requester: &Requester,
    index: &str,
    mut change: impl FnMut(&mut State),
) -> Result<State> {
    for _ in 0..ATTEMPTS {
        let Some(mut read) = read_state(requester, index)? else {
            break;
        };
        change(&mut read.state);
        let query = vec![
            ("if_seq_no", read.sequence_number.to_string()),
            ("if_primary_term", read.primary_term.to_string()),
        ];
        let path = format!("/{index}/_doc/{STATE}");
        let body = json!(read.state).to_string().into();
        let answer = requester.send(Method::Put, path, query, Some(body))?;
        // 409: another writer was faster. Or this change was made and its answer was lost; then it
        // is made once more.
        if answer.status != 409 {
            return answer.accepted().map(|_| read.state);
        }
    }
    let reason = "the cluster state was removed, or other writers changed it at every attempt";
    Err(requester.unavailable(reason.to_owned(), Remedy::TryAgain))
}

/// Stores a file in pieces. The id of a piece contains the name and the hash of the file. So a file
/// with the same name and other bytes gets other pieces, and storing the same bytes again changes
/// nothing.
pub fn put(requester: &Requester, index: &str, name: &str, bytes: &[u8]) -> Result<File> {
    let file = File {
        name: name.to_owned(),
        hash: hex::encode(Sha256::digest(bytes)),
        pieces: bytes.len().div_ceil(PIECE_BYTES),
    };
    for (piece, part) in bytes.chunks(PIECE_BYTES).enumerate() {
        let body = json!({ "data": STANDARD.encode(part) });
        requester.put(path(index, &file, piece), &body)?;
    }
    Ok(file)
}

/// Reads a file; fails if it is gone or damaged.
pub fn get(requester: &Requester, index: &str, file: &File) -> Result<Vec<u8>> {
    let damaged = |what: &str| {
        requester.unusable(index, format!("its {} {what}", file.name), Remedy::Rebuild)
    };
    let mut bytes = Vec::new();
    for piece in 0..file.pieces {
        let found = requester
            .get(path(index, file, piece))?
            .found()?
            .ok_or_else(|| damaged("is gone"))?;
        let data = found["_source"]["data"].as_str().unwrap_or_default();
        bytes.extend(STANDARD.decode(data).map_err(|_| damaged("is damaged"))?);
    }
    if hex::encode(Sha256::digest(&bytes)) == file.hash {
        Ok(bytes)
    } else {
        Err(damaged("is damaged"))
    }
}

/// Reads the file that `choose` selects in the state of an index; `None` if the state names none.
pub fn read_chosen(
    requester: &Requester,
    index: &str,
    choose: fn(State) -> Option<File>,
) -> Result<Option<Result<Vec<u8>>>> {
    let read = read_state(requester, index)?;
    let file = read.and_then(|read| choose(read.state));
    Ok(file.map(|file| get(requester, index, &file)))
}

/// Removes a file that no state names.
pub fn remove(requester: &Requester, index: &str, file: &File) {
    for piece in 0..file.pieces {
        // A failure only wastes space.
        requester.delete(path(index, file, piece));
    }
}

fn path(index: &str, file: &File, piece: usize) -> String {
    format!("/{index}/_doc/{}-{}-{piece}", file.name, file.hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_names_of_the_cluster_state_stay() {
        let file = |name: &str| json!({"name": name, "hash": "5421a5c2", "pieces": 1});
        let stored = json!({
            "schema": 1, "analysis": 4, "model_hash": "5421a5c2f7e7a581",
            "learnt_articles": 3_000, "learnt_words": 721_835,
            "model": file("model"), "recurring": file("recurring"), "graph": file("graph"),
            "ledger": file("ledger"), "words": [file("words-1")], "copies": file("copies"),
            "commits": 3, "changed": 1_795_975_471,
        });
        let state: State = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(serde_json::to_value(&state).unwrap(), stored);

        let mut renamed = stored;
        let boilerplate = renamed.as_object_mut().unwrap().remove("recurring");
        renamed["boilerplate"] = boilerplate.unwrap();
        assert!(serde_json::from_value::<State>(renamed).is_ok_and(|read| read == state));
    }
}
