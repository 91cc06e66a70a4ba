//! Points in time: states of an index that searches see unchanged.

use serde_json::{Value, json};

use super::{CONTENT_HASH, Client, Method, Request, Requester, hits_of, to_number};
use crate::document::ArticleId;
use crate::error::{Error, Result};

/// The number of hits on a page of a scan, if each hit includes its article.
pub const ARTICLES_A_PAGE: usize = 500;
/// The number of hits on a page of a scan, if no hit includes its article.
pub const HITS_A_PAGE: usize = 10_000;

/// How long a point in time stays open between two pages of a scan.
const KEPT: &str = "10m";

/// How often a scan may lose its point in time, because nodes leave, before it fails.
const LOSSES: usize = 20;

/// Opens a point in time of an index, and returns its id. The point in time stays open for
/// `keep_alive` after its opening and after each search in it.
pub fn open(requester: &Requester, index: &str, keep_alive: &str) -> Result<String> {
    let query = vec![
        ("keep_alive", keep_alive.to_owned()),
        ("allow_partial_pit_creation", "false".to_owned()),
    ];
    let path = format!("/{index}/_search/point_in_time");
    let answer = requester
        .send(Method::Post, path, query, None)?
        .accepted()?;
    Ok(answer["pit_id"].as_str().unwrap_or_default().to_owned())
}

/// Runs a search in the point in time `id`, and returns the JSON of its answer. If a shard or the
/// point in time is lost, returns the error as the inner result: then another attempt in a new
/// point in time may succeed.
pub fn search(
    requester: &Requester,
    id: &str,
    keep_alive: &str,
    body: &Value,
) -> Result<Result<Value>> {
    let mut body = body.clone();
    body["pit"] = json!({"id": id, "keep_alive": keep_alive});
    match requester.search_once(&body) {
        Ok(answer) if answer.is_loss() => Ok(answer.accepted()),
        Ok(answer) => answer.accepted().map(Ok),
        Err(lost @ Error::Unavailable { .. }) => Ok(Err(lost)),
        Err(error) => Err(error),
    }
}

/// Closes a point in time.
pub fn close(client: &Client, id: &str) {
    client.tell(Request {
        method: Method::Delete,
        path: "/_search/point_in_time".to_owned(),
        query: Vec::new(),
        body: Some(json!({ "pit_id": [id] }).to_string().into()),
    });
}

/// Scans all documents of an index in the order of their content hashes. Calls `each` with every
/// page of hits of the search `body`, until `each` returns false. Returns whether all pages were
/// read.
pub fn scan(
    requester: &Requester,
    index: &str,
    mut body: Value,
    each: &mut dyn FnMut(&[Value]) -> Result<bool>,
) -> Result<bool> {
    let mut id = open(requester, index, KEPT)?;
    body["sort"] = json!([{CONTENT_HASH: "asc"}]);
    body["track_total_hits"] = json!(false);
    let mut losses = 0;
    let is_whole = loop {
        let page = match search(requester, &id, KEPT, &body)? {
            Ok(page) => page,
            Err(lost) if losses == LOSSES => return Err(lost),
            // The scan continues after the last hit. In another point in time, the hits after it
            // are the same, except for later writes.
            Err(_) => {
                losses += 1;
                id = open(requester, index, KEPT)?;
                continue;
            }
        };
        let hits = hits_of(&page);
        let Some(last) = hits.last() else { break true };
        body["search_after"] = last["sort"].clone();
        if !each(hits)? {
            break false;
        }
    };
    close(&requester.client, &id);
    Ok(is_whole)
}

/// Returns the committed articles of an index for whose ids `is_wanted` returns true, each with its
/// content hash.
pub fn articles_with(
    requester: &Requester,
    index: &str,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<(ArticleId, u64)>> {
    let body = json!({"size": HITS_A_PAGE, "_source": [CONTENT_HASH]});
    let mut found = Vec::new();
    scan(requester, index, body, &mut |hits| {
        for hit in hits {
            if let Some(id) = hit["_id"].as_str().filter(|id| is_wanted(id))
                && let Ok(id) = ArticleId::new(id)
            {
                found.push((id, to_number(&hit["_source"][CONTENT_HASH])));
            }
        }
        Ok(true)
    })?;
    Ok(found)
}
