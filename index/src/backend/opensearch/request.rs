//! Requests as callers make them: a path and JSON there, an answer back, within somebody's patience.

use std::time::Duration;

use serde_json::Value;

use super::answer::Answer;
use super::client::{Call, Client, Method};
use crate::deadline::Deadline;
use crate::error::{Error, Result};

/// Searches are for people, who have turned away by then.
const SEARCHING: Duration = Duration::from_secs(30);

/// What writes waits until a node that was lost is replaced, a disk has room or the cluster is back from an update.
const WRITING: Duration = Duration::from_secs(120);

/// A client, and how long its caller waits.
#[derive(Clone, Copy)]
pub struct Talk<'a> {
    pub client: &'a Client,
    deadline: &'a Deadline,
    within: Duration,
}

impl<'a> Talk<'a> {
    /// For a search.
    pub fn to_search(client: &'a Client, deadline: &'a Deadline) -> Self {
        Self {
            client,
            deadline,
            within: SEARCHING,
        }
    }

    /// For a look that is taken again soon.
    pub fn to_look(client: &'a Client, deadline: &'a Deadline) -> Self {
        Self {
            client,
            deadline,
            within: client.timeout(),
        }
    }

    /// For a job.
    pub fn to_write(client: &'a Client, deadline: &'a Deadline) -> Self {
        Self {
            client,
            deadline,
            within: WRITING,
        }
    }

    /// Sends a request.
    pub fn send(
        &self,
        method: Method,
        path: String,
        query: Vec<(&'static str, String)>,
        body: Option<Vec<u8>>,
    ) -> Result<Answer> {
        let (within, deadline) = (self.within, self.deadline);
        // What takes its time on purpose is not taken for lost: a merge, a large batch.
        let node_timeout =
            (within == WRITING).then(|| self.client.timeout().max(Duration::from_secs(30)));
        self.client.send(&Call {
            method,
            path,
            query,
            body,
            within,
            node_timeout,
            deadline,
        })
    }

    /// Gets what is at a path.
    pub fn get(&self, path: String) -> Result<Answer> {
        self.send(Method::Get, path, Vec::new(), None)
    }

    /// Sends JSON to a path.
    pub fn post(&self, path: String, body: &Value) -> Result<Answer> {
        self.send(Method::Post, path, Vec::new(), Some(to_bytes(body)?))
    }

    /// Puts JSON at a path.
    pub fn put(&self, path: String, body: &Value) -> Result<Answer> {
        self.send(Method::Put, path, Vec::new(), Some(to_bytes(body)?))
    }

    /// Deletes what is at a path.
    pub fn delete(&self, path: String) -> Result<Answer> {
        self.send(Method::Delete, path, Vec::new(), None)
    }

    /// Searches for as long as somebody waits.
    pub fn search(&self, path: &str, body: &Value) -> Result<Answer> {
        self.search_within(self.within, path, body)
    }

    /// Searches once, by whichever node answers.
    pub fn search_once(&self, path: &str, body: &Value) -> Result<Answer> {
        self.search_within(Duration::ZERO, path, body)
    }

    /// What is missing from a shard would be missing from the answer, so that is an error.
    fn search_within(&self, within: Duration, path: &str, body: &Value) -> Result<Answer> {
        let query = vec![
            ("allow_partial_search_results", "false".to_owned()),
            // A search that nobody waits for ends on the nodes, too.
            (
                "cancel_after_time_interval",
                format!("{}ms", self.within.as_millis()),
            ),
        ];
        let (path, body) = (path.to_owned(), Some(to_bytes(body)?));
        let node_timeout = None;
        self.client.send(&Call {
            method: Method::Post,
            path,
            query,
            body,
            within,
            node_timeout,
            deadline: self.deadline,
        })
    }
}

fn to_bytes(body: &Value) -> Result<Vec<u8>> {
    serde_json::to_vec(body).map_err(Error::internal("encode a request"))
}
