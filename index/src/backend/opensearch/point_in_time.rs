//! Moments of an index, which the cluster calls points in time: what searches in one see does not change. How long one is
//! needed, and what to do when it is lost, its users decide.

use serde_json::json;

use super::client::{Client, Method};
use super::request::Talk;
use crate::error::Result;

/// Keeps the present moment of an index for so long after each search in it; its id.
pub fn open(talk: Talk<'_>, index: &str, keep_alive: &str) -> Result<String> {
    let query = vec![
        ("keep_alive", keep_alive.to_owned()),
        ("allow_partial_pit_creation", "false".to_owned()),
    ];
    let path = format!("/{index}/_search/point_in_time");
    let answer = talk
        .send(Method::Post, path, query, None)?
        .accepted(talk.client)?;
    Ok(answer.0["pit_id"].as_str().unwrap_or_default().to_owned())
}

/// Lets go of a moment.
pub fn close(client: &Client, moment: &str) {
    client.tell(
        Method::Delete,
        "/_search/point_in_time",
        &json!({ "pit_id": [moment] }),
    );
}
