//! Requests as callers make them: a path and JSON, with the time that the caller allows.

use std::time::Duration;

use serde_json::Value;

use super::answer::Answer;
use super::client::{Call, Client, Method};
use crate::deadline::Deadline;
use crate::error::{Error, Result};

/// How long all attempts of a search may take. People do not wait longer.
const SEARCHING: Duration = Duration::from_secs(30);

/// How long all attempts of a job's request may take. In this time, a lost node is replaced, disk
/// space is freed, or the cluster restarts after an update.
const WRITING: Duration = Duration::from_secs(120);

/// Sends requests for one caller, within the caller's deadline and a time limit.
#[derive(Clone, Copy)]
pub struct Requester<'a> {
    pub client: &'a Client,
    deadline: &'a Deadline,
    within: Duration,
}

impl<'a> Requester<'a> {
    /// Returns a requester for searches.
    pub fn to_search(client: &'a Client, deadline: &'a Deadline) -> Self {
        Self {
            client,
            deadline,
            within: SEARCHING,
        }
    }

    /// Returns a requester with a short time limit, for requests that the caller soon makes again.
    pub fn to_look(client: &'a Client, deadline: &'a Deadline) -> Self {
        Self {
            client,
            deadline,
            within: client.timeout(),
        }
    }

    /// Returns a requester for jobs, which wait longer.
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
        let within = self.within;
        let deadline = self.deadline;
        // A merge or a large batch can take long although the node works.
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

    /// Gets the document at a path.
    pub fn get(&self, path: String) -> Result<Answer> {
        self.send(Method::Get, path, Vec::new(), None)
    }

    /// Posts JSON to a path.
    pub fn post(&self, path: String, body: &Value) -> Result<Answer> {
        self.send(Method::Post, path, Vec::new(), Some(to_bytes(body)?))
    }

    /// Puts JSON at a path.
    pub fn put(&self, path: String, body: &Value) -> Result<Answer> {
        self.send(Method::Put, path, Vec::new(), Some(to_bytes(body)?))
    }

    /// Deletes the document at a path.
    pub fn delete(&self, path: String) -> Result<Answer> {
        self.send(Method::Delete, path, Vec::new(), None)
    }

    /// Sends a search, and sends it again until a node answers or the caller's time is over.
    pub fn search(&self, path: &str, body: &Value) -> Result<Answer> {
        self.search_within(self.within, path, body)
    }

    /// Sends a search to each node at most once, until one answers.
    pub fn search_once(&self, path: &str, body: &Value) -> Result<Answer> {
        self.search_within(Duration::ZERO, path, body)
    }

    /// Sends a search. Fails if a shard is missing, because the answer would be incomplete.
    fn search_within(&self, within: Duration, path: &str, body: &Value) -> Result<Answer> {
        let query = vec![
            ("allow_partial_search_results", "false".to_owned()),
            // The nodes stop a search that the caller no longer waits for.
            (
                "cancel_after_time_interval",
                format!("{}ms", self.within.as_millis()),
            ),
        ];
        let path = path.to_owned();
        let body = Some(to_bytes(body)?);
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
