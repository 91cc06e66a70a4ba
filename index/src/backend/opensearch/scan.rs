//! Scans all documents of a generation, page by page, in the order of their content hashes.

use serde_json::{Value, json};

use super::point_in_time;
use super::request::Requester;
use super::schema::CONTENT_HASH;
use crate::error::{Error, Result};

/// The number of hits on a page, if each hit includes its article.
pub const ARTICLES_A_PAGE: usize = 500;
/// The number of hits on a page, if no hit includes its article.
pub const HITS_A_PAGE: usize = 10_000;

/// How long a point in time stays open between two pages.
const KEPT: &str = "10m";

/// How often the point in time may be lost, because nodes leave, before the scan fails.
const LOSSES: usize = 20;

/// Calls `each` with every page of hits of the search `body`, until `each` returns false. Returns
/// whether all pages were read.
pub fn pages(
    requester: Requester<'_>,
    index: &str,
    body: &Value,
    each: &mut dyn FnMut(&[Value]) -> Result<bool>,
) -> Result<bool> {
    let mut kept = point_in_time::open(requester, index, KEPT)?;
    let mut body = body.clone();
    body["sort"] = json!([{CONTENT_HASH: "asc"}]);
    body["track_total_hits"] = json!(false);
    let mut losses = 0;
    loop {
        body["pit"] = json!({"id": kept, "keep_alive": KEPT});
        let answer = requester.search_once("/_search", &body);
        let page = match answer {
            Ok(answer) if answer.status() < 300 => answer.accepted(requester.client.urls())?.0,
            // The scan continues after the last hit. In another point in time, the hits after it
            // are the same, except for later writes.
            Ok(answer) if answer.is_loss() && losses < LOSSES => {
                losses += 1;
                kept = point_in_time::open(requester, index, KEPT)?;
                continue;
            }
            Err(Error::Unavailable { .. }) if losses < LOSSES => {
                losses += 1;
                kept = point_in_time::open(requester, index, KEPT)?;
                continue;
            }
            Ok(answer) => return Err(answer.refusal().into_error(requester.client.urls())),
            Err(error) => return Err(error),
        };
        let hits = page["hits"]["hits"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let Some(last) = hits.last() else { break };
        body["search_after"] = last["sort"].clone();
        if !each(hits)? {
            point_in_time::close(requester.client, &kept);
            return Ok(false);
        }
    }
    point_in_time::close(requester.client, &kept);
    Ok(true)
}
