//! Requests as callers make them: a path and JSON, with the time that the caller allows.

use std::time::Duration;

use serde_json::Value;

use super::answer::Answer;
use super::client::{Call, Client, Method};
use crate::deadline::Deadline;
use crate::error::{Error, Result};

/// The time for a search. People do not wait longer.
const SEARCHING: Duration = Duration::from_secs(30);

/// The time for a request of a job. In this time a lost node is replaced, a disk gets room, or the cluster comes back
/// from an update.
const WRITING: Duration = Duration::from_secs(120);

/// Sends requests for one caller.
#[derive(Clone, Copy)]
pub struct Requester<'a> {
    pub client: &'a Client,
    deadline: &'a Deadline,
    within: Duration,
}

impl<'a> Requester<'a> {
    /// Returns one for searches.
    pub fn to_search(client: &'a Client, deadline: &'a Deadline) -> Self {
        Self {
            client,
            deadline,
            within: SEARCHING,
        }
    }

    /// Returns one for requests that are made again soon.
    pub fn to_look(client: &'a Client, deadline: &'a Deadline) -> Self {
        Self {
            client,
            deadline,
            within: client.timeout(),
        }
    }

    /// Returns one for jobs.
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
        // Merges and large batches take long without being lost.
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

    /// Searches until the caller's time is over.
    pub fn search(&self, path: &str, body: &Value) -> Result<Answer> {
        self.search_within(self.within, path, body)
    }

    /// Searches once, on the first node that answers.
    pub fn search_once(&self, path: &str, body: &Value) -> Result<Answer> {
        self.search_within(Duration::ZERO, path, body)
    }

    /// A missing shard would make the answer incomplete, so it is an error.
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
