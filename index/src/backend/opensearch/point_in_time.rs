//! Points in time: states of an index that searches see unchanged. The callers decide how long one is needed, and what
//! to do when it is lost.

use serde_json::json;

use super::client::{Client, Method};
use super::request::Requester;
use crate::error::Result;

/// Opens a point in time of an index, and returns its id. The point in time stays open for
/// `keep_alive` after its opening and after each search in it.
pub fn open(requester: Requester<'_>, index: &str, keep_alive: &str) -> Result<String> {
    let query = vec![
        ("keep_alive", keep_alive.to_owned()),
        ("allow_partial_pit_creation", "false".to_owned()),
    ];
    let path = format!("/{index}/_search/point_in_time");
    let answer = requester
        .send(Method::Post, path, query, None)?
        .accepted(requester.client.urls())?;
    Ok(answer.0["pit_id"].as_str().unwrap_or_default().to_owned())
}

/// Closes a point in time.
pub fn close(client: &Client, id: &str) {
    client.tell(
        Method::Delete,
        "/_search/point_in_time",
        &json!({ "pit_id": [id] }),
    );
}
